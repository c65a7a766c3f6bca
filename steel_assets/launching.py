"""How Dagster finds out that nobody works on a run any more; what becomes of such a run stands in ``instance``.

Dagster's own launcher notices the death of a run's process only while the code server that started it lives. After a
power cut, or a kill of both, the run would count as started for ever, and with it the slot that it takes.

It is not told at once: Dagster tries a lost run once to do it again, and gives it up for good where the code server
does not answer at that moment. `dagster dev` has a killed one back within seconds.
"""

from __future__ import annotations

import datetime as dt
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import dagster as dg
import psutil
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.launcher.base import LaunchRunContext  # Dagster has no public name for what a launcher is given
from dagster._serdes import ConfigurableClassData  # nor for where its configuration stood

from steel_assets.one_build import is_building

HOST_TAG = "steel/host"
"""Machine or container that a run's process is on."""
BUILD_TAG = "steel/build"
"""Runs inside a build's own process."""
PID = "pid"
GRACE_S = 60.0


class WatchedRunLauncher(DefaultRunLauncher):
    """Starts runs as Dagster's own launcher does, and tells whether their processes still live.

    Args:
        inst_data: Dagster's, of its configuration file.
        grace_s: seconds that a run's process is gone before that is told.
    """

    def __init__(self, inst_data: ConfigurableClassData | None = None, *, grace_s: float = GRACE_S) -> None:
        super().__init__(inst_data)
        self._grace_s = grace_s
        self._gone_since_s: dict[str, float] = {}

    @classmethod
    def config_type(cls) -> dict[str, dg.Field]:
        """What stands below ``config`` in the file."""
        return {"grace_s": dg.Field(float, default_value=GRACE_S)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> Self:
        """As Dagster makes it from its file."""
        return cls(inst_data, grace_s=config_value["grace_s"])

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
        found = self._health_of(run)
        if found.status == WorkerStatus.RUNNING:
            self._gone_since_s.pop(run.run_id, None)
        elif self._gone_since_s.setdefault(run.run_id, time.monotonic()) + self._grace_s > time.monotonic():
            return CheckRunHealthResult(WorkerStatus.RUNNING, f"{found.msg}; told in a while")
        return found

    def _health_of(self, run: dg.DagsterRun) -> CheckRunHealthResult:
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
