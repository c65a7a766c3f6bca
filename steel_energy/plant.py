"""A plant: its meter, tariff, production calendar and load profile, read from ``data/plants/*.yaml``.

Meter, tariff and calendar are facts of the plant. The load profile only shapes the simulated plant; nothing else reads
it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from steel_energy.carrier import OfCarrier
from steel_energy.config import Record, ids_in, load_named
from steel_energy.months import month_of, month_start, shift_month
from steel_energy.schema import HOURS_PER_DAY

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


MeterMinutes = Literal[1, 3, 5, 15, 30, 60]
"""They divide 15 minutes, or 15 minutes divide them: each makes whole quarter hours."""


class Meter(Record):
    """What the meter's display does to the energy that flows through it."""

    pulse_kwh: float = Field(gt=0, description="Energy of one pulse; every shown energy is a multiple of it.")
    emission_factor_t_per_kwh: float = Field(gt=0, description="CO2 the meter books for each kWh.")
    interval_minutes: MeterMinutes = Field(
        default=15,
        description="Time that one row of its exports covers; other intervals than 15 minutes are brought to those.",
    )


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


LabelConvention = Literal["end", "start"]
Share = Annotated[float, Field(ge=0, le=1)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ByMonth = Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=12, max_length=12)]


class Shift(Record):
    """A stretch of the day in which the plant may work. Powers are shares of the contracted demand."""

    weekdays: frozenset[Weekday] = Field(description="Weekdays on which it starts.")
    start_hour: float = Field(ge=0, lt=HOURS_PER_DAY, description="Hour of the plant's clock at which it starts.")
    end_hour: float = Field(
        gt=0, le=2 * HOURS_PER_DAY, description="Hour at which it ends, counted from the same midnight."
    )
    spread_hours: float = Field(default=0.2, ge=0, description="Starts late and ends early by up to this.")
    ramp_hours: float = Field(default=0.25, ge=0.25, description="Time from standstill to full load and back.")
    worked_share: Share = Field(default=1.0, description="Share of the open days on which it is worked.")
    base_share: Share = Field(default=0.17, description="Power of the auxiliaries while it is worked.")
    parallel_runs: float = Field(
        default=4.0, ge=0, le=1000, description="Production runs at the same time, on average."
    )

    @model_validator(mode="after")
    def _ends_after_start(self) -> Shift:
        if self.end_hour <= self.start_hour:
            raise ValueError(f"ends at {self.end_hour}, not after its start {self.start_hour}; past midnight add 24")
        return self


