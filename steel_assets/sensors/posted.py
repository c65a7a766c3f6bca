"""Readings that were posted are taken in by themselves; what follows from them stands beside.

What was posted lies in ``steel_energy.inbox``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping

import dagster as dg

from steel_assets import freshness
from steel_assets.instance import will_be_repeated
from steel_assets.jobs import TAKE_IN_POSTED
from steel_assets.partitions import PlantMonth, range_tags
from steel_energy.inbox import Inbox
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.plant import Plant

LOOK_EVERY_S = 15
PLANT_TAG, FROM_TAG = "steel/plant", "steel/posted_from"
LOST = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
UNFINISHED = (
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)

Digests = dict[str, str]
"""By month, a hash of the names of the batches that have readings of it."""


def posted_readings_sensor(plants: Mapping[str, Plant], *, inbox: Inbox, lake: Lake) -> dg.SensorDefinition:
    """The sensor that has posted readings taken in.

    For each plant one run at a time, of all that arrived since the last: from the first month that a new batch has
    readings of to the plant's newest, for cleaning looks back on a month and features on three. The cursor holds what
    was asked for. A run whose process was killed is done again by Dagster, and what was posted meanwhile waits for it.
    One that failed for a reason is not repeated by itself: the next batch's run begins where it began, or a person has
    it executed again on the page.

    Args:
        plants: by id.
        inbox: where readings are posted to.
        lake: where they end up.
    """

    @dg.sensor(
        name="posted_readings",
        job=TAKE_IN_POSTED,
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Takes posted readings in: rebuilds the months they belong to and refreshes the warehouse.",
    )
    def posted_readings(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        asked: dict[str, Digests] = json.loads(context.cursor or "{}")
        requests, waits = [], []
        for plant_id, plant in plants.items():
            found = posted_by_month(plant, inbox, now=dt.datetime.now(dt.UTC))
            changed = [month for month, digest in found.items() if asked.get(plant_id, {}).get(month) != digest]
            if not changed:
                continue
            last = _last_run(context.instance, plant_id)
            if last and (last.status in UNFINISHED or will_be_repeated(last)):
                waits.append(f"{plant_id} waits for run {last.run_id[:8]}")
                continue
            asked[plant_id] = found
            if not freshness.has_posted(lake, inbox, plant_id):
                if last and last.status in LOST:
                    changed.append(last.tags[FROM_TAG])
                requests.append(_request(plant_id, found, first=min(changed), lake=lake))
        skipped = None if requests else "; ".join(waits) or "nothing new was posted"
        return dg.SensorResult(requests, cursor=json.dumps(asked), skip_reason=skipped)

    return posted_readings


def posted_by_month(plant: Plant, inbox: Inbox, *, now: dt.datetime) -> Digests:
    """What was posted of the months that the plant has as of ``now``, oldest first."""
    names = defaultdict(list)
    for batch in inbox.batches(plant.id, zone=plant.zone):
        for month in batch.months:
            names[month].append(batch.name)
    last = plant.last_open_month(now)
    return {month: _digest(names[month]) for month in sorted(names) if plant.first_month <= month <= last}


def _request(plant_id: str, found: Digests, *, first: str, lake: Lake) -> dg.RunRequest:
    newest = max([*found, *lake.months(CLEANED_READINGS, plant_id)])
    return dg.RunRequest(
        run_key=f"{plant_id} {_digest(list(found.values()))}",
        tags={
            **range_tags(PlantMonth(plant_id, first), PlantMonth(plant_id, newest)),
            PLANT_TAG: plant_id,
            FROM_TAG: first,
        },
    )


def _last_run(instance: dg.DagsterInstance, plant_id: str) -> dg.DagsterRun | None:
    wanted = dg.RunsFilter(job_name=TAKE_IN_POSTED.name, tags={PLANT_TAG: plant_id})
    return next(iter(instance.get_runs(wanted, limit=1)), None)


def _digest(names: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
