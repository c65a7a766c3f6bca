"""Three toy weeks whose cells a person can work out: whole kWh, no two neighbours alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from steel_energy import meter
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.cleaning import Cleaned, clean, place
from steel_energy.plant import Plant
from steel_energy.sources.raw import to_raw
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_plant, toy_tariff

CleanToy = Callable[[pl.DataFrame], Cleaned]
Edit = Callable[..., pl.DataFrame]


@pytest.fixture(scope="session")
def plant() -> Plant:
    return toy_plant()


@pytest.fixture(scope="session")
def tariff() -> Tariff:
    return toy_tariff()


@pytest.fixture(scope="session")
def toy_readings(plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """1 to 21 January 2018: usage 30-52 kWh, lagging 10-26 kvarh, leading 2-4 kvarh."""
    grid = interval_grid(dt.datetime(2018, 1, 1), dt.datetime(2018, 1, 22), zone=plant.zone)  # noqa: DTZ001 - plant time
    step = np.arange(grid.len())
    usage, lagging, leading = 30.0 + 7 * step % 23, 10.0 + 5 * step % 17, 2.0 + step % 3
    return pl.DataFrame(
        {
            "plant": [plant.id] * grid.len(),
            "interval_start": grid,
            "usage_kwh": usage,
            "lagging_reactive_kvarh": lagging,
            "leading_reactive_kvarh": leading,
            "lagging_power_factor": meter.power_factor_percent(usage, lagging),
            "leading_power_factor": meter.power_factor_percent(usage, leading),
            "co2_t": meter.co2_t(usage, plant.meter),
            "load_type": known_ahead(grid, plant=plant, tariff=tariff)["load_type"],
        }
    )


@pytest.fixture(scope="session")
def toy_rows(toy_readings: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """The toy weeks as the published file would write them; row n is the interval n quarters after midnight."""
    return to_raw(toy_readings, plant.zone)


@pytest.fixture(scope="session")
def clean_toy(plant: Plant, tariff: Tariff) -> CleanToy:
    def run(rows: pl.DataFrame) -> Cleaned:
        return clean(place(rows, plant), plant=plant, tariff=tariff, end=dt.datetime(2018, 1, 22))  # noqa: DTZ001

    return run


@pytest.fixture(scope="session")
def edit() -> Edit:
    """Set cells: ``edit(rows, 5, usage_kwh="?")`` changes row 5."""

    def change(rows: pl.DataFrame, row: int, **cells: str | None) -> pl.DataFrame:
        at = pl.col("source_row") == row
        return rows.with_columns(
            pl.when(at).then(pl.lit(text, dtype=pl.String)).otherwise(name).alias(name) for name, text in cells.items()
        )

    return change
