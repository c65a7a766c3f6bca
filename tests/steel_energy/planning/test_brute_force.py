"""Plans of small requests against every schedule there is, billed by the bill itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.billing import bill
from steel_energy.calendar import interval_grid
from steel_energy.errors import InfeasiblePlanError
from steel_energy.params import load_params
from steel_energy.planning import Plan, PlanRequest, plan
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import DemandCharge, PowerFactorClause, Tariff
from steel_energy.testing import toy_plant, toy_tariff, varied_readings

PARAMS = load_params(PROJECT_ROOT / "params.yaml").planning.model_copy(update={"time_limit_s": 200.0})
START = dt.datetime(2018, 1, 8, 6, 30, tzinfo=ZoneInfo("Asia/Seoul"))  # a Monday; light until 8, then medium
COUNT = 10
END = START + dt.timedelta(minutes=15 * COUNT)


def base_load(kwh: list[float]) -> pl.DataFrame:
    grid = interval_grid(START, END, zone="Asia/Seoul")
    usage = pl.Series("usage_kwh", kwh)
    return pl.DataFrame(
        {
            "interval_start": grid,
            "usage_kwh": usage,
            "lagging_reactive_kvarh": usage / 2,
            "leading_reactive_kvarh": pl.Series([0.0] * len(kwh)),
        }
    )


def tariff(*, krw_per_kw: float, with_clause: bool = False) -> Tariff:
    clause = PowerFactorClause(
        reactive="lagging", from_hour=7, to_hour=23, limit_percent=90, credit_until_percent=95, share_per_point=0.05
    )
    return toy_tariff().model_copy(
        update={"demand": DemandCharge(krw_per_kw=krw_per_kw), "power_factor": (clause,) if with_clause else ()}
    )


def made(content: dict[str, Any], base: pl.DataFrame, by: Tariff) -> Plan:
    request = PlanRequest.model_validate({"start": START, "end": END, **content})
    return plan(request, base, plant=toy_plant(), tariff=by, params=PARAMS)


def ways(job: dict[str, Any]) -> Iterator[tuple[np.ndarray, float]]:
    """Every way to run a job: energies, and what its starts cost."""
    minutes, power = job["duration_minutes"], job["power_kw"] / 4
    steps, start_cost = minutes // 15, job.get("start_cost_krw", 0)
    if job["kind"] == "fixed":
        for first in range(COUNT - steps + 1):
            yield power * np.isin(np.arange(COUNT), range(first, first + steps)), start_cost
        return
    least = job.get("min_run_minutes", 15) // 15
    for on in combinations(range(COUNT), steps):
        runs = np.split(np.array(on), np.flatnonzero(np.diff(on) > 1) + 1)
        if all(len(run) >= least for run in runs):
            yield power * np.isin(np.arange(COUNT), on), start_cost * len(runs)


def is_allowed(energies: tuple[np.ndarray, ...], content: dict[str, Any], base: np.ndarray) -> bool:
    total_kw = 4 * (base + sum(energies))
    limits = content.get("limits", {})
    if total_kw.max() > limits.get("power_kw", np.inf) + 1e-9:
        return False
    if np.abs(np.diff(total_kw)).max() > limits.get("ramp_kw", np.inf) + 1e-9:
        return False
    on = {job["name"]: energy > 0 for job, energy in zip(content["jobs"], energies, strict=True)}
    sharing = [on[job["name"]] for job in content["jobs"] if job.get("equipment")]
    if sharing and np.sum(sharing, axis=0).max() > 1:
        return False
    for job in content["jobs"]:
        for after in job.get("after", []):
            lag = (np.flatnonzero(on[job["name"]])[0] - np.flatnonzero(on[after["job"]])[-1] - 1) * 15
            if not after.get("min_lag_minutes", 0) <= lag <= after.get("max_lag_minutes", np.inf):
                return False
    return True


def by_hand(usage_kwh: np.ndarray, lagging_kvarh: float, by: Tariff) -> float:
    """The toy tariff's charges in three lines: light until 8, medium after; the period's share of January's demand."""
    energy = float(usage_kwh[:6].sum() + 2 * usage_kwh[6:].sum())
    demand = max(4 * float(usage_kwh.max()), 0.0) * by.demand.krw_per_kw * COUNT / (31 * 96)
    counted = float(usage_kwh[2:].sum())  # from 7 o'clock
    percent = min(100 * counted / np.hypot(counted, lagging_kvarh), 95)
    return energy + demand * (1 + sum(clause.share_per_point * (90 - percent) for clause in by.power_factor))


