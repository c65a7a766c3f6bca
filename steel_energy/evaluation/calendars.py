"""What the production calendar is worth: the same plant as it looks to someone who has no such calendar."""

from __future__ import annotations

import polars as pl

from steel_energy.plant import Plant, ProductionCalendar
from steel_energy.tariff import Tariff


def public_calendar(plant: Plant, *, tariff: Tariff, readings: pl.DataFrame) -> Plant:
    """``plant``, closed on its usual weekdays and on public holidays instead of on the days that it lists.

    A forecaster that is built on it knows no summer shutdown, no bridge day and no Sunday on which work is done. Tried
    out on each of the two plants, on the same readings, it shows what the list of closed days is worth.

    Args:
        plant: with its production calendar.
        tariff: its country's public holidays are taken.
        readings: of the years that are asked about; the year after them counts, too, for forecasts look ahead.
    """
    years = set(readings["interval_start"].dt.year().unique())
    calendar = ProductionCalendar(
        closed_weekdays=plant.calendar.closed_weekdays,
        closed_days=frozenset(tariff.public_holidays(years | {max(years) + 1})),
    )
    return plant.model_copy(update={"calendar": calendar})
