"""The whole graph, assembled by a function: ``build_defs`` with overrides for tests, ``defs`` for Dagster.

Partitions, resources and cross-cutting policy are attached here, once; what an asset does stands in ``defs/``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from steel_assets import jobs
from steel_assets.alerting import Watch
from steel_assets.automation import schedule_status, sensor_status
from steel_assets.defs import (
    drift,
    explanations,
    features,
    fleet,
    forecasting,
    monitoring,
    nowcasting,
    performance,
    planning,
    readings,
    reports,
    reviewing,
    serving,
    tuning,
)
from steel_assets.defs.drift_checks import drift_checks
from steel_assets.defs.explanations_checks import explanations_checks
from steel_assets.defs.features_checks import features_checks
from steel_assets.defs.forecasting_checks import forecasting_checks
from steel_assets.defs.monitoring_checks import monitoring_checks
from steel_assets.defs.nowcasting_checks import nowcasting_checks
from steel_assets.defs.performance_checks import performance_checks
from steel_assets.defs.planning_checks import planning_checks
from steel_assets.defs.readings_checks import readings_checks
from steel_assets.defs.reports_checks import reports_checks
from steel_assets.defs.serving_checks import serving_checks
from steel_assets.engines import executor_of
from steel_assets.following import following, following_sensor
from steel_assets.io_managers import LakeIO, NewestIO, ScoresIO, WeekIO
from steel_assets.partitions import plant_month_partitions, plant_partitions, plant_week_partitions
from steel_assets.resources import Project, Warehouse
from steel_assets.schedules import all_schedules
from steel_assets.sensors import (
    alerts_sensor,
    guard_sensor,
    posted_readings_sensor,
    retraining_sensor,
    rewatching_sensor,
    run_failures_sensor,
    watching_sensor,
)
from steel_assets.settings import TRACKING_URL, AssetsSettings, variable
from steel_assets.tracking import Tracking
from steel_energy.alerts.settings import AlertSettings, read_alert_settings
from steel_energy.inbox import Inbox
from steel_energy.lake import Lake
from steel_energy.plant import Plant, load_plants

BY_PLANT_MONTH = (readings.raw_readings, readings.clean_readings, features.features)
BY_PLANT_WEEK = (monitoring.prediction_log, performance.performance, drift.drift_report, reports.weekly_report)
BY_PLANT = (reports.quality_report, reports.eda_report, tuning.tuning)
MODELS = (*forecasting.model_assets, forecasting.ensemble, forecasting.leaderboard, forecasting.champion)
SERVING = (serving.onnx_champion,)
NOWCASTING = (nowcasting.virtual_meter, nowcasting.onnx_virtual_meter)
EXPLANATIONS = (explanations.shap_explanations, explanations.model_card, explanations.model_report)
REVIEWING = (reviewing.champion_review,)
PLANNING = (planning.day_ahead_forecast, planning.day_ahead_plan)
UNPARTITIONED = (reports.warehouse, fleet.global_model)
OF_PLANTS = (*BY_PLANT, *NOWCASTING, *MODELS, *SERVING, *EXPLANATIONS, *PLANNING, *REVIEWING)


@dg.definitions
def defs() -> dg.Definitions:
    """What ``dagster`` loads; the only place that reads the environment."""
    return build_defs(AssetsSettings(), alerts=read_alert_settings())


def build_defs(
    settings: AssetsSettings,
    *,
    alerts: AlertSettings | None = None,
    resource_overrides: Mapping[str, Any] | None = None,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
) -> dg.Definitions:
    """Assemble the graph for the plants of ``settings``.

    Args:
        settings: where plant files, parameters and data lie.
        alerts: where alerts go; only into the log where it is left out.
        resource_overrides: resources by name, in place of the real ones.
        loggers: by name, beside Dagster's own.
    """
    plants_by_id = load_plants(settings.plants_dir)
    plants = plants_by_id.values()
    now = dt.datetime.now(dt.UTC)
    plant_months, plant_weeks = plant_month_partitions(plants, now=now), plant_week_partitions(plants, now=now)
    by_plant = plant_partitions(plants)
    return dg.Definitions(
        assets=following(
            [
                *partitioned(BY_PLANT_MONTH, plant_months),
                *partitioned(BY_PLANT_WEEK, plant_weeks),
                *partitioned(OF_PLANTS, by_plant),
                *UNPARTITIONED,
            ],
            plants_by_id,
        ),
        asset_checks=[
            *readings_checks(plant_months),
            *features_checks(plant_months),
            *monitoring_checks(plant_weeks),
            *performance_checks(plant_weeks),
            *drift_checks(plant_weeks),
            *reports_checks(plant_weeks),
            *nowcasting_checks(by_plant),
            *forecasting_checks(by_plant),
            *explanations_checks(by_plant),
            *serving_checks(by_plant),
            *planning_checks(by_plant),
        ],
        resources={**build_resources(settings), **(resource_overrides or {})},
        jobs=jobs.JOBS,
        sensors=_sensors(plants_by_id, settings, alerts or AlertSettings.model_construct()),
        schedules=all_schedules(
            plants_by_id,
            lake=Lake(settings.lake_root),
            bundles_dir=settings.bundles_dir,
            status=schedule_status(settings),
        ),
        loggers=loggers,
        executor=executor_of(settings),
    )


def _sensors(
    plants_by_id: Mapping[str, Plant], settings: AssetsSettings, alerts: AlertSettings
) -> list[dg.SensorDefinition]:
    """What looks and asks; all but the one that takes readings in follow the setting."""
    inbox, lake, status = Inbox(settings.inbox_dir), Lake(settings.lake_root), sensor_status(settings)
    watch = Watch.over(plants_by_id, settings, alerts)
    return [
        posted_readings_sensor(plants_by_id, inbox=inbox, lake=lake),
        watching_sensor(plants_by_id, inbox=inbox, lake=lake, status=status),
        following_sensor(status),
        retraining_sensor(list(plants_by_id), settings, status=status),
        rewatching_sensor(list(plants_by_id), settings, status=status),
        guard_sensor(plants_by_id, settings, status=status),
        alerts_sensor(watch, status),
        run_failures_sensor(watch, status),
    ]


def partitioned(
    assets: Iterable[dg.AssetsDefinition], partitions: dg.PartitionsDefinition[str]
) -> list[dg.AssetsDefinition]:
    """The assets, cut by ``partitions``: known only once the plant files are read, so not where they are written."""
    return [asset.map_asset_specs(lambda spec: spec.replace_attributes(partitions_def=partitions)) for asset in assets]


def build_resources(settings: AssetsSettings) -> dict[str, Any]:
    """The real resources by name."""
    return {
        "project": Project(
            home=str(settings.home),
            data_dir=str(settings.data_dir),
            source=settings.source,
            profile=settings.profile,
            reference=str(settings.reference) if settings.reference else None,
            lake_url=settings.lake_url,
            dask_address=settings.dask_address,
        ),
        "io_manager": LakeIO(lake_root=str(settings.lake_root)),
        "week_io": WeekIO(lake_root=str(settings.lake_root)),
        "newest_io": NewestIO(lake_root=str(settings.lake_root)),
        "scores_io": ScoresIO(models_dir=str(settings.models_dir)),
        "database": Warehouse(database=str(settings.warehouse_file)),
        "tracking": Tracking(
            folder=str(settings.mlflow_dir),
            database=None if settings.is_local else dg.EnvVar(variable(TRACKING_URL)),
        ),
    }
