"""The next days of a plant: the champion's forecast from the end of the readings on, and the standard plan on it.

Both are the same whenever they are made from the same readings and champion. A plan is advice: nothing is switched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from steel_energy.calendar import in_zone, interval_grid
from steel_energy.forecasting.base import FORECAST_COLUMNS, QUANTILE_COLUMNS
from steel_energy.history import readings_end
from steel_energy.ladder import Answered, forecast_from_disk
from steel_energy.outlook import priced
from steel_energy.params import ForecastingParams
from steel_energy.planning import AnyJob, FixedJob, InterruptibleJob, Plan, PlanningParams, PlanRequest, plan
from steel_energy.quality import Finding
from steel_energy.savings.standard import StandardPlanParams, standard_request
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_HOUR
from steel_energy.sites import Site
from steel_energy.whatif.asking import forecast_load
from steel_energy.whatif.question import readings_before
from steel_energy.whatif.reactive import reactive_history

SAME_KWH = 1e-6
"""Energies that differ by no more are the same: what a solver rounds."""
SAME_KRW = 1e-3
PLAN_COLUMNS = (
    "interval_start",
    "base_kwh",
    "moved_kwh",
    "jobs_kwh",
    "total_kwh",
    "baseline_kwh",
    "billing_band",
    "energy_krw_per_kwh",
)


def days_ahead(start: dt.datetime, *, days: int, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """From the end of the readings to the midnight after ``days`` whole days of the plant's clock.

    >>> from zoneinfo import ZoneInfo
    >>> first, last = days_ahead(dt.datetime(2018, 1, 1, 15, tzinfo=ZoneInfo("Asia/Seoul")), days=1, zone="Asia/Seoul")
    >>> (last - first) / dt.timedelta(hours=1)
    33.0
    """
    first = in_zone(start, zone)
    is_midnight = first.time() == dt.time()
    last = first.date() + dt.timedelta(days=days + (not is_midnight))
    return first, in_zone(dt.datetime.combine(last, dt.time()), zone)


def day_ahead_forecast(
    bundles_dir: Path, site: Site, readings: pl.DataFrame, *, days: int, params: ForecastingParams
) -> Answered[pl.DataFrame]:
    """The champion's forecast of the next days, priced; by who answers in its place where it cannot.

    Args:
        bundles_dir: where champions lie.
        site: plant and tariff.
        readings: data contract, sorted; their end is the origin.
        days: whole days that it covers, after the rest of the present one.
        params: of the forecast that answers where no bundle can.

    Returns:
        ``interval_start``, ``mean_kwh``, quantiles, ``load_type``, ``billing_band``, ``energy_krw_per_kwh``,
        ``cost_krw`` (energy charge) and ``co2_t``.

    Raises:
        BundleError: nothing can answer.
    """
    zone = site.plant.zone
    start, end = days_ahead(readings_end(readings), days=days, zone=zone)
    horizon = interval_grid(start, end, zone=zone).len()
    answered = forecast_from_disk(bundles_dir, site, history=readings, origin=start, horizon=horizon, params=params)
    forecast = priced(answered.value.select(FORECAST_COLUMNS), plant=site.plant, tariff=site.tariff)
    prices = site.tariff.billed(forecast["interval_start"])["energy_krw_per_kwh"]
    ordered = forecast.select(*FORECAST_COLUMNS, "load_type", "billing_band", prices, "cost_krw", "co2_t")
    return Answered(ordered, answered.step, answered.served, answered.failures)


def day_ahead_request(
    forecast: pl.DataFrame, readings: pl.DataFrame, site: Site, standard: StandardPlanParams
) -> PlanRequest:
    """The standard request for the days of a forecast; what moves brings its typical reactive energy along."""
    start = forecast["interval_start"][0]
    known = reactive_history(readings_before(start, readings), plant=site.plant, tariff=site.tariff)
    end = days_ahead(start, days=standard.days, zone=site.plant.zone)[1]
    ratio = max(0.0, known.kvarh_per_kwh())
    return standard_request(standard, plant=site.plant, start=start, end=end, lagging_kvarh_per_kwh=ratio)


def day_ahead_plan(
    forecast: pl.DataFrame, readings: pl.DataFrame, site: Site, *, standard: StandardPlanParams, params: PlanningParams
) -> Plan:
    """The cheapest plan of the standard request on a forecast; see ``planning.plan`` for what it raises.

    Args:
        forecast: as ``day_ahead_forecast`` made it.
        readings: data contract, sorted; those before the forecast give reactive energy and known peaks.
        site: plant and tariff.
        standard: what may move.
        params: how closely to optimise.
    """
    request = day_ahead_request(forecast, readings, site, standard)
    load = forecast_load(forecast, readings, plant=site.plant, tariff=site.tariff)
    return plan(request, load, plant=site.plant, tariff=site.tariff, params=params, known=readings)


def plan_table(made: Plan) -> pl.DataFrame:
    """A plan's schedule with a column of energy for each job, named ``<job>_kwh``."""
    table = made.schedule.select(PLAN_COLUMNS)
    for job in made.jobs:
        own = made.job_energy.filter(pl.col("job") == job.name).select("interval_start", pl.col("usage_kwh"))
        name = f"{job.name}_kwh"
        table = table.join(own.rename({"usage_kwh": name}), on="interval_start", how="left", maintain_order="left")
        table = table.with_columns(pl.col(name).fill_null(0.0))
    return table


