"""Trying a step again that failed for a reason which may pass, with growing pauses; our own data errors never do.

What may pass: a source that cannot be reached (after the attempts of ``steel_energy.sources.http``), a file that cannot
be read or written at the moment, MLflow's database while another run has it, a Dask cluster that lost a worker. A full
disk does not pass by itself.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from steel_energy.errors import ClusterError, StorageError, UnreachableError

POLICY = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Pauses of about 5, 15 and 35 s, each longer or shorter by chance, so that two runs do not meet again."""
LASTING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR})
"""Faults of a disk that a person has to see to."""
MLFLOW_IS_BUSY = "TEMPORARILY_UNAVAILABLE"
"""How MLflow calls a locked database (its ``error_code``)."""


@contextmanager
def tried_again(attempts_before: int, *, policy: dg.RetryPolicy = POLICY) -> Iterator[None]:
    """Let Dagster try the step again where an error inside may pass.

    Args:
        attempts_before: of the step in this run (``context.retry_number``).
        policy: how often, and after which pauses.

    Raises:
        dagster.RetryRequested: the error may pass; it is its cause, and the step's once all attempts have failed.
    """
    try:
        yield
    except Exception as error:  # what it is decides below; anything else goes on as it came
        if not may_pass(error):
            raise
        pause_s = policy.calculate_delay(attempts_before + 1)
        raise dg.RetryRequested(max_retries=policy.max_retries, seconds_to_wait=pause_s) from error


def may_pass(error: BaseException) -> bool:
    """Whether the same may work in a while with nobody doing anything."""
    if isinstance(error, StorageError):
        return isinstance(error.__cause__, OSError) and may_pass(error.__cause__)
    if isinstance(error, OSError):
        lasting = FileNotFoundError | FileExistsError | PermissionError
        return error.errno not in LASTING and not isinstance(error, lasting)
    return isinstance(error, UnreachableError | ClusterError) or getattr(error, "error_code", None) == MLFLOW_IS_BUSY
