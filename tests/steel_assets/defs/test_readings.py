"""The readings and features of a toy plant, run as Dagster runs them: ranges, single months, blocking checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs, build_resources
from steel_assets.settings import AssetsSettings
from steel_energy.lake import Lake
from steel_energy.sources.raw import PUBLISHED_HEADER

MakeProject = Callable[[Path], AssetsSettings]
MONTHS = ["2018-01", "2018-02", "2018-03"]
ASSETS = ["raw_readings", "cleaned_readings", "repairs", "features"]
INTERVALS = {"2018-01": 31 * 96, "2018-02": 28 * 96, "2018-03": 31 * 96}


class Ran(NamedTuple):
    """A project, its Dagster instance and what a run of all its months came to."""

    settings: AssetsSettings
    instance: dg.DagsterInstance
    result: dg.ExecuteInProcessResult


def run_months(
    settings: AssetsSettings, instance: dg.DagsterInstance, *, first: str = "2018-01", last: str = "2018-03"
) -> dg.ExecuteInProcessResult:
    tags = {"dagster/asset_partition_range_start": f"{first}|toy", "dagster/asset_partition_range_end": f"{last}|toy"}
    job = build_defs(settings).resolve_job_def("rebuild_months")
    return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)


def parquet_bytes(settings: AssetsSettings) -> dict[str, bytes]:
    root = settings.lake_dir
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.suffix != ".duckdb" and path.is_file()
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, make_toy_project: MakeProject) -> Iterator[Ran]:
    """The range of all months, run once for the tests that only look at it."""
    settings = make_toy_project(tmp_path_factory.mktemp("ran"))
    with dg.DagsterInstance.ephemeral() as instance:
        yield Ran(settings, instance, run_months(settings, instance))


def test_a_range_fills_every_month_and_every_check_passes(ran: Ran):
    assert ran.result.success
    assert all(check.passed for check in ran.result.get_asset_check_evaluations())
    lake = Lake(ran.settings.lake_dir)
    for asset in ("cleaned_readings", "features"):
        assert {month: lake.read(asset, "toy", months=[month]).height for month in MONTHS} == INTERVALS
        assert ran.instance.get_materialized_partitions(dg.AssetKey(asset)) == {f"{month}|toy" for month in MONTHS}


def test_a_month_built_alone_equals_the_same_month_of_a_range(ran: Ran):
    whole = parquet_bytes(ran.settings)

    again = run_months(ran.settings, ran.instance, first="2018-02", last="2018-02")

    assert again.success
    assert parquet_bytes(ran.settings) == whole


def test_each_month_of_a_range_carries_its_own_rows_span_source_and_repairs(ran: Ran):
    records = ran.instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey("cleaned_readings"), asset_partitions=["2018-02|toy"]), limit=1
    ).records
    found = records[0].asset_materialization.metadata  # type: ignore[union-attr]

    assert found["dagster/row_count"].value == 28 * 96
    assert found["first_interval"].value == "2018-02-01 00:00"
    assert found["last_interval"].value == "2018-02-28 23:45"
    assert found["source"].value == "simulated: toy, seed 20180101"
    assert found["is_simulated"].value is True
    repairs = Lake(ran.settings.lake_dir).read("repairs", "toy", months=["2018-02"])
    assert found["repaired_cells"].value == repairs.filter(pl.col("column") != "row").height
    assert str(found["preview"].value).startswith("| plant | interval_start | usage_kwh |")


def test_each_month_of_a_range_has_its_own_check_result(ran: Ran):
    grid = [check for check in ran.result.get_asset_check_evaluations() if check.check_name == "grid"]

    assert {check.partition for check in grid} == {None, *(f"{month}|toy" for month in MONTHS)}
    february = next(check for check in grid if check.partition == "2018-02|toy")
    assert february.metadata["actual"].value == "0 missing, 0 stray"


def test_what_the_source_says_of_itself_lies_beside_the_raw_readings(ran: Ran):
    facts = Lake(ran.settings.lake_dir).read_facts("raw_readings", "toy")

    assert facts is not None
    assert (facts["kind"], facts["is_simulated"], facts["rows"]) == ("simulated", True, sum(INTERVALS.values()))
    assert (facts["start"], facts["end"]) == ("2018-01-01T00:00:00+09:00", "2018-04-01T00:00:00+09:00")


def test_a_failed_blocking_check_stops_what_follows(settings: AssetsSettings, instance: dg.DagsterInstance):
    """A limit that nothing can meet: the dirty export below needs repairs, and not one is allowed."""
    dirty = settings.home / "dirty.csv"
    export_with_gaps(settings, dirty)
    forbid_repairs(settings.home / "params.yaml")

    result = run_months(settings.model_copy(update={"source": str(dirty)}), instance)

    failed = {
        (check.asset_key.to_user_string(), check.check_name)
        for check in result.get_asset_check_evaluations()
        if not check.passed
    }
    assert not result.success
    assert failed == {("cleaned_readings", "repaired_share")}
    assert Lake(settings.lake_dir).months("features", "toy") == []


def test_months_without_readings_have_no_file_no_rows_and_checks_that_say_so(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    """Every partition in one run, as "Materialize all" asks for: the export ends in February, the plant in April."""
    short = settings.home / "short.csv"
    export_with_gaps(settings, short, months=2)
    lake = Lake(settings.lake_dir)
    for asset in ASSETS:  # of an earlier source that reached further
        lake.write(asset, "toy", "2018-04", pl.DataFrame({"old": [1]}))

    result = run_months(settings.model_copy(update={"source": str(short)}), instance, last="2018-04")

    assert result.success
    for asset in ASSETS:
        assert lake.months(asset, "toy") == ["2018-01", "2018-02"]
        rows = {event.partition: event.metadata["dagster/row_count"].value for event in materialised(result, asset)}
        assert (rows["2018-03|toy"], rows["2018-04|toy"]) == (0, 0)
    said = {
        check.metadata["actual"].value
        for check in result.get_asset_check_evaluations()
        if check.partition == "2018-04|toy"
    }
    assert said == {"no readings in this month"}


def materialised(result: dg.ExecuteInProcessResult, asset: str) -> list[dg.AssetMaterialization]:
    events = [event for event in result.all_events if event.is_step_materialization]
    found = [event.step_materialization_data.materialization for event in events]
    return [one for one in found if one.asset_key == dg.AssetKey(asset)]


def test_readings_are_compared_with_a_reference_where_one_is_given(
    settings: AssetsSettings, instance: dg.DagsterInstance
):
    truth, dirty = settings.home / "truth.csv", settings.home / "dirty.csv"
    export_with_gaps(settings, truth, every=10**6)
    export_with_gaps(settings, dirty)

    result = run_months(settings.model_copy(update={"source": str(dirty), "reference": truth}), instance)

    matches = {
        check.partition: (check.passed, check.metadata["actual"].value)
        for check in result.get_asset_check_evaluations()
        if check.check_name == "reference_match"
    }
    assert matches["2018-02|toy"][0]
    assert "all " in str(matches["2018-02|toy"][1])


def export_with_gaps(settings: AssetsSettings, path: Path, *, every: int = 50, months: int = 3) -> None:
    """The simulated plant as the published file would hold it, without CO2 in every ``every``-th row."""
    intake = build_resources(settings)["project"].take_in("toy")
    kept = intake.placed.filter(pl.col("interval_start").dt.month() <= months)
    gaps = pl.int_range(pl.len()) % every == every - 1
    kept.with_columns(co2_t=pl.when(gaps).then(None).otherwise("co2_t")).select(
        pl.col(name).alias(header) for name, header in PUBLISHED_HEADER.items()
    ).write_csv(path)


def forbid_repairs(params: Path) -> None:
    text = params.read_text(encoding="utf-8")
    assert "max_repaired_share: 0.2" in text
    params.write_text(text.replace("max_repaired_share: 0.2", "max_repaired_share: 0.000001"), encoding="utf-8")
