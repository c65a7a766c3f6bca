"""The records of a weekly report. Times are in the plant's zone, shares lie in 0-1, power factors are percent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from steel_energy.billing import Bill, BillLine
from steel_energy.drift import Drift
from steel_energy.explaining.records import Contribution
from steel_energy.plant import Plant
from steel_energy.savings.verified import Verification
from steel_energy.sources.raw import Origin
from steel_energy.tariff import Band, PowerFactorClause, Tariff
from steel_energy.weekly.week import Week

Reason = Literal[
    "gaps", "no_forecasts", "no_champion", "too_few_readings", "no_plan", "not_executed", "no_power_factor_clause"
]
DemandBasis = Literal["month", "earlier_month", "contract"]
PeakReason = Literal["above_usual", "below_usual", "usual", "no_usual"]


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
class MonthDemand:
    """The demand charge of a month as it stands at the end of the week.

    Attributes:
        month: such as ``2018-11``.
        peak_kw: highest demand of the month so far.
        peak_at: start of that interval.
        billed_kw: the demand that is billed.
        basis: why that one: the month's own, an earlier month's by the ratchet, or the contract's least.
        basis_month: the earlier month.
        contract_share: of the contracted demand, where that is the basis.
        month_krw: what it costs for the whole month.
        avoidable_krw: what the month would cost less, had this one event not risen above the rest of the month.
    """

    month: str
    peak_kw: float
    peak_at: dt.datetime
    billed_kw: float
    basis: DemandBasis
    basis_month: str | None
    contract_share: float
    month_krw: float
    avoidable_krw: float


@dataclass(frozen=True)
class Cost:
    """The bill of the week, and what stands behind its demand charge.

    Attributes:
        bill: the known part of the week.
        before_krw: the same part of the week before; None where it is not known throughout.
        demands: one for each month of the bill.
        clauses: behind each line on the power factor, in their order: the clause and the percentage it met.
        is_beyond_tariff: whether the tariff was not in force for all of it.
        known_since: first known day where the ratchet looks back further, so that a higher demand may be missed.
    """

    bill: Bill
    before_krw: float | None
    demands: tuple[MonthDemand, ...]
    clauses: tuple[tuple[PowerFactorClause, float], ...]
    is_beyond_tariff: bool
    known_since: dt.date | None

    def demand_of(self, line: BillLine) -> MonthDemand:
        """The demand that a line of the bill rests on."""
        return next(demand for demand in self.demands if demand.month == line.month)


@dataclass(frozen=True)
class Peak:
    """One of the week's highest demands.

    Attributes:
        start: of the interval.
        demand_kw: four times its energy.
        band: billing band.
        usual_kw: of earlier days of the same kind at that time; None without any.
        causes: signed parts of the difference from ``usual_kwh``, which add up to it; empty where there are too few
            such days to tell.
        reason: how it stands to the usual.
        day_over_usual: how much more the whole day used than usual, as a share; None without a usual day.
        minutes_near: how long demand stayed within a tenth of it, without a break.
        is_month_peak: whether it is the month's highest demand so far.
    """

    start: dt.datetime
    demand_kw: float
    band: Band
    usual_kw: float | None
    reason: PeakReason
    day_over_usual: float | None
    minutes_near: int
    is_month_peak: bool
    causes: tuple[Contribution, ...] = ()


@dataclass(frozen=True)
class PowerFactor:
    """One clause of the tariff.

    Attributes:
        week_percent: over the clause's hours of the week.
        month: the month that the week ends in.
        month_percent: over the clause's hours of that month so far, which is what is billed.
        points: billed for the month so far: above 0 costs, below 0 earns.
        share_per_point: of the demand charge, that a point costs or earns.
        month_krw: what they come to, on the month's whole demand charge.
        worst_day: of the week, with its percentage.
    """

    reactive: Literal["lagging", "leading"]
    from_hour: int
    to_hour: int
    limit_percent: float
    credit_until_percent: float | None
    week_percent: float
    month: str
    month_percent: float
    points: float
    share_per_point: float
    month_krw: float
    worst_day: dt.date
    worst_percent: float


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
