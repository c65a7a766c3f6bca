"""Every benchmark in turn, each in a process of its own, within a given time.

    python benchmarks/bench.py [--minutes 40] [NAME ...]

What the tables of ``docs/benchmarks.md`` show comes first and is written there; the rest prints. Where a library, the
published data or a built data folder is missing, the benchmark is named at the end with the reason, and the others go
on: only a failure makes the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
from libraries.lacks import LACKING

FOLDER = Path(__file__).parent
MINUTES = 40.0
STOP_S = 30.0  # for a benchmark to stop the programs that it started
NO_MODULE = "ModuleNotFoundError: "


@dataclass(frozen=True)
class Step:
    """A benchmark, its options, and the minutes after which it hangs rather than works."""

    name: str
    options: tuple[str, ...] = ()
    minutes: float = 3.0


WRITE = ("--write",)
STEPS = (
    Step("features", WRITE),
    Step("cleaning_peers", WRITE),
    Step("nowcast", ("--repeats", "5", *WRITE), 6.0),
    Step("peers", WRITE, 10.0),
    Step("planning", WRITE, 5.0),
    Step("load", ("--seconds", "10", *WRITE), 5.0),
    Step("build", WRITE),
    Step("object_store", WRITE, 5.0),
    Step("celery_workers", WRITE, 8.0),
    Step("global_model", WRITE, 8.0),
    Step("graph", WRITE, 5.0),
    Step("growth", ("--plant-years", "1", "10", "100", "1000", *WRITE), 16.0),
    Step("capacity", WRITE),
    Step("summary", WRITE),
    Step("cleaning"),
    Step("labels"),
    Step("service"),
    Step("simulated_plant", ("--plant-years", "20", "--seeds", "3")),
    Step("explanations"),
    Step("questions"),
    Step("knowledge"),
    Step("onnx_engines"),
    Step("dashboard", WRITE, 12.0),
    Step("copilot", ("--every", "10"), 5.0),
    Step("savings", (), 8.0),
    Step("degradation", ("--model", "seasonal_naive"), 5.0),
    Step("forecasting", (), 12.0),
    Step("drift", ("--quick",), 12.0),
)
"""In this order, so that what finds no time left is what prints alone; drift and degradation take longer with the
options that their own pages are written with."""


@dataclass(frozen=True)
class Outcome:
    """What came of a step: in words, and whether that is a fault."""

    step: Step
    told: str
    is_fault: bool = False


def run(step: Step, *, seconds: float, folder: Path = FOLDER) -> Outcome:
    """Run one benchmark, its output passed on; it is stopped when its time is over."""
    began = time.monotonic()
    command = [sys.executable, str(folder / f"{step.name}.py"), *step.options]
    variables = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables)
    said: deque[str] = deque(maxlen=1)
    passing_on = threading.Thread(target=_pass_on, args=(process.stderr, said), daemon=True)
    passing_on.start()
    ends = _ends_within(seconds, process)
    passing_on.join(STOP_S)  # no longer: a program that it left behind would hold the pipe for ever
    if not ends:
        is_hanging = seconds >= 60 * step.minutes
        told = f"stopped after {seconds:.0f} s" if is_hanging else "stopped: the time for all is over"
        return Outcome(step, told, is_fault=is_hanging)
    last = "".join(said).strip()
    if process.returncode == LACKING or last.startswith(NO_MODULE):
        return Outcome(step, f"not measured: {last.removeprefix('cannot measure: ')}")
    if process.returncode:
        return Outcome(step, f"FAILED with exit code {process.returncode}: {last}", is_fault=True)
    return Outcome(step, f"done in {time.monotonic() - began:.0f} s")


def _pass_on(errors: IO[str], said: deque[str]) -> None:
    """Print what a benchmark says on stderr as it comes, and keep its last line."""
    with errors:
        for line in errors:
            print(line, end="", file=sys.stderr, flush=True)
            said.extend([line] if line.strip() else [])


def _ends_within(seconds: float, process: subprocess.Popen[str]) -> bool:
    """Whether it ends by itself; if not, it is stopped, and with it the servers that it started."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            started = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            for one in started:
                one.kill()
            process.wait()
        return False
    return True


def run_all(steps: Sequence[Step], *, minutes: float) -> list[Outcome]:
    """Each step in turn while there is time."""
    outcomes, until = [], time.monotonic() + 60 * minutes
    for number, step in enumerate(steps, start=1):
        left_s = until - time.monotonic()
        if left_s <= 0:
            outcomes.append(Outcome(step, f"not begun: the {minutes:g} minutes for all are over"))
            continue
        print(f"\n== {number} of {len(steps)}: {step.name}.py {' '.join(step.options)}", end=" ")
        print(f"(at most {step.minutes:g} minutes; {left_s / 60:.0f} left for all)", flush=True)
        outcomes.append(run(step, seconds=min(60 * step.minutes, left_s)))
        print(f"-- {step.name}: {outcomes[-1].told}", flush=True)
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    by_name = {step.name: step for step in STEPS}
    parser.add_argument("names", nargs="*", choices=[*by_name, []], metavar="NAME", help="these alone")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for all of them together")
    options = parser.parse_args()
    outcomes = run_all([by_name[name] for name in options.names] or STEPS, minutes=options.minutes)
    print("\n" + "\n".join(f"{outcome.step.name:16} {outcome.told}" for outcome in outcomes))
    return int(any(outcome.is_fault for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
