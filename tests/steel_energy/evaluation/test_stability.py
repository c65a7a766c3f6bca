from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

import polars as pl
import pytest

from steel_energy.evaluation import cross_validate, weekly_rmse, weekly_spread
from steel_energy.params import EvaluationParams
from steel_energy.testing import toy_readings


def errors_by_day(errors_kwh: list[float]) -> pl.DataFrame:
    """One origin a day whose every forecast is wrong by so many kWh."""
    start = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    origins = [start + dt.timedelta(days=day) for day in range(len(errors_kwh))]
    return pl.DataFrame({"origin": origins, "lead": 1, "usage_kwh": 10.0, "mean_kwh": 10.0 + pl.Series(errors_kwh)})


def test_each_seven_days_of_origins_have_an_error_of_their_own():
    weeks = weekly_rmse(errors_by_day([3.0] * 7 + [4.0] * 7 + [100.0] * 3))

    assert weeks["rmse_kwh"].to_list() == [3.0, 4.0]  # the three days left over make no week
    assert weeks["week_start"].dt.day().to_list() == [1, 8]


def test_the_spread_says_how_bad_the_worst_week_was():
    assert weekly_spread(errors_by_day([3.0] * 7 + [5.0] * 7)) == {
        "weekly_rmse_mean_kwh": 4.0,
        "weekly_rmse_spread_kwh": 1.0,
        "weekly_rmse_worst_kwh": 5.0,
    }


def test_less_than_a_week_is_one_window():
    assert weekly_rmse(errors_by_day([3.0, 3.0]))["rmse_kwh"].to_list() == [3.0]


@dataclass(frozen=True)
class Remembering:
    """Forecasts the last known usage and writes down what it was fitted on."""

    offset: Any
    seen: list[dt.datetime]

    def fit(self, readings: pl.DataFrame) -> Self:
        self.seen.append(readings["interval_start"][-1])
        return self

    def predict_many(self, history: pl.DataFrame, origins: list[dt.datetime], *, horizon: int) -> pl.DataFrame:
        return self.offset.predict_many(history, origins, horizon=horizon)


def test_each_fold_is_forecast_by_a_fit_on_all_that_precedes_it(offset, params: EvaluationParams):
    seen: list[dt.datetime] = []
    model = Remembering(offset(2.0), seen)

    scored = cross_validate(
        model,  # type: ignore[arg-type]
        toy_readings(days=24),
        params=params.model_copy(update={"folds": 3}),
        min_training_days=15,
    )

    assert [moment.isoformat()[:16] for moment in seen] == ["2018-01-15T23:45", "2018-01-18T23:45", "2018-01-21T23:45"]
    assert [(start.day, end.day) for start, end in scored.select("start", "end").iter_rows()] == [
        (16, 19), (19, 22), (22, 25),
    ]  # fmt: skip
    assert scored["rmse_kwh"].to_list() == pytest.approx([2.0, 2.0, 2.0])
