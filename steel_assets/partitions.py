"""How the graph is cut: plant x month for readings and features, plant x week for predictions, plant for models.

Partition definitions are built from plant files by ``definitions``; nothing is read at import. The key of a plant-month
is ``2018-01|gwangyang``, that of a plant-week ``gwangyang|2018-01-01``: Dagster joins dimensions in alphabetical order.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo

import dagster as dg

from steel_energy.months import MONTH_FORMAT, first_day, month_of, month_start, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import DAYS_PER_WEEK

DAY_FORMAT = "%Y-%m-%d"
MONDAY = 1  # as Dagster counts from Sunday


@dataclass(frozen=True, order=True)
class PlantPart(ABC):
    """One plant in one stretch of time, a month or a week. Sorted by plant, then time."""

    nothing: ClassVar[str]
    """What is said of a part without rows."""
    plant: str

    @classmethod
    @abstractmethod
    def parse(cls, key: str) -> Self:
        """Read Dagster's key."""

    @property
    @abstractmethod
    def key(self) -> str:
        """Dagster's key."""


Part = TypeVar("Part", bound=PlantPart)


@dataclass(frozen=True, order=True)
class PlantMonth(PlantPart):
    """One plant in one month (``2018-01``): a partition of the readings."""

    nothing: ClassVar[str] = "no readings in this month"
    month: str

    @classmethod
    def parse(cls, key: str) -> Self:
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


@dataclass(frozen=True, order=True)
class PlantWeek(PlantPart):
    """One plant in one week, named by its Monday (``2018-01-01``): a partition of predictions and reports."""

    nothing: ClassVar[str] = "nothing in this week"
    week: str

    @classmethod
    def parse(cls, key: str) -> Self:
        """Read Dagster's key.

        >>> PlantWeek.parse("toy|2018-01-01")
        PlantWeek(plant='toy', week='2018-01-01')
        """
        plant, week = key.split("|")
        return cls(plant=plant, week=week)

    @property
    def key(self) -> str:
        """Dagster's key."""
        return f"{self.plant}|{self.week}"

    @property
    def iso(self) -> str:
        """Its name by ISO 8601.

        >>> PlantWeek("toy", "2018-11-19").iso
        '2018-W47'
        """
        return f"{dt.date.fromisoformat(self.week):%G-W%V}"

    def bounds(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """First moment of the week and of the next one, on the plant's clock."""
        monday = dt.datetime.combine(dt.date.fromisoformat(self.week), dt.time(), tzinfo=ZoneInfo(zone))
        return monday, monday + dt.timedelta(days=DAYS_PER_WEEK)


def parts_of(context: dg.AssetExecutionContext) -> list[PlantMonth]:
    """The plant-months of a run, by plant, oldest first."""
    return sorted(PlantMonth.parse(key) for key in context.partition_keys)


def weeks_of(context: dg.AssetExecutionContext) -> list[PlantWeek]:
    """The plant-weeks of a run, by plant, oldest first."""
    return sorted(PlantWeek.parse(key) for key in context.partition_keys)


def range_tags(first: PlantPart, last: PlantPart) -> dict[str, str]:
    """Dagster's tags of a run over everything from ``first`` to ``last`` of a plant."""
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
    months = dg.MonthlyPartitionsDefinition(
        start_date=_first_month(known), **_reach(known, now).options(), fmt=MONTH_FORMAT
    )
    return dg.MultiPartitionsDefinition({"month": months, "plant": plant_partitions(known)})


def plant_week_partitions(plants: Iterable[Plant], *, now: dt.datetime) -> dg.MultiPartitionsDefinition:
    """Plant x week, Monday to Sunday, over the same time as the months."""
    known = list(plants)
    first = first_day(_first_month(known))
    weeks = dg.WeeklyPartitionsDefinition(
        start_date=(first - dt.timedelta(days=first.weekday())).isoformat(),
        **_reach(known, now).options(spare=dt.timedelta(days=DAYS_PER_WEEK - 1)),
        day_offset=MONDAY,
        fmt=DAY_FORMAT,
    )
    return dg.MultiPartitionsDefinition({"plant": plant_partitions(known), "week": weeks})


@dataclass(frozen=True)
class _Reach:
    """How far partitions reach: to the end of a month, or on and on with a clock."""

    last_month: str
    clock: str | None

    def options(self, *, spare: dt.timedelta = dt.timedelta()) -> dict[str, Any]:
        """Dagster's options of partitions that begin in this reach; ``spare`` lets the last one end after it."""
        if self.clock:
            return {"end_offset": 1, "timezone": self.clock}
        return {"end_date": dt.datetime.combine(first_day(shift_month(self.last_month, 1)) + spare, dt.time())}


def _reach(plants: Sequence[Plant], now: dt.datetime) -> _Reach:
    last = max(plant.last_open_month(now) for plant in plants)
    clocks = [now.astimezone(ZoneInfo(plant.zone)) for plant in plants if plant.open_until is None]
    ahead = max(clocks, key=lambda clock: clock.replace(tzinfo=None), default=None)
    return _Reach(last, str(ahead.tzinfo) if ahead and month_of(ahead) == last else None)


def _first_month(plants: Sequence[Plant]) -> str:
    return min(plant.first_month for plant in plants)


def months_back(months: int) -> dg.MultiPartitionMapping:
    """A plant-month needs the same plant's months from ``months`` earlier up to its own."""
    return dg.MultiPartitionMapping(
        {
            "month": dg.DimensionPartitionMapping("month", dg.TimeWindowPartitionMapping(start_offset=-months)),
            "plant": dg.DimensionPartitionMapping("plant", dg.IdentityPartitionMapping()),
        }
    )


def months_of_week() -> dg.MultiPartitionMapping:
    """A plant-week needs the one or two months of the plant that it lies in, as far as they exist."""
    months = dg.TimeWindowPartitionMapping(allow_nonexistent_upstream_partitions=True)
    return dg.MultiPartitionMapping(
        {
            "month": dg.DimensionPartitionMapping("week", months),
            "plant": dg.DimensionPartitionMapping("plant", dg.IdentityPartitionMapping()),
        }
    )


def plant_of_week() -> dg.MultiToSingleDimensionPartitionMapping:
    """A plant-week needs what there is of its plant."""
    return dg.MultiToSingleDimensionPartitionMapping("plant")


def all_months() -> dg.MultiToSingleDimensionPartitionMapping:
    """A plant needs all its months."""
    return dg.MultiToSingleDimensionPartitionMapping("plant")
