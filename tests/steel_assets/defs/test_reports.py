"""The weekly reports as Dagster runs them: files of the weeks with readings, none of the others, checks that pass."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import polars as pl
import pypdf

from steel_assets.definitions import build_defs
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.lake import Lake, write_text
from steel_energy.report_files import report_files
from steel_energy.schema import repairs_schema
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_readings

FIRST, LAST = PlantWeek("toy", "2018-01-08"), PlantWeek("toy", "2018-01-29")
FILES = [
    f"weekly-2018-W0{week}-{language}.{kind}"
    for week in (2, 3)
    for language in ("en", "es")
    for kind in ("pdf", "xlsx")
]


def fill(settings: AssetsSettings, *, days: int) -> None:
    """Readings from the first of January on, nothing repaired, of a simulated source."""
    lake, readings = Lake(settings.lake_dir), toy_readings(days=days)
    lake.write("cleaned_readings", "toy", "2018-01", readings)
    lake.write("repairs", "toy", "2018-01", pl.DataFrame(schema=repairs_schema("Asia/Seoul")))
    origin = Origin(kind="simulated", location="seed 1")
    lake.write_facts("raw_readings", "toy", origin.model_dump(mode="json") | {"is_simulated": True})


def plan_ahead(settings: AssetsSettings) -> None:
    """A plan of Monday the 22nd, which saves a tenth."""
    lake, path = Lake(settings.lake_dir), Lake(settings.lake_dir).newest_path("day_ahead_plan", "toy")
    path.parent.mkdir(parents=True)
    toy_readings(days=1, first=dt.date(2018, 1, 22)).select("interval_start").write_parquet(path)
    figures = {"baseline_krw": 1000.0, "planned_krw": 900.0, "baseline_peak_kw": 80.0, "peak_kw": 70.0}
    lake.write_facts("day_ahead_plan", "toy", figures)


def written_by(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def("write_weekly_reports")
    return job.execute_in_process(instance=instance, tags=range_tags(FIRST, LAST))


def files(settings: AssetsSettings) -> list[str]:
    return [report.name for report in report_files(settings.reports_dir, "toy")]


def is_told(settings: AssetsSettings, name: str, words: str) -> bool:
    pages = pypdf.PdfReader(settings.reports_dir / "plant=toy" / name).pages
    return words in " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_weeks_with_readings_have_four_files_each_and_their_figures(
    settings: AssetsSettings, instance: dg.DagsterInstance
) -> None:
    fill(settings, days=21)
    plan_ahead(settings)

    result = written_by(settings, instance)

    assert files(settings) == FILES
    assert [is_told(settings, name, "from 1,000 KRW to 900 KRW") for name in FILES[::4]] == [False, True]
    table = pl.read_parquet(sorted((settings.lake_dir / "weekly_report").rglob("*.parquet")))
    assert table.select("week", "usage_kwh").rows() == [("2018-W02", 4608), ("2018-W03", 4608)]
    checks = result.get_asset_check_evaluations()
    assert {check.check_name for check in checks} == {
        "schema", "agrees_with_readings", "bill_adds_up", "files_open"
    }  # fmt: skip
    assert all(check.passed for check in checks)
    said = {
        event.partition: event.step_materialization_data.materialization.metadata
        for event in result.all_events
        if event.is_step_materialization
    }
    assert said["toy|2018-01-15"]["usage_kwh"].value == 4608
    assert said["toy|2018-01-15"]["is_simulated"].value is True
    assert said["toy|2018-01-22"]["dagster/row_count"].value == 0


def test_written_again_the_bytes_are_the_same_and_a_week_that_lost_its_readings_loses_its_files_alone(
    settings: AssetsSettings, instance: dg.DagsterInstance
) -> None:
    fill(settings, days=21)
    written_by(settings, instance)
    folder = settings.reports_dir / "plant=toy"
    before = {name: (folder / name).read_bytes() for name in FILES[:4]}
    write_text(folder / "quality.html", "<title>Quality</title>")
    fill(settings, days=14)

    assert written_by(settings, instance).success

    assert files(settings) == ["quality.html", *FILES[:4]]
    assert {name: (folder / name).read_bytes() for name in FILES[:4]} == before
