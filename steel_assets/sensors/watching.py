"""Once posted readings were taken in, their weeks are watched: what was predicted of them, and what has drifted.

Which weeks those are is ``steel_energy.due``'s to say; the runs themselves are the job ``watch``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import dagster as dg

from steel_assets.jobs import TAKE_IN_POSTED, WATCH
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.sensors.posted import PLANT_TAG
from steel_energy.due import Span, touched_spans
from steel_energy.inbox import Inbox
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.plant import Plant

LOOK_EVERY_S = 15
RUNS_LOOKED_AT = 50
FIRST_TAG = "dagster/asset_partition_range_start"
UNTIL_TAG = "steel/taken_in_until"
"""Of a run of ``watch``: readings that were received before are in what it looked at."""


def watching_sensor(
    plants: Mapping[str, Plant], *, inbox: Inbox, lake: Lake, status: dg.DefaultSensorStatus
) -> dg.RunStatusSensorDefinition:
    """The sensor that has the weeks of posted readings watched, as soon as a run has taken them in.

    Where a run of ``watch`` failed, the next one looks at its weeks too.

    Args:
        plants: by id.
        inbox: where readings are posted to.
        lake: where they end up.
        status: whether it runs by itself.
    """

    @dg.run_status_sensor(
        name="watching",
        run_status=dg.DagsterRunStatus.SUCCESS,
        monitored_jobs=[TAKE_IN_POSTED],
        request_job=WATCH,
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=status,
        description="Watches the weeks that posted readings belong to, once they are taken in: drift and errors are "
        "told of within a minute, not on Monday.",
    )
    def watching(context: dg.RunStatusSensorContext) -> list[dg.RunRequest] | dg.SkipReason:
        plant = plants.get(context.dagster_run.tags.get(PLANT_TAG, ""))
        if plant is None:
            return dg.SkipReason("the run was not of one plant's posted readings")
        until = _started(context.instance, context.dagster_run.run_id)
        found = touched_spans(
            inbox.history(plant.id, zone=plant.zone),
            since=_watched_until(context.instance, plant.id),
            until=until,
            months=lake.months(CLEANED_READINGS, plant.id),
            zone=plant.zone,
        )
        requests = [_request(plant.id, span, until=until) for span in found]
        return requests or dg.SkipReason(f"no week of {plant.id} has new readings")

    return watching


def _request(plant_id: str, span: Span, *, until: dt.datetime) -> dg.RunRequest:
    first, last = (PlantWeek(plant_id, week.monday.isoformat()) for week in span)
    return dg.RunRequest(
        run_key=f"{first.key} to {last.key} {until.isoformat()}",
        tags={**range_tags(first, last), PLANT_TAG: plant_id, UNTIL_TAG: until.isoformat()},
    )


def _started(instance: dg.DagsterInstance, run_id: str) -> dt.datetime:
    """When a run began: what was posted later is not in it."""
    record = instance.get_run_record_by_id(run_id)
    if record is None or record.start_time is None:
        raise dg.DagsterInvariantViolationError(f"run {run_id} ended well and has no start")
    return dt.datetime.fromtimestamp(record.start_time, dt.UTC)


def _watched_until(instance: dg.DagsterInstance, plant_id: str) -> dt.datetime | None:
    """Up to when readings were received whose weeks were all watched well, be it at the second try."""
    asked = dg.RunsFilter(job_name=WATCH.name, tags={PLANT_TAG: plant_id})
    good: dict[str, dict[str, bool]] = defaultdict(dict)
    for run in instance.get_runs(asked, limit=RUNS_LOOKED_AT):
        if until := run.tags.get(UNTIL_TAG):
            weeks = run.tags[FIRST_TAG]
            good[until][weeks] = good[until].get(weeks, False) or run.is_success
    ends = [dt.datetime.fromisoformat(until) for until, weeks in good.items() if all(weeks.values())]
    return max(ends, default=None)
