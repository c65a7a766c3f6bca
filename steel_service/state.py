"""What the endpoints share: settings, sites, readings and champions; built once, by function, so tests pass fakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Protocol, TypeVar

from anyio import CapacityLimiter
from fastapi import Depends, Request

from steel_energy import __version__
from steel_energy.inbox import Inbox
from steel_energy.ladder import Answered, Served
from steel_energy.lake import Lake
from steel_energy.params import CleaningParams, load_params
from steel_energy.planning import PlanningParams
from steel_energy.sites import Site, load_sites
from steel_service.agent.copilot import Copilot
from steel_service.calendars import Calendars
from steel_service.champions import Champions
from steel_service.drifts import Drifts
from steel_service.errors import UnknownPlantError
from steel_service.explained import Explained
from steel_service.forecasts import Forecasts
from steel_service.nowcasts import Nowcasts, NowcastSource
from steel_service.prediction_log import PredictionLog, PredictionSink
from steel_service.readings import LakeReadings, PlantReadings
from steel_service.renewal import Renewal
from steel_service.security.principals import permitted
from steel_service.settings import ServiceSettings
from steel_service.telemetry.metrics import RequestMetrics

SERVICE_VERSION = __version__
T = TypeVar("T")


class ReadingsSource(Protocol):
    """Where readings come from."""

    def of(self, site: Site) -> PlantReadings:
        """What is known of a plant now; NotReadyError where nothing is."""


class ChampionSource(Protocol):
    """Where forecasts come from."""

    def answer(
        self, site: Site, known: PlantReadings, *, origin: dt.datetime, ask: Callable[[Served], T]
    ) -> Answered[T]:
        """What the champion says to ``ask``, or a step below it; a SteelError where no step can answer."""

    def in_use(self, site: Site, known: PlantReadings | None) -> Answered[None]:
        """Which step would answer now; a SteelError where none can."""

    def version(self, site: Site) -> str | None:
        """Version of the champion that serves; None where none does."""

    def refused(self, site: Site) -> Exception | None:
        """Why the newest champion is not the one that serves; None where it is, or where none serves at all."""

    def reload(self, site: Site) -> Renewal[Served]:
        """Load the newest champion now; the one before serves until it is there, and on if it cannot be loaded."""


PLANNING_AT_ONCE = 2


@dataclass(frozen=True)
class State:
    """Everything an endpoint may ask for."""

    settings: ServiceSettings
    sites: Mapping[str, Site]
    readings: ReadingsSource
    champions: ChampionSource
    nowcasts: NowcastSource
    predictions: PredictionSink
    metrics: RequestMetrics
    drifts: Drifts
    planning: PlanningParams
    cleaning: CleaningParams

    @cached_property
    def forecasts(self) -> Forecasts:
        """Forecasts that were computed."""
        return Forecasts(limit_bytes=self.settings.api_forecasts_bytes)

    @cached_property
    def explained(self) -> Explained:
        """What explanations are made of."""
        return Explained()

    @cached_property
    def copilot(self) -> Copilot:
        """What answers questions in plain language."""
        return Copilot(self.settings, self.readings)

    @cached_property
    def planners(self) -> CapacityLimiter:
        """Threads for plans: each keeps a processor busy, and more would only make all of them late."""
        return CapacityLimiter(PLANNING_AT_ONCE)

    @cached_property
    def calendars(self) -> Calendars:
        """Days that people marked as closed or open."""
        return Calendars(self.settings.calendars_dir)

    @cached_property
    def inbox(self) -> Inbox:
        """Where posted readings are kept."""
        return Inbox(self.settings.inbox_dir)

    @property
    def asked_sites(self) -> Mapping[str, Site]:
        """The sites that who asks now may ask about."""
        return permitted(self.sites)

    def site(self, plant_id: str | None) -> Site:
        """The site of a plant id, or of the default plant, with the days that people marked: a new one when they do.

        Of whoever may not ask about the default plant, the first one it may.

        Raises:
            UnknownPlantError: there is no such plant, or who asks may not ask about it, which is told alike.
            StorageError: its marked days cannot be read.
        """
        sites = self.asked_sites
        default = self.settings.plant if self.settings.plant in sites or sites is self.sites else None
        wanted = plant_id or default or next(iter(sites), None)
        if wanted is None or wanted not in sites:
            nothing = "none; add a file to data/plants" if sites is self.sites else "none for this key"
            known = ", ".join(sites) or nothing
            raise UnknownPlantError(f"unknown plant {wanted!r}", field="plant", remedy=f"known plants: {known}").named(
                "unknown_plant", plant=wanted or "", known=known
            )
        return self.calendars.of(sites[wanted])


def build_state(settings: ServiceSettings) -> State:
    """The state of a real service.

    Raises:
        ConfigError: a plant or tariff file or params.yaml does not validate.
        UnknownPlantError: the default plant is unknown.
    """
    params = load_params(settings.params_file, profile=settings.profile)
    metrics = RequestMetrics()
    state = State(
        settings=settings,
        sites=load_sites(settings),
        readings=LakeReadings(Lake(settings.lake_root)),
        champions=Champions(settings.bundles_dir, params=params.forecasting),
        nowcasts=Nowcasts(settings),
        predictions=PredictionLog(settings, on_lost=metrics.lost),
        metrics=metrics,
        drifts=Drifts(params.drift),
        planning=params.planning,
        cleaning=params.cleaning,
    )
    state.site(None)
    return state


def state_of(request: Request) -> State:
    """The state of the app that answers a request."""
    state: State = request.app.state.steel
    return state


async def _state(request: Request) -> State:
    return state_of(request)


StateOf = Annotated[State, Depends(_state)]
"""How an endpoint asks for the state."""
