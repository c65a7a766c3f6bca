"""The intervals of a plan, and times of the request as positions among them, on the plant's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray
from steel_energy.calendar import in_utc, in_zone, interval_end, interval_grid
from steel_energy.errors import InputError
from steel_energy.planning.jobs import Window
from steel_energy.planning.request import MAX_DAYS, CrewShift, Movable
from steel_energy.plant import WEEKDAYS
from steel_energy.schema import HOURS_PER_DAY, INTERVAL, INTERVAL_MINUTES


@dataclass(frozen=True)
class Horizon:
    """The period of a plan as ``count`` intervals; position 0 begins at ``start``.

    Attributes:
        grid: start of each interval, plant zone.
    """

    zone: str
    grid: pl.Series

    @property
    def count(self) -> int:
        """Number of intervals."""
        return self.grid.len()

    @property
    def start(self) -> dt.datetime:
        """First moment."""
        first: dt.datetime = self.grid[0]
        return first

    @property
    def end(self) -> dt.datetime:
        """Last moment, exclusive."""
        return interval_end(self.grid[-1])

    def moment(self, position: int) -> dt.datetime:
        """The moment at which an interval begins; ``count`` is the end of the period."""
        return self.end if position == self.count else self.grid[position]

    def position(self, moment: dt.datetime, *, field: str) -> int:
        """The position of a moment; ``count`` is that of the end.

        Raises:
            InputError: it is outside of the period or off the grid.
        """
        steps = in_utc(moment, self.zone) - self.start.astimezone(dt.UTC)
        if not dt.timedelta(0) <= steps <= INTERVAL * self.count:
            raise InputError(
                f"{in_zone(moment, self.zone).isoformat()} lies outside of the period",
                field=field,
                remedy=f"choose a time from {self.start.isoformat()} to {self.end.isoformat()}, or a longer period",
            ).named(
                "outside_period",
                moment=in_zone(moment, self.zone).isoformat(),
                first=self.start.isoformat(),
                last=self.end.isoformat(),
            )
        if steps % INTERVAL:
            raise InputError(
                f"{moment.isoformat()} is not on the {INTERVAL_MINUTES}-minute grid",
                field=field,
                remedy="use a full quarter of an hour",
            )
        return steps // INTERVAL

    def span(self, window: Window, *, field: str) -> slice:
        """The positions of a window.

        Raises:
            InputError: it is empty, reversed, outside of the period or off the grid.
        """
        first, last = (
            self.position(moment, field=f"{field}.{name}")
            for name, moment in (("start", window.start), ("end", window.end))
        )
        if last <= first:
            raise InputError(
                "does not lie after the window's start", field=f"{field}.end", remedy="swap start and end"
            ).named("window_reversed")
        return slice(first, last)

    def covered(self, windows: Sequence[Window], *, field: str) -> BoolArray:
        """Which intervals any of the windows hold; see ``span`` for errors."""
        mask = np.zeros(self.count, dtype=bool)
        for place, window in enumerate(windows):
            mask[self.span(window, field=f"{field}.{place}")] = True
        return mask

    def on_shift(self, shifts: Sequence[CrewShift]) -> BoolArray:
        """Which intervals lie within any of the shifts, on the plant's clock."""
        hour = (self.grid.dt.hour() + self.grid.dt.minute() / 60).to_numpy()
        weekday = self.grid.dt.weekday().to_numpy()
        mask = np.zeros(self.count, dtype=bool)
        for shift in shifts:
            days = {WEEKDAYS.index(name) + 1 for name in shift.weekdays}
            after_midnight = {day % len(WEEKDAYS) + 1 for day in days}
            mask |= np.isin(weekday, list(days)) & (hour >= shift.start_hour) & (hour < shift.end_hour)
            mask |= np.isin(weekday, list(after_midnight)) & (hour < shift.end_hour - HOURS_PER_DAY)
        return mask

    def moving_days(self, movable: Movable) -> list[np.ndarray]:
        """Positions of each day's hours within which base load may move."""
        hour = (self.grid.dt.hour() + self.grid.dt.minute() / 60).to_numpy()
        within = np.flatnonzero((hour >= movable.from_hour) & (hour < movable.to_hour))
        days = self.grid.dt.date().to_physical().to_numpy()[within]
        return [within[days == day] for day in np.unique(days)]


def horizon_of(start: dt.datetime, end: dt.datetime, *, zone: str) -> Horizon:
    """The intervals from ``start`` to ``end``; naive moments are plant time.

    Raises:
        InputError: the period is empty, reversed, too long or off the grid; names the field.
    """
    first, last = in_utc(start, zone), in_utc(end, zone)
    if last <= first:
        raise InputError("must lie after start", field="end", remedy="swap start and end")
    if last - first > dt.timedelta(days=MAX_DAYS, hours=1):  # an hour more where clocks go back
        raise InputError(f"lies more than {MAX_DAYS} days after start", field="end", remedy="plan a shorter period")
    for field, moment in (("start", first), ("end", last)):
        if (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) % INTERVAL:
            raise InputError(
                f"is not on the {INTERVAL_MINUTES}-minute grid", field=field, remedy="use a full quarter of an hour"
            )
    return Horizon(zone=zone, grid=interval_grid(start, end, zone=zone))
