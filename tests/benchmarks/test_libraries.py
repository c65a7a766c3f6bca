"""The peers of the forecasting benchmark: asked as ours are, reading nothing of the future."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

pytest.importorskip("mlforecast", reason="needs the extra bench")
pytest.importorskip("statsforecast", reason="needs the extra bench")

from libraries.forecasters import Model, peers
from libraries.statistical import Statistical
from statsforecast.models import AutoETS, HistoricAverage

from steel_energy.evaluation import backtest
from steel_energy.forecasting import SeasonalNaive
from steel_energy.params import load_params
from steel_energy.schema import INTERVAL
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

READINGS = toy_readings(days=48)
START = READINGS["interval_start"][46 * 96]
END = READINGS["interval_start"][-1] + INTERVAL
BEFORE = READINGS.filter(pl.col("interval_start") < START)
LEVEL = Statistical("level", AutoETS(season_length=1), fitted_once=True)  # a season of a day takes it a minute
PEERS = [LEVEL, *(peer for peer in peers(toy_plant(), toy_tariff()) if "AutoETS" not in peer.name)]

by_name = pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)


@by_name
def test_a_peer_is_asked_for_the_intervals_that_our_forecasters_are_asked_for(peer: Model):
    params = load_params(PROJECT_ROOT / "params.yaml")
    ours = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)

    asked, answered = (
        backtest(model.fit(BEFORE), READINGS, start=START, end=END, params=params.evaluation) for model in (ours, peer)
    )

    keys = ["origin", "lead", "interval_start", "usage_kwh"]
    assert answered.select(keys).equals(asked.select(keys))
    assert answered["mean_kwh"].is_finite().all()


@by_name
def test_a_peer_reads_nothing_at_or_after_an_origin(peer: Model):
    fitted = peer.fit(BEFORE)
    origins = [START, START + dt.timedelta(hours=6)]
    other_future = READINGS.with_columns(
        usage_kwh=pl.when(pl.col("interval_start") < origins[1]).then("usage_kwh").otherwise(777.0)
    )

    forecasts = [fitted.predict_many(readings, origins) for readings in (READINGS, other_future)]

    assert forecasts[0].equals(forecasts[1])
    assert forecasts[0]["mean_kwh"].max() < 777


def test_the_weekly_naive_repeats_last_week():
    naive = next(peer for peer in PEERS if peer.name == "statsforecast SeasonalNaive, week")

    forecast = naive.fit(BEFORE).predict_many(READINGS, [START])

    assert forecast["mean_kwh"].to_list() == READINGS["usage_kwh"][39 * 96 : 40 * 96].to_list()


def test_intervals_become_quantiles_around_the_mean():
    forecast = Statistical("mean", HistoricAverage()).fit(BEFORE).predict_many(READINGS, [START])

    row = forecast.row(0, named=True)
    assert row["q50"] == row["mean_kwh"]
    assert row["q75"] - row["q50"] == pytest.approx(row["q50"] - row["q25"])
    assert row["q90"] < row["q95"]


def test_a_model_carried_forward_answers_as_a_new_fit_does_where_it_was_fitted():
    fresh = Statistical("level", AutoETS(season_length=1))

    carried, fitted_anew = (peer.fit(BEFORE).predict_many(READINGS, [START]) for peer in (LEVEL, fresh))

    assert carried["mean_kwh"].to_list() == pytest.approx(fitted_anew["mean_kwh"].to_list())
