"""``steel plan``: the cheapest schedule of a request's jobs, with both bills and the reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from steel_energy.commands.files import PlantId, ReadingsFile, chosen_plant, working
from steel_energy.commands.forecast import read_history
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.planning import JobPlan, Plan, Run, Status, plan, read_request
from steel_energy.planning.record import plan_record
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site
from steel_energy.tariff import load_tariff

RequestFile = Annotated[
    Path, typer.Argument(readable=False, help="Request in YAML; docs/planning.md says what it may hold.")
]
SAID: dict[Status, str] = {
    "optimal": "no other plan is cheaper",
    "within_gap": "a cheaper plan may exist",
    "nothing_better": "no plan that was found is cheaper than doing nothing",
}


def plan_command(
    request: RequestFile,
    *,
    readings: ReadingsFile = None,
    tariff: Annotated[
        str | None, typer.Option(help="Id of a file in data/tariffs; the plant's own if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    plant: PlantId = None,
) -> None:
    """Plan jobs at the least cost: energy, demand charge, power factor and CO2, as the bill has them.

    The base load is what was measured, where the readings cover the period, else the champion's forecast.

    Example: `steel plan docs/examples/plan.yaml`
    """
    from steel_energy.planning.base_load import base_load_of  # noqa: PLC0415 - lightgbm would slow down every command

    settings = SteelSettings()
    asked, site = read_request(request), Site(*chosen_plant(plant, settings))
    params = load_params(settings.params_file, profile=settings.profile)
    billed_by = load_tariff(tariff, tariffs_dir=settings.tariffs_dir) if tariff else site.tariff
    with working("planning"):
        known = read_history(readings, None, plant=site.plant, tariff=site.tariff, lake=Lake(settings.lake_root))
        base = base_load_of(asked, known, site, bundles_dir=settings.bundles_dir, params=params.forecasting)
        made = plan(asked, base.load, plant=site.plant, tariff=billed_by, params=params.planning, known=known)
    if as_json:
        typer.echo(json.dumps({**plan_record(made), "base_load": base.source}, indent=2, ensure_ascii=False))
    else:
        _print(made, title=f"{site.plant.name}, {billed_by.name}", base_load=base.source)


def _print(made: Plan, *, title: str, base_load: str) -> None:
    console = Console(soft_wrap=False)
    console.print(_jobs(made, title=title))
    console.print(_costs(made))
    gap = f", by at most {made.gap:.3%}" if made.gap else ""
    console.print(f"{made.status}: {SAID[made.status]}{gap}", highlight=False)
    for reason in made.reasons:
        console.print(f"- {reason.words}", highlight=False, markup=False)
    for marginal in made.marginals:
        console.print(f"- {marginal.words}", highlight=False, markup=False)
    for text in (f"base load: {base_load}", *(f"note: {note}" for note in made.notes)):
        console.print(text, style="dim", highlight=False, markup=False)


def _jobs(made: Plan, *, title: str) -> Table:
    head = f"{made.planned.start:%Y-%m-%d %H:%M} to {made.planned.end:%Y-%m-%d %H:%M}"
    table = Table("job", "runs", "without the plan", "why", title=f"{title}\n{head}")
    for job in made.jobs:
        table.add_row(job.name, _runs(job.runs), _runs(job.baseline_runs), job.why)
    return table


def _runs(runs: tuple[Run, ...]) -> str:
    return "\n".join(f"{run.start:%a %d %H:%M} - {run.end:%H:%M}" for run in runs) or "-"


def _costs(made: Plan) -> Table:
    table = Table("KRW")
    for name in ("without the plan", "planned", "saved"):
        table.add_column(name, justify="right")
    for words, kind in (("energy", "energy"), ("demand", "demand"), ("power factor", "power_factor"), ("CO2", "co2")):
        before, now = (bill.amount_krw(kind) for bill in (made.baseline, made.planned))  # type: ignore[arg-type]
        table.add_row(words, f"{before:,.0f}", f"{now:,.0f}", f"{before - now:,.0f}")
    table.add_row("starts and moving", "", "", f"{made.savings.starts_krw:,.0f}")
    table.add_row("worth of optional jobs", _worth(made.jobs, "baseline_value_krw"), _worth(made.jobs, "value_krw"), "")
    table.add_section()
    before_krw, now_krw = made.baseline.total_krw, made.planned.total_krw
    table.add_row("bill", f"{before_krw:,.0f}", f"{now_krw:,.0f}", f"{before_krw - now_krw:,.0f}")
    table.add_row("all in all", "", "", f"{made.savings.total_krw:,.0f}")
    table.add_row("peak kW", f"{made.baseline.peak_kw:,.1f}", f"{made.planned.peak_kw:,.1f}", "")
    return table


def _worth(jobs: tuple[JobPlan, ...], name: str) -> str:
    return f"{sum(getattr(job, name) for job in jobs):,.0f}"
