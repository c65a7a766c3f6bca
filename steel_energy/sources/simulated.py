"""The simulated plant as a source: raw rows as a meter export would hold them, for every month of the plant."""

from __future__ import annotations

import polars as pl

from steel_energy.months import first_day, shift_month
from steel_energy.plant import Plant
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import Origin, RawReadings, as_exported
from steel_energy.tariff import Tariff


def simulated_readings(plant: Plant, tariff: Tariff, *, seed: int) -> RawReadings:
    """Simulate ``plant`` from its first to its last month; the origin says that nobody measured it.

    Args:
        plant: the plant to simulate; its ``load`` section gives the shape.
        tariff: gives the load types.
        seed: at least 0; the same seed gives the same rows.

    Raises:
        InputError: the plant's last month lies before its first, or the seed is negative.
    """
    start, end = first_day(plant.first_month), first_day(shift_month(plant.last_month, 1))
    readings = pl.concat(simulate(plant, tariff, start=start, end=end, seed=seed))
    return RawReadings(
        rows=as_exported(readings, plant),
        origin=Origin(kind="simulated", location=f"{plant.id}, seed {seed}"),
    )
