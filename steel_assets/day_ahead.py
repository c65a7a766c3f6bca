"""What the assets of the next days do between Dagster's context and the domain: read, ask, describe on the page.

Forecast and plan themselves are ``steel_energy.savings.day_ahead``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_assets.pictures import picture_facts
from steel_energy.outlook import totals
from steel_energy.planning import Plan
from steel_energy.savings.day_ahead import day_ahead_forecast, day_ahead_plan, plan_facts, plan_table

if TYPE_CHECKING:
    from steel_assets.resources import Project

PLAN = "day_ahead_plan"


def forecast_ahead(context: dg.AssetExecutionContext, readings: pl.DataFrame, *, project: Project) -> pl.DataFrame:
    """The forecast of the next days of the run's plant, and what the page says of it."""
    plant_id, params = context.partition_key, project.params()
    answered = day_ahead_forecast(
        project.settings.bundles_dir,
        project.site(plant_id),
        readings,
        days=params.savings.standard_plan.days,
        params=params.forecasting,
    )
    sums = totals(answered.value)
    context.add_output_metadata(
        {
            **metadata.table_facts(answered.value),
            "model": answered.served.manifest.model,
            "version": answered.served.manifest.version,
            "answered_by": answered.step,
            **({"because": answered.fallback.because} if answered.fallback else {}),
            "usage_kwh": sums.usage_kwh,
            "cost_krw": sums.cost_krw,
            "co2_t": sums.co2_t,
            "peak_kw": sums.peak_kw,
            **project.source_of(plant_id),
        }
    )
    return answered.value


def plan_ahead(
    context: dg.AssetExecutionContext, forecast: pl.DataFrame, readings: pl.DataFrame, *, project: Project
) -> pl.DataFrame:
    """The standard plan of the next days of the run's plant, its figures beside it, and what the page says of it."""
    plant_id, params = context.partition_key, project.params()
    made = day_ahead_plan(
        forecast,
        readings,
        project.site(plant_id),
        standard=params.savings.standard_plan,
        params=params.planning,
    )
    project.lake.write_facts(PLAN, plant_id, plan_facts(made))
    table = plan_table(made)
    context.add_output_metadata({**metadata.table_facts(table), **_told(made, plant_id), **project.source_of(plant_id)})
    return table


def _told(made: Plan, plant_id: str) -> dict[str, Any]:
    from steel_energy.reporting.plan_pictures import plan_pictures  # noqa: PLC0415 - imports Matplotlib

    figures = {name: value for name, value in plan_facts(made).items() if isinstance(value, int | float | str)}
    first, last = (f"{made.schedule['interval_start'][at]:%Y-%m-%d}" for at in (0, -1))
    return {
        **figures,
        "solve_s": made.solve_s,
        "jobs": metadata.markdown_table(_jobs(made)),
        "why": dg.MetadataValue.md("\n".join(f"- {text}" for text in (*_reasons(made), *made.notes))),
        **picture_facts(plan_pictures(made.schedule, title=f"{plant_id}, {first} to {last}")),
    }


def _reasons(made: Plan) -> list[str]:
    return [reason.words for reason in made.reasons]


def _jobs(made: Plan) -> pl.DataFrame:
    rows = [
        {
            "job": job.name,
            "usually": ", ".join(f"{run.start:%a %H:%M} to {run.end:%H:%M}" for run in job.baseline_runs),
            "planned": ", ".join(f"{run.start:%a %H:%M} to {run.end:%H:%M}" for run in job.runs),
            "saved, KRW": round(job.baseline_energy_krw - job.energy_krw),
            "why": job.why,
        }
        for job in made.jobs
    ]
    columns = {"job": pl.String, "usually": pl.String, "planned": pl.String, "saved, KRW": pl.Int64, "why": pl.String}
    return pl.DataFrame(rows, schema=columns)
