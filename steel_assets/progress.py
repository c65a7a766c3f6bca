"""What a person sees while jobs run: a line for each finished step, a bar, one clear error.

Dagster's own log goes to its event store and is read on its page; here it would bury the lines that matter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import ClassVar, Self

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from steel_assets.running import LOGGER, Ended
from steel_energy.errors import SteelError


class BuildFailedError(SteelError):
    """An asset or a blocking check failed."""

    code: ClassVar[str] = "build_failed"


class Reporter(logging.Handler):
    """Runs jobs and turns their events into lines and a bar; several at once may be told of.

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

    def run(self, job: Callable[[], Ended], *, subject: str, is_heard: bool = True) -> None:
        """Run a job to its end.

        Args:
            job: runs it.
            subject: what it is about.
            is_heard: whether the logger hears of its events; else they are told when it has ended.

        Raises:
            BuildFailedError: a step or a blocking check failed.
            KeyboardInterrupt: the run was broken off, which Dagster makes a failed step of.
        """
        self._subject = subject
        ended = job()
        if not is_heard:
            for event in ended.events:
                self.take(event, subject)
        for check in _checks(ended.events):
            if not check.passed and check.severity == dg.AssetCheckSeverity.WARN:
                self._console.print(f"  ! {_check_line(check)}", style="yellow", markup=False)
        if not ended.is_success:
            if any(_is_interrupted(event) for event in ended.events):
                raise KeyboardInterrupt
            remedy = f"run {ended.run_id[:8]} on Dagster's page has the details"
            raise BuildFailedError(_failure(ended.events), remedy=remedy)

    def emit(self, record: logging.LogRecord) -> None:
        """Take one of Dagster's events, of the job that runs in this process."""
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is not None:
            self.take(event, self._subject)

    def take(self, event: dg.DagsterEvent, subject: str) -> None:
        """Show what an event tells."""
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._progress.update(self._task, description=f"{event.step_key} ({subject})")
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            self._progress.advance(self._task)
            seconds = event.step_success_data.duration_ms / 1000
            done, total = self._progress.tasks[0].completed, self._progress.tasks[0].total
            self._console.print(f"  [{done:2.0f}/{total:.0f}] {event.step_key:24} {seconds:5.1f} s", markup=False)


def _is_interrupted(event: dg.DagsterEvent) -> bool:
    error = event.step_failure_data.error if event.is_step_failure else None
    return error is not None and error.cls_name == dg.DagsterExecutionInterruptedError.__name__


def _failure(events: Sequence[dg.DagsterEvent]) -> str:
    """The first blocking check that failed, else the innermost error of the first step that failed, else the run's."""
    for check in _checks(events):
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
            return _check_line(check)
    failed = next((event for event in events if event.is_step_failure), None)
    if failed is None:
        return _run_failure(events)
    error = failed.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{failed.step_key}: {error.message.strip() if error else 'failed without a word'}"


def _run_failure(events: Sequence[dg.DagsterEvent]) -> str:
    """Why a run failed none of whose steps did: its worker was lost too often, or the broker was."""
    failed = next(event for event in events if event.is_job_failure)
    error = failed.job_failure_data.error
    said = error.message.partition("Stack Trace:")[0] if error else "failed without a word"
    return f"{failed.job_name}: {' '.join(said.split())}"


def _checks(events: Sequence[dg.DagsterEvent]) -> list[dg.AssetCheckEvaluation]:
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    return [event.asset_check_evaluation_data for event in events if event.event_type == kind]


def _check_line(check: dg.AssetCheckEvaluation) -> str:
    facts = {name: value.value for name, value in check.metadata.items() if name in ("expected", "actual")}
    words = "; ".join(f"{name} {value}" for name, value in facts.items())
    where = f" ({check.description})" if check.description else ""
    return f"check {check.check_name} of {check.asset_key.to_user_string()}{where}: {words}"
