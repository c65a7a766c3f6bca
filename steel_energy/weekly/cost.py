"""The bill of a week, the demand that it rests on, and the power factor against the tariff's clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from steel_energy.billing import RATCHET_MONTHS_BACK, Bill, bill, power_factor_percent
from steel_energy.calendar import in_zone, interval_end
from steel_energy.errors import NotEnoughDataError
from steel_energy.months import MONTH_FORMAT, month_of, month_start, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, INTERVALS_PER_HOUR
from steel_energy.tariff import PowerFactorClause, Tariff
from steel_energy.weekly.charged import Cost, DemandBasis, MonthDemand, PowerFactor
from steel_energy.weekly.sections import Missing

SAME_KW = 1e-6
PEAK_SPAN = dt.timedelta(hours=2)
"""What lies nearer to the month's highest demand belongs to the same event."""


def cost(
    readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime
) -> Cost | Missing:
    """The bill of ``[start, end)``.

    Args:
        readings: data contract up to ``end``; earlier ones count for the demand of the months.
        plant: whose readings.
        tariff: it is billed under.
        start: first known moment of the week.
        end: last known moment, exclusive.

    Returns:
        ``Missing`` where an interval between them is unknown: a bill with holes would be none.
    """
    try:
        billed = bill(readings, plant=plant, tariff=tariff, start=start, end=end)
    except NotEnoughDataError:
        return Missing("gaps")
    known = readings.filter(pl.col("interval_start") < end)
    beyond = billed.start.date() < tariff.valid_from or (billed.end - INTERVAL).date() > tariff.valid_to
    return Cost(
        bill=billed,
        before_krw=_before_krw(readings, plant, tariff, start, end),
        demands=tuple(_demands(billed, known, plant, tariff)),
        clauses=tuple(_clauses(known.filter(pl.col("interval_start") >= start), tariff)),
        is_beyond_tariff=beyond,
        known_since=_known_since(known, billed, tariff),
    )


def _clauses(rows: pl.DataFrame, tariff: Tariff) -> Iterator[tuple[PowerFactorClause, float]]:
    """Each clause in each month, as the bill has them."""
    for _, month_rows in rows.group_by(pl.col("interval_start").dt.strftime(MONTH_FORMAT), maintain_order=True):
        yield from ((clause, power_factor_percent(month_rows, clause)) for clause in tariff.power_factor)


def _known_since(known: pl.DataFrame, billed: Bill, tariff: Tariff) -> dt.date | None:
    """The first known day, where the ratchet looks back further than that."""
    first: dt.date = known["interval_start"][0].date()
    looks_back_to = shift_month(month_of(billed.start), -RATCHET_MONTHS_BACK)
    return first if tariff.demand.ratchet_months and month_of(first) > looks_back_to else None


def _before_krw(
    readings: pl.DataFrame, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime
) -> float | None:
    """The bill of the same part of the week before, by the plant's clock, with what was known then."""
    first, last = (in_zone(moment.replace(tzinfo=None) - dt.timedelta(weeks=1), plant.zone) for moment in (start, end))
    known = readings.filter(pl.col("interval_start") < last)
    try:
        return bill(known, plant=plant, tariff=tariff, start=first, end=last).total_krw if known.height else None
    except NotEnoughDataError:
        return None


def _demands(billed: Bill, known: pl.DataFrame, plant: Plant, tariff: Tariff) -> Iterator[MonthDemand]:
    peaks = _peaks_by_month(known)
    for line in billed.lines:
        if line.kind == "demand":
            peak_kw, peak_at = peaks[line.month]
            basis, basis_month = _basis(line.quantity, line.month, peaks, tariff)
            yield MonthDemand(
                month=line.month,
                peak_kw=peak_kw,
                peak_at=peak_at,
                billed_kw=line.quantity,
                basis=basis,
                basis_month=basis_month,
                contract_share=tariff.demand.min_contract_share,
                month_krw=line.quantity * tariff.demand.krw_per_kw,
                avoidable_krw=(line.quantity - _without_peak_kw(known, line.month, peak_at, plant, tariff))
                * tariff.demand.krw_per_kw,
            )


