"""Why a plan is as it is: price differences used, what happens to the peak, limits that bind, and each job's own why.

All sentences of plans stand here, in ``marginals.py`` and in ``conflicts.py``; each has its values beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from steel_energy.billing import Bill
from steel_energy.planning.jobs import FixedJob
from steel_energy.planning.problem import Problem
from steel_energy.planning.result import Reason
from steel_energy.planning.schedule import Schedule
from steel_energy.schema import INTERVALS_PER_HOUR

SOME_KWH = 1e-6
SOME_KRW = 0.005
AT_LIMIT_KW = 1e-3


def reasons_of(
    problem: Problem, schedule: Schedule, before: Schedule, *, planned: Bill, without: Bill
) -> Iterator[Reason]:
    """Reasons, price differences first, then the peak, the power factor, CO2 and limits that bind."""
    yield from _prices(problem, schedule, before)
    yield from _demand(problem, schedule, planned=planned, without=without)
    yield from _power_factor(planned, without)
    yield from _co2(problem, schedule, before)
    yield from _binding(problem, schedule)


def _prices(problem: Problem, schedule: Schedule, before: Schedule) -> Iterator[Reason]:
    """Energy by price, before and after: from where it went and where it came to."""
    change = schedule.load(problem).usage_kwh - before.load(problem).usage_kwh
    prices, bands = problem.charges.energy_krw_per_kwh, problem.charges.billing_band.cast(str).to_list()
    kinds = sorted({(float(price), band) for price, band in zip(prices, bands, strict=True)})
    net = {kind: float(change[prices == kind[0]].sum()) for kind in kinds}
    left = {kind: -kwh for kind, kwh in net.items() if kwh < -SOME_KWH}
    came = {kind: kwh for kind, kwh in net.items() if kwh > SOME_KWH}
    if not left or not came:
        return
    mean_left, mean_came = (
        sum(kind[0] * kwh for kind, kwh in part.items()) / sum(part.values()) for part in (left, came)
    )
    moved = min(sum(left.values()), sum(came.values()))
    yield Reason(
        "prices",
        {"moved_kwh": moved, "from_krw_per_kwh": mean_left, "to_krw_per_kwh": mean_came},
        f"{moved:,.0f} kWh move from {_listed(left)} to {_listed(came)}: {mean_left - mean_came:,.1f} KRW/kWh less "
        f"on average",
    )


def _listed(part: dict[tuple[float, str], float]) -> str:
    return " and ".join(f"{band} hours at {price:g} KRW/kWh ({kwh:,.0f} kWh)" for (price, band), kwh in part.items())


def _demand(problem: Problem, schedule: Schedule, *, planned: Bill, without: Bill) -> Iterator[Reason]:
    load_kwh = schedule.load(problem).usage_kwh
    charged, instead = ([line for line in one.lines if line.kind == "demand"] for one in (planned, without))
    if not charged:  # a fuel has no demand charge
        return
    for month, now, then in zip(problem.charges.months, charged, instead, strict=True):
        peak_kw = float(load_kwh[month.counts].max()) * INTERVALS_PER_HOUR
        saved = then.amount_krw - now.amount_krw
        values: dict[str, str | float] = {
            "month": month.month,
            "demand_kw": now.quantity,
            "baseline_demand_kw": then.quantity,
            "peak_kw": peak_kw,
            "saved_krw": saved,
        }
        if abs(saved) > SOME_KRW:
            verb = "falls" if saved > 0 else "rises"
            words = f"the billing demand of {month.month} {verb} from {then.quantity:,.1f} to {now.quantity:,.1f} kW"
            price = f"{abs(saved):,.0f} KRW {'less' if saved > 0 else 'more'} at {now.price_krw:,.2f} KRW/kW"
            yield Reason("demand", values, f"{words}: {price}")
        elif peak_kw < month.floor_kw - AT_LIMIT_KW:
            words = f"{now.quantity:,.1f} kW are billed for {month.month} in any case ({now.rule})"
            yield Reason("demand_floor", values, f"{words}; the planned peak of {peak_kw:,.1f} kW costs nothing more")
        else:
            when = problem.horizon.moment(int(np.where(month.counts, load_kwh, -1.0).argmax()))
            words = f"the billing demand of {month.month} stays at {now.quantity:,.1f} kW"
            yield Reason("demand_same", values, f"{words}, reached on {when:%Y-%m-%d %H:%M}")


def _power_factor(planned: Bill, without: Bill) -> Iterator[Reason]:
    saved = without.amount_krw("power_factor") - planned.amount_krw("power_factor")
    if abs(saved) > SOME_KRW:
        words = f"{abs(saved):,.0f} KRW {'less' if saved > 0 else 'more'} for the power factor"
        yield Reason("power_factor", {"saved_krw": saved}, words)


def _co2(problem: Problem, schedule: Schedule, before: Schedule) -> Iterator[Reason]:
    now, then = schedule.co2_t(problem), before.co2_t(problem)
    if abs(now - then) > SOME_KWH:
        verb = "falls" if now < then else "rises"
        yield Reason("co2", {"co2_t": now, "baseline_co2_t": then}, f"CO2 {verb} from {then:,.3f} to {now:,.3f} t")


def _binding(problem: Problem, schedule: Schedule) -> Iterator[Reason]:
    limits, power_kw = problem.request.limits, schedule.load(problem).usage_kwh * INTERVALS_PER_HOUR
    if limits.power_kw is not None:
        yield from _times_at_limit(problem, "limits.power_kw", limits.power_kw, power_kw)
    if limits.ramp_kw is not None:
        change_kw = np.abs(np.diff(power_kw, prepend=power_kw[0]))
        yield from _times_at_limit(problem, "limits.ramp_kw", limits.ramp_kw, change_kw)
    if limits.co2_t is not None and schedule.co2_t(problem) > limits.co2_t - SOME_KWH:
        yield Reason("limit", {"field": "limits.co2_t"}, f"limits.co2_t of {limits.co2_t:g} t is used up")
    for at, task in enumerate(problem.tasks):
        for restriction in task.restrictions:
            if edge := _edge(schedule, at, restriction.barred):
                words = f"{task.job.name!r} {edge} as {restriction.field} lets it"
                yield Reason("window", {"field": restriction.field, "job": task.job.name}, words)


def _times_at_limit(problem: Problem, field: str, limit_kw: float, values_kw: np.ndarray) -> Iterator[Reason]:
    at = np.flatnonzero(values_kw > limit_kw - AT_LIMIT_KW)
    if len(at):
        first = problem.horizon.moment(int(at[0]))
        words = f"{field} of {limit_kw:g} kW is reached in {len(at)} intervals, first on {first:%Y-%m-%d %H:%M}"
        yield Reason("limit", {"field": field, "intervals": float(len(at))}, words)


def _edge(schedule: Schedule, at: int, barred: np.ndarray) -> str | None:
    """Whether a task's first or last run touches what is barred."""
    if not schedule.is_done(at):
        return None
    first, last = schedule.runs(at)[0][0], schedule.runs(at)[-1][1]
    if first > 0 and barred[first - 1]:
        return "starts as early"
    if last < len(barred) and barred[last]:
        return "ends as late"
    return None


