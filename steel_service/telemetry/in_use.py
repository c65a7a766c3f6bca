"""What of a plant is in use at the moment: its readings and the models that would answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from steel_energy.errors import SteelError
from steel_energy.ladder import Answered
from steel_energy.sites import Site
from steel_service.nowcast import NOWCAST_VERSION
from steel_service.nowcasts import usable
from steel_service.readings import PlantReadings
from steel_service.state import State


@dataclass(frozen=True)
class InUse:
    """What is there of a plant; why a part is None is told by /health.

    Attributes:
        readings: what is known; None before the first build, or where it is damaged.
        forecast: the step that would answer; None where none can.
        nowcast_version: of the fitted model, or of the physics alone.
    """

    readings: PlantReadings | None
    forecast: Answered[None] | None
    nowcast_version: str


def in_use(site: Site, state: State) -> InUse:
    """What is in use of a plant; never fails for what is missing."""
    readings, forecast = None, None
    with suppress(SteelError):  # told by its absence
        readings = state.readings.of(site)
    with suppress(SteelError):
        forecast = state.champions.in_use(site, readings)
    fitted = usable(state.nowcasts, site.plant)
    return InUse(readings, forecast, fitted.manifest.version if fitted else NOWCAST_VERSION)
