from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.cleaning import clean, place
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.evaluation import (
    Leaderboard,
    Standing,
    backtest,
    choose_champion,
    flat_metrics,
    over_24h,
    score,
    split_times,
)
from steel_energy.forecasting import QUANTILE_COLUMNS, SeasonalNaive
from steel_energy.params import EvaluationParams, load_params
from steel_energy.plant import Plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sources.file import read_csv
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_readings

KST = ZoneInfo("Asia/Seoul")
PARAMS = EvaluationParams(train_share=0.6, validation_share=0.15, origin_every_hours=6, promotion_margin=0.01)


class Offset:
    """Knows the truth and misses it by a fixed number of kWh."""

    name = "offset"

    def __init__(self, kwh: float) -> None:
        self.kwh = kwh

    def predict_many(self, history: pl.DataFrame, origins: list[dt.datetime], *, horizon: int) -> pl.DataFrame:
        start = pl.DataFrame({"origin": pl.Series(origins, dtype=history["interval_start"].dtype)})
        end = pl.col("origin").dt.offset_by(f"{15 * horizon}m")
        targets = pl.datetime_ranges("origin", end, "15m", closed="left")
        rows = start.with_columns(interval_start=targets).explode("interval_start")
        mean = pl.col("usage_kwh") + self.kwh
        spread = {name: mean + step for name, step in zip(QUANTILE_COLUMNS, range(-3, 4), strict=True)}
        known = history.select("interval_start", mean_kwh=mean, **spread)
        return rows.join(known, on="interval_start", maintain_order="left")


def backtested(kwh: float, *, horizon: int = 96) -> pl.DataFrame:
    readings = toy_readings(days=20)
    start, end = dt.datetime(2018, 1, 15, tzinfo=KST), dt.datetime(2018, 1, 18, tzinfo=KST)
    return backtest(Offset(kwh), readings, start=start, end=end, params=PARAMS, horizon=horizon)  # type: ignore[arg-type]


def test_the_split_is_in_time_order_by_share():
    split = split_times(toy_readings(days=20), PARAMS)

    assert split.validation_start == dt.datetime(2018, 1, 13, tzinfo=KST)
    assert split.test_start == dt.datetime(2018, 1, 16, tzinfo=KST)
    assert split.end == dt.datetime(2018, 1, 21, tzinfo=KST)


@pytest.mark.parametrize("days", [0, 1, 3])
def test_readings_too_short_for_three_parts_are_refused(days: int):
    with pytest.raises(NotEnoughDataError):
        split_times(toy_readings(days=4)[: days * 96], PARAMS)


def test_origins_roll_over_the_part_and_no_target_leaves_it():
    frame = backtested(0.0)

    assert frame["origin"].unique(maintain_order=True).len() == 9  # three days less one, every six hours, both ends
    assert frame["origin"].min() == dt.datetime(2018, 1, 15, tzinfo=KST)
    assert frame["interval_start"].max() == dt.datetime(2018, 1, 17, 23, 45, tzinfo=KST)
    assert frame["lead"][:96].to_list() == list(range(1, 97))


def test_a_part_shorter_than_the_horizon_is_refused():
    with pytest.raises(NotEnoughDataError, match="no forecast of 672 intervals fits"):
        backtested(0.0, horizon=672)


def test_a_forecast_that_misses_by_two_scores_two():
    scores = score(backtested(2.0), toy_readings(days=20))
    overall = over_24h(scores)

    assert scores["lead_time"].to_list() == ["15min", "1h", "6h", "24h", "over_24h"]
    assert overall["forecasts"] == 9 * 96
    assert overall["rmse_kwh"] == pytest.approx(2)
    assert overall["mae_kwh"] == pytest.approx(2)
    assert overall["median_mae_kwh"] == pytest.approx(2)
    # light, medium and maximum hours: 12, 8 and 4 of 24 at 2, 10 and 20 kWh
    assert overall["wape"] == pytest.approx(2 / ((12 * 2 + 8 * 10 + 4 * 20) / 24))


def test_coverage_counts_the_truths_inside_each_band():
    # The mean misses by 1.5 kWh; the 80 % band reaches 2 kWh to either side of it, the 50 % band 1 kWh.
    overall = over_24h(score(backtested(1.5), toy_readings(days=20)))

    assert (overall["coverage_50"], overall["coverage_80"], overall["coverage_90"]) == (0, 1, 1)


def test_pinball_is_the_mean_over_the_quantiles():
    overall = over_24h(score(backtested(0.0), toy_readings(days=20)))

    expected = np.mean([0.05 * 3, 0.10 * 2, 0.25 * 1, 0, 0.25 * 1, 0.10 * 2, 0.05 * 3])
    assert overall["pinball_kwh"] == pytest.approx(expected)


