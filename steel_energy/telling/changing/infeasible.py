"""What to say where no plan keeps to a request: the fields that cannot be kept, and the cheapest way out.

The route says it in English with the request's own names (``planning.conflicts``); here it is said as an operator
speaks. Of a sentence that is not one of those the remedy is to relax a field, without a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from steel_energy.asking.outcomes import Period, PlanSlots, Request
from steel_energy.errors import InfeasiblePlanError
from steel_energy.telling.changing.phrases import exactly
from steel_energy.telling.formats import Voice, sentence, voice
from steel_energy.telling.records import Told

NUMBER = r"[\d,]+(?:\.\d+)?"
RAISE = re.compile(rf"raise (?P<field>\S+) by (?P<amount>{NUMBER}) (?P<unit>kW|t)")
OUTSIDE = re.compile(r"let (?:it|jobs) run (?P<amount>\d+(?:\.\d+)?) h outside of (?P<field>.+)")
LEAVE_OUT = re.compile(r"leave out (?P<field>.+)")
COST = re.compile(rf"^(?P<ways>.+); the plan then costs (?P<cost>{NUMBER}) KRW$")
JOINT = ", and "
LIMITS = {"power_kw": "kW", "ramp_kw": "kW", "co2_t": "t"}


def tell_infeasible(request: Request, *, code: str, message: str, hint: str) -> Told | None:
    """Why there is no plan, and what would help; None of any other refusal.

    Args:
        request: for a plan.
        code: of the route's error.
        message: likewise.
        hint: likewise.
    """
    if code != InfeasiblePlanError.code or not isinstance(request.slots, PlanSlots):
        return None
    speak, slots, figures = voice(request.language), request.slots, dict[str, Any]()
    names = [name for name in _names(slots) if f"{name} (" in message]
    if not names:
        return None
    no_plan = _conflict(names, slots, figures, speak)
    remedy = speak("op_remedy", remedy=_remedy(hint, slots, figures, speak))
    return Told(
        text=f"{sentence(no_plan)} {remedy}",
        figures=figures,
        period=Period.model_validate({"start": slots.start, "end": slots.end}) if slots.start.tzinfo else None,
    )


def _conflict(names: list[str], slots: PlanSlots, figures: dict[str, Any], speak: Voice) -> str:
    """Which fields cannot be kept."""
    for place, job in enumerate(slots.jobs):
        if set(names) == {windows_of(place), f"jobs.{job.name}"}:
            return speak("op_no_room", job=speak("op_quoted", job=job.name))
    fields = speak.listing([_field(name, slots, figures, speak) for name in names])
    return speak("op_infeasible_together" if len(names) > 1 else "op_infeasible", fields=fields)


def windows_of(place: int) -> str:
    """What the route calls the windows of a job, by its place in the request."""
    return f"jobs.{place}.windows"


def _names(slots: PlanSlots) -> Iterator[str]:
    """The fields that can conflict, as the route names them."""
    yield from (f"limits.{name}" for name in LIMITS)
    for place, job in enumerate(slots.jobs):
        yield windows_of(place)
        yield f"jobs.{job.name}"


def _field(name: str, slots: PlanSlots, figures: dict[str, Any], speak: Voice, *, is_bare: bool = False) -> str:
    """A field as an operator calls it, limits with their value unless that has just been said."""
    kind, _, rest = name.partition(".")
    if kind == "limits" and rest in LIMITS:
        value = getattr(slots.limits, rest)
        if is_bare or value is None:
            return speak(f"op_field_{rest}_bare")
        figures[rest] = value
        return speak(f"op_field_{rest}", value=f"{exactly(value, speak)} {LIMITS[rest]}")
    for place, job in enumerate(slots.jobs):
        if name == windows_of(place):
            return speak("op_field_window", job=speak("op_quoted", job=job.name))
        if name == f"jobs.{job.name}":
            return speak("op_field_job", job=speak("op_quoted", job=job.name))
    return speak("op_field_other", field=name)


def _remedy(hint: str, slots: PlanSlots, figures: dict[str, Any], speak: Voice) -> str:
    """The hint's way out with its amount and cost."""
    priced = COST.match(hint)
    parts = [_way(part, slots, figures, speak) for part in (priced["ways"] if priced else hint).split(JOINT)]
    if not all(parts):
        return speak("op_remedy_relax")
    ways = speak.listing([part for part in parts if part])
    if priced is None:
        return ways
    figures["planned_cost_krw"] = _number(priced["cost"])
    return speak("op_remedy_costs", remedy=ways, cost=speak.krw(figures["planned_cost_krw"]))


def _way(text: str, slots: PlanSlots, figures: dict[str, Any], speak: Voice) -> str | None:
    for key, pattern in (("raise", RAISE), ("outside", OUTSIDE), ("leave_out", LEAVE_OUT)):
        if found := pattern.fullmatch(text):
            field = _field(found["field"], slots, figures, speak, is_bare=True)
            if key == "leave_out":
                return speak("op_remedy_leave_out", field=field)
            unit, amount = found["unit"] if key == "raise" else "h", _number(found["amount"])
            figures[f"more_{unit.lower()}"] = amount
            return speak(f"op_remedy_{key}", field=field, amount=f"{exactly(amount, speak)} {unit}")
    return None


def _number(text: str) -> float:
    return float(text.replace(",", ""))
