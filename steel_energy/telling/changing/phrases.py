"""What answers to what-if, why and when questions have in common: signs, shares, days, hours, where a load is from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from steel_energy.asking.scene import Scene
from steel_energy.carrier import KWH
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.telling.formats import LARGE, SMALL, Voice, sentence
from steel_energy.telling.records import Result, moment
from steel_energy.whatif.changes import Hours

DAY = dt.timedelta(days=1)
MOST_DIGITS = 3
RUN_FROM_DAYS = 3
"""As many days in a row are named by the first and the last."""


def signed(value: float, voice: Voice, digits: int | None = None) -> str:
    """A number with its sign, as many digits as its size asks for."""
    if digits is None:
        digits = 2 if abs(value) < SMALL else 1 if abs(value) < LARGE else 0
    return voice.words.number(value, digits, signed=True)


def exactly(value: float, voice: Voice) -> str:
    """A number that somebody named, with the digits that it has: 120 or 62.5."""
    digits = next((count for count in range(MOST_DIGITS) if round(value, count) == value), MOST_DIGITS)
    return voice.number(value, digits)


def signed_kwh(value_kwh: float, voice: Voice) -> str:
    """An energy with its sign."""
    return voice.in_energy(signed(value_kwh / voice.measure.kwh_per_unit, voice))


def exact_kwh(value_kwh: float, voice: Voice) -> str:
    """An energy with the digits that it has."""
    return voice.in_energy(exactly(_counted(value_kwh, voice), voice))


def exact_kw(value_kw: float, voice: Voice) -> str:
    """A power with the digits that it has."""
    return voice.in_power(exactly(_counted(value_kw, voice), voice))


def per_energy(price_krw_per_kwh: float, voice: Voice) -> str:
    """A price of energy."""
    price = voice.number(price_krw_per_kwh * voice.measure.kwh_per_unit, 1)
    return f"{price} KRW/{voice.measure.energy_unit}"


def _counted(value: float, voice: Voice) -> float:
    """In the voice's units; litres that nobody named to the digit are rounded."""
    return value if voice.measure is KWH else round(value / voice.measure.kwh_per_unit, 1)


def share_of(value: float, voice: Voice) -> str:
    """A share that somebody named, as a percentage."""
    return f"{exactly(round(100 * value, 6), voice)} %"


def short_day(date: dt.date, voice: Voice) -> str:
    """A day without its year."""
    month = voice.words.long_months[date.month - 1]
    return voice(
        "ch_day", weekday=voice.weekdays[date.weekday()], date=voice("long_date_no_year", day=date.day, month=month)
    )


def on_days(days: Sequence[dt.date], voice: Voice) -> str:
    """Days as an adverb; three or more in a row by the first and the last."""
    days = sorted(set(days))
    if len(days) >= RUN_FROM_DAYS and days[-1] - days[0] == (len(days) - 1) * DAY:
        return voice("ch_run_of_days", first=short_day(days[0], voice), last=short_day(days[-1], voice))
    return voice("ch_on_days", days=voice.listing([voice("ch_each_day", day=short_day(day, voice)) for day in days]))


def between_days(first: dt.date, last: dt.date, voice: Voice) -> str:
    """A day, or the first and the last of several, as an adverb."""
    if first == last:
        return on_days([first], voice)
    return voice("ch_run_of_days", first=short_day(first, voice), last=short_day(last, voice))


def span(start: dt.datetime, end: dt.datetime, voice: Voice) -> str:
    """The clock times of a stretch; its end at midnight is 24:00."""
    last = "24:00" if end.time() == dt.time() and end > start else f"{end:%H:%M}"
    return voice("ch_span", first=f"{start:%H:%M}", last=last)


def hours_of(hours: Hours, voice: Voice) -> str:
    """Hours of a day as clock times."""
    return voice("ch_span", first=f"{hours.from_hour:02}:00", last=f"{hours.to_hour:02}:00")


def is_whole_day(hours: Hours) -> bool:
    """Whether they are all hours."""
    return (hours.from_hour, hours.to_hour) == (0, HOURS_PER_DAY)


def during(start: dt.datetime, end: dt.datetime, voice: Voice) -> str:
    """A stretch of time as the beginning of a sentence."""
    return sentence(voice.during(start, end))


def provenance(forecast: Result | None, key: str, scene: Scene, voice: Voice) -> str | None:
    """On which readings and by which model a load was forecast; None where it was measured."""
    if forecast is None:
        return None
    origin = voice.moment(moment(forecast["origin"], scene))
    return voice(key, origin=origin, model=forecast["model"], version=forecast["model_version"])


def shown_as_nothing(text: str) -> bool:
    """Whether a formatted number has no digit but zeros."""
    return not any(digit in text for digit in "123456789")
