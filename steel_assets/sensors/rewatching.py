"""Once another model serves a plant, its newest week is watched again, so that page and alerts tell of that model.

Told by what lies in lake and bundles, not by a run: a champion is put in place by a training, a review, a build or a
person. Older weeks stay as they were said of the model that served then.
"""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from steel_assets.jobs import RETRAIN, REVIEW_CHAMPION, WATCH
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.sensors.posted import PLANT_TAG, UNFINISHED
from steel_energy.artifacts import history
from steel_energy.lake import Lake, read_table
from steel_energy.monitoring.table import ASSET as PERFORMANCE
from steel_energy.reporting.drift_table import DRIFT_REPORT
from steel_energy.settings import SteelSettings

LOOK_EVERY_S = 30
WAITS_FOR = (RETRAIN, REVIEW_CHAMPION, WATCH)
"""A training or a review may put the next model in place, and a watch that is on may be of the new one already."""


def rewatching_sensor(
    plant_ids: Sequence[str], settings: SteelSettings, *, status: dg.DefaultSensorStatus
) -> dg.SensorDefinition:
    """The sensor that has a plant's newest week watched again after a change of champion, once for each change.

    Args:
        plant_ids: of the plants that are watched.
        settings: where lake and bundles lie.
        status: whether it runs by itself.
    """

    @dg.sensor(
        name="rewatching",
        job=WATCH,
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=status,
        description="Watches a plant's newest week again once another model serves it: what is told is of that one.",
    )
    def rewatching(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        if waits := _unfinished(context.instance):
            return dg.SensorResult(skip_reason=f"waits for {waits}")
        found = [outdated(plant_id, settings) for plant_id in plant_ids]
        requests = [request for request in found if request]
        return dg.SensorResult(requests, skip_reason=None if requests else "every newest week tells of who serves")

    return rewatching


def outdated(plant_id: str, settings: SteelSettings) -> dg.RunRequest | None:
    """What has the plant's newest week watched again; None where it tells of the champion, or there is none of them.

    The key holds the promotion: where watching brings no table of the new model, it is not asked for again.

    Raises:
        BundleError: the history of champions is unreadable.
    """
    lake, promotions = Lake(settings.lake_root), history(settings.bundles_dir, plant_id)
    tables = [(week, asset) for asset in (PERFORMANCE, DRIFT_REPORT) for week in lake.weeks(asset, plant_id)[-1:]]
    if not (tables and promotions):
        return None
    newest, served = max(tables)[0], promotions[-1]
    told = {
        version
        for week, asset in tables
        if week == newest
        for version in read_table(lake.week_path(asset, plant_id, week))["champion_version"].unique()
    }
    if told == {served.version}:
        return None
    part = PlantWeek(plant_id, newest)
    key = f"{part.key} promotion {served.number}"
    return dg.RunRequest(run_key=key, tags={**range_tags(part, part), PLANT_TAG: plant_id})


def _unfinished(instance: dg.DagsterInstance) -> str | None:
    """A run that is waited for, of any plant."""
    for job in WAITS_FOR:
        if runs := instance.get_runs(dg.RunsFilter(job_name=job.name, statuses=list(UNFINISHED)), limit=1):
            return f"run {runs[0].run_id[:8]} of {job.name}"
    return None
