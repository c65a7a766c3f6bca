"""General forecasting libraries behind the two methods that a comparison asks of a forecaster: fit, predict_many.

``learned`` holds mlforecast, ``statistical`` statsforecast, ``peers`` lists what is compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol, Self

import polars as pl
from statsforecast.models import MSTL, AutoETS, SeasonalNaive

from libraries.learned import A_DAY_BACK, RECURSIVE, Learner
from libraries.statistical import WHERE_R_JUMPS, Statistical
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_WEEK
from steel_energy.tariff import Tariff


class Model(Protocol):
    """What a comparison asks of a forecaster; ours promise more (``steel_energy.forecasting.Forecaster``)."""

    @property
    def name(self) -> str:
        """Name in the table."""

    def fit(self, readings: pl.DataFrame) -> Self:
        """A model fitted on ``readings``; self stays as is."""

    def predict_many(
        self, history: pl.DataFrame, origins: Sequence[dt.datetime], *, horizon: int = INTERVALS_PER_DAY
    ) -> pl.DataFrame:
        """As ``Forecaster.predict_many``: nothing at or after an origin is read for it."""


def peers(plant: Plant, tariff: Tariff) -> list[Model]:
    """Every peer, unfitted."""
    day, week = INTERVALS_PER_DAY, INTERVALS_PER_WEEK
    return [
        Statistical("statsforecast SeasonalNaive, day", SeasonalNaive(season_length=day)),
        Statistical("statsforecast SeasonalNaive, week", SeasonalNaive(season_length=week)),
        Statistical("statsforecast AutoETS, day", AutoETS(season_length=day), fitted_once=True),
        Statistical("statsforecast MSTL, day and week", MSTL(season_length=[day, week], stl_kwargs=WHERE_R_JUMPS)),
        Learner("mlforecast LightGBM", RECURSIVE, plant, tariff, knows_calendar=False),
        Learner("mlforecast LightGBM with calendar", RECURSIVE, plant, tariff, knows_calendar=True),
        Learner("mlforecast LightGBM, lags from a day", A_DAY_BACK, plant, tariff, knows_calendar=False),
        Learner("mlforecast LightGBM with calendar, lags from a day", A_DAY_BACK, plant, tariff, knows_calendar=True),
    ]
