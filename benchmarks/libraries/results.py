"""What a benchmark found, in a line of the summary: written by the benchmark, read by ``summary.py``, typed by nobody.

Each benchmark that runs with ``--write`` leaves one file in ``benchmarks/results``.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from libraries.machine import bytes_per_s, described, flops_per_s
from steel_energy.config import Record
from steel_energy.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
FOLDER = PROJECT_ROOT / "benchmarks" / "results"


class Result(Record):
    """One line of the summary.

    Attributes:
        what: what was measured, with its unit.
        ours: our figure.
        peer: the best of the others, and its figure; neither where nothing else does this.
        theirs: see ``peer``.
        limit: what the machine, or the data, allows at best; none where nothing sets one.
        limited_by: what that is.
        digits: decimals shown of the figures.
    """

    what: str
    ours: float
    peer: str | None = None
    theirs: float | None = None
    limit: float | None = None
    limited_by: str | None = None
    digits: int = 1


class Run(Record):
    """The results of one run of a benchmark, the command, the machine and what one core of it does in a second."""

    command: str
    machine: str
    bytes_per_s: float
    flops_per_s: float
    results: tuple[Result, ...]


def keep(results: Sequence[Result], *, folder: Path = FOLDER) -> None:
    """Write the results of the program that runs, in place of those before."""
    program = Path(sys.argv[0])
    run = Run(
        command=shlex.join([f"benchmarks/{program.name}", *sys.argv[1:]]),
        machine=described(),
        bytes_per_s=bytes_per_s(),
        flops_per_s=flops_per_s(),
        results=tuple(results),
    )
    folder.mkdir(exist_ok=True)
    text = json.dumps(run.model_dump(mode="json"), indent=2, ensure_ascii=False)
    (folder / f"{program.stem}.json").write_text(text + "\n", encoding="utf-8")


def kept(*, folder: Path = FOLDER) -> list[Run]:
    """All that was kept, by name of the benchmark."""
    return [Run.model_validate_json(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
