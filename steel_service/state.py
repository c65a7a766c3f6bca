"""What the endpoints share: settings, sites, readings and champions; built once, by function, so tests pass fakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Protocol

from fastapi import Depends, Request

from steel_energy.errors import SteelError
from steel_energy.lake import Lake
from steel_energy.sites import Site, load_sites
from steel_service.champions import Champion, Champions
from steel_service.errors import UnknownPlantError
from steel_service.readings import LakeReadings, PlantReadings
from steel_service.settings import ServiceSettings

SERVICE_VERSION = version("steel-energy-copilot")


class ReadingsSource(Protocol):
    """Where readings come from."""

    def of(self, site: Site) -> PlantReadings:
        """What is known of a plant now; NotReadyError where nothing is."""


class ChampionSource(Protocol):
    """Where champions come from."""

    def current(self, site: Site) -> Champion:
        """The champion in use; BundleError where there is none."""

    def refusal(self, plant_id: str) -> SteelError | None:
        """Why the newest bundle is not the one in use."""


@dataclass(frozen=True)
class State:
    """Everything an endpoint may ask for."""

    settings: ServiceSettings
    sites: Mapping[str, Site]
    readings: ReadingsSource
    champions: ChampionSource

    def site(self, plant_id: str | None) -> Site:
        """The site of a plant id, or of the default plant.

        Raises:
            UnknownPlantError: there is no such plant.
        """
        wanted = plant_id or self.settings.plant or next(iter(self.sites), None)
        if wanted is None or wanted not in self.sites:
            known = ", ".join(self.sites) or "none; add a file to data/plants"
            raise UnknownPlantError(f"unknown plant {wanted!r}", field="plant", remedy=f"known plants: {known}")
        return self.sites[wanted]


def build_state(settings: ServiceSettings) -> State:
    """The state of a real service.

    Raises:
        ConfigError: a plant or tariff file does not validate.
        UnknownPlantError: the default plant is unknown.
    """
    state = State(
        settings=settings,
        sites=load_sites(settings),
        readings=LakeReadings(Lake(settings.lake_dir)),
        champions=Champions(settings.bundles_dir),
    )
    state.site(None)
    return state


async def _state(request: Request) -> State:
    state: State = request.app.state.steel
    return state


StateOf = Annotated[State, Depends(_state)]
"""How an endpoint asks for the state."""
