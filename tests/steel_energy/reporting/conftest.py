"""Toy readings of a page that a person can check: 10 kWh from 08:00 to 20:00 on open days, 1 kWh otherwise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from plotly.offline import get_plotlyjs

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.schema import readings_schema, require_schema
from steel_energy.testing import toy_plant, toy_tariff

Readings = Callable[..., pl.DataFrame]


@pytest.fixture(scope="session")
def toy_readings() -> Readings:
    """Builds readings from ``first`` for ``days``; an open day has 528 kWh, a closed one 96 kWh."""

    def build(first: dt.date = dt.date(2018, 1, 2), *, days: int, zone: str = "Asia/Seoul") -> pl.DataFrame:
        start = dt.datetime.combine(first, dt.time())
        grid = interval_grid(start, start + dt.timedelta(days=days), zone=zone)
        runs = ~pl.col("is_closed") & pl.col("interval_start").dt.hour().is_between(8, 19)
        frame = known_ahead(grid, plant=toy_plant(zone=zone), tariff=toy_tariff()).with_columns(
            plant=pl.lit("toy"),
            usage_kwh=pl.when(runs).then(10.0).otherwise(1.0),
            lagging_reactive_kvarh=pl.when(runs).then(7.5).otherwise(0.0),
            leading_reactive_kvarh=pl.when(runs).then(0.0).otherwise(1.0),
            lagging_power_factor=pl.when(runs).then(80.0).otherwise(100.0),
            leading_power_factor=pl.when(runs).then(100.0).otherwise(70.71),
            co2_t=pl.when(runs).then(0.01).otherwise(0.0),
        )
        return require_schema(frame, readings_schema(zone))

    return build


@pytest.fixture(scope="session")
def words() -> Callable[[Path], str]:
    """What a person reads on a page: its HTML without plotly.js, styles, figures and tags."""

    def read(path: Path) -> str:
        page = path.read_text(encoding="utf-8").replace(get_plotlyjs(), "")
        text = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"</?strong>", "", text)))

    return read
