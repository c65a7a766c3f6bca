"""The machine that figures were measured on, and how fast it can be at all: bytes moved, multiplications added.

No program reads its input faster than memory is copied, or computes faster than a matrix is multiplied. One core each.
"""

from __future__ import annotations

import functools
import os
import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

GIB = 2**30
LIBRARIES = (
    *("polars", "numpy", "pandas", "duckdb", "lightgbm", "xgboost", "xgboost-cpu", "mlforecast", "statsforecast"),
    *("highspy", "pulp", "cubist", "fastapi", "uvicorn", "bentoml", "dagster"),
)
COPIED_BYTES = GIB // 2  # far beyond what a core's own caches hold
MATRIX = 1024
RUNS = 5


def described() -> str:
    """Processor, cores, memory, system, Python and the libraries that are compared, in one sentence each."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    known = {package.metadata["Name"].lower(): package.version for package in metadata.distributions()}
    versions = ", ".join(f"{name} {known[name]}" for name in LIBRARIES if name in known)
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {pages / GIB:.0f} GiB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}. {versions}."
    )


def _processor() -> str:
    """The processor's name; its family and model tell those apart that a virtual machine gives no name.

    ARM's processors tell none of these.
    """
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    told = dict(tuple(part.strip() for part in line.split(":", 1)) for line in lines if ":" in line)
    if "model name" not in told:
        return platform.machine()
    return f"{told['model name']} (family {told['cpu family']}, model {told['model']})"


@functools.cache
def bytes_per_s() -> float:
    """Bytes that one core moves in a second, from memory to memory; read and written count once each."""
    source, target = np.ones(COPIED_BYTES, np.uint8), np.zeros(COPIED_BYTES, np.uint8)
    return 2 * COPIED_BYTES / fastest_s(lambda: np.copyto(target, source))


@functools.cache
def flops_per_s() -> float:
    """Multiplications and additions of 64-bit numbers that one core does in a second, as BLAS multiplies matrices."""
    matrix = np.random.default_rng(1).random((MATRIX, MATRIX))
    with threadpool_limits(1):
        return 2 * MATRIX**3 / fastest_s(lambda: matrix @ matrix)


def fastest_s(work: Callable[[], object], *, runs: int = RUNS) -> float:
    """CPU seconds of the fastest run: other programs on the machine can only make a run slower."""
    took = []
    for _ in range(runs):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)