def plan_facts(made: Plan) -> dict[str, Any]:
    """What a plan comes to, as JSON values; the same for the same plan, so without the time that it took."""
    return {
        "status": made.status,
        "gap": made.gap,
        "baseline_krw": made.baseline.total_krw,
        "planned_krw": made.planned.total_krw,
        "savings_krw": made.savings.total_krw,
        **{
            f"{kind}_savings_krw": getattr(made.savings, f"{kind}_krw")
            for kind in ("energy", "demand", "power_factor", "co2", "starts")
        },
        "peak_kw": made.planned.peak_kw,
        "baseline_peak_kw": made.baseline.peak_kw,
        "reasons": [reason.words for reason in made.reasons],
        "notes": list(made.notes),
    }


def covers_the_days(forecast: pl.DataFrame, readings: pl.DataFrame, *, days: int, zone: str) -> Finding:
    """A forecast has every interval from the end of the readings to the end of the days, once, with finite energies."""
    start, end = days_ahead(readings_end(readings), days=days, zone=zone)
    grid = interval_grid(start, end, zone=zone)
    values = forecast.select("mean_kwh", *QUANTILE_COLUMNS).to_numpy()
    is_whole = forecast["interval_start"].to_list() == grid.to_list()
    return Finding(
        is_whole and bool(np.isfinite(values).all()) and bool((values >= 0).all()),
        f"{grid.len()} intervals from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}, finite and not below zero",
        f"{forecast.height} intervals from {forecast['interval_start'][0]:%Y-%m-%d %H:%M}, "
        f"{int((~np.isfinite(values)).sum())} values not finite, {int((values < 0).sum())} below zero",
    )


def quantiles_in_order(forecast: pl.DataFrame) -> Finding:
    """No quantile of an interval lies below the one before it."""
    steps = np.diff(forecast.select(QUANTILE_COLUMNS).to_numpy(), axis=1)
    crossed = int((steps < 0).any(axis=1).sum())
    return Finding(not crossed, "quantiles that rise", f"{crossed} intervals with crossing quantiles")


def keeps_to_request(table: pl.DataFrame, request: PlanRequest) -> Finding:
    """Each job gets its energy within its windows, and no more base load moves than may.

    Args:
        table: as ``plan_table`` made it.
        request: that was planned.
    """
    broken = [*_broken_jobs(table, request), *_broken_moves(table, request)]
    return Finding(not broken, "all jobs done within their windows, moves within their limits", _listed(broken))


def saves(facts: Mapping[str, Any] | None) -> Finding:
    """The plan costs no more than doing nothing.

    Args:
        facts: as ``plan_facts`` made them; None where they are missing.
    """
    expected = "0 KRW saved or more"
    if facts is None:
        return Finding(passed=False, expected=expected, actual="the plan's figures are missing")
    saved, how = facts["savings_krw"], f"{facts['status']}, gap {facts['gap']:.3%}"
    return Finding(saved >= -SAME_KRW, expected, f"{saved:,.0f} KRW ({how})")


def conserves_energy(table: pl.DataFrame, request: PlanRequest) -> Finding:
    """What is planned draws as much energy as without a plan, and what moves stays within its day."""
    base, moved, jobs, total, without = (table[name].to_numpy() for name in PLAN_COLUMNS[1:6])
    by_day = table.group_by(pl.col("interval_start").dt.date()).agg(pl.col("moved_kwh").sum())["moved_kwh"].to_numpy()
    astray = float(np.abs(by_day).max()) if request.movable else float(np.abs(moved).max())
    apart, parts = float(total.sum() - without.sum()), float(np.abs(base + moved + jobs - total).max())
    return Finding(
        max(abs(apart), astray, parts) <= SAME_KWH * table.height,
        "as much energy as without a plan, moved within its day",
        f"{apart:+.6f} kWh in all, {astray:.6f} kWh moved out of a day",
    )


def _broken_jobs(table: pl.DataFrame, request: PlanRequest) -> list[str]:
    start, broken = pl.col("interval_start"), []
    for job in request.jobs:
        energy = table.select("interval_start", usage_kwh=f"{job.name}_kwh").filter(pl.col("usage_kwh") > 0)
        inside = pl.any_horizontal(start.is_between(one.start, one.end, closed="left") for one in job.windows)
        if energy.filter(~inside).height:
            broken.append(f"{job.name} runs outside of its windows")
        if abs(float(energy["usage_kwh"].sum()) - _needed_kwh(job)) > SAME_KWH * table.height:
            broken.append(f"{job.name} does not get its energy")
    return broken


def _needed_kwh(job: AnyJob) -> float:
    if isinstance(job, FixedJob):
        return sum(job.powers_kw) / INTERVALS_PER_HOUR
    if isinstance(job, InterruptibleJob):
        return job.power_kw * job.duration_minutes / INTERVAL_MINUTES / INTERVALS_PER_HOUR
    return job.energy_kwh


def _broken_moves(table: pl.DataFrame, request: PlanRequest) -> list[str]:
    if request.movable is None:
        return []
    moved, base = table["moved_kwh"].to_numpy(), table["base_kwh"].to_numpy()
    broken = []
    if (-moved > request.movable.share * base + SAME_KWH).any():
        broken.append("more is taken out of an interval than its movable share")
    if (moved * INTERVALS_PER_HOUR > request.movable.max_added_kw + SAME_KWH).any():
        broken.append("more is added to an interval than may be")
    return broken


def _listed(broken: Sequence[str]) -> str:
    return "; ".join(broken) or "all of it"
