"""What the reader counts a plant's energy in: kWh, or litres of a fuel; answers of the service are kWh for every plant.

An answer is counted in the reader's units as a whole when it arrives, so that no page needs to know of fuels: a field
that is named for kWh or kW holds, of a fuel, litres or litres an hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from steel_client.models import PlantFacts

T = TypeVar("T")
ENERGY = re.compile(r"(?:.*_)?kwh?|q\d\d")
"""Fields of energies, powers and quantiles of energies."""
PER_ENERGY = re.compile(r".*_per_kwh")
KEPT_TEXTS = ("column_", "rule_")
"""Beginnings of texts that name what a meter's table holds, which is kWh."""


@dataclass(frozen=True)
class Units:
    """Names of the units of energy and power, and the kWh of one."""

    energy: str = "kWh"
    power: str = "kW"
    kwh: float = 1.0

    def named(self, key: str, text: str) -> str:
        """A text of the page with these units in place of kWh and kW.

        >>> Units("L", "L/h", 10.0).named("axis", "kWh per 15 min, at most 5 kW")
        'L per 15 min, at most 5 L/h'
        """
        if self == KWH or key.startswith(KEPT_TEXTS):
            return text
        return re.sub(r"\bkW\b", self.power, re.sub(r"\bkWh\b", self.energy, text))

    def column(self, name: str) -> str:
        """The name of a downloaded column that is counted in these units.

        >>> Units("L", "L/h", 10.0).column("usage_kwh"), Units("L", "L/h", 10.0).column("peak_kw"), KWH.column("q05")
        ('usage_l', 'peak_l_per_h', 'q05')
        """
        if self == KWH:
            return name
        power, energy = (unit.lower().replace("/", "_per_") for unit in (self.power, self.energy))
        return re.sub(r"_kwh$", f"_{energy}", re.sub(r"_kw$", f"_{power}", name))


KWH = Units()


def units_of(plant: PlantFacts) -> Units:
    """What a plant is counted in."""
    return Units(plant.energy_unit, plant.power_unit, plant.kwh_per_unit)


def counted(answer: T, units: Units) -> T:
    """A record of the service in other units than its own; what is no record stays as it is."""
    if units == KWH or not isinstance(answer, BaseModel):
        return answer
    return type(answer).model_validate(_counted("", answer.model_dump(), units.kwh))


def holds_energy(answer: object) -> bool:
    """Whether units matter to an answer."""
    return isinstance(answer, BaseModel) and _holds_energy(answer.model_dump())


def _holds_energy(value: Any) -> bool:  # noqa: ANN401 - JSON, at any depth
    if isinstance(value, dict):
        return any(ENERGY.fullmatch(str(key)) or _holds_energy(one) for key, one in value.items())
    return isinstance(value, list | tuple) and any(map(_holds_energy, value))


def _counted(name: str, value: Any, kwh: float) -> Any:  # noqa: ANN401 - JSON, at any depth
    if isinstance(value, dict):
        return {key: _counted(str(key), one, kwh) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_counted(name, one, kwh) for one in value]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    if PER_ENERGY.fullmatch(name):
        return value * kwh
    return value / kwh if ENERGY.fullmatch(name) else value
