"""A forecaster that is off by as much as a test says, so that every error can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.params import Params, load_params
from steel_energy.schema import INTERVAL
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import DEFAULT_HORIZON

FIRST_FIT, TRAINED_UNTIL = (dt.datetime(2018, month, 1, tzinfo=dt.UTC) for month in (2, 3))
HALF_BAND_KWH = 2.0


@dataclass(frozen=True)
class Off:
    """Forecasts what came and ``by`` of the target's time more; its bands reach 2 kWh to either side."""

    readings: pl.DataFrame
    by: Callable[[dt.datetime], float]
    name: str = "off"
    label: str = ""

    def fit(self, readings: pl.DataFrame) -> Self:  # noqa: ARG002 - there is nothing to learn
        return self

    def predict(self, history: Any, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        return self.predict_many(history, [origin], horizon=horizon).drop("origin")

    def predict_many(
        self, _history: Any, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        actual = dict(self.readings.select("interval_start", "usage_kwh").iter_rows())
        rows = []
        for origin in origins:
            for step in range(horizon):
                target = (origin.astimezone(dt.UTC) + step * INTERVAL).astimezone(origin.tzinfo)
                rows.append((origin, target, actual[target] + self.by(target)))
        frame = pl.DataFrame(rows, schema=["origin", "interval_start", "mean_kwh"], orient="row").with_columns(
            pl.col("origin", "interval_start").cast(self.readings.schema["interval_start"])
        )
        mean = pl.col("mean_kwh")
        sides = {"q05": -1.0, "q10": -0.8, "q25": -0.4, "q50": 0.0, "q75": 0.4, "q90": 0.8, "q95": 1.0}
        return frame.with_columns((mean + HALF_BAND_KWH * sides[name]).alias(name) for name in QUANTILE_COLUMNS)


@pytest.fixture(scope="session")
def params() -> Params:
    return load_params(PROJECT_ROOT / "params.yaml")


@pytest.fixture(scope="session")
def site() -> Site:
    return Site(toy_plant(), toy_tariff())


@pytest.fixture(scope="session")
def readings() -> pl.DataFrame:
    """January to the end of March."""
    return toy_readings(days=90)


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """Of a champion with a fit that ends with January, and one with February."""
    facts = toy_facts(model="off", earlier_fits=[FIRST_FIT], trained_until=TRAINED_UNTIL)
    made = Manifest(
        **facts.model_dump(),
        created_at=TRAINED_UNTIL,
        code=Code(package="0"),
        libraries={},
        files={},
    )
    return made.named()


@pytest.fixture(scope="session")
def off(readings: pl.DataFrame) -> Callable[[Callable[[dt.datetime], float]], Off]:
    """Makes a forecaster that is off by as much."""
    return lambda by: Off(readings, by)
