"""A forecaster that knows the truth and misses it by a fixed energy, backtested over three days of the toy plant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.evaluation import backtest
from steel_energy.forecasting import QUANTILE_COLUMNS
from steel_energy.params import EvaluationParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_readings

KST = ZoneInfo("Asia/Seoul")
START, END = dt.datetime(2018, 1, 15, tzinfo=KST), dt.datetime(2018, 1, 18, tzinfo=KST)


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


@pytest.fixture(scope="session")
def params() -> EvaluationParams:
    return load_params(PROJECT_ROOT / "params.yaml").evaluation


@pytest.fixture(scope="session")
def backtested(params: EvaluationParams) -> Callable[..., pl.DataFrame]:
    """The backtest of a forecaster that is wrong by so many kWh, on the toy plant's readings or others."""

    def run(kwh: float, *, horizon: int = 96, readings: pl.DataFrame | None = None) -> pl.DataFrame:
        known = toy_readings(days=20) if readings is None else readings
        return backtest(Offset(kwh), known, start=START, end=END, params=params, horizon=horizon)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def offset() -> type[Offset]:
    return Offset
