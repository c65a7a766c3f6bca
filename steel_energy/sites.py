"""A site: a plant with its tariff, as nearly every question about it needs both."""

from __future__ import annotations

from dataclasses import dataclass

from steel_energy.plant import Plant, load_plants
from steel_energy.settings import SteelSettings
from steel_energy.tariff import Tariff, load_tariff, require_same_carrier


@dataclass(frozen=True)
class Site:
    """One plant and the tariff it is billed under."""

    plant: Plant
    tariff: Tariff

    def __post_init__(self) -> None:
        """Raises InputError where the tariff is of another carrier."""
        require_same_carrier(self.plant, self.tariff)


def load_sites(settings: SteelSettings) -> dict[str, Site]:
    """Every site by plant id, in alphabetical order, as the files say; days that people marked are ``marked_days``'.

    Raises:
        ConfigError: a plant or tariff file does not validate.
        InputError: a plant and its tariff are of different carriers.
    """
    return {
        plant_id: Site(plant, load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir))
        for plant_id, plant in load_plants(settings.plants_dir).items()
    }
