"""Alerts about running the plant and the system: a peak above the contract, runs that fail, what cannot be judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert, Kind, local
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.calendar import in_zone
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR

UPPER = "q90"
LOOKS: Mapping[Kind, str] = {
    "stale_data": "whether readings still arrive",
    "rejected_readings": "refused readings",
    "drift": "drift",
    "degradation": "the error of the forecasts",
    "peak": "the expected peak",
    "champion": "the served model",
}


@dataclass(frozen=True)
class PlannedPeak:
    """The peaks of the plan of the same days, in kW: without and with it."""

    without_kw: float
    with_kw: float


def peaks_expected(forecast: pl.DataFrame, plant: Plant, *, planned: PlannedPeak | None, links: Links) -> list[Alert]:
    """Days whose forecast goes above the contracted demand: critical where the expected energy does, else a warning.

    Told once for each day, again where it gets worse.

    Args:
        forecast: ``interval_start`` in the plant's zone, ``mean_kwh`` and ``q90`` of the days to come.
        plant: gives the contracted demand.
        planned: the peaks of the plan on this forecast; None where there is none.
        links: where to look.
    """
    days = (
        forecast.with_columns(
            date=pl.col("interval_start").dt.date(),
            mean_kw=pl.col("mean_kwh") * INTERVALS_PER_HOUR,
            upper_kw=pl.max_horizontal("mean_kwh", UPPER) * INTERVALS_PER_HOUR,
        )
        .filter(pl.col("upper_kw") > plant.contract_kw)
        .sort("interval_start")
    )
    return [_peak(part, plant, planned=planned, links=links) for _, part in days.group_by("date", maintain_order=True)]


def _peak(above: pl.DataFrame, plant: Plant, *, planned: PlannedPeak | None, links: Links) -> Alert:
    """The alert of one day; ``above`` are its intervals above the contract."""
    highest = above.sort("upper_kw", descending=True).row(0, named=True)
    expected = above.sort("mean_kw", descending=True).row(0, named=True)
    is_expected = expected["mean_kw"] > plant.contract_kw
    first: dt.datetime = above["interval_start"][0]
    kw = expected["mean_kw"] if is_expected else highest["upper_kw"]
    how = "expected" if is_expected else "possible"
    advice = "Move load out of these quarter hours: steel plan, or POST /optimize, says which."
    facts = [
        f"Contracted demand: {plant.contract_kw:,.0f} kW.",
        f"Highest expected demand: {expected['mean_kw']:,.0f} kW at {local(expected['interval_start'])}.",
        f"Highest 90 % bound: {highest['upper_kw']:,.0f} kW at {local(highest['interval_start'])}.",
        f"{above.height} quarter hours from {local(first)} on may lie above the contract.",
    ]
    if planned is not None:
        facts.append(
            f"Peak of the next days: {planned.without_kw:,.0f} kW as usual, {planned.with_kw:,.0f} kW as planned."
        )
        if planned.with_kw <= plant.contract_kw:
            advice = f"Run the jobs as in the plan of the next days: its peak is {planned.with_kw:,.0f} kW."
    return Alert(
        key=f"{plant.id}/peak/{first:%Y-%m-%d}",
        plant=plant.id,
        kind="peak",
        severity="critical" if is_expected else "warning",
        title=f"peak of {kw:,.0f} kW {how} on {first:%a %Y-%m-%d}, the contract is {plant.contract_kw:,.0f} kW",
        facts=tuple(facts),
        since=first,
        zone=plant.zone,
        advice=advice,
        link=links.dashboard_url,
        is_lasting=False,
    )


@dataclass(frozen=True)
class FailedRun:
    """A run that failed and was not made good by a later one.

    Attributes:
        job: its job.
        plant: whose; None where it is of no single one.
        run_id: Dagster's id.
        at: when it failed.
        step: the step that failed; None where it failed outside of one.
        error: what it said.
    """

    job: str
    plant: str | None
    run_id: str
    at: dt.datetime
    step: str | None
    error: str


def run_failures(runs: Iterable[FailedRun], *, zone: str, params: AlertParams, links: Links) -> list[Alert]:
    """One alert for each job and plant that fails, however often: its last error, and since when."""
    by_job: dict[tuple[str, str], list[FailedRun]] = {}
    for run in sorted(runs, key=lambda one: one.at):
        by_job.setdefault((run.plant or WHOLE_SYSTEM, run.job), []).append(run)
    return [_failing(plant, failed, zone=zone, params=params, links=links) for (plant, _), failed in by_job.items()]


def _failing(plant: str, failed: Sequence[FailedRun], *, zone: str, params: AlertParams, links: Links) -> Alert:
    last, times = failed[-1], len(failed)
    where = f" in {last.step}" if last.step else ""
    return Alert(
        key=f"{plant}/run_failure/{last.job}",
        plant=plant,
        kind="run_failure",
        severity="critical" if times >= params.failed_runs_critical else "warning",
        title=f"{last.job} failed{where}" + (f", {times} times in a row" if times > 1 else ""),
        facts=(f"Error: {last.error}", f"Run {last.run_id[:8]}, {local(in_zone(last.at, zone))}."),
        since=in_zone(failed[0].at, zone),
        zone=zone,
        advice="Open the run, follow the error's remedy, then run it again from its page.",
        link=links.run(last.run_id),
        about=(last.step or "", last.error.partition(":")[0]),
    )


def unreadable(plant: Plant, kind: Kind, error: str, *, links: Links) -> Alert:
    """That something cannot be judged: what cannot be seen is not fine."""
    return Alert(
        key=f"{plant.id}/unreadable/{kind}",
        plant=plant.id,
        kind="unreadable",
        severity="warning",
        title=f"{LOOKS.get(kind, kind)} cannot be judged",
        facts=(f"Error: {error}",),
        zone=plant.zone,
        advice="Follow the error's remedy; steel doctor looks at everything else.",
        link=links.dagster_url,
    )
