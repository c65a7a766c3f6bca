"""What the clock on the plant's wall starts: training, the week's drift, the week's report, the plan of the next days.

A schedule for each time zone, which asks for a run for each plant of it; a plant that has nothing new is left out, and
the page says why. What a run does stands in ``jobs``, whether there is anything to do is ``steel_energy.due``'s to say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from steel_assets import jobs
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.sensors.posted import PLANT_TAG, UNFINISHED
from steel_energy import due
from steel_energy.artifacts import kept_versions, read_bundle
from steel_energy.errors import BundleError
from steel_energy.lake import Lake
from steel_energy.plant import Plant
from steel_energy.weekly import Week

FORECAST = "day_ahead_forecast"


@dataclass(frozen=True)
class Looked:
    """What a schedule looks at when its time has come.

    Attributes:
        plant: whose turn it is.
        now: the scheduled time.
        instance: Dagster's.
        lake: the readings and what was made of them.
        bundles_dir: the models.
    """

    plant: Plant
    now: dt.datetime
    instance: dg.DagsterInstance
    lake: Lake
    bundles_dir: Path

    @property
    def readings_until(self) -> dt.datetime | None:
        """End of the plant's readings; None where there are none."""
        return self.lake.readings_until(self.plant.id)

    @property
    def week(self) -> Week:
        """The week that ended last."""
        return due.week_over(self.now, zone=self.plant.zone)

    @property
    def is_training(self) -> bool:
        """Whether the plant is trained, or waits to be, whoever asked for it."""
        of_plant = dg.RunsFilter(job_name=jobs.RETRAIN.name, statuses=list(UNFINISHED), tags=_by_plant(self))
        return bool(self.instance.get_runs(of_plant, limit=1))


Tags = dict[str, str]
WhyNot = Callable[[Looked], str | None]


@dataclass(frozen=True)
class Due:
    """One thing that the clock starts.

    Attributes:
        name: of its schedules, before the zone.
        job: that it asks for.
        cron: when, on the clock of the zone.
        why: why then.
        why_not: why a plant is left out; None where it is not.
        tags: the partitions of a plant's run.
    """

    name: str
    job: dg.UnresolvedAssetJobDefinition
    cron: str
    why: str
    why_not: WhyNot
    tags: Callable[[Looked], Tags]


def all_schedules(
    plants: Mapping[str, Plant], *, lake: Lake, bundles_dir: Path, status: dg.DefaultScheduleStatus
) -> list[dg.ScheduleDefinition]:
    """Every schedule of every time zone.

    Args:
        plants: by id.
        lake: where their readings lie.
        bundles_dir: where their models lie.
        status: whether they run by themselves.
    """
    by_zone: dict[str, list[Plant]] = defaultdict(list)
    for plant in plants.values():
        by_zone[plant.zone].append(plant)
    return [
        _schedule(what, zone, of_zone, lake=lake, bundles_dir=bundles_dir, status=status)
        for zone, of_zone in sorted(by_zone.items())
        for what in SCHEDULED
    ]


def zone_name(zone: str) -> str:
    """A zone as part of a schedule's name.

    >>> zone_name("Asia/Seoul"), zone_name("Etc/GMT+1")
    ('asia_seoul', 'etc_gmt_plus_1')
    """
    return re.sub(r"[^a-z0-9]+", "_", zone.lower().replace("+", "_plus_"))


def _schedule(
    what: Due, zone: str, plants: list[Plant], *, lake: Lake, bundles_dir: Path, status: dg.DefaultScheduleStatus
) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"{what.name}_{zone_name(zone)}",
        job=what.job,
        cron_schedule=what.cron,
        execution_timezone=zone,
        default_status=status,
        description=what.why,
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        requests, reasons = [], []
        for plant in plants:
            looked = Looked(plant, context.scheduled_execution_time, context.instance, lake, bundles_dir)
            if reason := what.why_not(looked):
                reasons.append(f"{plant.id} {reason}")
            else:
                tags = {**what.tags(looked), PLANT_TAG: plant.id}
                requests.append(dg.RunRequest(run_key=f"{plant.id} {looked.now.isoformat()}", tags=tags))
        for reason in reasons:
            context.log.info(reason)
        return requests or dg.SkipReason("; ".join(reasons))

    return schedule


def _by_plant(looked: Looked) -> Tags:
    return {"dagster/partition": looked.plant.id}


def _by_week(looked: Looked) -> Tags:
    part = PlantWeek(looked.plant.id, looked.week.monday.isoformat())
    return range_tags(part, part)


def _why_not_train(looked: Looked) -> str | None:
    if looked.is_training:
        return "is being trained already"
    return due.why_not_train(readings_until=looked.readings_until, trained_until=_tried_until(looked))


def _tried_until(looked: Looked) -> dt.datetime | None:
    """End of what the newest model has seen, champion or not; None where there is none, or none that is whole."""
    versions = kept_versions(looked.bundles_dir, looked.plant.id)
    try:
        return read_bundle(looked.bundles_dir, looked.plant.id, versions[-1]).trained_until if versions else None
    except BundleError:
        return None  # training makes another


def _why_not_week(looked: Looked) -> str | None:
    return due.why_not_week(looked.week, readings_until=looked.readings_until, zone=looked.plant.zone)


def _why_not_plan(looked: Looked) -> str | None:
    forecast = looked.lake.find_newest(FORECAST, looked.plant.id)
    planned = None if forecast is None else forecast["interval_start"][0]
    return due.why_not_plan(readings_until=looked.readings_until, planned_from=planned)


SCHEDULED = (
    Due(
        "retrain",
        jobs.RETRAIN,
        "0 3 * * 0",
        "Trains every model of a plant again on Sunday at 03:00, where it has readings that no model has seen. Sunday "
        "is the quietest day of the week and 03:00 its quietest hour: nobody waits for an answer while the machine "
        "trains, and Monday's first shift is forecast by what the whole week has taught.",
        _why_not_train,
        _by_plant,
    ),
    Due(
        "watch",
        jobs.WATCH,
        "0 9 * * 1",
        "Compares the week that is over with the champion's training on Monday at 09:00. The last readings of Sunday "
        "are in by then, the week is judged as a whole, and whoever is told of drift is at work to look into it.",
        _why_not_week,
        _by_week,
    ),
    Due(
        "weekly_report",
        jobs.WRITE_WEEKLY_REPORTS,
        "30 9 * * 1",
        "Writes the week's report for the plant manager on Monday at 09:30: half an hour after the week was watched, "
        "because it tells of forecasts and drift too.",
        _why_not_week,
        _by_week,
    ),
    Due(
        "plan_ahead",
        jobs.PLAN_AHEAD,
        "15 0 * * *",
        "Forecasts and plans the next days every night at 00:15: the last quarter hour of the day before has been "
        "measured, and the night shift finds its plan before anything that could be moved has begun.",
        _why_not_plan,
        _by_plant,
    ),
)
"""In the order in which they follow from each other."""
