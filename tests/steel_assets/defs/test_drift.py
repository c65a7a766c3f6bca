"""The drift report as Dagster runs it: a week with a champion, a week without readings, a plant without a champion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import publish
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.report_files import report_files
from steel_energy.schema import repairs_schema
from steel_energy.testing import toy_facts, toy_plant, toy_tariff, varied_readings

ORIGIN = {"kind": "simulated", "location": "toy", "is_simulated": True}
MONTHS = {"2018-01": 31, "2018-02": 28}
FIRST, LAST = PlantWeek("toy", "2018-02-19"), PlantWeek("toy", "2018-03-05")  # the readings end in the second of three


def with_readings(settings: AssetsSettings) -> pl.DataFrame:
    readings, lake, first = varied_readings(days=59, plant=toy_plant()), Lake(settings.lake_dir), 0
    for month, days in MONTHS.items():
        lake.write("cleaned_readings", "toy", month, readings[first * 96 : (first + days) * 96])
        lake.write("repairs", "toy", month, pl.DataFrame(schema=repairs_schema("Asia/Seoul")))
        first += days
    lake.write_facts("raw_readings", "toy", ORIGIN | {"missing_columns": [], "ignored_columns": [], "skipped": []})
    return readings


def with_champion(settings: AssetsSettings, readings: pl.DataFrame) -> None:
    params = load_params(settings.params_file).forecasting
    naive = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params)
    fitted = Vintages(naive, toy_plant().zone).fit(readings.head(42 * 96))
    publish(settings.bundles_dir, toy_facts(plant="toy", source=ORIGIN), write=fitted.save)


def reported(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def("watch")
    drift = [dg.AssetKey("drift_report")]
    return job.execute_in_process(instance=instance, tags=range_tags(FIRST, LAST), asset_selection=drift)


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, make_toy_project: Callable[[Path], AssetsSettings]
) -> AssetsSettings:
    settings = make_toy_project(tmp_path_factory.mktemp("project"))
    with_champion(settings, with_readings(settings))
    return settings


@pytest.fixture(scope="module")
def made(settings: AssetsSettings) -> Iterator[dg.ExecuteInProcessResult]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield reported(settings, instance)


def said(result: dg.ExecuteInProcessResult) -> dict[str | None, dict[str, object]]:
    made = result.asset_materializations_for_node("drift_report")
    return {one.partition: {name: value.value for name, value in one.metadata.items()} for one in made}


def test_weeks_with_readings_have_a_page_beside_the_other_reports(
    made: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    listed = {report.name: (report.kind, report.title) for report in report_files(settings.reports_dir, "toy")}

    assert made.success
    assert listed == {
        "drift-2018-W08.html": ("drift", "Toy plant: drift, week 8 of 2018"),
        "drift-2018-W09.html": ("drift", "Toy plant: drift, week 9 of 2018"),
    }


def test_the_asset_says_what_was_found_how_large_the_page_is_and_how_far_off_forecasts_were(
    made: dg.ExecuteInProcessResult,
):
    told = said(made)

    assert {"verdict", "report", "report_bytes", "compared", "mae_kwh", "rmse_kwh"} <= set(told[FIRST.key])
    assert told[FIRST.key]["is_simulated"] is True
    assert told[LAST.key]["dagster/row_count"] == 0


def test_the_table_has_a_file_for_each_week_that_was_compared(
    made: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    assert made.success
    assert {path.name for path in (settings.lake_dir / "drift_report" / "plant=toy").iterdir()} == {
        "week=2018-02-19.parquet",
        "week=2018-02-26.parquet",
    }


def test_the_checks_pass_and_severe_drift_only_warns(made: dg.ExecuteInProcessResult):
    checks = {(check.check_name, check.severity) for check in made.get_asset_check_evaluations()}

    assert ("not_severe", dg.AssetCheckSeverity.WARN) in checks
    assert ("schema", dg.AssetCheckSeverity.ERROR) in checks
    blocking = [one for one in made.get_asset_check_evaluations() if one.severity == dg.AssetCheckSeverity.ERROR]
    assert all(check.passed for check in blocking)


def test_a_plant_without_a_champion_has_no_page_and_an_old_one_is_taken_away(
    tmp_path: Path, make_toy_project: Callable[[Path], AssetsSettings], instance: dg.DagsterInstance
):
    settings = make_toy_project(tmp_path)
    with_readings(settings)
    old = settings.reports_dir / "plant=toy" / "drift-2018-W08.html"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier champion", encoding="utf-8")

    result = reported(settings, instance)

    assert result.success
    assert not old.exists()
    assert not (settings.lake_dir / "drift_report").exists()
