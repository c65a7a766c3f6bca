"""Notes on a plant from its file: contract, meter, clock, closed days, and the hours of its shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from steel_energy.asking.params import AskingParams, ClockHours
from steel_energy.knowledge.records import Note
from steel_energy.knowledge.sentences import Sentences
from steel_energy.knowledge.shown import number, plain
from steel_energy.plant import WEEKDAYS, Plant

SOURCE: Final = "plant"
KG_PER_T = 1000


def plant_notes(plant: Plant, asking: AskingParams, told: Sentences) -> Iterator[Note]:
    """What the plant's file says and a person may ask for; ``asking`` has the hours of shifts."""
    words = told.words
    yield told.note(SOURCE, "plant", [told.say(SOURCE, "plant", "text", **_identity(plant, told))])
    yield told.note(
        SOURCE, "contract", [told.say(SOURCE, "contract", "text", contract_kw=number(plant.contract_kw, words))]
    )
    meter = {
        "pulse_kwh": number(plant.meter.pulse_kwh, words),
        "kg_per_kwh": number(plant.meter.emission_factor_t_per_kwh * KG_PER_T, words),
        "t_per_kwh": number(plant.meter.emission_factor_t_per_kwh, words),
    }
    yield told.note(SOURCE, "meter", [told.say(SOURCE, "meter", "text", **meter)])
    yield told.note(SOURCE, "emission-factor", [told.say(SOURCE, "emission-factor", "text", **meter)])
    yield _calendar(plant, told)
    yield _hours(asking, told)


def _identity(plant: Plant, told: Sentences) -> dict[str, str]:
    return {
        "name": plain(plant.name),
        "id": plant.id,
        "zone": plant.zone,
        "first": told.words.month(plant.first_month),
        "last": told.words.month(plant.last_month),
    }


def _calendar(plant: Plant, told: Sentences) -> Note:
    calendar = plant.calendar
    weekdays = [
        told.content["weekdays"][place] for place, name in enumerate(WEEKDAYS) if name in calendar.closed_weekdays
    ]
    texts = [told.say(SOURCE, "closed-days", "weekdays", weekdays=told.listing(weekdays))] if weekdays else []
    if calendar.closed_days:
        texts.append(told.say(SOURCE, "closed-days", "dates", dates=_dates(calendar.closed_days, told)))
    if calendar.open_days:
        texts.append(told.say(SOURCE, "closed-days", "open", dates=_dates(calendar.open_days, told)))
    return told.note(SOURCE, "closed-days", texts or [told.say(SOURCE, "closed-days", "none")])


def _dates(dates: frozenset[dt.date], told: Sentences) -> str:
    """Days by year and month, each month named once."""
    by_month: dict[tuple[int, int], list[str]] = {}
    for date in sorted(dates):
        by_month.setdefault((date.year, date.month), []).append(str(date.day))
    months = told.words.months
    named = [f"{', '.join(days)} {months[month - 1]} {year}" for (year, month), days in by_month.items()]
    return "; ".join(named)


def _hours(asking: AskingParams, told: Sentences) -> Note:
    values = {"shifts": _named(asking.shifts, "shifts", told), "parts": _named(asking.parts_of_day, "parts", told)}
    return told.note(SOURCE, "shifts", [told.say(SOURCE, "shifts", "text", **values)])


def _named(hours: Mapping[str, ClockHours], kind: str, told: Sentences) -> str:
    names = told.content[kind]
    return told.listing(
        [
            f"{names[name]} {number(first, told.words)}-{number(last, told.words)} h"
            for name, (first, last) in hours.items()
        ]
    )
