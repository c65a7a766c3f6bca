"""Notes on a plant's tariff, each sentence from the tariff's file: a clause that it has not is said not to be there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import Final

from steel_energy.knowledge.records import Note
from steel_energy.knowledge.sentences import Sentences
from steel_energy.knowledge.shown import number, plain
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.sites import Site
from steel_energy.tariff import BAND_LETTERS, Band, PowerFactorClause, Season, Tariff

SOURCE: Final = "tariff"
MONTHS = 12
SPAN_MONTHS = 3
"""From so many months in a row on only the first and the last one are named."""


def tariff_notes(site: Site, told: Sentences) -> Iterator[Note]:
    """Everything that the tariff's file says, a note for each thing that is asked for."""
    tariff = site.tariff
    yield _name(tariff, told)
    yield _hours(tariff, told)
    yield _prices(tariff, told)
    yield from (_season(name, season, told) for name, season in tariff.seasons.items())
    yield _days(tariff, told)
    yield _demand(site, told)
    yield told.note(SOURCE, "ratchet", [_ratchet(tariff, "ratchet", told)])
    yield _power_factor(tariff, told)
    yield _co2(tariff, told)


def season_name(name: str, told: Sentences) -> str:
    """A season in the reader's language, as its file calls it where there is no word for it."""
    return told.words.texts.get(f"season_{name}", plain(name))


def band_name(band: Band, told: Sentences) -> str:
    """A band in the reader's language."""
    return told.words(f"band_{band}").lower()


def _name(tariff: Tariff, told: Sentences) -> Note:
    values = {
        "name": plain(tariff.name),
        "id": tariff.id,
        "source": plain(tariff.source),
        "first": told.words.long_day(tariff.valid_from),
        "last": told.words.long_day(tariff.valid_to),
    }
    return told.note(SOURCE, "name", [told.say(SOURCE, "name", "text", **values)])


def _hours(tariff: Tariff, told: Sentences) -> Note:
    lines = [_season_hours(name, season, told) for name, season in tariff.seasons.items()]
    return told.note(SOURCE, "hours", [told.say(SOURCE, "hours", "text"), *lines])


def _prices(tariff: Tariff, told: Sentences) -> Note:
    lines = [_season_prices(name, season, told) for name, season in tariff.seasons.items()]
    return told.note(SOURCE, "prices", [told.say(SOURCE, "prices", "text"), *lines])


def _season(name: str, season: Season, told: Sentences) -> Note:
    texts = [_season_hours(name, season, told), _season_prices(name, season, told)]
    return told.note(SOURCE, "season", texts, anchor=f"season-{name}", season=season_name(name, told))


def _season_hours(name: str, season: Season, told: Sentences) -> str:
    bands = "; ".join(
        f"{band_name(band, told)} {hours_of(season, letter)}"
        for letter, band in BAND_LETTERS.items()
        if letter in season.bands
    )
    values = {"season": season_name(name, told), "months": months_of(season.months, told), "bands": bands}
    return _sentence(told.say(SOURCE, "season", "hours", **values))


def _season_prices(name: str, season: Season, told: Sentences) -> str:
    prices = told.listing(
        [f"{band_name(band, told)} {number(price, told.words)}" for band, price in season.energy_krw_per_kwh.items()]
    )
    return _sentence(told.say(SOURCE, "season", "prices", season=season_name(name, told), prices=prices))


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def hours_of(season: Season, letter: str) -> str:
    """The hours of a band, one stretch over midnight where it goes on there.

    >>> season = Season(months=(1,), bands="L" * 9 + "MXXMMMMMXXXMMXL", energy_krw_per_kwh={"light": 1})
    >>> hours_of(season, "L"), hours_of(season, "X")
    ('23-09 h', '10-12, 17-20, 22-23 h')
    """
    if set(season.bands) == {letter}:
        return f"00-{HOURS_PER_DAY} h"
    starts = [hour for hour in range(HOURS_PER_DAY) if _begins(season.bands, letter, hour)]
    return ", ".join(f"{start:02}-{_end(season.bands, letter, start):02}" for start in starts) + " h"


