"""Features of a forecast: what is known at an origin about an interval 1 to 672 steps ahead. No model lives here.

Row = one origin (end of the last known interval) and one lead (1 = the interval that starts there). Three sources, kept
apart so that leaking is hard: the calendar of the target, which is known ahead; measurements *before* the origin; and
days that are complete before the origin's day. Unknown values (too little history) are NaN, which the trees understand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.plant import Plant
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_DAY, INTERVALS_PER_HOUR, INTERVALS_PER_WEEK
from steel_energy.similar_days import SimilarDays, similar_days, smooth
from steel_energy.tariff import Tariff
from steel_energy.timeline import MEASURED_INPUTS, Timeline, build_timeline

RECENT = (1, 2, 3, 4, 8)
WINDOWS = {"1h": 4, "2h": 8, "4h": 16, "8h": 32, "1d": INTERVALS_PER_DAY, "7d": INTERVALS_PER_WEEK}
SMOOTHING_WIDTH = 5  # intervals: one hour around the target
USUAL_DAYS = 4  # a month of Saturdays, a working week less a day
SPREADS = {"1h": 4, "4h": 16}
ABOVE = {"hour_above_usual_kwh": INTERVALS_PER_HOUR, "four_hours_above_usual_kwh": 4 * INTERVALS_PER_HOUR}

TARGET_FEATURES = ("slot", "weekday", "load_type", "is_closed", "was_closed_yesterday", "is_closed_tomorrow")
ORIGIN_FEATURES = (
    *(f"usage_{steps}_back_kwh" for steps in RECENT),
    *(f"mean_{window}_kwh" for window in WINDOWS),
    *(f"spread_{window}_kwh" for window in SPREADS),
    "lowest_1h_kwh",
    "highest_1d_kwh",
    *MEASURED_INPUTS[1:],
    "today_kwh",
    "yesterday_kwh",
    "yesterday_until_now_kwh",
    "today_above_usual_kwh",
    *ABOVE,
)
LAG_FEATURES = ("same_slot_day_kwh", "same_slot_week_kwh", "same_slot_two_weeks_kwh", "same_hour_week_kwh")
SIMILAR_FEATURES = (
    *(f"{table}_{group}_{last}_kwh" for table, group, lasts in (
        ("slot", "kind", (1, 4, 8)), ("slot", "weekday", (1, 4)), ("slot", "open", (1, 4)),
        ("hour", "kind", (1, 4, 8, 20)), ("hour", "weekday", (4,)), ("hour", "open", (1, 4)),
        ("day", "kind", (1, 3, 8)), ("day", "open", (1, 3)),
    ) for last in lasts),
)  # fmt: skip
"""``slot_kind_4_kwh``: mean at the target's slot over the last four days of the target day's kind."""

USUAL_FEATURE = "usual_kwh"
"""Mean at the target's slot over all earlier days of the target day's kind, old ones fading: a forecast of its own."""

FEATURES = (*TARGET_FEATURES, *ORIGIN_FEATURES, *LAG_FEATURES, *SIMILAR_FEATURES, USUAL_FEATURE)


def origin_features(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """What each moment knows: one row for the end of every reading, measured before it.

    Args:
        readings: data contract, sorted, one row for each interval.
        plant: zone and calendar of the readings.
        tariff: its bands.

    Returns:
        ``origin`` (the end of an interval, plant zone) and ``ORIGIN_FEATURES``; energies in kWh and kvarh.
    """
    timeline = build_timeline(readings, plant=plant, tariff=tariff, ahead=1)
    origins = np.arange(timeline.first + 1, timeline.end + 1)
    values = FeatureBuilder(timeline).at_origin(origins)
    return pl.DataFrame({"origin": timeline.interval_start.gather(origins), **values})


def pair(origins: IntArray, horizon: int) -> tuple[IntArray, IntArray]:
    """Every origin with every lead 1 to ``horizon``, as two arrays of ``len(origins) * horizon``."""
    return np.repeat(origins, horizon), np.tile(np.arange(1, horizon + 1), len(origins))


@dataclass(frozen=True)
class FeatureBuilder:
    """Features of many origins of one timeline; its running sums are made once."""

    timeline: Timeline

    def matrix(self, origins: IntArray, leads: IntArray) -> FloatArray:
        """Shape ``(n, len(FEATURES))`` for ``n`` pairs of an origin's position and a lead (1 = the interval there)."""
        targets = origins + leads - 1
        unique, row = np.unique(origins, return_inverse=True)
        at_origin = {name: values[row] for name, values in self.at_origin(unique).items()}
        groups = (self.of_target(targets), at_origin, self.lagged(origins, targets), self.similar(origins, targets))
        columns = {name: values for group in groups for name, values in group.items()}
        return np.column_stack([columns[name] for name in FEATURES]).astype(np.float64)

    def of_target(self, targets: IntArray) -> dict[str, IntArray]:
        """Known ahead: the target's place in the calendar."""
        line, day = self.timeline, self.timeline.day[targets]
        return {
            "slot": line.slot[targets],
            "weekday": line.weekday[targets],
            "load_type": line.load_type[targets],
            "is_closed": line.is_closed[day].astype(np.int64),
            "was_closed_yesterday": line.is_closed[np.maximum(day - 1, 0)].astype(np.int64),
            "is_closed_tomorrow": line.is_closed[day + 1].astype(np.int64),
        }

    def at_origin(self, origins: IntArray) -> dict[str, FloatArray]:
        """Measured before the origin, the same for every lead."""
        midnight = self._midnight[self.timeline.day[origins]]
        before = self._midnight[np.maximum(self.timeline.day[origins] - 1, 0)]
        return {
            **{f"usage_{steps}_back_kwh": self._at(origins - steps) for steps in RECENT},
            **{f"mean_{name}_kwh": self._sum(origins - size, origins) / size for name, size in WINDOWS.items()},
            **{f"spread_{name}_kwh": self._spread(origins, size) for name, size in SPREADS.items()},
            "lowest_1h_kwh": self._extreme(np.minimum, origins, INTERVALS_PER_HOUR),
            "highest_1d_kwh": self._extreme(np.maximum, origins, INTERVALS_PER_DAY),
            **{name: self.timeline.measured[name][origins - 1] for name in MEASURED_INPUTS[1:]},
            "today_kwh": self._sum(midnight, origins),
            "yesterday_kwh": self._sum(before, midnight),
            "yesterday_until_now_kwh": self._sum(before, np.minimum(before + origins - midnight, midnight)),
            **self._above_usual(origins),
        }

    def lagged(self, origins: IntArray, targets: IntArray) -> dict[str, FloatArray]:
        """The newest known value a whole number of days, or of weeks, before the target."""
        day = targets - INTERVALS_PER_DAY * _periods(origins, targets, INTERVALS_PER_DAY)
        week = targets - INTERVALS_PER_WEEK * _periods(origins, targets, INTERVALS_PER_WEEK)
        reach = SMOOTHING_WIDTH // 2
        since, until = week - reach, np.minimum(week + reach + 1, origins)
        return {
            "same_slot_day_kwh": self._at(day),
            "same_slot_week_kwh": self._at(week),
            "same_slot_two_weeks_kwh": self._at(week - INTERVALS_PER_WEEK),
            "same_hour_week_kwh": self._sum(since, until) / (until - since),
        }

    def similar(self, origins: IntArray, targets: IntArray) -> dict[str, FloatArray]:
        """Means over days of the target's group that are complete before the origin's day."""
        today, day = self.timeline.day[origins], self.timeline.day[targets]
        columns = {"slot": self.timeline.slot[targets], "hour": self.timeline.slot[targets], "day": np.zeros_like(day)}
        result = {}
        for name in SIMILAR_FEATURES:
            table, group, last, _ = name.split("_")
            result[name] = self._banks[table, group].mean(today, day, columns[table], last=int(last))
        return result | {USUAL_FEATURE: self._banks["slot", "kind"].faded_mean(today, day, columns["slot"])}

    @cached_property
    def _midnight(self) -> IntArray:
        """Position at which each local day starts."""
        return np.searchsorted(self.timeline.day, np.arange(self.timeline.day[-1] + 1))

    @cached_property
    def _running_kwh(self) -> FloatArray:
        """Energy from the first reading up to each position."""
        return np.concatenate([[0.0], np.nancumsum(self.timeline.usage_kwh)])

    @cached_property
    def _banks(self) -> dict[tuple[str, str], SimilarDays]:
        profile = self.timeline.profile_kwh
        tables = {"slot": profile, "hour": smooth(profile, width=SMOOTHING_WIDTH), "day": profile.sum(1, keepdims=True)}
        first_weekday = self.timeline.weekday[self._midnight]
        groups = {
            "kind": self.timeline.day_kind,
            "weekday": first_weekday + DAYS_PER_WEEK * self.timeline.is_closed,
            "open": self.timeline.is_closed.astype(np.int64),
        }
        return {(t, g): similar_days(values, group) for t, values in tables.items() for g, group in groups.items()}

    def _at(self, positions: IntArray) -> FloatArray:
        """Usage at known positions, NaN before the history."""
        usage = self.timeline.usage_kwh
        return np.where(positions >= 0, usage[np.maximum(positions, 0)], np.nan)

    def _spread(self, origins: IntArray, size: int) -> FloatArray:
        """Standard deviation of the ``size`` intervals before each origin; NaN before the history."""
        first, last = _ends(origins)
        newest_first = sliding_window_view(self._since(first - size, last), size)[:, ::-1]
        spread: FloatArray = newest_first.std(axis=1)
        return spread[origins - first]

    def _extreme(self, of_two: np.ufunc, origins: IntArray, size: int) -> FloatArray:
        """Lowest or highest of the ``size`` intervals before each origin; NaN before the history.

        That of twice as many intervals is the more extreme of two neighbours, so a day takes seven steps, not 96.
        """
        first, last = _ends(origins)
        extreme, width = self._since(first - size, last), 1
        while width < size:
            step = min(width, size - width)
            extreme, width = of_two(extreme[step:], extreme[:-step]), width + step
        return extreme[origins - first]

    def _since(self, since: int, until: int) -> FloatArray:
        """Usage at the positions ``[since, until)``, NaN before the history."""
        usage = self.timeline.usage_kwh
        return np.concatenate([np.full(max(-since, 0), np.nan), usage[max(since, 0) : until]])

    def _sum(self, since: IntArray, until: IntArray) -> FloatArray:
        """Energy in ``[since, until)``; NaN where a part of it lies before the history."""
        running = self._running_kwh
        total = running[np.maximum(until, 0)] - running[np.maximum(since, 0)]
        return np.where(since >= self.timeline.first, total, np.nan)

    def _above_usual(self, origins: IntArray) -> dict[str, FloatArray]:
        """Usage less what days of the same kind, complete before the origin's day, used: since midnight, and lately."""
        line, bank, reach = self.timeline, self._banks["slot", "kind"], max(ABOVE.values())
        first, last = _ends(origins)
        before, until = np.maximum(np.arange(first - reach, last), 0), slice(first, last + 1)
        day, today = line.day[before], line.day[until]
        days = np.arange(day[0], today[-1] + 1)
        usual, known_a_day_later = (bank.means(days + later, days, last=USUAL_DAYS) for later in (0, 1))
        row, slot = day - days[0], line.slot[before]
        usage_kwh = self._since(first - reach, last)
        same_day, day_later = (usage_kwh - known[row, slot] for known in (usual, known_a_day_later))
        by_now = np.pad(usual.cumsum(axis=1), ((0, 0), (1, 0)))[today - days[0], line.slot[until]]
        above = {"today_above_usual_kwh": self._sum(self._midnight[today], np.arange(first, last + 1)) - by_now}
        total = np.zeros(last + 1 - first)
        for back in range(1, reach + 1):
            at = slice(reach - back, reach - back + len(total))
            total += np.where(day[at] == today, same_day[at], day_later[at])
            above |= {name: total / size for name, size in ABOVE.items() if size == back}
        return {name: values[origins - first] for name, values in above.items()}


def _ends(origins: IntArray) -> tuple[int, int]:
    """The first and the last origin; of none, the first position."""
    return (int(origins.min()), int(origins.max())) if len(origins) else (0, 0)


def _periods(origins: IntArray, targets: IntArray, size: int) -> IntArray:
    """How many periods of ``size`` lie between a target and the newest known interval of its phase."""
    return (targets - origins) // size + 1
