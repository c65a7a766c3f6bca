"""The records of a weekly report. Times are in the plant's zone, shares lie in 0-1, power factors are percent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from steel_energy.drift import Drift
from steel_energy.plant import Plant
from steel_energy.savings.verified import Verification
from steel_energy.sources.raw import Origin
from steel_energy.tariff import Band, Tariff
from steel_energy.weekly.charged import Cost, Peak, PowerFactor
from steel_energy.weekly.week import Week

Reason = Literal[
    "gaps", "no_forecasts", "no_champion", "too_few_readings", "no_plan", "not_executed", "no_power_factor_clause"
]


@dataclass(frozen=True)
class Missing:
    """A section that there is nothing to tell of.

    Attributes:
        reason: why, as a code.
        values: what the sentence on it names.
    """

    reason: Reason
    values: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Day:
    """One day of the week; a day without readings has None throughout.

    Attributes:
        is_closed: by the plant's production calendar.
        intervals: how many are known.
        usual_kwh: mean of the days of its kind before, over the same intervals.
        energy_krw: energy charge alone.
    """

    date: dt.date
    is_closed: bool
    intervals: int
    usage_kwh: float | None
    usual_kwh: float | None
    peak_kw: float | None
    energy_krw: float | None


@dataclass(frozen=True)
class BandUse:
    """What fell into one billing band; ``energy_krw`` is the energy charge."""

    band: Band
    usage_kwh: float
    energy_krw: float


@dataclass(frozen=True)
class Consumption:
    """Energy of the week.

    Attributes:
        before_kwh: the same intervals of the week before; None where one of them is unknown.
        usual_kwh: what days of the same kinds used on average in the weeks before; None without such days.
        usual_weeks: how many weeks back those days were looked for.
        days: seven.
        bands: those that occurred, cheapest first.
    """

    usage_kwh: float
    before_kwh: float | None
    usual_kwh: float | None
    usual_weeks: int
    co2_t: float
    days: tuple[Day, ...]
    bands: tuple[BandUse, ...]


@dataclass(frozen=True)
class ForecastDay:
    """Energy of a day as it was forecast when it began, and as it was measured."""

    date: dt.date
    forecast_kwh: float
    usage_kwh: float


@dataclass(frozen=True)
class WeekForecasts:
    """How good the forecasts of the week's intervals were, up to 24 hours ahead.

    Attributes:
        source: told by the service, or made afterwards as they would have been, without knowing the future.
        model: the forecaster.
        forecasts: how many intervals were forecast.
        mae_kwh: mean absolute error of an interval.
        rmse_kwh: root of the mean squared error.
        naive_rmse_kwh: of ``naive`` at the same intervals; None where it cannot be told.
        naive: what it is compared with: the seasonal naive model, or the week before again.
        within_80: share of readings inside the 80 % band.
        days: those that were forecast as a whole from their beginning.
        curve: what was forecast at the beginning of each day: ``interval_start``, ``mean_kwh``, ``q10``, ``q90``,
            ``usage_kwh``.
    """

    source: Literal["service", "backtest"]
    model: str
    forecasts: int
    mae_kwh: float
    rmse_kwh: float
    naive_rmse_kwh: float | None
    naive: Literal["seasonal_naive", "last_week"]
    within_80: float
    days: tuple[ForecastDay, ...]
    curve: pl.DataFrame

    @property
    def skill(self) -> float | None:
        """Share of the naive forecast's error that is saved; None where there is none."""
        return 1 - self.rmse_kwh / self.naive_rmse_kwh if self.naive_rmse_kwh else None


@dataclass(frozen=True)
class PlanAhead:
    """The standard plan of the days after the readings.

    Attributes:
        start: its first moment, which is the end of the week's readings.
        end: its last, exclusive.
        baseline_krw: the bill of those days without it.
        planned_krw: the bill that it promises.
        baseline_peak_kw: highest demand without it.
        planned_peak_kw: highest demand with it.
    """

    start: dt.datetime
    end: dt.datetime
    baseline_krw: float
    planned_krw: float
    baseline_peak_kw: float
    planned_peak_kw: float

    @property
    def saving_krw(self) -> float:
        """What it promises to save."""
        return self.baseline_krw - self.planned_krw


@dataclass(frozen=True)
class DataQuality:
    """What was wrong with the week's readings.

    Attributes:
        expected: intervals of the week.
        known: those with a reading after cleaning.
        inserted: those that the source had no row for.
        repaired: intervals of which a value was changed, other than its notation.
        by_rule: changes by cleaning rule, most first.
        by_column: changed cells by column, most first.
    """

    expected: int
    known: int
    inserted: int
    repaired: int
    by_rule: dict[str, int]
    by_column: dict[str, int]


@dataclass(frozen=True)
class WeeklyReport:
    """A plant's week.

    Attributes:
        start: first known moment of the week.
        end: last known moment, exclusive.
        origin: where the readings came from.
        series: one row for each known interval, as ``usual.week_series`` returns it.
    """

    plant: Plant
    tariff: Tariff
    week: Week
    start: dt.datetime
    end: dt.datetime
    origin: Origin
    series: pl.DataFrame
    consumption: Consumption
    cost: Cost | Missing
    peaks: tuple[Peak, ...]
    power_factors: tuple[PowerFactor, ...] | Missing
    forecasts: WeekForecasts | Missing
    plan: PlanAhead | Missing
    savings: Verification | Missing
    drift: Drift | Missing
    quality: DataQuality

    @property
    def is_whole(self) -> bool:
        """Whether every interval of the week is known."""
        return self.quality.known == self.quality.expected
