"""The global model: judged at plants that it has not seen, made twice the same, served only where it is worth it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from steel_energy.artifacts import FLEET, champion_version, read_manifest
from steel_energy.errors import BundleError, NotEnoughDataError
from steel_energy.fleet.bundle import Published, publish_global, shares_of_naive
from steel_energy.fleet.training import train_global
from steel_energy.history import readings_end
from steel_energy.ladder import Answered, forecast_from_disk
from steel_energy.simulation.plant import simulate
from steel_energy.sites import Site


@pytest.fixture(scope="module")
def trained(lake, sites, params, make_workers):
    return train_global(sites, lake, params=params, workers=make_workers())


@pytest.fixture(scope="module")
def workers(make_workers):
    return make_workers()


@pytest.fixture(scope="module")
def trained_again(lake, sites, params, workers):
    return train_global(sites, lake, params=params, workers=workers)


@pytest.fixture(scope="module")
def newcomer(sites) -> Site:
    """A fourth plant, thirty times as large as the third, of which nothing was learnt."""
    plant = sites[2].plant
    return Site(plant.model_copy(update={"id": "newcomer", "contract_kw": 30 * plant.contract_kw}), sites[2].tariff)


@pytest.fixture(scope="module")
def ten_days(newcomer) -> pl.DataFrame:
    first = dt.date(2023, 6, 1)
    return pl.concat(simulate(newcomer.plant, newcomer.tariff, start=first, end=first + dt.timedelta(days=10), seed=1))


@pytest.fixture
def published(trained, sites, params, tmp_path) -> Published:
    return publish_global(trained, sites[0], bundles_dir=tmp_path, params=params)


@pytest.fixture
def asked(newcomer, ten_days, params, tmp_path) -> Callable[[], Answered[pl.DataFrame]]:
    return lambda: forecast_from_disk(
        tmp_path,
        newcomer,
        history=ten_days,
        origin=readings_end(ten_days),
        horizon=96,
        params=params.forecasting,
    )


def test_every_plant_is_judged_by_a_model_of_the_others(trained_again, workers, sites):
    assert workers.grown_on == [2, 2, 2, 3] * 2  # for each range of leads: without each plant, then all
    assert set(trained_again.taught) == set(trained_again.scores["plant"]) == {site.plant.id for site in sites}
    assert trained_again.untaught == {}


def test_the_scores_are_at_the_same_forecasts_for_model_and_naive_and_hold_bands(trained):
    scores = trained.scores

    assert (scores["forecasts"] > scores["new_forecasts"]).all()
    assert scores.select(pl.col("^.*rmse_kwh$")).min_horizontal().min() > 0
    assert scores["coverage_80"].is_between(0.5, 1).all()


def test_twenty_trees_beat_the_naive_at_plants_they_have_not_seen(trained):
    assert shares_of_naive(trained.scores)["new_share_of_naive"] < 1


def test_one_plant_is_no_fleet(lake, sites, params, make_workers):
    stranger = Site(sites[0].plant.model_copy(update={"id": "stranger"}), sites[0].tariff)

    with pytest.raises(NotEnoughDataError, match="needs 2 plants with enough history, got 1 of 2") as caught:
        train_global([sites[0], stranger], lake, params=params, workers=make_workers())
    assert "stranger" in caught.value.remedy


def test_the_same_training_is_the_same_bundle_and_it_is_served(trained, trained_again, sites, params, tmp_path):
    first, second = (
        publish_global(one, sites[0], bundles_dir=tmp_path, params=params) for one in (trained, trained_again)
    )

    assert first == second
    assert champion_version(tmp_path, FLEET) == first.version
    assert read_manifest(tmp_path, FLEET, first.version).metrics["plants"] == 3


def test_a_model_that_does_not_beat_the_naive_at_new_plants_is_kept_and_not_served(trained, sites, params, tmp_path):
    worse = replace(trained, scores=trained.scores.with_columns(pl.col("new_naive_rmse_kwh") / 100))

    published = publish_global(worse, sites[0], bundles_dir=tmp_path, params=params)

    assert not published.is_promoted
    assert (tmp_path / FLEET / published.version).is_dir()
    assert champion_version(tmp_path, FLEET) is None


def test_a_plant_that_stood_still_has_no_share_of_the_naive(trained):
    idle = trained.scores.head(1).with_columns(pl.lit(0.0).alias(name) for name in ("rmse_kwh", "naive_rmse_kwh"))

    assert shares_of_naive(idle) == {}
    assert shares_of_naive(pl.concat([trained.scores[1:], idle])) == shares_of_naive(trained.scores[1:])


def test_a_plant_of_ten_days_is_answered_by_the_global_model_and_told_so(published, asked, ten_days):
    assert published.is_promoted

    answered = asked()

    assert answered.step == "global model"
    assert answered.served.manifest.label == "one model of 3 plants"
    assert "no champion of plant newcomer" in answered.fallback.because
    assert answered.value["mean_kwh"].mean() == pytest.approx(ten_days["usage_kwh"].mean(), rel=0.5)


def test_without_a_global_model_that_plant_has_no_forecast(asked):
    with pytest.raises(BundleError, match="no champion of plant newcomer"):
        asked()


def test_a_damaged_global_model_answers_nothing(published, asked, tmp_path):
    next((tmp_path / FLEET / published.version).glob("leads-*")).write_text("{}")

    with pytest.raises(BundleError, match="no champion of plant newcomer"):
        asked()
