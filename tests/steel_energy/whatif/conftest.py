"""The toy plant's week from Monday, 8 January 2018: 736 kWh on each open day, 192 on Sunday, 4,608 in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.tariff import PowerFactorClause, Tariff
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.whatif import Change, WhatIf, what_if
from steel_energy.whatif.loads import LOAD_COLUMNS

MONDAY = dt.datetime(2018, 1, 8, tzinfo=ZoneInfo("Asia/Seoul"))
NEXT_MONDAY = MONDAY + dt.timedelta(days=7)
CLAUSE = PowerFactorClause(
    reactive="lagging", from_hour=9, to_hour=23, limit_percent=90, credit_until_percent=95, share_per_point=0.002
)
SPREAD = dict(zip(QUANTILE_COLUMNS, (0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0), strict=True))
"""How the toy forecast's quantiles relate to its expected usage."""


def clause_tariff() -> Tariff:
    """The toy tariff with KEPCO's clause on the lagging power factor."""
    return toy_tariff().model_copy(update={"power_factor": (CLAUSE,)})


@dataclass(frozen=True)
class Toy:
    """A load of the toy plant and what is known beside it."""

    known: pl.DataFrame
    load: pl.DataFrame

    def ask(self, *changes: Change, tariff: Tariff | None = None, others: Sequence[Tariff] = ()) -> WhatIf:
        """What the changes come to."""
        return what_if(
            self.load,
            changes,
            plant=toy_plant(),
            tariff=tariff or toy_tariff(),
            known=self.known,
            tariffs={one.id: one for one in others},
        )


def week_of(known: pl.DataFrame) -> Toy:
    is_week = pl.col("interval_start").is_between(MONDAY, NEXT_MONDAY, closed="left")
    return Toy(known, known.filter(is_week).select(LOAD_COLUMNS))


@pytest.fixture(scope="session")
def week() -> Toy:
    return week_of(toy_readings(days=28))


@pytest.fixture(scope="session")
def week_of_readings() -> Callable[[pl.DataFrame], Toy]:
    return week_of


@pytest.fixture(scope="session")
def forecast_week(week: Toy) -> Toy:
    """The same week, expected as it came, known up to its start; its quantiles are half to double of it."""
    quantiles = {name: pl.col("usage_kwh") * factor for name, factor in SPREAD.items()}
    return Toy(week.known.filter(pl.col("interval_start") < MONDAY), week.load.with_columns(**quantiles))


@pytest.fixture(scope="session")
def clause() -> Any:
    return clause_tariff()