def cheapest(content: dict[str, Any], base: pl.DataFrame, by: Tariff) -> float | None:
    """The cost of the best of all schedules; None where none is allowed."""
    base_kwh, lagging = base["usage_kwh"].to_numpy(), float(base["lagging_reactive_kvarh"][2:].sum())
    best: tuple[float, float, np.ndarray] | None = None
    for chosen in product(*(list(ways(job)) for job in content["jobs"])):
        energies = tuple(energy for energy, _ in chosen)
        usage, starts = base_kwh + sum(energies), sum(start for _, start in chosen)
        if not is_allowed(energies, content, base_kwh):
            continue
        cost = by_hand(usage, lagging, by) + starts
        best = (cost, starts, usage) if best is None or cost < best[0] else best
    if best is None:
        return None
    load = base.with_columns(usage_kwh=pl.Series(best[2]))
    billed = bill(load, plant=toy_plant(), tariff=by, start=START, end=END).total_krw
    assert billed + best[1] == pytest.approx(best[0])  # the three lines are the bill
    return best[0]


def net_krw(planned: Plan) -> float:
    return planned.planned.total_krw + sum(job.start_cost_krw - job.value_krw for job in planned.jobs)


def baseline_krw(planned: Plan) -> float:
    return planned.baseline.total_krw + sum(
        job.baseline_start_cost_krw - job.baseline_value_krw for job in planned.jobs
    )


kinds = st.sampled_from(["fixed", "interruptible"])


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    jobs = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        kind = draw(kinds if len(jobs) < 2 else st.just("fixed"))
        steps = draw(st.integers(1, 3))
        job = {
            "kind": kind,
            "name": name,
            "power_kw": draw(st.sampled_from([20, 40, 60])),
            "duration_minutes": steps * 15,
        }
        job["start_cost_krw"] = draw(st.sampled_from([0, 3]))
        if kind == "interruptible":
            job["min_run_minutes"] = 15 * draw(st.integers(1, min(2, steps)))
        if draw(st.booleans()):
            job["equipment"] = ["furnace"]
        if jobs and draw(st.integers(0, 3)) == 0:
            lags = {"min_lag_minutes": draw(st.sampled_from([0, 30]))}
            if draw(st.booleans()):
                lags["max_lag_minutes"] = lags["min_lag_minutes"] + 15
            job["after"] = [{"job": draw(st.sampled_from([one["name"] for one in jobs])), **lags}]
        jobs.append(job)
    limits = {}
    if draw(st.booleans()):
        limits["power_kw"] = draw(st.sampled_from([100, 140]))
    if draw(st.integers(0, 3)) == 0:
        limits["ramp_kw"] = draw(st.sampled_from([50, 80]))
    return {"jobs": jobs, "limits": limits}


bases = st.lists(st.sampled_from([2.0, 5.0, 10.0, 15.0]), min_size=COUNT, max_size=COUNT)
prices = st.sampled_from([0.0, 100.0, 2000.0])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=requests(), kwh=bases, krw_per_kw=prices)
def test_no_schedule_is_cheaper_than_the_plan(content: dict[str, Any], kwh: list[float], krw_per_kw: float) -> None:
    base, by = base_load(kwh), tariff(krw_per_kw=krw_per_kw)
    expected = cheapest(content, base, by)

    if expected is None:
        with pytest.raises(InfeasiblePlanError):
            made(content, base, by)
        return
    planned = made(content, base, by)

    assert net_krw(planned) == pytest.approx(expected, rel=1e-6)
    assert planned.gap == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=requests(), kwh=bases)
