"""The known past of a plant as arrays, by interval and by day: what every explanation of the past compares with.

Days are of four kinds, because nothing else known ahead moves a plant as much: open weekdays, open Saturdays, open
Sundays, and closed days whatever their weekday. Built once for the readings of a plant; nothing here is changed later.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.billing import monthly_peaks_kw
from steel_energy.calendar import in_utc, in_zone, known_ahead
from steel_energy.errors import InputError
from steel_energy.explaining.records import DayType
from steel_energy.history import readings_end
from steel_energy.meter import exact_power_factor
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, INTERVALS_PER_HOUR
from steel_energy.tariff import SATURDAY, SUNDAY, Tariff

DAY_TYPES: tuple[DayType, ...] = ("open_weekday", "open_saturday", "open_sunday", "closed")
HOURS_BEFORE = 4
"""Hours whose mean is the recent level of an interval."""
DAYS_BEFORE = 3
"""Days of a kind whose mean is the recent level of a day."""
INTERVAL_US = INTERVAL // dt.timedelta(microseconds=1)
STATES = ("standing", "light_load", "medium_load", "full_load")
STATE_SHARES = (0.1, 0.4, 0.7)
"""Shares of the contracted demand from which each state but the first begins; what idles stays far below a tenth."""


@dataclass(frozen=True)
class PastLoad:
    """Readings as arrays of shape ``(n,)`` in the order of time; known days are numbered from the first one.

    Attributes:
        plant: whose readings they are.
        tariff: that prices them.
        readings: data contract, sorted.
        day: number of the local day of each interval.
        slot: quarter hour of the day, 0 to 95.
        hour: clock hour, 0 to 23.
        usage_kwh: active energy.
        lagging_kvarh: lagging reactive energy.
        leading_kvarh: leading reactive energy.
        price_krw: energy price of each kWh.
        band: ``season, billing band`` of each interval, as text.
        dates: local date of each day.
        day_type: place in ``DAY_TYPES`` of each day.
        is_whole: whether all intervals of a day are known.
    """

    plant: Plant
    tariff: Tariff
    readings: pl.DataFrame
    day: IntArray
    slot: IntArray
    hour: IntArray
    usage_kwh: FloatArray
    lagging_kvarh: FloatArray
    leading_kvarh: FloatArray
    price_krw: FloatArray
    band: np.ndarray
    dates: tuple[dt.date, ...]
    day_type: IntArray
    is_whole: BoolArray

    @cached_property
    def recent_kwh(self) -> FloatArray:
        """Mean energy of the ``HOURS_BEFORE`` before each interval; NaN where they are not all known."""
        width = HOURS_BEFORE * INTERVALS_PER_HOUR
        running = np.concatenate([[0.0], self.usage_kwh.cumsum()])
        recent = np.full(len(self.usage_kwh), np.nan)
        recent[width:] = (running[width:-1] - running[: -width - 1]) / width
        return self._where_all_known(recent, width)

    @cached_property
    def before_kwh(self) -> FloatArray:
        """Energy of the interval before each; NaN for the first."""
        return self._where_all_known(np.concatenate([[np.nan], self.usage_kwh[:-1]]), 1)

    @cached_property
    def start_us(self) -> IntArray:
        """Start of each interval, microseconds of the epoch."""
        return self.readings["interval_start"].dt.epoch("us").to_numpy().astype(np.int64)

    def _where_all_known(self, values: FloatArray, width: int) -> FloatArray:
        """``values`` with NaN where the ``width`` intervals before are not the ``width`` rows before: after a gap."""
        known = np.zeros(len(values), dtype=bool)
        known[width:] = self.start_us[width:] - self.start_us[:-width] == width * INTERVAL_US
        return np.where(known, values, np.nan)

    @cached_property
    def peaks_kw(self) -> dict[str, float]:
        """The highest demand of each month."""
        return monthly_peaks_kw(self.readings)

    @property
    def contract_kwh(self) -> float:
        """Energy of an interval at the contracted demand."""
        return self.plant.contract_kw / INTERVALS_PER_HOUR

    @cached_property
    def days(self) -> Days:
        """The same by day."""
        return _days(self)

    def kind_of(self, day: int) -> DayType:
        """The kind of a day."""
        return DAY_TYPES[int(self.day_type[day])]

    def row_of(self, start: dt.datetime, *, field: str) -> int:
        """The row of the interval that begins at ``start``; a naive one is plant time.

        Raises:
            InputError: no known interval begins there; names ``field``.
        """
        starts = self.readings["interval_start"]
        wanted = in_zone(start, self.plant.zone)
        wanted_us = round(wanted.timestamp()) * 1_000_000
        row = int(np.searchsorted(self.start_us, wanted_us))
        if row == len(starts) or self.start_us[row] != wanted_us or wanted.microsecond:
            known = f"from {starts[0].isoformat()} to {readings_end(self.readings).isoformat()}"
            raise InputError(
                f"no interval begins at {wanted.isoformat()}",
                field=field,
                remedy=f"name the start of a quarter hour {known}",
            )
        return row

    def day_of(self, date: dt.date, *, field: str) -> int:
        """The number of a local day that is known as a whole.

        Raises:
            InputError: it is not; names ``field``.
        """
        day = bisect_left(self.dates, date)
        if day < len(self.dates) and self.dates[day] == date and self.is_whole[day]:
            return day
        whole = [self.dates[one] for one in np.flatnonzero(self.is_whole)]
        remedy = f"name a day from {whole[0]} to {whole[-1]}" if whole else "send more readings"
        raise InputError(f"{date} is not known as a whole day", field=field, remedy=remedy)


@dataclass(frozen=True)
class Days:
    """Sums and shapes of each day, arrays of shape ``(days,)``; those of a day that is not whole mean nothing.

    Attributes:
        usage_kwh: energy.
        hours_in_state: hours in each of ``STATES``, shape ``(days, 4)``.
        centre_hour: mean clock hour of its energy, 0 to 24; 12 without any energy.
        lagging_percent: lagging power factor of its sums.
        leading_percent: leading power factor of its sums.
        band: the seasons, bands and hours of each, as one text.
        recent_kwh: mean of the ``DAYS_BEFORE`` whole days of its kind before it; NaN where there are fewer.
        profile_kwh: energy by clock hour, shape ``(days, 24)``.
    """

    usage_kwh: FloatArray
    hours_in_state: FloatArray
    centre_hour: FloatArray
    lagging_percent: FloatArray
    leading_percent: FloatArray
    band: np.ndarray
    recent_kwh: FloatArray
    profile_kwh: FloatArray


def past_load(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> PastLoad:
    """The known past of ``plant``.

    Args:
        readings: data contract, sorted, at least one row. Days of which an interval is missing are not compared with.
        plant: gives zone and closed days.
        tariff: gives bands and prices.
    """
    starts = readings["interval_start"]
    calendar, billed = known_ahead(starts, plant=plant, tariff=tariff), tariff.billed(starts)
    dates = starts.dt.date()
    is_first = (dates != dates.shift(1)).fill_null(value=True).to_numpy()
    day, first_of_day = is_first.cumsum() - 1, np.flatnonzero(is_first)
    return PastLoad(
        plant=plant,
        tariff=tariff,
        readings=readings,
        day=day,
        slot=calendar["slot"].to_numpy().astype(np.int64),
        hour=calendar["slot"].to_numpy().astype(np.int64) // INTERVALS_PER_HOUR,
        usage_kwh=readings["usage_kwh"].to_numpy(),
        lagging_kvarh=readings["lagging_reactive_kvarh"].to_numpy(),
        leading_kvarh=readings["leading_reactive_kvarh"].to_numpy(),
        price_krw=billed["energy_krw_per_kwh"].to_numpy(),
        band=billed.select(pl.format("{} {}", "season", "billing_band")).to_series().to_numpy(),
        dates=tuple(dates.gather(first_of_day).to_list()),
        day_type=_day_types(calendar[first_of_day]),
        is_whole=_whole_days(dates.gather(first_of_day).to_list(), np.bincount(day), plant.zone),
    )


def state_of(share: float) -> str:
    """The state of a plant that draws this share of its contracted demand; ``unknown`` of NaN.

    >>> state_of(0.05), state_of(0.4), state_of(float("nan"))
    ('standing', 'medium_load', 'unknown')
    """
    return "unknown" if np.isnan(share) else STATES[int(np.digitize(share, STATE_SHARES))]


def _day_types(calendar: pl.DataFrame) -> IntArray:
    weekday = calendar["weekday"].to_numpy()
    by_weekday = np.select([weekday == SATURDAY, weekday == SUNDAY], [1, 2], 0)
    types: IntArray = np.where(calendar["is_closed"].to_numpy(), 3, by_weekday).astype(np.int64)
    return types


def _whole_days(dates: list[dt.date], intervals: IntArray, zone: str) -> BoolArray:
    """Days with all their intervals: 92, 96 or 100, as the clock goes."""
    midnights = [in_utc(dt.datetime.combine(date, dt.time()), zone) for date in dates]
    morrows = [in_utc(dt.datetime.combine(date + dt.timedelta(days=1), dt.time()), zone) for date in dates]
    wanted = [(morrow - midnight) // INTERVAL for midnight, morrow in zip(midnights, morrows, strict=True)]
    whole: BoolArray = intervals == np.array(wanted)
    return whole


def _days(past: PastLoad) -> Days:
    count = len(past.dates)
    profile_kwh = _sums(past.usage_kwh, past.day * 24 + past.hour, count * 24).reshape(count, 24)
    usage_kwh = profile_kwh.sum(axis=1)
    state = np.digitize(past.usage_kwh / past.contract_kwh, STATE_SHARES)
    in_state = np.bincount(past.day * len(STATES) + state, minlength=count * len(STATES)).reshape(count, len(STATES))
    moment = (past.slot + 0.5) / INTERVALS_PER_HOUR
    centre = np.full(count, 12.0)
    np.divide(_sums(past.usage_kwh * moment, past.day, count), usage_kwh, out=centre, where=usage_kwh > 0)
    return Days(
        usage_kwh=usage_kwh,
        hours_in_state=in_state / INTERVALS_PER_HOUR,
        centre_hour=centre,
        lagging_percent=exact_power_factor(usage_kwh, _sums(past.lagging_kvarh, past.day, count)),
        leading_percent=exact_power_factor(usage_kwh, _sums(past.leading_kvarh, past.day, count)),
        band=_bands_of_days(past),
        recent_kwh=_recent_days(usage_kwh, past),
        profile_kwh=profile_kwh,
    )


def _bands_of_days(past: PastLoad) -> np.ndarray:
    hours = (
        pl.DataFrame({"day": past.day, "band": past.band})
        .group_by("day", "band")
        .agg(hours=(pl.len() / INTERVALS_PER_HOUR).cast(pl.String).str.strip_suffix(".0"))
        .sort("day", "band")
        .group_by("day", maintain_order=True)
        .agg(pl.format("{} {} h", "band", "hours").str.join(", "))
    )
    return hours["band"].to_numpy()


def _recent_days(usage_kwh: FloatArray, past: PastLoad) -> FloatArray:
    recent = np.full(len(usage_kwh), np.nan)
    for kind in np.unique(past.day_type):
        of_kind = np.flatnonzero((past.day_type == kind) & past.is_whole)
        running = np.concatenate([[0.0], usage_kwh[of_kind].cumsum()])
        later = of_kind[DAYS_BEFORE:]
        recent[later] = (running[DAYS_BEFORE:-1] - running[: -DAYS_BEFORE - 1]) / DAYS_BEFORE
    return recent


def _sums(values: FloatArray, of: IntArray, count: int) -> FloatArray:
    return np.bincount(of, weights=values, minlength=count).astype(float)
