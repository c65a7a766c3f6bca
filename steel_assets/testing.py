"""A real `dagster dev` in processes of its own, for tests: started, asked, killed in part or as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx
import psutil

from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT

START_SECONDS = 180  # on a busy machine; a Dagster that ended is noticed at once
STOP_SECONDS = 40
POLL_SECONDS = 0.2
LOADED = """{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename
    ... on PythonError { message } } } } } }"""
LAUNCH = """mutation($p: ExecutionParams!) { launchPipelineExecution(executionParams: $p) { __typename
    ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""

Part = Literal["daemon", "code server", "run worker", "webserver"]
IS_PART: dict[Part, Callable[[str], bool]] = {
    "daemon": lambda line: "dagster._daemon" in line,
    "code server": lambda line: "api grpc" in line or "code-server start" in line,
    "run worker": lambda line: "multiprocessing.spawn" in line,
    "webserver": lambda line: "dagster_webserver" in line,
}
"""By their command lines."""


@dataclass
class RunningDagster:
    """A started `dagster dev`: its port, its process and the file it logs to; ``seen`` are all its processes so far."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    seen: set[psutil.Process] = field(default_factory=set)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401 - GraphQL's
        """The data that GraphQL answers."""
        body = {"query": query, "variables": variables}
        answer = httpx.post(f"http://127.0.0.1:{self.port}/graphql", json=body, timeout=30, trust_env=False)
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()["data"]
        return data

    def launch(self, job: str, *, tags: Mapping[str, str]) -> str:
        """Ask for a run of a job, as a person does on the page; returns its id."""
        selector = {"repositoryLocationName": "steel", "repositoryName": "__repository__", "pipelineName": job}
        metadata = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
        asked = {"selector": selector, "mode": "default", "executionMetadata": metadata}
        launched = self.ask(LAUNCH, p=asked)["launchPipelineExecution"]
        if launched["__typename"] != "LaunchRunSuccess":
            raise RuntimeError(str(launched))
        return str(launched["run"]["runId"])

    def processes(self, part: Part) -> list[psutil.Process]:
        """Living processes of one kind."""
        found = []
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                if IS_PART[part](" ".join(process.cmdline())) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def kill(self, part: Part) -> int:
        """``kill -9`` everything of one kind; returns how many there were."""
        return _kill(self.processes(part))

    def kill_all(self) -> int:
        """``kill -9`` everything that it started and that still lives, orphans too, as a power cut does."""
        killed = _kill(self._family())
        self.process.wait(STOP_SECONDS)
        return killed

    def stop(self) -> None:
        """As Ctrl-C does; what has not ended by itself in time is killed."""
        family = self._family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        psutil.wait_procs(family, timeout=STOP_SECONDS)
        self.kill_all()

    def _family(self) -> set[psutil.Process]:
        """Its process and all below it that ever were seen: a child whose parent was killed is found no other way."""
        for parent in [psutil.Process(self.process.pid), *self.seen] if self.process.poll() is None else [*self.seen]:
            with suppress(psutil.NoSuchProcess):
                self.seen |= {parent, *parent.children(recursive=True)}
        return {process for process in self.seen if process.is_running()}


@contextmanager
def running_dagster(log: Path, *, environment: Mapping[str, str], port: int | None = None) -> Iterator[RunningDagster]:
    """Start `dagster dev` on ``port`` or a free one, wait until the graph is loaded, and stop it at the end.

    Args:
        log: file for everything it prints, behind what is there.
        environment: variables beside those of this process, such as ``STEEL_DATA_DIR`` and ``DAGSTER_HOME``.
        port: where its page is to be.

    Raises:
        RuntimeError: it ended or was not ready in time; carries its log.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(PROJECT_ROOT / "workspace.yaml")]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "-h", "127.0.0.1", "-p", str(port)],
            env={**os.environ, **environment, "PYTHONPATH": str(PROJECT_ROOT)},
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # nothing of it hears a signal that is meant for the test
        )
    dagster = RunningDagster(port, process, log)
    try:
        _wait_until_loaded(dagster)
        yield dagster
    finally:
        dagster.stop()


def _wait_until_loaded(dagster: RunningDagster) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_loaded(dagster):
        if dagster.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"dagster did not start:\n{dagster.log.read_text()}")
        time.sleep(POLL_SECONDS)


def _is_loaded(dagster: RunningDagster) -> bool:
    try:
        entries = dagster.ask(LOADED)["workspaceOrError"].get("locationEntries", [])
    except httpx.HTTPError:
        return False
    found = [entry["locationOrLoadError"] for entry in entries if entry["locationOrLoadError"]]
    if failed := [entry["message"] for entry in found if entry["__typename"] == "PythonError"]:
        raise RuntimeError(failed[0])
    return bool(found)


def _kill(processes: list[psutil.Process] | set[psutil.Process]) -> int:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=STOP_SECONDS)
    return len(processes)
