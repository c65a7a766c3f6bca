"""A plant: its meter's constants, its tariff and its production calendar, read from ``data/plants/*.yaml``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from steel_energy.config import Record, load_record
from steel_energy.errors import ConfigError

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Meter(Record):
    """What the meter's display does to the energy that flows through it."""

    pulse_kwh: float = Field(gt=0, description="Energy of one pulse; every shown energy is a multiple of it.")
    emission_factor_t_per_kwh: float = Field(gt=0, description="CO2 the meter books for each kWh.")


class ProductionCalendar(Record):
    """On which days the plant does not run. Known ahead of time, so it is a legitimate input of a forecast."""

    closed_weekdays: frozenset[Weekday] = Field(description="Weekdays on which the plant is closed as a rule.")
    closed_days: frozenset[dt.date] = Field(default=frozenset(), description="Further closed dates.")
    open_days: frozenset[dt.date] = Field(default=frozenset(), description="Dates that run despite the rule.")

    def is_closed(self, date: dt.date) -> bool:
        """Whether the plant is closed on ``date``: the lists first, then the weekday rule.

        >>> ProductionCalendar(closed_weekdays={"sunday"}).is_closed(dt.date(2018, 1, 7))
        True
        """
        if date in self.closed_days:
            return True
        return WEEKDAYS[date.weekday()] in self.closed_weekdays and date not in self.open_days


class Plant(Record):
    """One plant with one main meter."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Name used in paths, partitions and requests.")
    name: str
    zone: str = Field(description="IANA time zone of the plant.")
    first_month: str = Field(pattern=r"^\d{4}-\d{2}$", description="First month with readings, as 2018-01.")
    last_month: str = Field(
        pattern=r"^\d{4}-\d{2}$",
        description="Last month with readings; the simulator fills it too.",
    )
    contract_kw: float = Field(gt=0, description="Contracted demand.")
    tariff: str = Field(description="Id of a file in data/tariffs.")
    meter: Meter
    calendar: ProductionCalendar

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("is no IANA time zone, such as Asia/Seoul")
        return zone


def load_plant(plant_id: str, *, plants_dir: Path) -> Plant:
    """The plant of ``plants_dir/<plant_id>.yaml``.

    Raises:
        ConfigError: there is no such file, it does not validate, or its id differs from its file name.
    """
    known = sorted(path.stem for path in plants_dir.glob("*.yaml"))
    if plant_id not in known:
        raise ConfigError(
            f"unknown plant {plant_id!r}",
            field="plant",
            remedy=f"use one of: {', '.join(known) or 'none found'}",
        )
    plant = load_record(plants_dir / f"{plant_id}.yaml", Plant)
    if plant.id != plant_id:
        raise ConfigError(f"has id {plant.id!r}", field=f"{plant_id}.yaml", remedy="make the id the file's name")
    return plant


def load_plants(plants_dir: Path) -> dict[str, Plant]:
    """Every plant of the folder by id, in alphabetical order."""
    return {path.stem: load_plant(path.stem, plants_dir=plants_dir) for path in sorted(plants_dir.glob("*.yaml"))}