class CapacitorBank(Record):
    """Capacitors on a time switch: they compensate inductive load and lead where there is none."""

    power_share: Share = Field(description="Reactive power, as a share of the contracted demand.")
    on_hours: tuple[tuple[float, float], ...] = Field(description="Hours of the day between which it is connected.")

    @field_validator("on_hours")
    @classmethod
    def _within_a_day(cls, on_hours: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if wrong := [pair for pair in on_hours if not 0 <= pair[0] < pair[1] <= HOURS_PER_DAY]:
            raise ValueError(f"needs pairs of hours in order, 0-{HOURS_PER_DAY}, got {wrong}")
        return on_hours


def _day_shifts() -> tuple[Shift, ...]:
    every_day = frozenset(WEEKDAYS)  # on which of them the plant is open is the calendar's matter
    return (
        Shift(weekdays=every_day, start_hour=8, end_hour=12),
        Shift(weekdays=every_day, start_hour=13, end_hour=17),
    )


def _day_bank() -> tuple[CapacitorBank, ...]:
    return (CapacitorBank(power_share=0.1, on_hours=((8.0, 18.0),)),)


class LoadProfile(Record):
    """How the simulated plant draws power.

    The defaults are a day-shift plant of any size: all powers are shares of the contracted demand.
    """

    shifts: tuple[Shift, ...] = Field(
        default_factory=_day_shifts, description="When the plant works; they may overlap."
    )
    idle_share: Share = Field(default=0.02, description="Power of the idle plant, averaged over the year.")
    idle_by_month: ByMonth = Field(default=(1.0,) * 12, description="Idle power relative to that, January first.")
    idle_spread: float = Field(default=0.1, ge=0, le=2, description="Relative slow wander of the idle power.")
    run_share: Share = Field(default=0.05, description="Mean power of one production run.")
    run_spread: float = Field(default=0.5, ge=0, le=2, description="Spread of the logarithm of that power.")
    run_hours: float = Field(default=0.75, ge=0.05, description="Mean length of a production run.")
    production_by_month: ByMonth = Field(default=(1.0,) * 12, description="Relative level of the runs, January first.")
    day_spread: float = Field(default=0.2, ge=0, le=2, description="Spread of the logarithm of the level between days.")
    day_persistence: float = Field(
        default=0.6, ge=0, le=0.95, description="Correlation of that level with the day before."
    )
    shift_spread: float = Field(
        default=0.2, ge=0, le=2, description="Spread of the logarithm of the level between shifts."
    )
    demand_limit_share: float = Field(default=0.98, gt=0, le=1, description="Demand the load control never exceeds.")
    tan_phi: float = Field(default=0.55, ge=0, description="Inductive kvarh for each kWh of production.")
    tan_phi_spread: float = Field(default=0.12, ge=0, le=2, description="Spread of its logarithm between days.")
    idle_reactive_share: Share = Field(default=0.025, description="Inductive power of the idle plant.")
    capacitors: tuple[CapacitorBank, ...] = Field(
        default_factory=_day_bank, description="Compensation on time switches."
    )
    ripple_share: Share = Field(default=0.06, description="Swing of reactive power within an interval, of the load.")


class Plant(OfCarrier):
    """One plant with one main meter."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Name used in paths, partitions and requests.")
    name: str
    zone: str = Field(description="IANA time zone of the plant.")
    first_month: Month = Field(description="First month with readings, as 2018-01.")
    last_month: Month = Field(description="Last month of the export; the simulator fills it too.")
    open_until: Month | None = Field(
        default=None, description="Last month that readings may be posted for; without it, always the current month."
    )
    contract_kw: float = Field(gt=0, description="Contracted demand.")
    tariff: str = Field(description="Id of a file in data/tariffs.")
    label: LabelConvention = Field(
        default="end", description="Which end of its interval a time in the plant's exports names: end, or start."
    )
    dataset: Literal["uci-851"] | None = Field(default=None, description="Public data set with this plant's readings.")
    meter: Meter
    calendar: ProductionCalendar
    load: LoadProfile = Field(default_factory=LoadProfile, description="Shape of the simulated load.")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("is no IANA time zone, such as Asia/Seoul")
        return zone

    @model_validator(mode="after")
    def _months_in_order(self) -> Plant:
        if self.last_month < self.first_month:
            raise ValueError(f"last_month {self.last_month} lies before first_month {self.first_month}")
        if self.open_until is not None and self.open_until < self.last_month:
            raise ValueError(f"open_until {self.open_until} lies before last_month {self.last_month}")
        return self

    def last_open_month(self, now: dt.datetime) -> Month:
        """The last month that may have readings: ``open_until``, or the month of ``now`` on the plant's clock.

        Args:
            now: the present, with a zone.
        """
        return max(self.last_month, self.open_until or month_of(now.astimezone(ZoneInfo(self.zone))))

    def is_open_at(self, moment: dt.datetime, *, now: dt.datetime) -> bool:
        """Whether ``moment`` lies in the plant's months: from its first to its last open one, as of ``now``.

        An interval belongs to the month of its start. Both moments have a zone.
        """
        closing = month_start(shift_month(self.last_open_month(now), 1), zone=self.zone)
        return month_start(self.first_month, zone=self.zone) <= moment < closing


def load_plant(plant_id: str, *, plants_dir: Path) -> Plant:
    """The plant of ``plants_dir/<plant_id>.yaml``.

    Raises:
        ConfigError: there is no such file, it does not validate, or its id differs from its file name.
    """
    return load_named(plant_id, Plant, folder=plants_dir)


def load_plants(plants_dir: Path) -> dict[str, Plant]:
    """Every plant of the folder by id, in alphabetical order."""
    return {plant_id: load_plant(plant_id, plants_dir=plants_dir) for plant_id in ids_in(plants_dir)}
