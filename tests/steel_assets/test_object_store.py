"""The graph with its lake in a real object store: a run leaves there what it leaves on a disk, byte for byte."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest
from s3fs import S3FileSystem

from steel_assets import io_managers
from steel_assets.definitions import build_defs, build_resources
from steel_assets.freshness import MONTHLY
from steel_assets.io_managers import LakeIO, NewestIO
from steel_assets.partitions import PlantMonth
from steel_assets.retrying import may_pass, tried_again
from steel_assets.settings import AssetsSettings
from steel_energy.errors import StorageError
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.storage import listed, load, place
from steel_energy.warehouse import count_rows

RANGE = {"dagster/asset_partition_range_start": "2018-01|toy", "dagster/asset_partition_range_end": "2018-04|toy"}


def run(settings: AssetsSettings, instance: dg.DagsterInstance, job: str, tags: dict[str, str]) -> None:
    result = build_defs(settings).resolve_job_def(job).execute_in_process(instance=instance, tags=tags)
    assert all(check.passed for check in result.get_asset_check_evaluations())


def content_of(lake: Lake) -> dict[str, bytes]:
    return {str(file).removeprefix(str(lake.root)): load(file) for file in listed(lake.root, "*/plant=toy/*")}


def rows_of(settings: AssetsSettings) -> dict[str, int]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        return count_rows(connection)


def test_months_and_warehouse_are_those_of_a_disk(
    settings: AssetsSettings, instance: dg.DagsterInstance, make_bucket: Callable[[], str], tmp_path: Path
):
    """A run over a month too many, whose old table of an earlier source goes away in both."""
    far = settings.model_copy(update={"lake_url": make_bucket(), "data_dir": tmp_path / "far"})
    for one in (settings, far):
        Lake(one.lake_root).write("features", "toy", "2018-04", pl.DataFrame({"old": [1]}))
        run(one, instance, "rebuild_months", RANGE)
        run(one, instance, "refresh_warehouse", {})

    content = content_of(Lake(far.lake_root))
    assert content == content_of(Lake(settings.lake_root))
    assert {name.split("/")[1] for name in content} == set(MONTHLY)
    assert len(content) == 4 * 3 + 1
    assert [path.name for path in far.lake_dir.iterdir()] == ["warehouse.duckdb"]
    assert rows_of(far) == rows_of(settings)


def test_the_run_is_told_where_the_lake_lies_and_keeps_no_key(settings: AssetsSettings, make_bucket: Callable[[], str]):
    address = make_bucket()

    resources = build_resources(settings.model_copy(update={"lake_url": address}))

    assert resources["project"].settings.lake_url == address
    assert str(resources["io_manager"].lake.root) == address
    assert "secret" not in str([resources[name] for name in ("project", "io_manager", "week_io", "newest_io")])


@pytest.mark.parametrize("kind", [LakeIO, NewestIO], ids=["a month", "the newest"])
def test_a_table_that_could_not_be_written_is_made_again_when_the_store_is_back(
    make_bucket: Callable[[], str], monkeypatch: pytest.MonkeyPatch, kind: type[LakeIO | NewestIO]
):
    address, endpoint = make_bucket(), os.environ["AWS_ENDPOINT_URL_S3"]
    quick = partial(tried_again, policy=dg.RetryPolicy(max_retries=3, delay=0.01))
    monkeypatch.setattr(io_managers, "tried_again", quick)

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2018-01|toy"]))
    def table(context: dg.AssetExecutionContext) -> Any:
        asked_at = "http://127.0.0.1:1" if context.retry_number == 0 else endpoint
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", asked_at)
        S3FileSystem.clear_instance_cache()
        made = pl.DataFrame({"attempt": [context.retry_number]})
        return {PlantMonth("toy", "2018-01"): made} if kind is LakeIO else made

    result = dg.materialize([table], partition_key="2018-01|toy", resources={"io_manager": kind(lake_root=address)})

    assert result.success
    lake = Lake(place(address))
    found = lake.read("table", "toy") if kind is LakeIO else lake.read_newest("table", "2018-01|toy")
    assert found["attempt"].to_list() == [1]


def test_a_step_is_tried_again_where_the_store_is_away_and_not_where_it_refuses(
    make_bucket: Callable[[], str], monkeypatch: pytest.MonkeyPatch
):
    refused = Lake(place("s3://elsewhere"))
    make_bucket()
    with pytest.raises(StorageError) as lasting:
        refused.months(CLEANED_READINGS, "toy")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    S3FileSystem.clear_instance_cache()
    with pytest.raises(StorageError) as passing:
        Lake(place("s3://elsewhere")).months(CLEANED_READINGS, "toy")
    S3FileSystem.clear_instance_cache()

    assert (may_pass(lasting.value), may_pass(passing.value)) == (False, True)