def why_job(problem: Problem, schedule: Schedule, before: Schedule, at: int) -> str:
    """Why a job runs when it does, in words."""
    task, prices = problem.tasks[at], problem.charges.energy_krw_per_kwh
    if not schedule.is_done(at):
        return f"left out: it is worth {task.job.value_krw:,.0f} KRW, which is less than it would cost"
    mean = _mean_price(schedule, at, prices)
    if not before.is_done(at):
        return f"done, because it is worth {task.job.value_krw or 0:,.0f} KRW; energy at {mean:,.1f} KRW/kWh"
    if np.allclose(schedule.energy_kwh[at], before.energy_kwh[at]):
        return f"stays where it is: at {mean:,.1f} KRW/kWh, no other time that it may run makes the whole cheaper"
    then = _mean_price(before, at, prices)
    moves = "moves" if isinstance(task.job, FixedJob) else "is spread anew"
    if mean < then - SOME_KRW:
        saved = (then - mean) * task.energy_kwh
        return f"{moves}: energy at {mean:,.1f} instead of {then:,.1f} KRW/kWh, {saved:,.0f} KRW less"
    if mean > then + SOME_KRW:
        return f"{moves} to {mean:,.1f} from {then:,.1f} KRW/kWh: that makes room for others, the peak or the limits"
    return f"{moves} at the same price of energy, {mean:,.1f} KRW/kWh: for the peak, the limits or another job"


def _mean_price(schedule: Schedule, at: int, prices: np.ndarray) -> float:
    energy = schedule.energy_kwh[at]
    return float(energy @ prices / energy.sum()) if energy.any() else 0.0
