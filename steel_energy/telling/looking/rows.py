"""Rows of a history or a forecast in one shape, those of them that a question is about, and windows of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steel_energy.asking.moments import DAY, MINUTES_PER_DAY
from steel_energy.asking.outcomes import Focus, Period
from steel_energy.asking.scene import Scene
from steel_energy.calendar import in_utc
from steel_energy.history import Aggregation
from steel_energy.schema import INTERVAL, INTERVALS_PER_HOUR
from steel_energy.telling.records import Result, moment

MINUTES = 60
INSTANT = dt.timedelta(microseconds=1)
LONGEST_MONTH = dt.timedelta(days=31)
WEEK = dt.timedelta(days=7)
LENGTHS: Mapping[str, dt.timedelta] = {
    "15min": INTERVAL,
    "hour": dt.timedelta(hours=1),
    "day": DAY,
    "week": WEEK,
}


@dataclass(frozen=True)
class Row:
    """A quarter of an hour, or a window of several.

    Attributes:
        start: plant zone; a window that a period cuts begins with the window, not with the period.
        length: of the window as the clock has it.
        day: the day that its hours are counted to: that of the evening, for hours over midnight.
        intervals: quarters of an hour that are known of it.
        values: figures by name, as /history names them; of a forecast the expected ones.
        bands: ``load_type`` and ``billing_band``, where all of it has the same.
        range_kwh: energies between which it lies nine times in ten, of a forecast.
    """

    start: dt.datetime
    length: dt.timedelta
    day: dt.date
    intervals: int
    values: Mapping[str, float]
    bands: Mapping[str, str | None]
    range_kwh: tuple[float, float] | None = None

    @property
    def end(self) -> dt.datetime:
        """Exclusive."""
        return self.start + self.length


def rows_of(result: Result, focus: Focus, period: Period | None, scene: Scene) -> list[Row]:
    """The rows of an answer of /history or /forecast that a question is about, oldest first.

    Args:
        result: the answer.
        focus: hours and band that count.
        period: of the rows; all if None. A history's rows are those of its period already.
        scene: for the plant's zone.
    """
    if "intervals" in result:
        rows = [_expected(one, scene) for one in result["intervals"]]
        if period is not None:
            rows = [row for row in rows if period.start <= row.start < period.end + over_midnight(focus)]
    else:
        rows = [_known(one, result["aggregation"], scene) for one in result["rows"]]
    if focus.hours:
        counted = (_counted(row, focus.hours, period) for row in rows)
        rows = [row for row in counted if row is not None]
    return [row for row in rows if focus.band is None or row.bands.get("billing_band") == focus.band]


def over_midnight(focus: Focus) -> dt.timedelta:
    """How far the hours that count reach into the day after the last one."""
    over = (last - MINUTES_PER_DAY for _, last in focus.hours)
    return dt.timedelta(minutes=max(0, *over)) if focus.hours else dt.timedelta()


def windows(rows: Iterable[Row], aggregation: Aggregation) -> dict[dt.datetime, list[Row]]:
    """Rows by the start of the window of the plant's clock that they lie in, by the day that they are counted to."""
    found: dict[dt.datetime, list[Row]] = {}
    for row in rows:
        found.setdefault(_opening(row, aggregation), []).append(row)
    return found


def window_end(opening: dt.datetime, aggregation: Aggregation) -> dt.datetime:
    """Where a window ends, exclusive."""
    if aggregation == "month":
        return (opening + LONGEST_MONTH + DAY).replace(day=1)
    return opening + LENGTHS[aggregation]


def quarters(period: Period, scene: Scene) -> int:
    """Quarters of an hour of a period, clock changes counted."""
    return (in_utc(period.end, scene.zone) - in_utc(period.start, scene.zone)) // INTERVAL


def hours_of(rows: Sequence[Row]) -> float:
    """Hours that are known of rows."""
    return sum(row.intervals for row in rows) / INTERVALS_PER_HOUR


def _expected(one: Mapping[str, Any], scene: Scene) -> Row:
    start = moment(one["interval_start"], scene)
    kwh = one["mean_kwh"]
    values = {"usage_kwh": kwh, "cost_krw": one["cost_krw"], "co2_t": one["co2_t"], "peak_kw": kwh * INTERVALS_PER_HOUR}
    bands = {name: one[name] for name in ("load_type", "billing_band")}
    return Row(start, INTERVAL, start.date(), 1, values, bands, (one["q05"], one["q95"]))


def _known(one: Mapping[str, Any], aggregation: Aggregation, scene: Scene) -> Row:
    start = moment(one["interval_start"], scene)
    values = {
        name: value
        for name, value in one.items()
        if isinstance(value, int | float) and name not in ("repaired", "intervals")
    }
    bands = {name: one.get(name) for name in ("load_type", "billing_band")}
    return Row(start, window_end(start, aggregation) - start, start.date(), one["intervals"], values, bands)


def _counted(row: Row, spans: Sequence[tuple[int, int]], period: Period | None) -> Row | None:
    """The row with the day that its hours are counted to; None if they do not count, or for a day outside."""
    minute = row.start.hour * MINUTES + row.start.minute
    for back in (0, 1):
        day = row.start.date() - back * DAY
        at = minute + back * MINUTES_PER_DAY
        if any(first <= at < last for first, last in spans) and _is_within(day, period):
            return dataclasses.replace(row, day=day)
    return None


def _is_within(day: dt.date, period: Period | None) -> bool:
    return period is None or period.start.date() <= day <= (period.end - INSTANT).date()


def _opening(row: Row, aggregation: Aggregation) -> dt.datetime:
    if aggregation == "15min":
        return row.start
    if aggregation == "hour":
        return row.start.replace(minute=0)
    midnight = dt.datetime.combine(row.day, dt.time(), row.start.tzinfo)
    if aggregation == "month":
        return midnight.replace(day=1)
    return midnight - (midnight.weekday() if aggregation == "week" else 0) * DAY
