"""Tariffs of electricity and of fuels: which band an interval falls in, and what a kWh costs there.

A tariff is data (``data/tariffs/*.yaml``), not code. Two bands must not be confused: the *load type* of the readings
is the season's hourly band pattern on operating days and light on closed days; the *billing band* is what the utility
bills, with its own rules for Saturdays, Sundays and public holidays.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import holidays
import polars as pl
from pydantic import Field, field_validator, model_validator

from steel_energy.carrier import OfCarrier
from steel_energy.config import Record, fault_within, load_named
from steel_energy.errors import InputError
from steel_energy.plant import Plant
from steel_energy.schema import HOURS_PER_DAY, LoadType

Band = Literal["light", "medium", "maximum"]
Dtypes = dict[str, pl.DataType | type[pl.DataType]]
BAND_LETTERS: dict[str, Band] = {"L": "light", "M": "medium", "X": "maximum"}
MONTHS = range(1, 13)
SATURDAY, SUNDAY = 6, 7  # ISO weekday numbers, as Polars counts them


class Season(Record):
    """Months that share an hourly band pattern and energy prices."""

    months: tuple[int, ...] = Field(description="Calendar months 1-12.")
    bands: str = Field(description="24 letters, hour 0 to 23: L light, M medium, X maximum.")
    energy_krw_per_kwh: dict[Band, float] = Field(description="Energy price of each band that is billed.")

    @field_validator("bands")
    @classmethod
    def _whole_day(cls, bands: str) -> str:
        if len(bands) != HOURS_PER_DAY or set(bands) - set(BAND_LETTERS):
            raise ValueError(
                f"needs {HOURS_PER_DAY} letters out of {''.join(BAND_LETTERS)}, got {len(bands)}: {bands!r}"
            )
        return bands

    @field_validator("energy_krw_per_kwh")
    @classmethod
    def _no_negative_price(cls, prices: dict[Band, float]) -> dict[Band, float]:
        if negative := {band: price for band, price in prices.items() if price < 0}:
            raise ValueError(f"has negative prices {negative}")
        return prices


class DemandCharge(Record):
    """The monthly charge for the highest demand; the field's word for it is base or capacity charge too."""

    krw_per_kw: float = Field(ge=0, description="Price of each kW of billing demand for a month.")
    ratchet_months: frozenset[Annotated[int, Field(ge=1, le=12)]] = Field(
        default=frozenset(),
        description="Calendar months whose highest demand goes on counting for the eleven months after.",
    )
    min_contract_share: float = Field(
        default=0.0, ge=0, le=1, description="Share of the contracted demand that is billed at least."
    )


class PowerFactorClause(Record):
    """A surcharge on the demand charge for a poor power factor in some hours, and a credit for a good one."""

    reactive: Literal["lagging", "leading"] = Field(description="Which reactive energy it counts.")
    from_hour: int = Field(ge=0, lt=HOURS_PER_DAY, description="Hour of the plant's clock from which it counts.")
    to_hour: int = Field(ge=0, le=HOURS_PER_DAY, description="Hour until which it counts; may lie after midnight.")
    limit_percent: float = Field(gt=0, le=100, description="Power factor below which each point costs.")
    credit_until_percent: float | None = Field(
        default=None, le=100, description="Power factor up to which each point above the limit earns; none if absent."
    )
    share_per_point: float = Field(ge=0, le=1, description="Share of the demand charge that a point costs or earns.")

    @model_validator(mode="after")
    def _credit_above_limit(self) -> PowerFactorClause:
        if self.credit_until_percent is not None and self.credit_until_percent < self.limit_percent:
            raise ValueError(f"credit_until_percent {self.credit_until_percent} lies below limit_percent")
        return self

    def points(self, percent: float) -> float:
        """Points that are billed: positive below the limit, negative, a credit, above it.

        >>> hours = {"from_hour": 9, "to_hour": 23}
        >>> limits = {"limit_percent": 90, "credit_until_percent": 95}
        >>> clause = PowerFactorClause(reactive="lagging", share_per_point=0.002, **hours, **limits)
        >>> clause.points(88.5), clause.points(93), clause.points(99)
        (1.5, -3.0, -5.0)
        """
        best = self.limit_percent if self.credit_until_percent is None else self.credit_until_percent
        return self.limit_percent - min(percent, best)

    def counts(self, hour: pl.Expr) -> pl.Expr:
        """Whether an hour 0-23 is one of its hours."""
        first, last = hour >= self.from_hour, hour < self.to_hour
        return first & last if self.from_hour < self.to_hour else first | last


