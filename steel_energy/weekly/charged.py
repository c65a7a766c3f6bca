"""The records of what a week is charged for: its bill, the demand and the power factor behind it, and its peaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from steel_energy.billing import Bill, BillLine
from steel_energy.explaining.records import Contribution
from steel_energy.tariff import Band, PowerFactorClause

DemandBasis = Literal["month", "earlier_month", "contract"]
PeakReason = Literal["above_usual", "below_usual", "usual", "no_usual"]


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
