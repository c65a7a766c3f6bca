"""Whether somebody works on a run: with real processes, alive, killed and taken for another."""

from __future__ import annotations

import datetime as dt
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._daemon.monitoring import execute_run_monitoring_iteration

from steel_assets.instance import CONFIG, INSTANCE_CONFIG, open_instance
from steel_assets.launching import BUILD_TAG, HOST_TAG, lives
from steel_assets.one_build import only_build
from steel_assets.settings import AssetsSettings
from steel_energy.lake import write_text

HERE = {HOST_TAG: platform.node()}


@pytest.fixture
def settings(tmp_path: Path) -> AssetsSettings:
    """With a launcher that tells at once."""
    settings = AssetsSettings(data_dir=tmp_path)
    write_text(settings.dagster_home / CONFIG, INSTANCE_CONFIG.replace("grace_s: 60.0", "grace_s: 0.0"))
    return settings


@pytest.fixture
def instance(settings: AssetsSettings) -> Iterator[dg.DagsterInstance]:
    with open_instance(settings) as instance:
        yield instance


@contextmanager
def some_process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits until it is killed."""
    process = subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1)
    assert process.stdout
    process.stdout.readline()
    with process:
        yield process
        process.kill()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def started_run(instance: dg.DagsterInstance, tags: dict[str, str], *, pid: int | None = None) -> str:
    run = instance.add_run(dg.DagsterRun(job_name="retrain", status=dg.DagsterRunStatus.STARTED, tags=tags))
    if pid is not None:
        instance.report_engine_event("Started process for run.", run, EngineEventData.in_process(pid))
    return run.run_id


def status_after_a_look(instance: dg.DagsterInstance, run_id: str) -> str:
    """What Dagster's own monitoring makes of the run."""
    context = SimpleNamespace(instance=instance, create_request_context=lambda: None)
    assert all(error is None for error in execute_run_monitoring_iteration(context, logging.getLogger("monitoring")))
    run = instance.get_run_by_id(run_id)
    assert run
    return run.status.value


def test_a_run_whose_process_lives_goes_on(instance: dg.DagsterInstance):
    with some_process() as process:
        assert status_after_a_look(instance, started_run(instance, HERE, pid=process.pid)) == "STARTED"


def test_a_run_whose_process_was_killed_fails_and_will_be_repeated(instance: dg.DagsterInstance):
    with some_process() as process:
        run_id = started_run(instance, HERE, pid=process.pid)
        process.kill()
        process.wait()

        assert status_after_a_look(instance, run_id) == "FAILURE"
    run = instance.get_run_by_id(run_id)
    assert run
    assert run.tags["dagster/will_retry"] == "true"


def test_that_a_process_is_gone_is_told_only_after_a_while(tmp_path: Path):
    settings = AssetsSettings(data_dir=tmp_path)
    write_text(settings.dagster_home / CONFIG, INSTANCE_CONFIG.replace("grace_s: 60.0", "grace_s: 0.3"))
    with open_instance(settings) as instance:
        run_id = started_run(instance, {HOST_TAG: "an earlier container"})
        at_first = status_after_a_look(instance, run_id)
        time.sleep(0.3)

        assert (at_first, status_after_a_look(instance, run_id)) == ("STARTED", "FAILURE")


def test_a_process_that_ended_unnoticed_by_its_parent_lives_no_more():
    with some_process() as process:
        alive = lives(process.pid, now())
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        assert (alive, lives(process.pid, now())) == (True, False)


def test_a_later_process_of_the_same_number_is_another_one():
    before = now() - dt.timedelta(minutes=1)
    with some_process() as process:
        assert not lives(process.pid, before)


def test_a_run_whose_container_was_replaced_is_lost(instance: dg.DagsterInstance):
    run_id = started_run(instance, {HOST_TAG: "an earlier container"}, pid=os.getpid())

    assert status_after_a_look(instance, run_id) == "FAILURE"


@pytest.mark.parametrize("tags", [{}, HERE], ids=["of somebody else", "not reported yet"])
def test_a_run_that_nothing_is_known_of_is_left_alone(instance: dg.DagsterInstance, tags: dict[str, str]):
    assert status_after_a_look(instance, started_run(instance, tags)) == "STARTED"


def test_a_builds_run_lives_as_long_as_the_build_holds_its_lock(instance: dg.DagsterInstance, settings: AssetsSettings):
    run_id = started_run(instance, {BUILD_TAG: "true"}, pid=1)
    with only_build(settings.dagster_home):
        during = status_after_a_look(instance, run_id)

    assert (during, status_after_a_look(instance, run_id)) == ("STARTED", "FAILURE")
