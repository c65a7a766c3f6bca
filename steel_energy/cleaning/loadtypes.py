"""The load type of each interval from the calendar: the tariff's bands on operating days, light on closed ones.

Which of the two a day was is read from the file where the file says it; the plant's production calendar answers for
the rest.
"""

from __future__ import annotations

import polars as pl

from steel_energy.calendar import known_ahead
from steel_energy.plant import Plant, ProductionCalendar
from steel_energy.schema import LoadType
from steel_energy.tariff import Tariff

MIN_AGREEMENT = 0.7  # of a day's readable cells with the calendar's pattern, below which the file's own cells stand


def load_types(interval_start: pl.Series, shown: pl.Series, *, plant: Plant, tariff: Tariff) -> pl.Series:
    """Load type of each interval.

    Args:
        interval_start: interval starts in the plant's zone, whole days where possible.
        shown: the load type that the file shows, null where unreadable; same length.
        plant: its production calendar says which days are closed.
        tariff: gives the hourly bands.

    Returns:
        Series ``load_type`` of the same length, without nulls.
    """
    always_open = plant.model_copy(update={"calendar": ProductionCalendar(closed_weekdays=frozenset())})
    open_band = known_ahead(interval_start, plant=always_open, tariff=tariff)["load_type"]
    day = interval_start.dt.date()
    closed = [date for date in day.unique() if plant.calendar.is_closed(date)]
    frame = pl.DataFrame(
        {"day": day, "shown": shown.cast(LoadType), "open_band": open_band, "planned_closed": day.is_in(closed)}
    )
    fits_open = (pl.col("shown") == pl.col("open_band")).sum().over("day")
    fits_closed = (pl.col("shown") == "light").sum().over("day")
    is_closed = pl.when(fits_open == fits_closed).then("planned_closed").otherwise(fits_closed > fits_open)
    band = pl.when(is_closed).then(pl.lit("light", LoadType)).otherwise("open_band")
    agreement = (pl.col("shown") == pl.col("band")).mean().over("day").fill_null(1.0)
    return (
        frame.with_columns(band=band)
        .select(
            pl.when(agreement >= MIN_AGREEMENT).then("band").otherwise(pl.coalesce("shown", "band")).alias("load_type")
        )
        .to_series()
    )
