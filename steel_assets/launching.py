"""How Dagster finds out that nobody works on a run any more; what becomes of such a run stands in ``instance``.

Dagster's own launcher notices the death of a run's process only while the code server that started it lives. After a
power cut, or a kill of both, the run would count as started for ever, and with it the slot that it takes.
"""

from __future__ import annotations

import datetime as dt
import platform
from pathlib import Path

import dagster as dg
import psutil
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.launcher.base import LaunchRunContext  # Dagster has no public name for what a launcher is given

from steel_assets.one_build import is_building

HOST_TAG = "steel/host"
"""Machine or container that a run's process is on."""
BUILD_TAG = "steel/build"
"""Runs inside a build's own process."""
PID = "pid"


class WatchedRunLauncher(DefaultRunLauncher):
    """Starts runs as Dagster's own launcher does, and tells whether their processes still live."""

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start a run's process on this machine, and write down which machine it is."""
        self._instance.add_run_tags(context.dagster_run.run_id, {HOST_TAG: platform.node()})
        super().launch_run(context)

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Dagster asks before it calls ``check_run_worker_health``."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Whether somebody works on a run that has started.

        A build's runs live as long as the build holds its lock. A launched run lives as long as its process; one of
        another host is lost, for runs live beside the daemon, of which there is one: its container was replaced. Runs
        that somebody started in some other way are left alone.
        """
        if BUILD_TAG in run.tags:
            return _health(is_alive=is_building(Path(self._instance.root_directory)), of="the build")
        if HOST_TAG not in run.tags:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "started by somebody else")
        if run.tags[HOST_TAG] != platform.node():
            return _health(is_alive=False, of=f"the host {run.tags[HOST_TAG]}")
        started = _process_of(self._instance, run.run_id)
        if started is None:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "its process has not reported yet")
        return _health(is_alive=lives(*started), of=f"the process {started[0]}")


def lives(pid: int, since: dt.datetime) -> bool:
    """Whether the process that had the number ``pid`` at the moment ``since`` lives still, no later one of that number.

    One that has ended and that its parent has not asked about lives no more.
    """
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= since.timestamp())
    except psutil.NoSuchProcess:
        return False


def _process_of(instance: dg.DagsterInstance, run_id: str) -> tuple[int, dt.datetime] | None:
    """Number of a run's process, and when it reported itself; None where it has not."""
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.dagster_event
        if event and (pid := event.engine_event_data.metadata.get(PID)):
            return int(str(pid.value)), dt.datetime.fromtimestamp(entry.timestamp, dt.UTC)
    return None


def _health(*, is_alive: bool, of: str) -> CheckRunHealthResult:
    if is_alive:
        return CheckRunHealthResult(WorkerStatus.RUNNING)
    return CheckRunHealthResult(WorkerStatus.FAILED, f"{of} that worked on it is gone")
