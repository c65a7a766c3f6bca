"""Training again because of what a plant's newest week shows: severe drift, or forecasts worse than the backtest's.

What is decided, and why not, is ``steel_energy.monitoring.retraining``'s; here it is told what lies in the lake and
which runs there were. The runs that were asked for say so in a tag, so nothing is remembered beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import dagster as dg
import polars as pl

from steel_assets.jobs import RETRAIN
from steel_assets.sensors.posted import UNFINISHED
from steel_energy.artifacts import read_champion
from steel_energy.errors import BundleError
from steel_energy.lake import Lake, read_table
from steel_energy.monitoring.retraining import NoRetraining, Retraining, Standing, decide_all, evidence
from steel_energy.monitoring.table import ASSET as PERFORMANCE
from steel_energy.params import load_params
from steel_energy.reporting.drift_table import DRIFT_REPORT
from steel_energy.settings import SteelSettings

LOOK_EVERY_S = 30
PARTITION_TAG = "dagster/partition"
EVIDENCE_TAG, REASON_TAG = "steel/evidence", "steel/reason"
RUNS_LOOKED_AT = 50


def retraining_sensor(
    plant_ids: Sequence[str],
    settings: SteelSettings,
    *,
    status: dg.DefaultSensorStatus,
) -> dg.SensorDefinition:
    """The sensor that has a plant trained again; one at a time, each evidence once, never twice within the cool-down.

    Args:
        plant_ids: of the plants that are watched.
        settings: where lake, bundles and parameters lie; the last are read at each look.
        status: whether it runs by itself.
    """

    @dg.sensor(
        name="retraining",
        job=RETRAIN,
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=status,
        description="Has a plant trained again after severe drift, or where its forecasts got worse.",
    )
    def retraining(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        params = load_params(settings.params_file, profile=settings.profile).monitoring
        standings = [standing(plant_id, settings, context.instance) for plant_id in plant_ids]
        now, training = dt.datetime.now(dt.UTC), _training(context.instance)
        return _result(decide_all(standings, training=training, now=now, params=params))

    return retraining


def standing(plant_id: str, settings: SteelSettings, instance: dg.DagsterInstance) -> Standing:
    """What is known of a plant; its champion is looked at only where a week speaks against it."""
    lake = Lake(settings.lake_root)
    found = evidence(
        plant_id, drift=_newest(lake, DRIFT_REPORT, plant_id), performance=_newest(lake, PERFORMANCE, plant_id)
    )
    last_requested, asked = _requested(instance, plant_id)
    version, trained_until = _champion(settings, plant_id) if found else (None, None)
    return Standing(
        plant=plant_id,
        evidence=found,
        champion_version=version,
        trained_until=trained_until,
        readings_until=lake.readings_until(plant_id) if found else None,
        last_requested=last_requested,
        asked=asked,
    )


def _result(decided: Iterable[Retraining | NoRetraining]) -> dg.SensorResult:
    requests, reasons = [], []
    for one in decided:
        if isinstance(one, Retraining):
            tags = {PARTITION_TAG: one.plant, EVIDENCE_TAG: one.evidence_key, REASON_TAG: one.reason}
            requests.append(dg.RunRequest(run_key=one.evidence_key, tags=tags))
        else:
            reasons.append(one.reason)
    return dg.SensorResult(requests, skip_reason=None if requests else "; ".join(reasons))


def _newest(lake: Lake, asset: str, plant_id: str) -> pl.DataFrame | None:
    weeks = lake.weeks(asset, plant_id)
    return read_table(lake.week_path(asset, plant_id, weeks[-1])) if weeks else None


def _champion(settings: SteelSettings, plant_id: str) -> tuple[str | None, dt.datetime | None]:
    """Version of the champion and end of what it has seen; None each where none can be read, which a build mends."""
    try:
        manifest, _ = read_champion(settings.bundles_dir, plant_id)
    except BundleError:
        return None, None
    return manifest.version, manifest.trained_until


def _requested(instance: dg.DagsterInstance, plant_id: str) -> tuple[dt.datetime | None, frozenset[str]]:
    """When this sensor last asked for a training of the plant, and for what it did; runs of people do not count."""
    wanted = dg.RunsFilter(job_name=RETRAIN.name, tags={PARTITION_TAG: plant_id})
    records = instance.get_run_records(wanted, limit=RUNS_LOOKED_AT)
    own = [one for one in records if EVIDENCE_TAG in one.dagster_run.tags]
    asked = frozenset(one.dagster_run.tags[EVIDENCE_TAG] for one in own)
    return max((one.create_timestamp for one in own), default=None), asked


def _training(instance: dg.DagsterInstance) -> str | None:
    """A run of any plant that trains or is about to."""
    running = instance.get_runs(dg.RunsFilter(job_name=RETRAIN.name, statuses=list(UNFINISHED)), limit=1)
    return f"run {running[0].run_id[:8]}" if running else None