def _begins(bands: str, letter: str, hour: int) -> bool:
    return bands[hour] == letter and bands[hour - 1] != letter  # hour 0 follows hour 23


def _end(bands: str, letter: str, start: int) -> int:
    hour = start
    while bands[hour % HOURS_PER_DAY] == letter:
        hour += 1
    return hour if hour <= HOURS_PER_DAY else hour - HOURS_PER_DAY


def _ratchet(tariff: Tariff, note: str, told: Sentences) -> str:
    """Which months go on counting, or that none does, in a sentence of ``note``."""
    counting = tariff.demand.ratchet_months
    return (
        told.say(SOURCE, note, "months", months=months_of(counting, told))
        if counting
        else told.say(SOURCE, note, "none")
    )


def months_of(months: Collection[int], told: Sentences) -> str:
    """Calendar months in words, three or more in a row by their first and last; December goes on to January.

    >>> from steel_energy.knowledge.sentences import sentences
    >>> months_of({11, 12, 1, 2}, sentences("en")), months_of({3, 4, 5, 9, 10}, sentences("es"))
    ('November to February', 'marzo a mayo, septiembre y octubre')
    """
    names, between = told.words.long_months, str(told.content["months"])
    if len(months) == MONTHS:
        return between.format(first=names[0], last=names[-1])
    parts: list[str] = []
    for first in (month for month in range(1, MONTHS + 1) if month in months and _before(month) not in months):
        row = list(takewhile(months.__contains__, _round_from(first)))
        span = between.format(first=names[first - 1], last=names[row[-1] - 1])
        parts += [span] if len(row) >= SPAN_MONTHS else [names[month - 1] for month in row]
    return told.listing(parts)


def _before(month: int) -> int:
    return month - 1 or MONTHS


def _round_from(month: int) -> Iterator[int]:
    return ((month + later - 1) % MONTHS + 1 for later in range(MONTHS))


def _days(tariff: Tariff, told: Sentences) -> Note:
    values = {
        "saturday": band_name(tariff.saturday_maximum_as, told),
        "maximum": band_name("maximum", told),
        "holiday": band_name(tariff.holiday_as, told),
        "country": tariff.country,
    }
    return told.note(SOURCE, "weekends", [told.say(SOURCE, "weekends", "text", **values)])


def _demand(site: Site, told: Sentences) -> Note:
    demand, words = site.tariff.demand, told.words
    texts = [told.say(SOURCE, "demand-charge", "price", krw=number(demand.krw_per_kw, words))]
    texts.append(_ratchet(site.tariff, "demand-charge", told))
    if demand.min_contract_share:
        contract_kw = site.plant.contract_kw
        values = {
            "share": words.percent(demand.min_contract_share),
            "contract_kw": number(contract_kw, words),
            "least_kw": number(round(contract_kw * demand.min_contract_share, 1), words),
        }
        texts.append(told.say(SOURCE, "demand-charge", "least", **values))
    return told.note(SOURCE, "demand-charge", texts)


def _power_factor(tariff: Tariff, told: Sentences) -> Note:
    texts = [_clause(clause, told) for clause in tariff.power_factor]
    return told.note(SOURCE, "power-factor", texts or [told.say(SOURCE, "power-factor", "none")])


def _clause(clause: PowerFactorClause, told: Sentences) -> str:
    words = told.words
    values = {
        "reactive": words(clause.reactive),
        "from_hour": f"{clause.from_hour:02}",
        "to_hour": f"{clause.to_hour:02}",
        "limit": number(clause.limit_percent, words),
        "share": words.percent(clause.share_per_point, 1),
    }
    text = told.say(SOURCE, "power-factor", "clause", **values)
    if clause.credit_until_percent is None:
        return text
    credit = told.say(SOURCE, "power-factor", "credit", until=number(clause.credit_until_percent, words))
    return f"{text} {credit}"


def _co2(tariff: Tariff, told: Sentences) -> Note:
    key = "text" if tariff.co2_krw_per_t else "none"
    krw = number(tariff.co2_krw_per_t, told.words)
    return told.note(SOURCE, "co2-price", [told.say(SOURCE, "co2-price", key, krw=krw)])
