"""What a person sees while jobs run in this process: a line for each finished step, a bar, one clear error.

Dagster's own log goes to its event store and is read on its page; here it would bury the lines that matter.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from types import TracebackType
from typing import ClassVar, Self

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from steel_energy.errors import SteelError

LOGGER = "progress"


class BuildFailedError(SteelError):
    """An asset or a blocking check failed."""

    code: ClassVar[str] = "build_failed"


class Reporter(logging.Handler):
    """Runs jobs and turns their events into lines and a bar.

    Args:
        console: where to write.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=0)
        self._subject = ""
        self._step_started = 0.0

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def expect(self, steps: int) -> None:
        """Say how many steps all the jobs have together."""
        self._progress.update(self._task, total=steps)

    def logger(self) -> dg.LoggerDefinition:
        """The logger to give to the definitions."""

        def progress(_context: dg.InitLoggerContext) -> logging.Logger:
            logger = logging.Logger(LOGGER)
            logger.addHandler(self)
            return logger

        return dg.LoggerDefinition(progress, description="Lines of the build on the terminal.")

    def run(
        self, job: dg.JobDefinition, *, subject: str, instance: dg.DagsterInstance, tags: Mapping[str, str]
    ) -> None:
        """Run a job to its end.

        Raises:
            BuildFailedError: a step or a blocking check failed.
        """
        self._subject = subject
        result = job.execute_in_process(
            run_config={"loggers": {LOGGER: {}}}, instance=instance, tags=tags, raise_on_error=False
        )
        for check in result.get_asset_check_evaluations():
            if not check.passed and check.severity == dg.AssetCheckSeverity.WARN:
                self._console.print(f"  ! {_check_line(check)}", style="yellow", markup=False)
        if not result.success:
            raise BuildFailedError(
                _failure(result), remedy=f"run {result.run_id[:8]} on Dagster's page has the details"
            )

    def emit(self, record: logging.LogRecord) -> None:
        """Take one of Dagster's events."""
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None:
            return
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._step_started = time.monotonic()
            self._progress.update(self._task, description=f"{event.step_key} ({self._subject})")
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            self._progress.advance(self._task)
            seconds = time.monotonic() - self._step_started
            done, total = self._progress.tasks[0].completed, self._progress.tasks[0].total
            self._console.print(f"  [{done:2.0f}/{total:.0f}] {event.step_key:24} {seconds:5.1f} s", markup=False)


def _failure(result: dg.ExecuteInProcessResult) -> str:
    """The first blocking check that failed, else the innermost error of the first step that failed."""
    for check in result.get_asset_check_evaluations():
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
            return _check_line(check)
    failed = next(event for event in result.all_events if event.is_step_failure)
    error = failed.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{failed.step_key}: {error.message.strip() if error else 'failed without a word'}"


def _check_line(check: dg.AssetCheckEvaluation) -> str:
    facts = {name: value.value for name, value in check.metadata.items() if name in ("expected", "actual")}
    words = "; ".join(f"{name} {value}" for name, value in facts.items())
    where = f" ({check.description})" if check.description else ""
    return f"check {check.check_name} of {check.asset_key.to_user_string()}{where}: {words}"
