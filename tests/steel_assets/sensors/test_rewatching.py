"""After a change of champion the newest week is watched again, once for each change."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.sensors import rewatching_sensor
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import Manifest, publish, rollback
from steel_energy.lake import Lake, write_table
from steel_energy.testing import toy_facts

NEWEST = "2018-03-05"
Tell = Callable[..., None]


@pytest.fixture
def sensor(settings: AssetsSettings) -> dg.SensorDefinition:
    return rewatching_sensor(["toy"], settings, status=dg.DefaultSensorStatus.STOPPED)


def serve(settings: AssetsSettings, label: str) -> Manifest:
    return publish(
        settings.bundles_dir, toy_facts(label=label), write=lambda folder: (folder / "model.txt").write_text(label)
    )


@pytest.fixture
def tell(settings: AssetsSettings) -> Tell:
    """Write what was told of a week: by both tables, or by the named ones."""

    def write(version: str, *, week: str = NEWEST, tables: tuple[str, ...] = ("performance", "drift_report")) -> None:
        for table in tables:
            path = Lake(settings.lake_dir).week_path(table, "toy", week)
            write_table(path, pl.DataFrame({"champion_version": [version, version]}))

    return write


def asked(sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    result = sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(result, dg.SensorResult)
    return list(result.run_requests or [])


def test_the_newest_week_is_watched_again_when_another_model_serves(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: AssetsSettings, tell: Tell
):
    old, new = serve(settings, "old"), serve(settings, "new")
    tell(old.version, week="2018-02-26")
    tell(old.version)

    (request,) = asked(sensor, instance)

    assert old.version != new.version
    assert request.run_key == "toy|2018-03-05 promotion 2"
    assert request.tags == {
        "dagster/asset_partition_range_start": "toy|2018-03-05",
        "dagster/asset_partition_range_end": "toy|2018-03-05",
        "steel/plant": "toy",
    }
    assert "toy|2018-03-05" in build_defs(settings).resolve_job_def("watch").partitions_def.get_partition_keys()


def test_a_week_that_tells_of_who_serves_is_left_alone_whatever_older_ones_say(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: AssetsSettings, tell: Tell
):
    old, new = serve(settings, "old"), serve(settings, "new")
    tell(old.version, week="2018-02-26")
    tell(new.version)

    assert asked(sensor, instance) == []


def test_one_table_of_the_model_before_is_enough(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: AssetsSettings, tell: Tell
):
    old, new = serve(settings, "old"), serve(settings, "new")
    tell(old.version, tables=("performance",))
    tell(new.version, tables=("drift_report",))

    assert len(asked(sensor, instance)) == 1


def test_a_week_that_watching_does_not_change_is_asked_for_under_one_key_and_the_next_change_has_its_own(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: AssetsSettings, tell: Tell
):
    old, _ = serve(settings, "old"), serve(settings, "new")
    tell("of a model that is long gone")

    keys = [request.run_key for _ in range(3) for request in asked(sensor, instance)]
    rollback(settings.bundles_dir, "toy", to=old.version, reason="worse")
    after = [request.run_key for request in asked(sensor, instance)]

    assert set(keys) == {"toy|2018-03-05 promotion 2"}
    assert after == ["toy|2018-03-05 promotion 3"]


@pytest.mark.parametrize("job", ["retrain", "review_champion", "watch"])
def test_it_waits_for_what_is_on(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: AssetsSettings, tell: Tell, job: str
):
    serve(settings, "new")
    tell("old")
    run_id = dg._core.utils.make_new_run_id()
    instance.add_run(dg.DagsterRun(job, run_id=run_id, status=dg.DagsterRunStatus.STARTED))

    result = sensor(dg.build_sensor_context(instance=instance))

    assert result.skip_reason.skip_message == f"waits for run {run_id[:8]} of {job}"


@pytest.mark.parametrize("has_champion", [True, False])
def test_without_a_champion_or_a_week_there_is_nothing_to_watch_again(
    sensor: dg.SensorDefinition,
    instance: dg.DagsterInstance,
    settings: AssetsSettings,
    tell: Tell,
    *,
    has_champion: bool,
):
    if has_champion:
        serve(settings, "new")
    else:
        tell("old")

    assert asked(sensor, instance) == []
