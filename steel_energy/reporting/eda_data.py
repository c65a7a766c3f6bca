"""The readings of the exploratory report with what its sections share: dates, demand, closed days, billed band, price.

Sections only read this; nothing here is worded or drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from steel_energy import calendar, schema
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.months import MONTH_FORMAT
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff


@dataclass(frozen=True)
class EdaData:
    """Cleaned readings in time order with further columns.

    These are ``date``, ``month`` (2018-01), ``slot``, ``weekday``, ``is_closed``, ``season``, ``billing_band``,
    ``energy_krw_per_kwh``, ``demand_kw`` (mean power of the interval) and ``is_daytime`` (an hour that the tariff's
    pattern does not count as light).
    """

    frame: pl.DataFrame
    plant: Plant
    tariff: Tariff

    @cached_property
    def daily(self) -> pl.DataFrame:
        """``date``, ``weekday``, ``is_closed``, ``usage_kwh`` and ``intervals`` of each day."""
        return (
            self.frame.group_by("date", "weekday", "is_closed")
            .agg(pl.col("usage_kwh").sum(), intervals=pl.len())
            .sort("date")
        )

    @cached_property
    def open_days(self) -> pl.DataFrame:
        """The intervals of operating days."""
        return self.frame.filter(~pl.col("is_closed"))

    @cached_property
    def months(self) -> list[str]:
        """Months with readings, as 2018-01, oldest first."""
        return self.frame["month"].unique().sort().to_list()

    @cached_property
    def total_kwh(self) -> float:
        """Active energy of the whole period."""
        return float(self.frame["usage_kwh"].sum())

    @property
    def days(self) -> int:
        """Number of calendar days with readings."""
        return self.daily.height


def prepare(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> EdaData:
    """Add what the sections share to cleaned ``readings`` (one row for each interval, no nulls, any order).

    Raises:
        SchemaError: the columns are not those of the data contract.
        NotEnoughDataError: there is no row.
        InputError: a cell is null.
    """
    rows = schema.require_schema(readings, schema.readings_schema(plant.zone)).sort("interval_start")
    if rows.is_empty():
        raise NotEnoughDataError("there are no readings", field="readings", remedy="clean at least one day first")
    if unknown := [column.name for column in rows if column.null_count()]:
        raise InputError(
            f"has nulls in {', '.join(unknown)}", field="readings", remedy="pass cleaned readings: steel clean"
        )
    start = pl.col("interval_start")
    known = calendar.known_ahead(rows["interval_start"], plant=plant, tariff=tariff).select(
        "slot", "weekday", "is_closed"
    )
    billed = tariff.billed(rows["interval_start"]).drop("interval_start")
    frame = pl.concat([rows, known, billed], how="horizontal").with_columns(
        date=start.dt.date(),
        month=start.dt.strftime(MONTH_FORMAT),
        demand_kw=pl.col("usage_kwh") * schema.INTERVALS_PER_HOUR,
        is_daytime=_band_pattern(rows["interval_start"], tariff) != "light",
    )
    return EdaData(frame, plant, tariff)


def _band_pattern(interval_start: pl.Series, tariff: Tariff) -> pl.Series:
    """The season's hourly band of each interval, before the rules for weekends and holidays."""
    hours = pl.DataFrame({"month": interval_start.dt.month(), "hour": interval_start.dt.hour()})
    return hours.join(tariff.hourly_bands(), on=["month", "hour"], how="left", maintain_order="left")["band"]


def quantile(values: pl.Series, share: float) -> float:
    """The value below which ``share`` (0-1) of ``values`` lie, interpolated.

    >>> quantile(pl.Series([1.0, 2.0, 3.0]), 0.5)
    2.0
    """
    return float(np.quantile(values.to_numpy(), share))


def mean(values: pl.Series) -> float:
    """The mean of numbers, or the share of true values.

    >>> mean(pl.Series([True, False]))
    0.5
    """
    return float(values.to_numpy().mean())
