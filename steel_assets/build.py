"""``python -m steel_assets.build``: materialise what is missing or stale, and say what is being done.

Steps are done in this process or, with ``STEEL_ENGINE=celery``, by workers, for several plants at once. The same jobs
as on Dagster's page, on the same instance: the page shows everything as if it had been clicked there.
Exit code 0, or one clear line and exit code 2; 130 where Ctrl-C stopped it.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain

import dagster as dg
from rich.console import Console

from steel_assets import freshness, jobs
from steel_assets.definitions import build_defs, build_resources
from steel_assets.freshness import Standing
from steel_assets.instance import open_instance
from steel_assets.launching import BUILD_TAG
from steel_assets.one_build import only_build
from steel_assets.partitions import PlantMonth, PlantWeek, range_tags
from steel_assets.progress import Reporter
from steel_assets.resources import Project
from steel_assets.running import LOGGER, followers, run_here, side_by_side
from steel_assets.settings import AssetsSettings
from steel_assets.tracking import open_tracking
from steel_energy.errors import SteelError
from steel_energy.intake import Intake
from steel_energy.plant import load_plants
from steel_energy.schema import INTERVAL
from steel_energy.sources.raw import Origin
from steel_energy.storage import remove
from steel_energy.weekly import Week

ERROR_EXIT, STOPPED_EXIT = 2, 130
NEWEST_WEEKS = 4
"""Weeks that a build reports and watches; older ones are a run of the job of that name. A drift page has 5 MB."""


@dataclass(frozen=True)
class Run:
    """A job to run: its name, what it is about, and Dagster's tags for the partitions."""

    job: str
    subject: str
    tags: dict[str, str]

    @property
    def build_tags(self) -> dict[str, str]:
        """Its tags as a build's run."""
        return self.tags | {BUILD_TAG: "true"}


def main() -> int:
    """Build all plants of the project."""
    console = Console(highlight=False, soft_wrap=True)
    logging.getLogger("steel_energy.sources").addFilter(said_once())
    try:
        settings = AssetsSettings()
        build(settings.model_copy(update={"data_dir": settings.data_dir.resolve()}), console=console)
    except SteelError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {error}", markup=False)
        return ERROR_EXIT
    except KeyboardInterrupt:
        console.print("Stopped; what is not finished is built again the next time")
        return STOPPED_EXIT
    return 0


def said_once() -> Callable[[logging.LogRecord], bool]:
    """A log filter that lets each message pass once: a source is looked for again by each step that needs it."""
    said: set[str] = set()

    def is_new(record: logging.LogRecord) -> bool:
        message = record.getMessage()
        new = message not in said
        said.add(message)
        return new

    return is_new


def build(settings: AssetsSettings, *, console: Console) -> None:
    """Materialise every plant that is not up to date, then the warehouse.

    Raises:
        BuildFailedError: an asset or a blocking check failed; names it.
        StorageError: another build is at work.
        SteelError: a source, plant, tariff or parameter file is wrong.
    """
    started = time.monotonic()
    project = build_resources(settings)["project"]
    with open_instance(settings) as instance, only_build(settings.dagster_home):
        stale = _stale_plants(project, instance, console)
        if stale:
            for plant_id, standing in stale.items():
                for table in freshness.MONTHLY:
                    project.lake.keep_only(table, plant_id, standing.intake.months)
                    for path in project.lake.damaged(table, plant_id):
                        remove(path)  # it is made anew, and nothing may read it before
            _run_jobs(settings, stale, instance=instance, console=console)
            for plant_id, standing in stale.items():
                project.lake.write_facts(freshness.ASSET, plant_id, standing.stamp)
            console.print(f"Built in {time.monotonic() - started:.0f} s into {settings.data_dir}")


