"""What a plant meters: electricity, or diesel in litres; how the one is kept as the other, and said again.

All of the product computes in energy, so the column contract and every model hold for any carrier: a litre is kept as
the kWh that burning it gives, its lower heating value. Only where a file is read and where a figure is said to people
are there litres. A fuel has no reactive energy, no power factor and no demand charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from steel_energy.config import NamedRecord
from steel_energy.errors import InputError
from steel_energy.schema import MEASURED

Carrier = Literal["electricity", "diesel"]
REACTIVE = tuple(column.name for column in MEASURED if "reactive" in column.name or "power_factor" in column.name)
"""Columns that say nothing of a fuel: no reactive energy, and the power factor that follows from none."""
TIMES = {"pulse_litres": "pulse_kwh", "contract_litres_per_hour": "contract_kw"}
PER = {"emission_factor_t_per_litre": "emission_factor_t_per_kwh"}
PRICES = {"price_krw_per_litre": "energy_krw_per_kwh"}
"""Keys of files that count litres, and what they are kept as."""


@dataclass(frozen=True)
class Measure:
    """What people count a plant's energy and power in."""

    energy_unit: str
    power_unit: str
    kwh_per_unit: float


KWH = Measure("kWh", "kW", 1.0)


class NotElectricError(InputError):
    """Something was asked of a plant that only electricity has."""

    code = "not_electric"


class OfCarrier(NamedRecord):
    """A file that counts kWh, or litres where it names their heating value."""

    carrier: Carrier = Field(default="electricity", description="What is metered and billed.")
    kwh_per_litre: float | None = Field(default=None, gt=0, description="Lower heating value of the fuel.")

    @property
    def is_fuel(self) -> bool:
        """Whether it is burnt: nothing electrical applies."""
        return self.carrier != "electricity"

    @property
    def measure(self) -> Measure:
        """What people count it in.

        >>> from steel_energy.testing import toy_plant
        >>> toy_plant().measure.energy_unit
        'kWh'
        """
        return Measure("L", "L/h", self.kwh_per_litre) if self.kwh_per_litre else KWH

    def require_electricity(self, *, field: str) -> None:
        """Refuse what a fuel has not: reactive energy, power factors and what follows from them.

        Raises:
            NotElectricError: it meters a fuel; names ``field``.
        """
        if self.is_fuel:
            raise NotElectricError(
                f"{self.id} meters {self.carrier}, which has no reactive energy and no power factor",
                field=field,
                remedy="ask a plant that meters electricity",
            )

    @model_validator(mode="before")
    @classmethod
    def _without_litres(cls, content: object) -> object:
        """The file with kWh in place of its litres; whatever is no number is left to validation."""
        if not isinstance(content, dict):
            return content
        value = content.get("kwh_per_litre")
        return _in_kwh(content, value) if isinstance(value, int | float) and value > 0 else content

    @model_validator(mode="after")
    def _litres_of_a_fuel(self) -> Self:
        if self.is_fuel != (self.kwh_per_litre is not None):
            raise ValueError(f"carrier is {self.carrier}: a fuel, and only a fuel, has kwh_per_litre")
        return self


def _in_kwh(content: Any, kwh_per_litre: float) -> Any:  # noqa: ANN401 - whatever a file holds
    if not isinstance(content, dict):
        return content
    return dict(_kept(name, value, kwh_per_litre) for name, value in content.items())


def _kept(name: str, value: Any, kwh_per_litre: float) -> tuple[str, Any]:  # noqa: ANN401
    if name in PRICES and isinstance(value, dict):
        return PRICES[name], {
            band: price / kwh_per_litre if _is_number(price) else price for band, price in value.items()
        }
    if name in TIMES and _is_number(value):
        return TIMES[name], value * kwh_per_litre
    if name in PER and _is_number(value):
        return PER[name], value / kwh_per_litre
    return name, _in_kwh(value, kwh_per_litre)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
