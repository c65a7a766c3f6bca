"""Dagster's instance: its file is kept up to date, and what is written in it does what it says."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.events import JobFailureData, RunFailureReason

from steel_assets.instance import (
    CONFIG,
    FLEET_CONFIG,
    FORMER_CONFIGS,
    INSTANCE_CONFIG,
    digest,
    keep_up_to_date,
    open_instance,
    will_be_repeated,
)
from steel_assets.launching import WatchedRunLauncher
from steel_assets.settings import AssetsSettings
from steel_energy.errors import ConfigError

FORMER = """\
# Written by `python -m steel_assets.build`; edit it freely, it is not overwritten.
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 2
"""


@pytest.fixture
def settings(tmp_path: Path) -> AssetsSettings:
    return AssetsSettings(data_dir=tmp_path)


def failed_run(instance: dg.DagsterInstance, reason: RunFailureReason) -> dg.DagsterRun:
    run = instance.add_run(dg.DagsterRun(job_name="retrain", status=dg.DagsterRunStatus.STARTED))
    instance.report_run_failed(run, job_failure_data=JobFailureData(error=None, failure_reason=reason))
    found = instance.get_run_by_id(run.run_id)
    assert found
    return found


def test_a_file_that_an_earlier_version_wrote_is_brought_up_to_date(tmp_path: Path):
    config = tmp_path / CONFIG
    config.write_text(FORMER, encoding="utf-8")

    keep_up_to_date(config, wanted=INSTANCE_CONFIG)

    assert config.read_text(encoding="utf-8") == INSTANCE_CONFIG


def test_a_file_that_a_person_edited_stays(tmp_path: Path):
    config, edited = tmp_path / CONFIG, FORMER.replace("2", "4")
    config.write_text(edited, encoding="utf-8")

    keep_up_to_date(config, wanted=INSTANCE_CONFIG)

    assert config.read_text(encoding="utf-8") == edited


def test_what_is_written_now_is_no_former_file():
    assert {digest(text.encode()) for text in (INSTANCE_CONFIG, FLEET_CONFIG)}.isdisjoint(FORMER_CONFIGS)


def test_the_instance_watches_its_runs_and_does_lost_ones_again(settings: AssetsSettings):
    with open_instance(settings) as instance:
        assert isinstance(instance.run_launcher, WatchedRunLauncher)
        assert instance.run_monitoring_enabled
        assert instance.run_retries_max_retries == 3
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 2
        assert {"MONITORING", "EVENT_LOG_CONSUMER"} <= set(instance.get_required_daemon_types())


def test_a_lost_run_will_be_repeated_and_one_that_failed_for_a_reason_will_not(settings: AssetsSettings):
    with open_instance(settings) as instance:
        lost = failed_run(instance, RunFailureReason.UNKNOWN)
        wrong = failed_run(instance, RunFailureReason.STEP_FAILURE)

        assert [will_be_repeated(run) for run in (lost, wrong)] == [True, False]
        instance.add_run_tags(lost.run_id, {"dagster/auto_retry_run_id": "the run that repeats it"})
        begun = instance.get_run_by_id(lost.run_id)

    assert begun
    assert not will_be_repeated(begun)


def test_the_file_follows_the_engine_both_ways(tmp_path: Path):
    config = tmp_path / CONFIG

    for wanted in (INSTANCE_CONFIG, FLEET_CONFIG, INSTANCE_CONFIG):
        keep_up_to_date(config, wanted=wanted)

        assert config.read_text(encoding="utf-8") == wanted


def test_a_fleets_runs_are_kept_in_postgresql_and_its_address_stays_in_the_environment():
    fleet, laptop = yaml.safe_load(FLEET_CONFIG), yaml.safe_load(INSTANCE_CONFIG)

    assert fleet.pop("storage") == {"postgres": {"postgres_url": {"env": "STEEL_DATABASE_URL"}}}
    assert fleet.pop("concurrency") == {"runs": {"max_concurrent_runs": 8}}
    assert laptop.pop("concurrency") == {"runs": {"max_concurrent_runs": 2}}
    assert fleet == laptop


def test_a_file_that_was_edited_for_one_machine_is_refused_to_a_fleet(settings: AssetsSettings):
    settings.dagster_home.mkdir()
    edited = INSTANCE_CONFIG.replace("max_retries: 3", "max_retries: 1")
    (settings.dagster_home / CONFIG).write_text(edited, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"dagster.yaml: was edited, and keeps runs where workers cannot"):
        open_instance(settings.model_copy(update={"engine": "celery"}))


def test_the_instance_of_a_cluster_is_not_opened_from_a_folder(settings: AssetsSettings):
    with pytest.raises(ConfigError, match=r"^STEEL_ENGINE: Dagster is the cluster's.*ask for runs on Dagster's page"):
        open_instance(settings.model_copy(update={"engine": "kubernetes"}))


def test_the_file_holds_what_dagster_knows():
    assert set(yaml.safe_load(INSTANCE_CONFIG)) == {
        "telemetry",
        "run_launcher",
        "concurrency",
        "run_monitoring",
        "run_retries",
    }
