"""What one visit knows: the choices of its reader, and how the service is; pages keep their own answers.

One object for each visit, never a module global. The choices stand in the page's address (``ADDRESS``), so that a link
shows another person the same.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, get_args
from urllib.parse import urlencode

import param

from steel_ui.client import EnergyService, Health, PlantFacts, Problem, ServiceError, WhoAmI, problems_of
from steel_ui.replay import LATEST
from steel_ui.series import WINDOWS
from steel_ui.words import LANGUAGES, Words, words

Role = Literal["viewer", "operator", "admin"]
"""What somebody may do, as the service has it; each may do all that the one before it may."""
ROLES: tuple[Role, ...] = get_args(Role)
THEMES = ("light", "dark")
HORIZONS = MappingProxyType({"24h": 24, "7d": 168})
"""How far a forecast may be shown, in hours."""
TASKS = ("schedule", "what-if")
"""What the plan page is asked: when to run what, or what would be if."""
SPANS = MappingProxyType({"all": 0, "90d": 90, "30d": 30})
"""Periods of cleaning to look at, in days before the end of the readings; 0 is all of them."""
ADDRESS = MappingProxyType(
    {
        "page": "page",
        "plant": "plant",
        "language": "lang",
        "theme": "theme",
        "window": "period",
        "horizon": "horizon",
        "at": "at",
        "task": "task",
        "span": "span",
        "rule": "rule",
        "column": "column",
    }
)
"""Which choice stands under which name in the page's address."""


class Session(param.Parameterized):
    """State of one visit.

    Args:
        service: the service to ask.
        retry_s: seconds between two tries while something is missing.
        refresh_s: seconds between two looks for newer readings while all is well.
        signs_in: whether the reader may sign in, with a key of their own.
    """

    page = param.String(default="", doc="Key of the page that is shown; empty for the first one.")
    plant = param.String(default="", doc="Id of the plant; empty for the service's default.")
    language = param.Selector(default="en", objects=list(LANGUAGES), doc="Language of the page.")
    theme = param.Selector(default="light", objects=list(THEMES), doc="Whether the page is light or dark.")
    shown = param.String(default="", doc="Key of the page that is shown, whatever the address says; kept by the frame.")
    window = param.Selector(default="3d", objects=list(WINDOWS), doc="How much of the past the forecast's chart shows.")
    horizon = param.Selector(default="24h", objects=list(HORIZONS), doc="How far the forecast reaches.")
    at = param.Parameter(default=LATEST, doc="Moment to look at, as in the page's address: ISO plant time or latest.")
    task = param.Selector(default=TASKS[0], objects=list(TASKS), doc="What the plan page is asked.")
    span = param.Selector(default="all", objects=list(SPANS), doc="Period whose cleaning is looked at.")
    rule = param.String(default="", doc="Changes by this rule of cleaning alone; empty for all.")
    column = param.String(default="", doc="Changes of this column alone; empty for all.")
    health = param.ClassSelector(class_=Health, default=None, allow_None=True, doc="The service's last word on itself.")
    who = param.ClassSelector(class_=WhoAmI, default=None, allow_None=True, doc="Who asks; None until it is known.")
    plants = param.ClassSelector(class_=tuple, default=(), doc="The plants of the service, as PlantFacts.")
    problems = param.ClassSelector(class_=tuple, default=(), doc="What is missing now, as Problem records.")
    faults = param.ClassSelector(class_=tuple, default=(), doc="What the dashboard failed at, as Problem records.")
    news = param.Integer(default=0, doc="Counts how often the service had something new: readings, a model, a source.")

    def __init__(
        self,
        service: EnergyService,
        *,
        retry_s: float,
        refresh_s: float,
        signs_in: bool = False,
        **choices: object,
    ) -> None:
        super().__init__(**choices)
        self.service = service
        self.retry_s = retry_s
        self.refresh_s = refresh_s
        self.signs_in = signs_in
        self._waited_s = 0.0
        self._is_looking = False
        service.plant = self.plant or None

    @property
    def dark(self) -> bool:
        """Whether the dark theme is on."""
        return bool(self.theme == "dark")

    def by_way_of(self, door: Literal["login", "logout"]) -> str:
        """The address of ``door`` that leads back to what is shown now."""
        shown = {name: getattr(self, choice) for choice, name in ADDRESS.items() if getattr(self, choice)}
        return f"{door}?{urlencode({'next': f'./?{urlencode(shown)}'})}"

    @property
    def login_address(self) -> str:
        """Where the reader may sign in to come back to what is shown now; empty where nobody signs in."""
        return self.by_way_of("login") if self.signs_in else ""

    @property
    def role(self) -> Role | None:
        """What the reader may do; None while the service has not said it."""
        return self.who.role if self.who else None

    def may(self, role: Role) -> bool:
        """Whether the reader may do what takes ``role``; False while that is not known.

        The service has the last word: this only decides what is offered. What depends on it follows ``param.who``.
        """
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)

    def words(self, language: str | None = None) -> Words:
        """The words of a language, or of the chosen one, for the chosen plant, which may be counted in litres."""
        return words(language or self.language, self.service.units)

    @property
    def plant_facts(self) -> PlantFacts | None:
        """What the service says of the chosen plant; None while it has not said it."""
        chosen = self.health.plant if self.health else self.plant
        plants: tuple[PlantFacts, ...] = self.plants
        return next((plant for plant in plants if plant.id == chosen), None)

    async def tick(self) -> None:
        """Called every ``retry_s``: looks again at once while the service is missing, else every ``refresh_s``."""
        self._waited_s += self.retry_s
        is_missing = self.health is None or bool(self.problems) or self.service.ended is not None
        if self._waited_s >= max(self.refresh_s * (not is_missing), *(problem.wait_s for problem in self.problems), 0):
            await self.look()

    async def look(self) -> None:
        """Ask how the service is; what is new is counted, what is missing is a problem; raises no ``ServiceError``."""
        if self._is_looking:
            return
        self._is_looking, self._waited_s, plant = True, 0.0, None
        try:
            while plant != (self.plant,):  # another one may be chosen while the answer is on its way
                plant = (self.plant,)
                self.service.plant = self.plant or None
                await self._look()
        finally:
            self._is_looking = False

    async def _look(self) -> None:
        try:
            await self._introduce()
            health = await self.service.health()
        except ServiceError as error:
            refused = {"health": None} if error.problem.is_refusal else {}
            refused |= {"who": None} if error.problem.is_of_key else {}
            self.param.update(problems=(error.problem,), **refused)
            return
        is_new = not _same_content(health, self.health)
        self.param.update(health=health, problems=problems_of(health), news=self.news + is_new)

    async def _introduce(self) -> None:
        """Learn once who asks and about which plants; anew after the service did not want to know the key."""
        if self.who is None or not self.plants:
            who = await self.service.whoami()
            plants = await self.service.plants()
            self.param.update(who=who, plants=tuple(plant for plant in plants if plant.id in who.plants))


def lacks(problems: tuple[Problem, ...]) -> bool:
    """Whether something is missing that may be there at the next try."""
    return any(not problem.is_refusal for problem in problems)


def _same_content(new: Health, old: Health | None) -> bool:
    shown = ("plant", "readings_until", "champion", "fallback", "source")
    return old is not None and all(getattr(new, name) == getattr(old, name) for name in shown)
