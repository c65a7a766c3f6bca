"""A promotion is reviewed once by a run that the sensor asks for; MLflow's alias follows where it is taken back."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import Manifest, champion_version, history, promote, publish
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.forecasting.seasonal import DailyNaive
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake
from steel_energy.params import load_params
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

OLDER_DAYS, NEWER_DAYS, DAYS = 60, 70, 77


def served(settings: AssetsSettings, kind: type[SeasonalNaive | DailyNaive], *, days: int) -> Manifest:
    """Serve a model that was fitted on the first ``days``, as a build does."""
    known, plant = toy_readings(days=days), toy_plant()
    model = kind(plant=plant, tariff=toy_tariff(), params=load_params(settings.params_file).forecasting)
    facts = toy_facts(model=kind.name, trained_from=known["interval_start"][0], trained_until=readings_end(known))
    return publish(settings.bundles_dir, facts, write=Vintages(model, plant.zone).fit(known).save)


@pytest.fixture
def bundles(settings: AssetsSettings) -> tuple[Manifest, Manifest]:
    """The good model that was served and the worse one after it, with readings that neither has seen."""
    lake, readings = Lake(settings.lake_dir), toy_readings(days=DAYS)
    for (month,), frame in readings.group_by(pl.col("interval_start").dt.strftime("%Y-%m")):
        lake.write(CLEANED_READINGS, "toy", str(month), frame.sort("interval_start"))
    origin = Origin(kind="file", location="toy.csv").model_dump(mode="json")
    lake.write_facts(RAW_READINGS, "toy", origin | {"is_simulated": False})
    return served(settings, SeasonalNaive, days=OLDER_DAYS), served(settings, DailyNaive, days=NEWER_DAYS)


@pytest.fixture
def defs(settings: AssetsSettings) -> dg.Definitions:
    return build_defs(settings)


def tick(defs: dg.Definitions, instance: dg.DagsterInstance) -> dg.SensorResult:
    result = defs.resolve_sensor_def("guard")(dg.build_sensor_context(instance=instance))
    assert isinstance(result, dg.SensorResult)
    return result


def test_a_worse_champion_is_taken_back_by_the_run_that_the_sensor_asks_for_and_only_once(
    bundles: tuple[Manifest, Manifest], settings: AssetsSettings, defs: dg.Definitions, instance: dg.DagsterInstance
):
    good, newer = bundles

    (request,) = tick(defs, instance).run_requests or []
    job = defs.resolve_job_def("review_champion")
    result = job.execute_in_process(instance=instance, tags=dict(request.tags))

    assert request.run_key == f"toy 2 {newer.version} 20180311T1500Z"
    assert champion_version(settings.bundles_dir, "toy") == good.version
    (event,) = result.asset_materializations_for_node("champion_review")
    facts = {name: entry.value for name, entry in event.metadata.items()}
    assert (facts["is_taken_back"], facts["champion"], facts["previous_rmse_kwh"]) == (True, good.version, 0.0)
    assert facts["registered_version"] == "not in MLflow's registry"
    assert facts["reason"] == history(settings.bundles_dir, "toy")[-1].reason
    assert not tick(defs, instance).run_requests


def test_a_run_without_anything_due_changes_nothing_and_says_why(
    bundles: tuple[Manifest, Manifest], settings: AssetsSettings, defs: dg.Definitions, instance: dg.DagsterInstance
):
    newer = bundles[1]
    promote(settings.bundles_dir, "toy", version=bundles[0].version, by="promote", reason="for a day")
    promote(settings.bundles_dir, "toy", version=newer.version, by="promote", reason="it was the meter")

    result = defs.resolve_job_def("review_champion").execute_in_process(
        instance=instance, tags={"dagster/partition": "toy"}
    )

    assert champion_version(settings.bundles_dir, "toy") == newer.version
    (event,) = result.asset_materializations_for_node("champion_review")
    assert event.metadata["reason"].value == f"toy: a person put {newer.version} there"
    assert tick(defs, instance).skip_reason == dg.SkipReason(f"toy: a person put {newer.version} there")


def test_what_somebody_put_there_in_the_service_is_followed_once_and_never_reviewed(
    bundles: tuple[Manifest, Manifest], settings: AssetsSettings, defs: dg.Definitions, instance: dg.DagsterInstance
):
    good, newer = bundles
    promote(settings.bundles_dir, "toy", version=good.version, by="promote", reason="calmer nights", who="ana")

    (request,) = tick(defs, instance).run_requests or []
    result = defs.resolve_job_def("review_champion").execute_in_process(instance=instance, tags=dict(request.tags))

    assert request.run_key == f"toy 3 {good.version} by hand"
    assert [one.run_key for one in tick(defs, instance).run_requests or []] == [request.run_key]  # Dagster runs it once
    (event,) = result.asset_materializations_for_node("champion_review")
    assert event.metadata["reason"].value == f"toy: ana put {good.version} there"
    assert event.metadata["champion"].value == champion_version(settings.bundles_dir, "toy") == good.version
    assert newer.version != good.version


def test_before_there_are_enough_new_readings_nothing_is_asked_for(
    bundles: tuple[Manifest, Manifest], settings: AssetsSettings, defs: dg.Definitions, instance: dg.DagsterInstance
):
    assert bundles[1].trained_until.date() == dt.date(2018, 3, 12)
    march = toy_readings(days=DAYS - 1).filter(pl.col("interval_start").dt.month() == 3)
    Lake(settings.lake_dir).write(CLEANED_READINGS, "toy", "2018-03", march)

    assert tick(defs, instance).skip_reason == dg.SkipReason(
        "toy: promotion 2 has 6.0 of the 7 days that its review needs"
    )


def test_a_plant_without_readings_has_nothing_to_review(defs: dg.Definitions, instance: dg.DagsterInstance):
    assert tick(defs, instance).skip_reason == dg.SkipReason("toy has no readings yet")
