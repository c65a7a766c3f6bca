from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import NotFittedError
from steel_energy.explaining import best_explainer, explain_history, explainer_of
from steel_energy.forecasting import SeasonalNaive, Vintage, Vintages
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.boosting import LightGBMForecaster
from steel_energy.forecasting.ensemble import Ensemble
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_tariff


def blend(fitted: dict[str, Forecaster], *members: Forecaster) -> Ensemble:
    ensemble = fitted["ensemble"]
    assert isinstance(ensemble, Ensemble)
    return replace(ensemble, members=members)


def naive(params: ForecastingParams) -> SeasonalNaive:
    return SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params)


def test_a_tree_model_explains_itself_and_of_its_vintages_the_newest(fitted: dict[str, Forecaster]):
    old, new = fitted["xgboost"], fitted["lightgbm"]
    days = [dt.datetime(2018, 1, day, tzinfo=dt.UTC) for day in (1, 2)]
    vintages = Vintages(new, "Asia/Seoul", (Vintage(days[0], old), Vintage(days[1], new)))

    explainer = explainer_of(vintages)

    assert explainer is not None
    assert (explainer.forecaster, explainer.members, explainer.about) == (new, (new,), "lightgbm itself")


def test_a_blend_of_tree_models_is_explained_whole_by_its_weights_at_each_lead(fitted: dict[str, Forecaster]):
    explainer = explainer_of(fitted["ensemble"])

    assert explainer is not None
    assert explainer.forecaster is fitted["ensemble"]
    assert explainer.shares[0, [0, 3, 4, 671]].tolist() == [0.25, 0.25, 0.75, 0.75]
    assert explainer.shares.sum(axis=0) == pytest.approx(np.ones(672))


def test_a_blend_that_has_learnt_no_weights_yet_shares_equally(fitted: dict[str, Forecaster]):
    ensemble = fitted["ensemble"]
    assert isinstance(ensemble, Ensemble)
    explainer = explainer_of(replace(ensemble, weights=()))

    assert explainer is not None
    assert (explainer.shares == 0.5).all()


def test_of_a_blend_with_another_kind_its_tree_member_speaks_and_says_its_share(
    fitted: dict[str, Forecaster], small_params: ForecastingParams
):
    explainer = explainer_of(blend(fitted, naive(small_params), fitted["lightgbm"]))

    assert explainer is not None
    assert explainer.forecaster is fitted["lightgbm"]
    assert explainer.members == (fitted["lightgbm"],)
    assert explainer.about == "lightgbm, 25% of the ensemble; the rest of it has no trees"


def test_a_forecaster_without_trees_is_explained_by_nothing(
    fitted: dict[str, Forecaster], small_params: ForecastingParams
):
    assert explainer_of(naive(small_params)) is None
    assert explainer_of(blend(fitted, naive(small_params), naive(small_params))) is None


def test_in_place_of_a_champion_without_trees_the_first_other_that_has_some_speaks(
    fitted: dict[str, Forecaster], small_params: ForecastingParams
):
    champion = naive(small_params)

    explainer = best_explainer(champion, iter([naive(small_params), fitted["xgboost"], fitted["lightgbm"]]))

    assert explainer is not None
    assert explainer.forecaster is fitted["xgboost"]
    assert explainer.about == (
        "xgboost itself, the best on the leaderboard that has trees: the champion, seasonal_naive, has none"
    )
    assert best_explainer(champion, [naive(small_params)]) is None


def test_what_is_not_fitted_cannot_be_explained(small_params: ForecastingParams):
    unfitted = LightGBMForecaster(plant=toy_plant(), tariff=toy_tariff(), params=small_params)

    with pytest.raises(NotFittedError):
        explainer_of(unfitted)
    with pytest.raises(NotFittedError):
        explainer_of(Vintages(unfitted, "Asia/Seoul"))


def test_contributions_of_a_blend_are_the_blended_contributions(fitted: dict[str, Forecaster], readings: pl.DataFrame):
    parts = {
        name: explain_history(explainer, readings, rows_per_range=3, seed=1).contributions_kwh
        for name, model in fitted.items()
        if (explainer := explainer_of(model))
    }

    near, far = slice(0, 3), slice(3, 6)
    assert parts["ensemble"][near] == pytest.approx(0.25 * parts["lightgbm"][near] + 0.75 * parts["xgboost"][near])
    assert parts["ensemble"][far] == pytest.approx(0.75 * parts["lightgbm"][far] + 0.25 * parts["xgboost"][far])
