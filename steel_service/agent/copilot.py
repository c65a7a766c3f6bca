"""What the copilot keeps between questions: scenes, libraries, conversations, and the language model where one is set.

Built lazily, so that a service whose copilot nobody asks pays nothing; a worker warms it up when it starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.config import ids_in
from steel_energy.errors import SteelError
from steel_energy.history import readings_end
from steel_energy.knowledge import Library
from steel_energy.params import Params, load_params
from steel_energy.planning.request import Movable
from steel_energy.sites import Site
from steel_service.agent.feedback import FeedbackLog
from steel_service.agent.llm import ChatModel, build_model
from steel_service.agent.memory import Gate, Sessions
from steel_service.agent.readiness import Readiness
from steel_service.api_models.info import CopilotHealth
from steel_service.places import public_location
from steel_service.settings import ServiceSettings

if TYPE_CHECKING:
    from steel_service.state import ReadingsSource

GLANCE_S = 0.1
"""A turn waits so long for a word from Ollama before it says that it has begun."""
FIRST_QUESTIONS = {
    "en": "how much will we use tomorrow from 10 am to 2 pm?",
    "es": "¿cuánto gastamos la semana pasada?",
}
"""Asked when a worker starts: the first question of a language compiles its words."""


UNCHECKED = CopilotHealth(answers="planner", model=None, state="checking", remedy="ask again in a moment")
"""Before Ollama has answered, or failed to."""


async def glanced(looking: asyncio.Task[Readiness]) -> Readiness | None:
    """What is known of the language model within a moment; None where nothing is yet."""
    done, _ = await asyncio.wait({looking}, timeout=GLANCE_S)
    return looking.result() if done else None


class Copilot:
    """The copilot of one worker; to be used from one event loop.

    Args:
        settings: of the service.
        readings: where the end of the known readings comes from.
    """

    def __init__(self, settings: ServiceSettings, readings: ReadingsSource) -> None:
        self.settings = settings
        self._readings = readings
        self._libraries: dict[str, tuple[Site, Library]] = {}
        self.sessions = Sessions(most=settings.copilot_max_sessions, minutes=settings.copilot_session_minutes)
        self.gate = Gate(settings.copilot_max_turns)
        self.feedback = FeedbackLog(settings)

    @cached_property
    def params(self) -> Params:
        """The defaults behind words and notes."""
        return load_params(self.settings.params_file, profile=self.settings.profile)

    @cached_property
    def tariffs(self) -> tuple[str, ...]:
        """Ids that a question may name."""
        return tuple(ids_in(self.settings.tariffs_dir))

    @cached_property
    def model(self) -> ChatModel | None:
        """The language model, whether it is there or not; None where none is wanted. Takes a second the first time."""
        return None if self.settings.copilot_llm == "off" else build_model(self.settings.model)

    def scene(self, site: Site) -> Scene:
        """A plant as it stands now.

        Raises:
            NotReadyError: nothing is known of it yet.
        """
        standard = self.params.savings.standard_plan
        return Scene(
            now=readings_end(self._readings.of(site).readings),
            tariff=site.tariff,
            tariffs=self.tariffs,
            movable=Movable(
                share=standard.movable_share, max_added_kw=standard.max_added_share * site.plant.contract_kw
            ),
            params=self.params.asking,
        )

    def library(self, site: Site) -> Library:
        """The notes on a plant; made anew when its calendar has changed."""
        held = self._libraries.get(site.plant.id)
        if held is None or held[0] is not site:
            held = site, Library.of(site, params=self.params, settings=self.settings)
            self._libraries[site.plant.id] = held
        return held[1]

    def look(self) -> asyncio.Task[Readiness] | None:
        """Begin to look whether the language model can be asked; None where none is wanted."""
        return asyncio.ensure_future(self.model.ready()) if self.model else None

    async def health(self) -> CopilotHealth:
        """Who would answer now, as far as a moment's look tells."""
        looking = self.look()
        if looking is None:
            return CopilotHealth(answers="planner", model=None, state="off", remedy="")
        found = await glanced(looking)
        if found is None:
            return UNCHECKED.model_copy(update={"model": self.settings.ollama_model})
        answers = "llm" if found.is_ready else "planner"
        return CopilotHealth(answers=answers, model=found.model, state=found.state, remedy=self.public(found.remedy))

    def public(self, text: str) -> str:
        """A text without the secrets that Ollama's address may hold."""
        url = self.settings.ollama_url
        return text.replace(url, public_location(url))

    async def aclose(self) -> None:
        """Give the connections to Ollama back; a worker that ends needs not."""
        if "model" in vars(self) and self.model:
            await self.model.aclose()

    def warm_up(self, sites: Mapping[str, Site]) -> None:
        """Do what the first question would wait for; what cannot be done yet is left to that question."""
        _ = self.model
        for site in sites.values():
            with suppress(SteelError):  # nothing built yet, which /health says, or notes that whoever asks is told of
                self._warm_up(site)

    def _warm_up(self, site: Site) -> None:
        scene, library = self.scene(site), self.library(site)
        for language in LANGUAGES:
            understand(FIRST_QUESTIONS[language], scene)
            library.look_up("kWh", language=language)
