"""Periods and hours as words that the planner's grammar reads again."""

from __future__ import annotations

import datetime as dt

from steel_energy.asking.moments import Stretch
from steel_energy.asking.outcomes import Period
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.schema import HOURS_PER_DAY, INTERVAL
from steel_energy.tariff import Band

DAY = dt.timedelta(days=1)
BAND_WORDS: dict[Band, str] = {"light": "off-peak hours", "medium": "mid-peak hours", "maximum": "peak hours"}
"""A band's hours as the grammar reads them."""


class UnsayableError(Exception):
    """There are no words for it that the grammar reads as a whole."""


def time_words(period: Period, scene: Scene, hours: tuple[tuple[int, int], ...] = ()) -> str:
    """A period as days, as a moment or from one moment to another, plant time; then the hours of each day.

    Raises:
        UnsayableError: there are several runs of hours, and they are no band's.
    """
    start, end = (moment.astimezone(scene.now.tzinfo).replace(tzinfo=None) for moment in (period.start, period.end))
    if start.time() == end.time() == dt.time():
        last = end - DAY
        text = f"{start:%Y-%m-%d}" if last == start else f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"
    elif end - start == INTERVAL:
        text = f"{start:%Y-%m-%d %H:%M}"
    else:
        text = f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    return f"{text} {_hour_words(hours, period, scene)}".strip()


def _hour_words(hours: tuple[tuple[int, int], ...], period: Period, scene: Scene) -> str:
    """Hours of a day; several runs of them by the name of their band, as the grammar reads one run of figures only."""
    if len(hours) <= 1:
        return "".join(f"{clock_words(first)}-{clock_words(last)}" for first, last in hours)
    start = period.start.astimezone(scene.now.tzinfo).replace(tzinfo=None)
    bands = (band for band in BAND_WORDS if scene.band_spans(band, Stretch(start, start)) == hours)
    band = next(bands, None)
    if band is None:
        raise UnsayableError
    return BAND_WORDS[band]


def clock_words(minutes: int) -> str:
    """Minutes of a day as on a clock, those beyond midnight as of the next day."""
    hour, minute = divmod(minutes, MINUTES)
    return f"{hour if hour <= HOURS_PER_DAY else hour - HOURS_PER_DAY:02}:{minute:02}"
