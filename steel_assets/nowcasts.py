"""What the nowcasting assets share: score and fit the virtual meter's model, publish it, export it; and say so.

The work itself is ``steel_energy.nowcasting``'s; here it meets Dagster's context.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl
import polars.selectors as cs

from steel_assets import metadata
from steel_assets.pictures import picture_facts
from steel_energy.artifacts import BundleFacts, readings_sha256
from steel_energy.history import readings_end
from steel_energy.meter import shown_beside_usage
from steel_energy.nowcasting.bundle import NAME, export_onnx, publish_model
from steel_energy.nowcasting.model import fit_model
from steel_energy.nowcasting.trial import error_table

if TYPE_CHECKING:
    from steel_assets.io_managers import MonthFrames
    from steel_assets.resources import Project

NOTHING_TO_READ_FROM = "a fuel has no power triangle that its usage could be read from"


def fitted(context: dg.AssetExecutionContext, months: MonthFrames, *, project: Project) -> pl.DataFrame:
    """Errors under each roughening by a model that has not seen the newest quarter; publishes one that has seen all.

    Of a fuel there is no error and no model: an empty table.
    """
    from steel_energy.reporting.nowcast_pictures import roughening_picture  # noqa: PLC0415 - imports Matplotlib

    plant_id, params = context.partition_key, project.params().nowcasting
    plant, readings = project.plant(plant_id), pl.concat(months.values())
    if plant.is_fuel:
        context.add_output_metadata({"does not apply": NOTHING_TO_READ_FROM})
        return pl.DataFrame()
    table = error_table(readings, plant=plant, params=params)
    started = time.monotonic()
    model = fit_model(shown_beside_usage(readings), readings["usage_kwh"].to_numpy(), plant=plant, params=params)
    training_s = time.monotonic() - started
    metrics = {f"rmse_kwh.{name}": value for name, value in table.select("roughening", "rmse_kwh").iter_rows()}
    facts = _bundle_facts(plant_id, readings, metrics, project)
    manifest = publish_model(model, facts, nowcast_dir=project.settings.nowcast_dir)
    context.add_output_metadata(
        {
            "errors": metadata.markdown_table(table.with_columns(cs.float().round(3))),
            "bundle": manifest.version,
            "training_s": round(training_s, 1),
            "size_bytes": sum(len(text) for text in model.texts.values()),
            **project.source_of(plant_id),
            **picture_facts({"errors_by_roughening": roughening_picture(table, title=plant_id)}),
        }
    )
    return table


def exported(plant_id: str, *, project: Project) -> dict[str, Any]:
    """Write the published model's trees as ONNX, where there is one; returns metadata."""
    if project.plant(plant_id).is_fuel:
        return {"does not apply": NOTHING_TO_READ_FROM}
    files = export_onnx(project.settings, project.plant(plant_id))
    sizes = {f"{path.stem}_bytes": path.stat().st_size for path in files}
    return {"bundle": files[0].parent.name, "folder": str(files[0].parent), **sizes, **project.source_of(plant_id)}


def _bundle_facts(plant_id: str, readings: pl.DataFrame, metrics: dict[str, float], project: Project) -> BundleFacts:
    facts = project.source_facts(plant_id)
    return BundleFacts(
        plant=plant_id,
        model=NAME,
        trained_from=readings["interval_start"][0],
        trained_until=readings_end(readings),
        source=project.origin(plant_id).model_dump(mode="json") | {"is_simulated": facts["is_simulated"]},
        data_sha256=readings_sha256(readings),
        params=project.params().model_dump(mode="json"),
        metrics=metrics,
    )
