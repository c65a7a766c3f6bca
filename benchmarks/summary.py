"""All benchmarks in one table: ours, the best peer, the limit of machine or data, and the command that measured it.

Reads what the others left in ``benchmarks/results`` when they ran with ``--write``; measures nothing. ``--write`` puts
table and machine into ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from libraries.lacks import lacking
from libraries.results import PAGE, Result, Run, kept
from libraries.tables import markdown, put

SECTION = "summary: benchmarks/summary.py --write"
HEAD = ("what", "ours", "best peer", "limit of machine or data", "ours to the limit", "measured by")


def summary(runs: Sequence[Run]) -> str:
    """The table, and below it each machine that its figures come from."""
    rows = [cells for run in runs for cells in rows_of(run)]
    machines = [
        told_machine([run for run in runs if run.machine == name]) for name in {run.machine: run for run in runs}
    ]
    return "\n\n".join([markdown(HEAD, rows), *machines])


def told_machine(runs: Sequence[Run]) -> str:
    """A machine, and the most that one of its cores did in any of the runs."""
    moved, computed = max(run.bytes_per_s for run in runs), max(run.flops_per_s for run in runs)
    return (
        f"Machine: {runs[0].machine} One core moves {moved / 1e9:.1f} GB a second, and multiplies and adds "
        f"{computed / 1e9:.0f} billion times."
    )


def rows_of(run: Run) -> Iterator[tuple[str, ...]]:
    """One row for each result."""
    for result in run.results:
        yield (result.what, _shown(result, result.ours), _peer(result), *_limit(result), f"`{run.command}`")


def _shown(result: Result, figure: float) -> str:
    return f"{figure:,.{result.digits}f}"


def _peer(result: Result) -> str:
    return "" if result.theirs is None else f"{_shown(result, result.theirs)} {result.peer}"


def _limit(result: Result) -> tuple[str, str]:
    """The limit with what sets it, and how many times as much ours is."""
    if result.limit is None:
        return "", ""
    return f"{_rounded(result.limit)}: {result.limited_by}", f"{_rounded(result.ours / result.limit)} x"


def _rounded(figure: float) -> str:
    """Three digits that count."""
    return f"{float(f'{figure:.3g}'):,g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    runs = kept() or lacking("no benchmark has kept a result yet: run one with --write")
    table = summary(runs)
    print(table)
    if options.write:
        put(PAGE, SECTION, table)


if __name__ == "__main__":
    main()