def _stale_plants(project: Project, instance: dg.DagsterInstance, console: Console) -> dict[str, Standing]:
    """Plants to build, after saying of each plant what will be done and why."""
    stale = {}
    for plant_id in load_plants(project.settings.plants_dir):
        standing = freshness.standing(project, plant_id, instance=instance)
        months = standing.intake.months
        subject = f"{plant_id}: {_in_words(standing.intake.origin)}, {months[0]} to {months[-1]}"
        console.print(f"{subject}: {_todo(standing)}", markup=False)
        if standing.reasons:
            stale[plant_id] = standing
    return stale


def _todo(standing: Standing) -> str:
    """What will be done and why."""
    if not standing.reasons:
        return "up to date"
    kept = "; the models stay, `retrain` on Dagster's page fits them again" if standing.keeps_models else ""
    return f"building ({', '.join(standing.reasons)}){kept}"


def _in_words(origin: Origin) -> str:
    """Where readings come from; that they are made up is said first."""
    if origin.is_simulated:
        return f"SIMULATED readings, not from a meter ({origin.location})"
    return f"{origin.kind} {origin.location}"


def _run_jobs(
    settings: AssetsSettings, stale: dict[str, Standing], *, instance: dg.DagsterInstance, console: Console
) -> None:
    with Reporter(console) as reporter:
        defs = build_defs(settings, loggers={LOGGER: reporter.logger()})
        plants = [_plant_runs(plant_id, standing) for plant_id, standing in stale.items()]
        refresh = [Run(jobs.REFRESH_WAREHOUSE.name, "all plants", {})]
        reporter.expect(sum(len(defs.resolve_job_def(run.job).nodes) for run in chain(*plants, refresh)))
        if settings.is_local:
            for run in chain(*plants, refresh):
                job = defs.resolve_job_def(run.job)
                reporter.run(partial(run_here, job, instance=instance, tags=run.build_tags), subject=run.subject)
        else:
            open_tracking(settings).prepare()
            _ask_workers(plants, refresh, reporter=reporter)


def _ask_workers(plants: list[list[Run]], refresh: list[Run], *, reporter: Reporter) -> None:
    """Have the runs of each plant done in turn, several plants at once, and what is of all plants at the end."""
    with followers() as follow:

        def in_turn(runs: list[Run]) -> None:
            for run in runs:
                reporter.run(partial(follow, run.job, run.build_tags), subject=run.subject, is_heard=False)

        side_by_side(in_turn, plants)
        in_turn(refresh)


def _plant_runs(plant_id: str, standing: Standing) -> list[Run]:
    """The plant's months as one range in a single run, its reports, its models where stale, its plan, its weeks."""
    first, last = (PlantMonth(plant_id, standing.intake.months[edge]) for edge in (0, -1))
    by_plant = {"dagster/partition": plant_id}
    months = Run(jobs.REBUILD_MONTHS.name, f"{plant_id} {first.month} to {last.month}", range_tags(first, last))
    models = [] if standing.keeps_models else [jobs.FIT_NOWCAST, jobs.RETRAIN]
    plain = (Run(job.name, plant_id, by_plant) for job in (jobs.WRITE_REPORTS, *models, jobs.PLAN_AHEAD))
    return [months, *plain, *_newest_weeks(plant_id, standing.intake)]


def _newest_weeks(plant_id: str, intake: Intake) -> list[Run]:
    """Reports and drift of the newest weeks, after the models: they tell of forecasts and of what those were taught."""
    newest = Week.of((intake.end - INTERVAL).date())
    oldest = max(newest.shifted(1 - NEWEST_WEEKS), Week.of(intake.start.date()))
    first, last = (PlantWeek(plant_id, week.monday.isoformat()) for week in (oldest, newest))
    subject = f"{plant_id} weeks {oldest.name} to {newest.name}"
    return [Run(job.name, subject, range_tags(first, last)) for job in (jobs.WRITE_WEEKLY_REPORTS, jobs.WATCH)]


def end_quietly() -> None:
    """Let nothing follow the last line: at the end of Python DuckDB counts what is left of its objects."""
    atexit.register(os.dup2, os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # the first registered runs last


if __name__ == "__main__":
    end_quietly()
    sys.exit(main())
