"""Jobs as they are said: "the 200 kW furnace for 2 hours", "90 kWh con 30 kW como máximo"."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from steel_energy.asking.lexicon import MARK, Lexicon
from steel_energy.asking.quantities import Quantity

PARTS = {"kw": "power_kw", "minutes": "duration_minutes", "kwh": "energy_kwh"}
"""Unit to the part of a job that it states."""


@dataclass(frozen=True)
class JobSaid:
    """A job as far as it was said."""

    name: str = ""
    power_kw: float | None = None
    duration_minutes: float | None = None
    energy_kwh: float | None = None

    def filled(self, more: JobSaid) -> JobSaid:
        """With what ``more`` says instead or besides."""
        said = {name: value for name, value in dataclasses.asdict(more).items() if value}
        return dataclasses.replace(self, **said)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return self == JobSaid()


def hear_jobs(text: str, quantities: list[Quantity], words: Lexicon) -> tuple[JobSaid, ...]:
    """The jobs of a marked text: a name or number that the last one has already begins the next."""
    names = "|".join(sorted(words["equipment"], key=len, reverse=True))
    energies = any(one.unit == "kwh" for one in quantities)
    jobs = [JobSaid()]
    for match in re.finditer(rf"(?<!\w)(?P<name>{names})(?: (?:de )?(?:{names}))*(?!\w)|{MARK}q(?P<place>\d+)", text):
        said = _said(match, quantities, words, takes_limits=energies)
        if said.is_empty:
            continue
        if _clashes(jobs[-1], said):
            jobs.append(JobSaid())
        jobs[-1] = jobs[-1].filled(said)
    return tuple(job for job in jobs if not job.is_empty)


def _said(match: re.Match[str], quantities: list[Quantity], words: Lexicon, *, takes_limits: bool) -> JobSaid:
    if match["name"]:
        return JobSaid(name=words["equipment"][match["name"]])
    quantity = quantities[int(match["place"])]
    if quantity.unit not in PARTS or (quantity.is_limit and not takes_limits):
        return JobSaid()
    parts: dict[str, Any] = {PARTS[quantity.unit]: quantity.value}
    return dataclasses.replace(JobSaid(), **parts)


def _clashes(job: JobSaid, said: JobSaid) -> bool:
    both = zip(dataclasses.astuple(job), dataclasses.astuple(said), strict=True)
    return any(one and other and one != other for one, other in both)
