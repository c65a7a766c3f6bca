"""How the graph is cut: plant x month for readings and features, plant for models and reports.

Partition definitions are built from plant files by ``definitions``; nothing is read at import. The key of a plant-month
is ``2018-01|gwangyang``: Dagster joins the dimensions in alphabetical order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import dagster as dg

from steel_energy.months import MONTH_FORMAT, month_of, month_start, shift_month
from steel_energy.plant import Plant


@dataclass(frozen=True, order=True)
class PlantMonth:
    """One plant in one month (``2018-01``): a partition of the readings. Sorted by plant, then month."""

    plant: str
    month: str

    @classmethod
    def parse(cls, key: str) -> PlantMonth:
        """Read Dagster's key.

        >>> PlantMonth.parse("2018-01|toy")
        PlantMonth(plant='toy', month='2018-01')
        """
        month, plant = key.split("|")
        return cls(plant=plant, month=month)

    @property
    def key(self) -> str:
        """Dagster's key."""
        return f"{self.month}|{self.plant}"

    @property
    def previous(self) -> PlantMonth:
        """The month before."""
        return PlantMonth(plant=self.plant, month=shift_month(self.month, -1))

    def back_to(self, months: int) -> list[str]:
        """Its month and the ``months`` before it, oldest first."""
        return [shift_month(self.month, -back) for back in range(months, -1, -1)]

    def bounds(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """First moment of the month and of the next one, on the plant's clock."""
        return month_start(self.month, zone=zone), month_start(shift_month(self.month, 1), zone=zone)


def parts_of(context: dg.AssetExecutionContext) -> list[PlantMonth]:
    """The plant-months of a run, by plant, oldest first."""
    return sorted(PlantMonth.parse(key) for key in context.partition_keys)


def range_tags(first: PlantMonth, last: PlantMonth) -> dict[str, str]:
    """Dagster's tags of a run over all months from ``first`` to ``last`` of a plant."""
    return {"dagster/asset_partition_range_start": first.key, "dagster/asset_partition_range_end": last.key}


def plant_partitions(plants: Iterable[Plant]) -> dg.StaticPartitionsDefinition:
    """One partition for each plant file."""
    return dg.StaticPartitionsDefinition(sorted(plant.id for plant in plants))


def plant_month_partitions(plants: Iterable[Plant], *, now: dt.datetime) -> dg.MultiPartitionsDefinition:
    """Plant x month, over the months that any plant may have readings of.

    Where a plant is open without end, each month comes into being when it begins, on the clock that is furthest ahead.

    Args:
        plants: at least one.
        now: the present, with a zone.
    """
    known = list(plants)
    first, last = min(plant.first_month for plant in known), max(plant.last_open_month(now) for plant in known)
    clocks = [now.astimezone(ZoneInfo(plant.zone)) for plant in known if plant.open_until is None]
    if clocks and last == month_of(ahead := max(clocks, key=lambda clock: clock.replace(tzinfo=None))):
        zone = str(ahead.tzinfo)
        months = dg.MonthlyPartitionsDefinition(start_date=first, end_offset=1, timezone=zone, fmt=MONTH_FORMAT)
    else:
        months = dg.MonthlyPartitionsDefinition(start_date=first, end_date=shift_month(last, 1), fmt=MONTH_FORMAT)
    return dg.MultiPartitionsDefinition({"month": months, "plant": plant_partitions(known)})


def months_back(months: int) -> dg.MultiPartitionMapping:
    """A plant-month needs the same plant's months from ``months`` earlier up to its own."""
    return dg.MultiPartitionMapping(
        {
            "month": dg.DimensionPartitionMapping("month", dg.TimeWindowPartitionMapping(start_offset=-months)),
            "plant": dg.DimensionPartitionMapping("plant", dg.IdentityPartitionMapping()),
        }
    )


def all_months() -> dg.MultiToSingleDimensionPartitionMapping:
    """A plant needs all its months."""
    return dg.MultiToSingleDimensionPartitionMapping("plant")
