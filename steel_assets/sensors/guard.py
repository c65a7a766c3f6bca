"""A promotion by a build is reviewed once there are days that neither model had seen; a person's is only followed.

Whether a review is due, and what comes of it, is ``steel_energy.monitoring.guard``'s; the run is the job
``review_champion``. The service lets people put a model in place and knows no MLflow: the same job then moves the alias
and says on its page who put what there and why. ``steel champion`` does so by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import dagster as dg

from steel_assets.jobs import REVIEW_CHAMPION
from steel_assets.reviews import reviewed_promotions
from steel_energy.artifacts import history
from steel_energy.lake import Lake
from steel_energy.monitoring.guard import NotDue, Pending, due
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings

LOOK_EVERY_S = 60


def guard_sensor(
    plants: Mapping[str, Plant],
    settings: SteelSettings,
    *,
    status: dg.DefaultSensorStatus,
) -> dg.SensorDefinition:
    """The sensor that has promotions reviewed: each one once.

    Args:
        plants: by id.
        settings: where lake, bundles and parameters lie; the last are read at each look.
        status: whether it runs by itself.
    """

    @dg.sensor(
        name="guard",
        job=REVIEW_CHAMPION,
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=status,
        description="Has a model that a build promoted compared with the one before, on days that neither had seen, "
        "and MLflow follow what a person put in place.",
    )
    def guard(_context: dg.SensorEvaluationContext) -> dg.SensorResult:
        params = load_params(settings.params_file, profile=settings.profile).monitoring
        followed = [request for plant_id in plants if (request := by_hand(plant_id, settings))]
        return _result((find_due(plant, settings, params=params) for plant in plants.values()), followed)

    return guard


def find_due(plant: Plant, settings: SteelSettings, *, params: MonitoringParams) -> Pending | NotDue:
    """Whether a plant's champion is due for its review, by what lies in lake and bundles."""
    lake = Lake(settings.lake_root)
    readings_until = lake.readings_until(plant.id)
    if readings_until is None:
        return NotDue(plant=plant.id, reason=f"{plant.id} has no readings yet")
    reviewed = reviewed_promotions(lake, plant.id)
    return due(settings.bundles_dir, plant, readings_until=readings_until, reviewed=reviewed, params=params)


def by_hand(plant_id: str, settings: SteelSettings) -> dg.RunRequest | None:
    """What has MLflow follow a change that somebody made in the service; Dagster runs each key once.

    Raises:
        BundleError: the history of champions is unreadable.
    """
    promotions = history(settings.bundles_dir, plant_id)
    if not promotions or not promotions[-1].who:
        return None
    newest = promotions[-1]
    key = f"{plant_id} {newest.number} {newest.version} by hand"
    return dg.RunRequest(run_key=key, tags={"dagster/partition": plant_id})


def _result(found: Iterable[Pending | NotDue], followed: Sequence[dg.RunRequest]) -> dg.SensorResult:
    requests, reasons = [*followed], []
    for one in found:
        if isinstance(one, Pending):
            requests.append(dg.RunRequest(run_key=one.key, tags={"dagster/partition": one.plant}))
        else:
            reasons.append(one.reason)
    return dg.SensorResult(requests, skip_reason=None if requests else "; ".join(reasons))
