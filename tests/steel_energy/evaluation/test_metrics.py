from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from steel_energy.evaluation import backtest, flat_metrics, over_24h, score, split_times
from steel_energy.forecasting import SeasonalNaive
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_readings


def test_a_forecast_that_misses_by_two_scores_two(backtested: Callable[..., pl.DataFrame]):
    scores = score(backtested(2.0), toy_readings(days=20))
    overall = over_24h(scores)

    assert scores["lead_time"].to_list() == ["15min", "1h", "6h", "24h", "over_24h"]
    assert overall["forecasts"] == 9 * 96
    assert overall["rmse_kwh"] == pytest.approx(2)
    assert overall["mae_kwh"] == pytest.approx(2)
    assert overall["median_mae_kwh"] == pytest.approx(2)
    # light, medium and maximum hours: 12, 8 and 4 of 24 at 2, 10 and 20 kWh
    assert overall["wape"] == pytest.approx(2 / ((12 * 2 + 8 * 10 + 4 * 20) / 24))


def test_coverage_counts_the_truths_inside_each_band(backtested: Callable[..., pl.DataFrame]):
    # The mean misses by 1.5 kWh; the 80 % band reaches 2 kWh to either side of it, the 50 % band 1 kWh.
    overall = over_24h(score(backtested(1.5), toy_readings(days=20)))

    assert (overall["coverage_50"], overall["coverage_80"], overall["coverage_90"]) == (0, 1, 1)


def test_pinball_is_the_mean_over_the_quantiles(backtested: Callable[..., pl.DataFrame]):
    overall = over_24h(score(backtested(0.0), toy_readings(days=20)))

    expected = np.mean([0.05 * 3, 0.10 * 2, 0.25 * 1, 0, 0.25 * 1, 0.10 * 2, 0.05 * 3])
    assert overall["pinball_kwh"] == pytest.approx(expected)


def test_skill_and_mase_compare_with_repeating_last_week(backtested: Callable[..., pl.DataFrame]):
    # Last week is wrong by 4 kWh before the first origin and by 8 after it.
    day = pl.col("interval_start").dt.date()
    shift = pl.when(day >= dt.date(2018, 1, 15)).then(12.0).when(day >= dt.date(2018, 1, 8)).then(4.0).otherwise(0.0)
    readings = toy_readings(days=20).with_columns(usage_kwh=pl.col("usage_kwh") + shift)

    overall = over_24h(score(backtested(2.0, readings=readings), readings))

    assert overall["mase"] == pytest.approx(2 / 4)
    assert overall["skill"] == pytest.approx(1 - 2 / 8)


def test_where_last_week_came_again_exactly_there_is_nothing_to_compare_with(backtested: Callable[..., pl.DataFrame]):
    overall = over_24h(score(backtested(2.0), toy_readings(days=20)))

    assert np.isnan([overall["mase"], overall["skill"]]).all()


def test_flat_metrics_name_part_lead_and_metric(backtested: Callable[..., pl.DataFrame]):
    flat = flat_metrics(score(backtested(2.0), toy_readings(days=20)), part="test")

    assert flat["test.over_24h.rmse_kwh"] == pytest.approx(2)
    assert "test.15min.mae_kwh" in flat
    assert np.isfinite(list(flat.values())).all()


@pytest.mark.real_data
def test_on_the_published_data_knowing_closed_days_beats_repeating_last_week(
    real_readings: pl.DataFrame, gwangyang: Plant, kepco: Tariff
):
    params = load_params(PROJECT_ROOT / "params.yaml")
    split = split_times(real_readings, params.evaluation)
    naive = SeasonalNaive(plant=gwangyang, tariff=kepco, params=params.forecasting)
    fitted = naive.fit(real_readings.filter(pl.col("interval_start") < split.test_start))

    frame = backtest(fitted, real_readings, start=split.test_start, end=split.end, params=params.evaluation)
    overall = over_24h(score(frame, real_readings))

    assert overall["rmse_kwh"] == pytest.approx(22.0, abs=0.1)
    assert overall["rmse_kwh"] / (1 - overall["skill"]) == pytest.approx(24.7, abs=0.1)
    assert [overall[f"coverage_{band}"] for band in (50, 80, 90)] == pytest.approx([0.5, 0.8, 0.9], abs=0.03)


@pytest.mark.real_data
def test_on_the_published_data_bands_follow_the_idle_load_into_a_season_not_seen(
    real_readings: pl.DataFrame, gwangyang: Plant, kepco: Tariff
):
    # In August and September the plant idles lower than in any month before: bands that are counted from zero hold
    # 68 % of what they promise 80 % of.
    params = load_params(PROJECT_ROOT / "params.yaml")
    split = split_times(real_readings, params.evaluation)
    naive = SeasonalNaive(plant=gwangyang, tariff=kepco, params=params.forecasting)
    fitted = naive.fit(real_readings.filter(pl.col("interval_start") < split.validation_start))

    start, end = split.parts["validation"]
    frame = backtest(fitted, real_readings, start=start, end=end, params=params.evaluation)
    overall = over_24h(score(frame, real_readings))

    assert [overall[f"coverage_{band}"] for band in (50, 80, 90)] == pytest.approx([0.5, 0.8, 0.9], abs=0.05)
