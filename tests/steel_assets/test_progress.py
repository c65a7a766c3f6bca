"""What a person reads when a run has ended: its steps, and one clear line where it failed."""

from __future__ import annotations

import io
import signal

import dagster as dg
import pytest
from dagster._core.events import JobFailureData, RunFailureReason
from dagster._utils.error import SerializableErrorInfo
from rich.console import Console

from steel_assets.progress import BuildFailedError, Reporter
from steel_assets.running import Ended

LOST = """dagster.DagsterSubprocessError: During celery execution errors occurred in workers:
[tuning]: billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL).

Stack Trace:
  File "pool.py", line 1, in _
"""


@dg.asset
def furnace() -> int:
    return 1


@dg.asset
def interrupted() -> None:
    signal.raise_signal(signal.SIGINT)


def reported(ended: Ended, *, is_heard: bool) -> str:
    text = io.StringIO()
    with Reporter(Console(file=text, width=200)) as reporter:
        reporter.expect(1)
        reporter.run(lambda: ended, subject="toy", is_heard=is_heard)
    return text.getvalue()


@pytest.mark.parametrize(("is_heard", "lines"), [(True, 0), (False, 1)], ids=["told before", "not told yet"])
def test_a_step_that_the_logger_did_not_hear_of_is_told_when_the_run_has_ended(is_heard: bool, lines: int):  # noqa: FBT001 - of the table
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([furnace], instance=instance)

    said = reported(Ended(done.run_id, done.all_events), is_heard=is_heard)

    assert said.count("[ 1/1] furnace") == lines


def test_a_run_that_failed_though_no_step_did_says_why_in_one_line():
    error = SerializableErrorInfo(LOST, [], None)
    failed = dg.DagsterEvent(
        event_type_value="PIPELINE_FAILURE",
        job_name="retrain",
        event_specific_data=JobFailureData(error, RunFailureReason.RUN_EXCEPTION),
    )

    with pytest.raises(BuildFailedError) as raised:
        reported(Ended("0123456789", [failed]), is_heard=False)

    assert raised.value.message == (
        "retrain: dagster.DagsterSubprocessError: During celery execution errors occurred in workers: "
        "[tuning]: billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL)."
    )
    assert raised.value.remedy == "run 01234567 on Dagster's page has the details"


def test_a_run_that_was_broken_off_has_not_failed():
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([interrupted], instance=instance, raise_on_error=False)

    with pytest.raises(KeyboardInterrupt):
        reported(Ended(done.run_id, done.all_events), is_heard=False)
