"""The prediction log as Dagster runs it: all weeks in one run, the week that has predictions, weeks that have none."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import dagster as dg
import polars as pl

from steel_assets.definitions import build_defs
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.lake import Lake
from steel_energy.testing import toy_readings

FIRST, LAST = PlantWeek("toy", "2018-01-01"), PlantWeek("toy", "2018-04-30")


def joined_by(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def("join_predictions")
    return job.execute_in_process(instance=instance, tags=range_tags(FIRST, LAST))


def log_forecast(settings: AssetsSettings, *, origin: dt.datetime, intervals: int) -> None:
    values = {name: [5.0] * intervals for name in ("mean_kwh", *QUANTILE_COLUMNS)}
    line = {"prediction_id": "a", "plant": "toy", "model_version": "v", "origin": origin.isoformat()}
    path = settings.predictions_dir / "forecasts" / "data" / "data.0.log"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(line | {"logged_at": origin.isoformat()} | values) + "\n{", encoding="utf-8")


def test_without_predictions_a_run_of_all_weeks_writes_nothing_and_passes(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    result = joined_by(settings, instance)

    assert result.success
    assert not (settings.lake_dir / "prediction_log").exists()
    assert {check.metadata["actual"].value for check in result.get_asset_check_evaluations()} == {
        "nothing in this week"
    }


def test_predictions_lie_by_week_with_their_actuals_and_the_page_says_how_far_off_they_were(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    """A day from Sunday 18:00: a quarter of it in its own week, the rest in the next, of which 6 h were measured."""
    origin = dt.datetime(2018, 1, 7, 18, tzinfo=ZoneInfo("Asia/Seoul"))
    log_forecast(settings, origin=origin, intervals=96)
    readings = toy_readings(days=8).filter(pl.col("interval_start") < origin + dt.timedelta(hours=12))
    Lake(settings.lake_dir).write("cleaned_readings", "toy", "2018-01", readings)

    result = joined_by(settings, instance)

    weeks = {path.stem: pl.read_parquet(path) for path in (settings.lake_dir / "prediction_log").rglob("*.parquet")}
    assert {week: (rows.height, rows["usage_kwh"].null_count()) for week, rows in weeks.items()} == {
        "week=2018-01-01": (24, 0),
        "week=2018-01-08": (72, 48),
    }
    said = {
        event.partition: event.step_materialization_data.materialization.metadata
        for event in result.all_events
        if event.is_step_materialization
    }
    first = said[FIRST.key]
    assert (first["dagster/row_count"].value, first["damaged_lines"].value) == (24, 1)
    assert (first["forecast_mae_kwh"].value, first["forecast_joined_share"].value) == (3.0, 1.0)
    assert str(first["error_by_lead"].value).startswith("![error by lead](data:image/png;base64,")
    assert said["toy|2018-02-05"]["dagster/row_count"].value == 0
    assert all(check.passed for check in result.get_asset_check_evaluations())