def test_with_a_power_factor_clause_the_gap_covers_what_a_better_schedule_saves(
    content: dict[str, Any], kwh: list[float]
) -> None:
    base, by = base_load(kwh), tariff(krw_per_kw=500, with_clause=True)
    expected = cheapest(content, base, by)
    if expected is None:
        return
    planned = made(content, base, by)

    assert expected >= net_krw(planned) - planned.gap * abs(net_krw(planned)) - 1e-6 * abs(expected)
    assert expected <= net_krw(planned) + 1e-6 * abs(expected)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=requests(), kwh=bases, krw_per_kw=prices, order=st.randoms())
def test_laws_of_every_plan(content: dict[str, Any], kwh: list[float], krw_per_kw: float, order: Any) -> None:
    base, by = base_load(kwh), tariff(krw_per_kw=krw_per_kw)
    shuffled = [*content["jobs"]]
    order.shuffle(shuffled)
    try:
        planned = made(content, base, by)
    except InfeasiblePlanError:
        return
    again, other = made(content, base, by), made({**content, "jobs": shuffled}, base, by)

    assert net_krw(planned) <= baseline_krw(planned) + 1e-6  # never dearer than doing nothing
    assert again.schedule.equals(planned.schedule)  # the same request, the same plan
    assert other.schedule.equals(planned.schedule)  # the order of the jobs means nothing
    energy = sum(job["power_kw"] * job["duration_minutes"] / 60 for job in content["jobs"])
    assert planned.schedule["total_kwh"].sum() == pytest.approx(sum(kwh) + energy)  # energy is conserved
    assert planned.schedule["baseline_kwh"].sum() == pytest.approx(sum(kwh) + energy)


def test_a_relaxed_model_that_presolve_takes_for_infeasible_hides_no_plan() -> None:
    """Found by drawing requests: two optional jobs are worth 1,000 KRW each, and both are done."""
    begin = dt.datetime(2018, 1, 5, 5)  # noqa: DTZ001 - plant time
    end = begin + dt.timedelta(hours=7)
    windows = [
        [{"start": begin + dt.timedelta(minutes=first), "end": begin + dt.timedelta(minutes=last)}]
        for first, last in ((165, 315), (45, 375))
    ]
    crew = {"name": "c", "shifts": [{"start_hour": 6, "end_hour": 11}]}
    jobs: list[dict[str, Any]] = [
        {"kind": "interruptible", "power_kw": 60, "duration_minutes": 60, "min_run_minutes": 45, "value_krw": 1000},
        {"kind": "flexible", "start_cost_krw": 5, "max_kw": 100, "energy_kwh": 87.51, "value_krw": 1000},
        {"kind": "interruptible", "start_cost_krw": 50, "power_kw": 60, "duration_minutes": 15},
    ]
    jobs[0] |= {"name": "j0", "crew": "c"}
    jobs[1] |= {"name": "j1", "crew": "c", "windows": windows[0]}
    jobs[2] |= {"name": "j2", "windows": windows[1], "after": [{"job": "j1", "min_lag_minutes": 30}]}
    content = {"start": begin, "end": end, "jobs": jobs, "crews": [crew], "limits": {"power_kw": 500}}
    load = varied_readings(days=8, plant=toy_plant(), seed=3)
    planned = plan(
        PlanRequest.model_validate(content), load, plant=toy_plant(), tariff=tariff(krw_per_kw=0), params=PARAMS
    )

    assert all(job.runs for job in planned.jobs)
    assert planned.gap == 0
