"""What the last build of the graph took, step by step: from the event log that Dagster keeps in the data folder.

    python benchmarks/build.py [--write]

Reads and measures nothing anew: the build is what ``make build`` did, on whatever else the machine did then. Beside it
stands what its steps took alone: the rest is Dagster's. ``--write`` puts the table into ``docs/benchmarks.md``. Needs a
built data folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from libraries.lacks import lacking
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put

from steel_assets.instance import open_instance
from steel_assets.launching import BUILD_TAG
from steel_assets.settings import AssetsSettings

SECTION = "build: benchmarks/build.py --write"
PAUSE_S = 60.0  # a build's runs follow each other at once; a longer pause lies between two builds
RUNS = 500  # far more than a build has
SHOWN = 12


@dataclass(frozen=True)
class Ran:
    """One run of a build: when it began and ended (s since 1970), and the seconds of each of its steps."""

    job: str
    began: float
    ended: float
    steps: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    settings = AssetsSettings()
    if not settings.dagster_home.is_dir():
        lacking("there is no build in the data folder: make build")
    build = last_build(runs_of_builds(settings))
    steps = sorted(((s, f"{ran.job}: {step}") for ran in build for step, s in ran.steps.items()), reverse=True)
    alone_s, took_s = sum(s for s, _ in steps), sum(ran.ended - ran.began for ran in build)
    others = [(f"{len(steps) - SHOWN} more", sum(s for s, _ in steps[SHOWN:]))] if len(steps) > SHOWN else []
    told = [
        *((name, s) for s, name in steps[:SHOWN]),
        *others,
        ("between the steps", took_s - alone_s),
        ("all", took_s),
    ]
    table = markdown(
        ("job: step", "seconds", "share, %"), [(n, f"{s:,.1f}", f"{100 * s / took_s:.1f}") for n, s in told]
    )
    print(table)
    if options.write:
        put(PAGE, SECTION, table)
        limited = {"limit": alone_s, "limited_by": "its steps without Dagster"}
        keep([Result(what="the whole graph of a plant built: s", ours=took_s, **limited)])


def runs_of_builds(settings: AssetsSettings) -> list[Ran]:
    """What builds ran, the newest first."""
    with open_instance(settings) as instance:
        return [
            Ran(
                record.dagster_run.job_name,
                record.start_time,
                record.end_time,
                {s.step_key: s.end_time - s.start_time for s in instance.get_run_step_stats(record.dagster_run.run_id)},
            )
            for record in instance.get_run_records(limit=RUNS)
            if BUILD_TAG in record.dagster_run.tags and record.dagster_run.is_success
        ]


def last_build(runs: Sequence[Ran]) -> list[Ran]:
    """The runs that followed each other at once until the newest."""
    build: list[Ran] = []
    for ran in runs:
        if build and build[-1].began - ran.ended > PAUSE_S:
            break
        build.append(ran)
    return build or lacking("no build has succeeded in the data folder: make build")


if __name__ == "__main__":
    main()
