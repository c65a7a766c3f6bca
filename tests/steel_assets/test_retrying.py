"""Steps that failed for a reason which may pass are tried again, and no others."""

import errno

import dagster as dg
import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import TEMPORARILY_UNAVAILABLE

from steel_assets.retrying import POLICY, may_pass, tried_again
from steel_energy.errors import ClusterError, InputError, SourceError, StorageError, UnreachableError


def stored(number: int) -> StorageError:
    """As ``lake`` tells an error of the operating system."""
    error = StorageError("cannot be written", field="lake")
    error.__cause__ = OSError(number, "as the system says it")
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnreachableError("cannot be fetched"), True),
        (SourceError("has other values"), False),
        (InputError("wrong"), False),
        (StorageError("is damaged"), False),
        (stored(errno.EIO), True),
        (stored(errno.ENOSPC), False),
        (stored(errno.EACCES), False),
        (OSError(errno.ESTALE, "stale file handle"), True),
        (FileNotFoundError(errno.ENOENT, "not there"), False),
        (MlflowException("database is locked", error_code=TEMPORARILY_UNAVAILABLE), True),
        (MlflowException("no such experiment"), False),
        (ClusterError("a worker was lost"), True),
        (ValueError("a fault of ours"), False),
    ],
    ids=str,
)
def test_only_what_may_pass_is_tried_again(error, expected):
    assert may_pass(error) is expected


def run_of(*errors: Exception) -> dg.ExecuteInProcessResult:
    """A run whose asset raises these one after the other, with pauses of milliseconds."""
    left = list(errors)

    @dg.asset
    def fragile(context: dg.AssetExecutionContext) -> None:
        with tried_again(context.retry_number, policy=dg.RetryPolicy(max_retries=3, delay=0.01)):
            if left:
                raise left.pop(0)

    return dg.materialize([fragile], raise_on_error=False)


def attempts(result: dg.ExecuteInProcessResult) -> int:
    again = [event for event in result.all_events if event.event_type == dg.DagsterEventType.STEP_RESTARTED]
    return 1 + len(again)


def test_a_run_goes_on_once_the_reason_has_passed():
    result = run_of(UnreachableError("cannot be fetched"), stored(errno.EIO))

    assert (result.success, attempts(result)) == (True, 3)


def test_what_does_not_pass_fails_with_its_own_words_after_the_last_attempt():
    result = run_of(*[UnreachableError("cannot be fetched", remedy="check the network")] * 9)

    (failed,) = [event for event in result.all_events if event.is_step_failure]
    error = failed.step_failure_data.error
    while error.cause is not None:
        error = error.cause
    assert (result.success, attempts(result)) == (False, 4)
    assert "cannot be fetched (check the network)" in error.message


def test_our_own_data_errors_fail_at_once():
    result = run_of(InputError("wrong"))

    assert (result.success, attempts(result)) == (False, 1)


def test_the_pauses_grow_and_are_never_the_same_twice():
    pauses = [[POLICY.calculate_delay(attempt) for attempt in (1, 2, 3)] for _ in range(20)]

    assert len({round(first, 6) for first, _, _ in pauses}) > 1
    assert all(0 <= first <= 10 and 5 <= third <= 70 for first, _, third in pauses)
