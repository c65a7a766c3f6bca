"""What the sensor asks for when a plant's newest week speaks for training again, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.sensors import retraining_sensor
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import Manifest, publish
from steel_energy.lake import CLEANED_READINGS, Lake, write_table
from steel_energy.testing import toy_facts, toy_readings

JOB = "retrain"
TRAINED_UNTIL = dt.datetime(2018, 3, 1, tzinfo=dt.UTC)
WINDOW_UNTIL = dt.datetime(2018, 3, 12, tzinfo=dt.UTC)
Degraded = Callable[..., str]


@pytest.fixture
def sensor(settings: AssetsSettings) -> dg.SensorDefinition:
    return retraining_sensor(["toy"], settings, status=dg.DefaultSensorStatus.STOPPED)


@pytest.fixture
def champion(settings: AssetsSettings) -> Manifest:
    facts = toy_facts(trained_until=TRAINED_UNTIL)
    return publish(settings.bundles_dir, facts, write=lambda folder: (folder / "model.txt").touch())


@pytest.fixture
def degraded(settings: AssetsSettings, champion: Manifest) -> Degraded:
    """Write readings up to 12 March, and a week of them whose forecasts got worse; returns the evidence's key."""

    def write(*, until: dt.datetime = WINDOW_UNTIL, version: str = champion.version) -> str:
        lake, month = Lake(settings.lake_dir), toy_readings(days=70).filter(pl.col("interval_start").dt.month() == 3)
        lake.write(CLEANED_READINGS, "toy", "2018-03", month)
        row = {"verdict": "degraded", "found": "RMSE 3.00 kWh, usual 1.00 kWh", "champion_version": version}
        write_table(lake.week_path("performance", "toy", "2018-03-05"), pl.DataFrame([row | {"window_until": until}]))
        return f"toy {version} {until:%Y%m%dT%H%MZ}"

    return write


def tick(sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> dg.SensorResult:
    result = sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(result, dg.SensorResult)
    return result


def said(result: dg.SensorResult) -> str:
    """Why nothing was asked for."""
    assert not result.run_requests
    return result.skip_reason.skip_message if isinstance(result.skip_reason, dg.SkipReason) else ""


def recorded(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]) -> None:
    """A run of the job that stands as ``status``, as Dagster's daemon or a person would have left it."""
    run = dg.DagsterRun(job_name=JOB, tags=tags, status=status, run_id=dg._core.utils.make_new_run_id())
    instance.add_run(run)


def test_without_any_table_nothing_is_asked_for(sensor: dg.SensorDefinition, instance: dg.DagsterInstance):
    assert said(tick(sensor, instance)) == "toy: its newest week is as usual"


def test_worse_forecasts_ask_for_one_training_that_says_why(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded
):
    key = degraded()

    (request,) = tick(sensor, instance).run_requests or []

    assert request.run_key == key
    assert request.tags == {
        "dagster/partition": "toy",
        "steel/evidence": key,
        "steel/reason": "worse forecasts than its backtest's: RMSE 3.00 kWh, usual 1.00 kWh",
    }


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE])
def test_the_same_week_is_never_asked_for_twice(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded, status: dg.DagsterRunStatus
):
    degraded()
    (request,) = tick(sensor, instance).run_requests or []
    recorded(instance, status, dict(request.tags))

    assert said(tick(sensor, instance)).startswith("toy: was asked to train for this already")


def test_new_evidence_waits_for_the_cool_down(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded
):
    degraded()
    (request,) = tick(sensor, instance).run_requests or []
    recorded(instance, dg.DagsterRunStatus.SUCCESS, dict(request.tags))
    degraded(until=WINDOW_UNTIL + dt.timedelta(days=1))

    assert "toy: cools down until" in said(tick(sensor, instance))


def test_what_a_person_ran_starts_no_cool_down(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded
):
    recorded(instance, dg.DagsterRunStatus.SUCCESS, {"dagster/partition": "toy"})
    degraded()

    assert tick(sensor, instance).run_requests


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
def test_a_training_of_any_plant_is_waited_for(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded, status: dg.DagsterRunStatus
):
    recorded(instance, status, {"dagster/partition": "another"})
    degraded()

    assert said(tick(sensor, instance)).startswith("toy: waits for run ")


def test_a_week_of_a_model_that_is_not_served_any_more_asks_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded
):
    degraded(version="gone")

    assert "speaks of gone, which is not served any more" in said(tick(sensor, instance))


def test_too_few_new_readings_ask_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, degraded: Degraded, settings: AssetsSettings
):
    degraded()
    early = toy_readings(days=61).filter(pl.col("interval_start").dt.month() == 3)
    Lake(settings.lake_dir).write(CLEANED_READINGS, "toy", "2018-03", early)

    assert "1.6 days of readings that its champion has not seen, 7 are needed" in said(tick(sensor, instance))


def test_severe_drift_asks_too(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, champion: Manifest, degraded, settings
):
    degraded()
    lake = Lake(settings.lake_dir)
    lake.week_path("performance", "toy", "2018-03-05").unlink()
    row = {"name": "usage_kwh", "verdict": "severe", "champion_version": champion.version, "window_until": WINDOW_UNTIL}
    write_table(lake.week_path("drift_report", "toy", "2018-03-05"), pl.DataFrame([row]))

    (request,) = tick(sensor, instance).run_requests or []

    assert request.tags["steel/reason"] == "severe drift of usage_kwh"


def test_it_starts_the_job_retrain_and_runs_by_itself_only_where_automation_is_on(settings: AssetsSettings):
    defs = [build_defs(settings.model_copy(update={"automation": state})) for state in ("on", "off")]

    sensors = [one.resolve_sensor_def(name) for one in defs for name in ("retraining", "guard")]

    running, stopped = dg.DefaultSensorStatus.RUNNING, dg.DefaultSensorStatus.STOPPED
    assert [sensor.default_status for sensor in sensors] == [running, running, stopped, stopped]
    assert [sensor.job_name for sensor in sensors[:2]] == [JOB, "review_champion"]


def test_the_folder_of_the_lake_is_read_as_it_is_written(tmp_path: Path):
    lake = Lake(tmp_path)
    assert (lake.weeks("performance", "toy"), lake.readings_until("toy")) == ([], None)

    for monday in ("2018-03-05", "2018-02-26"):
        write_table(lake.week_path("performance", "toy", monday), pl.DataFrame({"a": [1]}))
    lake.write(CLEANED_READINGS, "toy", "2018-01", toy_readings(days=2))

    assert lake.weeks("performance", "toy") == ["2018-02-26", "2018-03-05"]
    assert f"{lake.readings_until('toy'):%Y-%m-%d %H:%M %z}" == "2018-01-03 00:00 +0900"