class Tariff(OfCarrier):
    """A time-of-use tariff: seasons with bands and prices, the utility's day rules, demand charge and clauses."""

    name: str
    source: str = Field(description="Where the prices are published.")
    valid_from: dt.date
    valid_to: dt.date
    country: str = Field(description="ISO country whose public holidays the tariff honours.")
    saturday_maximum_as: Band = Field(description="Band billed on Saturdays where the pattern says maximum.")
    holiday_as: Band = Field(description="Band billed all day on Sundays and public holidays.")
    demand: DemandCharge = Field(
        default=DemandCharge(krw_per_kw=0), description="Charge for the highest demand; a fuel has none."
    )
    power_factor: tuple[PowerFactorClause, ...] = Field(default=(), description="Clauses on the power factor.")
    co2_krw_per_t: float = Field(default=0.0, ge=0, description="Price of each tonne of CO2, where one is paid.")
    seasons: dict[str, Season]

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        if country not in holidays.list_supported_countries():
            raise ValueError("is no ISO country code with known public holidays, such as KR or ES")
        return country

    @model_validator(mode="after")
    def _valid_in_order(self) -> Tariff:
        if self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    @model_validator(mode="after")
    def _nothing_electrical_of_a_fuel(self) -> Tariff:
        if self.is_fuel and (self.power_factor or self.demand.krw_per_kw or self.demand.min_contract_share):
            raise ValueError(f"{self.carrier} has no demand charge and no power factor")
        return self

    @field_validator("seasons")
    @classmethod
    def _each_month_once(cls, seasons: dict[str, Season]) -> dict[str, Season]:
        season_of: dict[int, str] = {}
        for name, season in seasons.items():
            for place, month in enumerate(season.months):
                if month not in MONTHS:
                    raise fault_within(f"{month} is no month", name, "months", place)
                if month in season_of:
                    raise fault_within(f"month {month} is in {season_of[month]} already", name, "months", place)
                season_of[month] = name
        if missing := [str(month) for month in MONTHS if month not in season_of]:
            raise fault_within(f"no season has month {', '.join(missing)}")
        return seasons

    @model_validator(mode="after")
    def _every_billed_band_priced(self) -> Tariff:
        for name, season in self.seasons.items():
            pattern = {BAND_LETTERS[letter] for letter in season.bands}
            saturday = {self.saturday_maximum_as} if "maximum" in pattern else set()
            if missing := {*pattern, *saturday, self.holiday_as} - set(season.energy_krw_per_kwh):
                raise ValueError(f"season {name} has no price for {', '.join(sorted(missing))}, which it bills")
        return self

    def _season(self, month: int) -> tuple[str, Season]:
        return next((name, season) for name, season in self.seasons.items() if month in season.months)

    def hourly_bands(self) -> pl.DataFrame:
        """One row a month and hour: ``month``, ``hour``, ``season``, ``band`` (the pattern, before day rules)."""
        return self._hourly_bands

    @cached_property
    def _hourly_bands(self) -> pl.DataFrame:  # each forecast asks twice, and making it takes a millisecond
        rows = [
            (month, hour, name, BAND_LETTERS[letter])
            for month in MONTHS
            for name, season in [self._season(month)]
            for hour, letter in enumerate(season.bands)
        ]
        schema: Dtypes = {"month": pl.Int8, "hour": pl.Int8, "season": pl.String, "band": LoadType}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def prices(self) -> pl.DataFrame:
        """One row for each season and band: ``season``, ``billing_band``, ``energy_krw_per_kwh``."""
        rows = [(n, band, price) for n, s in self.seasons.items() for band, price in s.energy_krw_per_kwh.items()]
        schema: Dtypes = {"season": pl.String, "billing_band": LoadType, "energy_krw_per_kwh": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def priced_bands(self) -> pl.DataFrame:
        """``hourly_bands`` with the price of each, ``energy_krw_per_kwh``."""
        prices = self.prices().rename({"billing_band": "band"})
        return self.hourly_bands().join(prices, on=["season", "band"], how="left", maintain_order="left")

    def public_holidays(self, years: set[int]) -> list[dt.date]:
        """Public holidays of the tariff's country in ``years``, sorted."""
        return list(_public_holidays(self.country, frozenset(years)))

    def billed(self, interval_start: pl.Series) -> pl.DataFrame:
        """Season, billing band and energy price of each interval, in the given order.

        Args:
            interval_start: interval starts in the plant's zone.

        Returns:
            ``interval_start``, ``season``, ``billing_band``, ``energy_krw_per_kwh``; one row for each input.
        """
        start = pl.col("interval_start")
        years = set(interval_start.dt.year().unique().to_list())
        free = (start.dt.weekday() == SUNDAY) | start.dt.date().is_in(self.public_holidays(years))
        relaxed = (start.dt.weekday() == SATURDAY) & (pl.col("band") == "maximum")
        return (
            pl.DataFrame({"interval_start": interval_start})
            .with_columns(month=start.dt.month(), hour=start.dt.hour())
            .join(self.hourly_bands(), on=["month", "hour"], how="left", maintain_order="left")
            .with_columns(
                billing_band=pl.when(free)
                .then(pl.lit(self.holiday_as, LoadType))
                .when(relaxed)
                .then(pl.lit(self.saturday_maximum_as, LoadType))
                .otherwise(pl.col("band"))
            )
            .join(self.prices(), on=["season", "billing_band"], how="left", maintain_order="left")
            .select("interval_start", "season", "billing_band", "energy_krw_per_kwh")
        )


@lru_cache(maxsize=64)
def _public_holidays(country: str, years: frozenset[int]) -> tuple[dt.date, ...]:
    return tuple(sorted(holidays.country_holidays(country, years=years)))


def require_same_carrier(plant: Plant, tariff: Tariff) -> None:
    """Refuse a tariff of another carrier, or of a fuel with another heating value, which would bill wrong litres.

    Raises:
        InputError: it is one.
    """
    ours, theirs = ((one.carrier, one.kwh_per_litre) for one in (plant, tariff))
    if ours != theirs:
        named = [f"{carrier}{f' of {kwh:g} kWh per litre' if kwh else ''}" for carrier, kwh in (theirs, ours)]
        raise InputError(
            f"tariff {tariff.id} is of {named[0]}, and plant {plant.id} meters {named[1]}",
            field="tariff",
            remedy="name a tariff of the same carrier and kwh_per_litre",
        )


def load_tariff(tariff_id: str, *, tariffs_dir: Path) -> Tariff:
    """The tariff of ``tariffs_dir/<tariff_id>.yaml``.

    Raises:
        ConfigError: there is no such file, it does not validate, or its id differs from its file name.
    """
    return load_named(tariff_id, Tariff, folder=tariffs_dir)