def _without_peak_kw(known: pl.DataFrame, month: str, peak_at: dt.datetime, plant: Plant, tariff: Tariff) -> float:
    """The demand that would be billed for the month, had the peak not risen above the rest of the month."""
    start, opening = pl.col("interval_start"), month_start(month, zone=plant.zone)
    until_then = known.filter(start < month_start(shift_month(month, 1), zone=plant.zone))
    is_near = (start >= opening) & start.is_between(peak_at - PEAK_SPAN, peak_at + PEAK_SPAN)
    rest_kwh = max(until_then.filter((start >= opening) & ~is_near)["usage_kwh"], default=0.0)
    usage = pl.col("usage_kwh")
    clipped = until_then.with_columns(
        pl.when(is_near & (usage > rest_kwh)).then(rest_kwh).otherwise(usage).alias("usage_kwh")
    )
    last: dt.datetime = clipped["interval_start"][-1]
    lines = bill(clipped, plant=plant, tariff=tariff, start=last, end=interval_end(last)).lines
    return next(line.quantity for line in lines if line.kind == "demand")


def _peaks_by_month(known: pl.DataFrame) -> dict[str, tuple[float, dt.datetime]]:
    demand = known.select("interval_start", demand_kw=pl.col("usage_kwh") * INTERVALS_PER_HOUR)
    by_month = demand.group_by(month=pl.col("interval_start").dt.strftime(MONTH_FORMAT)).agg(
        pl.col("demand_kw").max(), pl.col("interval_start").sort_by("demand_kw", descending=True).first()
    )
    return {month: (peak_kw, at) for month, peak_kw, at in by_month.iter_rows()}


def _basis(
    billed_kw: float, month: str, peaks: dict[str, tuple[float, dt.datetime]], tariff: Tariff
) -> tuple[DemandBasis, str | None]:
    """Which demand is billed: the month's own first, then the newest month's that counts on and is as high."""
    if abs(peaks[month][0] - billed_kw) < SAME_KW:
        return "month", None
    looked_back = [shift_month(month, -back) for back in range(1, RATCHET_MONTHS_BACK + 1)]
    for earlier in looked_back:
        counts_on = int(earlier[-2:]) in tariff.demand.ratchet_months and earlier in peaks
        if counts_on and abs(peaks[earlier][0] - billed_kw) < SAME_KW:
            return "earlier_month", earlier
    return "contract", None


def power_factors(
    readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime, found: Cost | Missing
) -> tuple[PowerFactor, ...] | Missing:
    """Each clause of the tariff over the known part of the week and over its month so far; see `cost` for arguments."""
    if not tariff.power_factor:
        return Missing("no_power_factor_clause")
    if isinstance(found, Missing):
        return found
    last = readings.filter(pl.col("interval_start") < end)["interval_start"][-1]
    month = month_of(last)
    month_rows = readings.filter(
        pl.col("interval_start").is_between(month_start(month, zone=plant.zone), end, closed="left")
    )
    week_rows = readings.filter(pl.col("interval_start").is_between(start, end, closed="left"))
    demand_krw = next(demand.month_krw for demand in found.demands if demand.month == month)
    return tuple(
        _against(clause, week_rows, month_rows, month=month, demand_krw=demand_krw) for clause in tariff.power_factor
    )


def _against(
    clause: PowerFactorClause, week_rows: pl.DataFrame, month_rows: pl.DataFrame, *, month: str, demand_krw: float
) -> PowerFactor:
    month_percent = power_factor_percent(month_rows, clause)
    by_day = {
        date: power_factor_percent(rows, clause)
        for (date,), rows in week_rows.group_by(pl.col("interval_start").dt.date(), maintain_order=True)
    }
    worst = min(by_day, key=lambda date: by_day[date])
    points = clause.points(month_percent)
    return PowerFactor(
        reactive=clause.reactive,
        from_hour=clause.from_hour,
        to_hour=clause.to_hour,
        limit_percent=clause.limit_percent,
        credit_until_percent=clause.credit_until_percent,
        week_percent=power_factor_percent(week_rows, clause),
        month=month,
        month_percent=month_percent,
        points=points,
        share_per_point=clause.share_per_point,
        month_krw=points * clause.share_per_point * demand_krw,
        worst_day=worst,
        worst_percent=by_day[worst],
    )
