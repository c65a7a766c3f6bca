"""From a question in plain language to a request, a question back or a refusal; no model, no network.

The same question in the same scene after the same questions always comes to the same.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from steel_energy.asking.changing import what_if
from steel_energy.asking.hearing import Heard, followed, hear
from steel_energy.asking.intents import decided, follows_on, intent_of, is_condition, is_time_alone, refusal
from steel_energy.asking.jobs import JobSaid
from steel_energy.asking.lexicon import Language
from steel_energy.asking.looking import bill, explain, forecast, history
from steel_energy.asking.metering import FIELDS, nowcast
from steel_energy.asking.moments import Direction
from steel_energy.asking.outcomes import (
    Clarify,
    Doubt,
    Intent,
    KnowledgeSlots,
    NoSlots,
    Outcome,
    OutOfScope,
    Request,
)
from steel_energy.asking.quantities import FIGURES, Quantity, number
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.asking.scheduling import optimize
from steel_energy.asking.text import mended, typed

UNITS = {"share": "share", "factor": "share", "capacitor_kvar": "kvar"}
JOB_PARTS = {"power_kw": "kw", "max_kw": "kw", "duration_minutes": "minutes"}
ANSWERED = {"share": "share", "capacitor_kvar": "kvar", "power_kw": "kw", "duration_minutes": "minutes"}
"""What a bare number changes in the question before, by the unit of the one number that it had."""
PERCENT = 100
HOURS_BELOW = 15
"""A bare number below this is hours, as no job is shorter than so many minutes."""
LEANINGS: dict[Intent, Direction] = {"history": "past", "bill": "past", "explain": "past", "forecast": "future"}
"""Where an ambiguous day lies that follows a request: on the same side of now."""


@dataclass(frozen=True)
class Memory:
    """What a session keeps of the question before.

    Attributes:
        heard: its pieces, with those it took from earlier ones.
        intent: what it asked for.
        missing: the slot that was asked back; None if it was answered.
    """

    heard: Heard
    intent: Intent
    missing: str | None = None


def understand(question: str, scene: Scene, memory: Memory | None = None) -> tuple[Outcome, Memory | None]:
    """What a question asks for, and what to keep for the next one.

    Args:
        question: as typed.
        scene: the plant as it stands.
        memory: of the question before in the same session; None for the first one.
    """
    pieces = mended(question, usual=_language(memory))
    if pieces is None:
        return _understood(question, scene, memory)
    outcome, kept = _understood(pieces[0], scene, memory)
    if isinstance(outcome, OutOfScope):
        is_refused = outcome.reason in ("hostile", "command")
        return (outcome, memory) if is_refused else _understood(question, scene, memory)
    return _understood(pieces[1], scene, kept)


def _language(memory: Memory | None) -> Language:
    return memory.heard.language if memory else "en"


def _understood(question: str, scene: Scene, memory: Memory | None) -> tuple[Outcome, Memory | None]:
    """What a question without a correction within asks for."""
    usual = _language(memory)
    own = hear(typed(question, usual=usual), now=scene.clock, params=scene.params, tariffs=scene.tariffs)
    own = _answering(own, memory)
    follows = memory is not None and (follows_on(own) or _is_answer(own, memory) or _is_condition(own, memory))
    intent = _intent(own, memory) if memory and follows else decided(own)
    if isinstance(intent, OutOfScope):
        return intent, memory
    heard = own
    if memory and follows:
        is_scenario = "what_if" in (intent, memory.intent)
        heard = followed(own, memory.heard, leaning=LEANINGS.get(memory.intent), is_scenario=is_scenario)
    try:
        request = _BUILDERS[intent](heard, scene)
        return request, Memory(heard, request.intent)
    except Doubt as doubt:
        return _asked(doubt, intent, heard), Memory(heard, intent, doubt.missing)


def _intent(own: Heard, before: Memory) -> Intent | OutOfScope:
    """The request's own words count more than those of the question before."""
    if no := refusal(own, follows=True):
        return no
    named = intent_of(own, follows=True)
    if _is_condition(own, before) or (before.intent == "explain" and is_time_alone(own)):
        return before.intent
    if before.missing or named is None:
        return before.intent if named in (None, "history", "forecast", "bill") else named
    if before.intent == "bill" and named == "history" and own.measure not in (None, "cost"):
        return named
    if named == "history" and before.intent in ("forecast", "what_if", "optimize", "bill") and not _looks_back(own):
        return before.intent
    return named


def _is_condition(own: Heard, memory: Memory) -> bool:
    return memory.intent == "optimize" and is_condition(own)


def _looks_back(own: Heard) -> bool:
    return own.tense == "past"


def _is_answer(own: Heard, memory: Memory | None) -> bool:
    """Whether a question back was just asked, and this names no other request with a time of its own."""
    if memory is None or memory.missing is None:
        return False
    named = intent_of(own)
    return named is None or named == memory.intent or (named in ("history", "forecast") and not own.days)


def _answering(own: Heard, memory: Memory | None) -> Heard:
    """A bare number as the answer to the question back."""
    match = re.fullmatch(rf"(?:\w+ ){{0,3}}({FIGURES})", own.text)
    missing = (memory.missing or _varied(memory)) if memory else None
    if missing is None or match is None or own.days:
        return own
    value = number(match[1], own.language)
    if missing in FIELDS:
        return dataclasses.replace(own, fields=((missing, value),), clocks=(), days=())
    unit = UNITS.get(missing) or JOB_PARTS.get(missing)
    if unit is None:
        return own
    if missing in JOB_PARTS:
        value *= MINUTES if unit == "minutes" and value < HOURS_BELOW else 1
        job = JobSaid(power_kw=value) if unit == "kw" else JobSaid(duration_minutes=value)
        return dataclasses.replace(own, jobs=(job,))
    return dataclasses.replace(own, quantities=(Quantity(value / PERCENT if unit == "share" else value, unit),))


def _varied(memory: Memory) -> str | None:
    """The number of a question that was answered which another one alone would take the place of."""
    if memory.intent not in ("what_if", "optimize"):
        return None
    units = {quantity.unit for quantity in memory.heard.quantities}
    fitting = [slot for slot, unit in ANSWERED.items() if unit in units]
    return fitting[0] if len(fitting) == 1 else None


def _asked(doubt: Doubt, intent: Intent, heard: Heard) -> Clarify:
    return Clarify(
        question=heard.words.text(doubt.text, **doubt.values),
        missing=doubt.missing,
        intent=intent,
        language=heard.language,
        options=doubt.options,
    )


def _plain(intent: Intent) -> Callable[[Heard, Scene], Request]:
    return lambda heard, _scene: Request(intent=intent, slots=NoSlots(), language=heard.language)


def _knowledge(heard: Heard, _scene: Scene) -> Request:
    return Request(intent="knowledge", slots=KnowledgeSlots(query=heard.text), language=heard.language)


_BUILDERS: dict[Intent, Callable[[Heard, Scene], Request]] = {
    "nowcast": nowcast,
    "forecast": forecast,
    "what_if": what_if,
    "explain": explain,
    "optimize": optimize,
    "history": history,
    "bill": bill,
    "drift": _plain("drift"),
    "health": _plain("health"),
    "model": _plain("model"),
    "knowledge": _knowledge,
}