def test_skill_and_mase_compare_with_repeating_last_week():
    # Last week is wrong by 4 kWh before the first origin and by 8 after it.
    day = pl.col("interval_start").dt.date()
    shift = pl.when(day >= dt.date(2018, 1, 15)).then(12.0).when(day >= dt.date(2018, 1, 8)).then(4.0).otherwise(0.0)
    readings = toy_readings(days=20).with_columns(usage_kwh=pl.col("usage_kwh") + shift)
    start, end = dt.datetime(2018, 1, 15, tzinfo=KST), dt.datetime(2018, 1, 18, tzinfo=KST)
    frame = backtest(Offset(2.0), readings, start=start, end=end, params=PARAMS)  # type: ignore[arg-type]

    overall = over_24h(score(frame, readings))

    assert overall["mase"] == pytest.approx(2 / 4)
    assert overall["skill"] == pytest.approx(1 - 2 / 8)


def test_where_last_week_came_again_exactly_there_is_nothing_to_compare_with():
    overall = over_24h(score(backtested(2.0), toy_readings(days=20)))

    assert np.isnan([overall["mase"], overall["skill"]]).all()


def test_flat_metrics_name_part_lead_and_metric():
    flat = flat_metrics(score(backtested(2.0), toy_readings(days=20)), part="test")

    assert flat["test.over_24h.rmse_kwh"] == pytest.approx(2)
    assert "test.15min.mae_kwh" in flat
    assert np.isfinite(list(flat.values())).all()


def test_the_leaderboard_is_sorted_by_the_validation_part_alone():
    board = Leaderboard(
        (
            Standing(model="a", validation={"rmse_kwh": 3.0}, test={"rmse_kwh": 1.0}),
            Standing(model="b", validation={"rmse_kwh": 2.0}, test={"rmse_kwh": 9.0}),
        )
    )

    assert board.frame()["model"].to_list() == ["b", "a"]
    assert board.validation_rmse_kwh() == {"a": 3.0, "b": 2.0}


@pytest.mark.parametrize(
    ("scores", "incumbent", "champion"),
    [
        ({"seasonal_naive": 20, "a": 15, "b": 16}, None, "a"),
        ({"seasonal_naive": 20, "a": 21}, None, "seasonal_naive"),
        ({"seasonal_naive": 20, "a": 20}, None, "seasonal_naive"),
        ({"seasonal_naive": 20, "a": 15, "b": 15.1}, "b", "b"),
        ({"seasonal_naive": 20, "a": 14.9, "b": 15.1}, "b", "a"),
        ({"seasonal_naive": 20, "a": 19.9, "b": 20.05}, "b", "a"),
        ({"seasonal_naive": 20, "a": 15}, "gone", "a"),
        ({"seasonal_naive": 20, "a": 19.9}, "seasonal_naive", "a"),
    ],
    ids=[
        "best",
        "none beats naive",
        "a tie is no win",
        "within the margin",
        "beyond the margin",
        "incumbent fell behind naive",
        "incumbent unknown",
        "naive holds no office",
    ],
)
def test_the_champion_is_the_best_that_beats_naive_by_a_margin(
    scores: dict[str, float], incumbent: str | None, champion: str
):
    choice = choose_champion(scores, incumbent=incumbent, promotion_margin=0.01)

    assert choice.model == champion
    assert choice.reason


def test_without_the_naive_score_nobody_is_chosen():
    with pytest.raises(InputError, match="seasonal_naive has no score"):
        choose_champion({"a": 1.0}, promotion_margin=0.01)


@pytest.mark.real_data
def test_on_the_published_data_knowing_closed_days_beats_repeating_last_week(
    real_csv: Path, gwangyang: Plant, kepco: Tariff
):
    readings = clean(place(read_csv(real_csv).rows, gwangyang), plant=gwangyang, tariff=kepco).readings
    params = load_params(PROJECT_ROOT / "params.yaml")
    split = split_times(readings, params.evaluation)
    naive = SeasonalNaive(plant=gwangyang, tariff=kepco, params=params.forecasting)
    fitted = naive.fit(readings.filter(pl.col("interval_start") < split.test_start))

    frame = backtest(fitted, readings, start=split.test_start, end=split.end, params=params.evaluation)
    overall = over_24h(score(frame, readings))

    assert overall["rmse_kwh"] == pytest.approx(22.0, abs=0.1)
    assert overall["rmse_kwh"] / (1 - overall["skill"]) == pytest.approx(24.7, abs=0.1)
    assert overall["coverage_80"] == pytest.approx(0.8, abs=0.03)
