"""Which of the requests a question is, or why it is none; in the order in which the words weigh."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from steel_energy.asking.guessing import weighed
from steel_energy.asking.hearing import Heard
from steel_energy.asking.jobs import PARTS
from steel_energy.asking.lexicon import MARK
from steel_energy.asking.outcomes import Intent, OutOfScope

LONG_FOLLOW_UP = 7
"""From so many words on, a question that names its own request and time stands alone."""
NOWCAST_FIELDS = 2
JOB_UNITS = frozenset(PARTS)
PLANT_UNITS = frozenset({"kw", "kwh", "kvar", "kvarh"})
INTENTS: tuple[Intent, ...] = get_args(Intent)
TIMELESS = frozenset({"drift", "health", "model", "knowledge"})


def refusal(heard: Heard, *, follows: bool) -> OutOfScope | None:
    """Why a question is not answered; None if it may be.

    Args:
        heard: the question.
        follows: whether it goes on from one before, so that it need not name anything of the plant.
    """
    words, text = heard.words, heard.text
    if words.says(text, "hostile"):
        return refused("hostile", heard)
    asking = {"what_if", "explain"} if words.says(text, "tariff_change") else {"what_if", "optimize", "explain"}
    is_asked = asking.intersection(heard.intents) or _is_tariff_asked(heard)
    if words.says(text, "commands") and not is_asked and not (follows and heard.without):
        return refused("command", heard)
    if words.says(text, "off_topic"):
        return refused("off_topic", heard)
    is_nothing = not (heard.days or heard.clocks or heard.quantities or heard.fields or heard.band or heard.pick)
    if words.says(text, "help") and is_nothing and intent_of(heard) is None:
        return refused("help", heard)
    if intent_of(heard) is None and not follows:
        return refused("help" if words.says(text, "help") else "unknown", heard)
    return None


def decided(heard: Heard) -> Intent | OutOfScope:
    """What a question that stands alone asks for, or why it is not answered: by the rules and by resemblance."""
    no = refusal(heard, follows=False)
    if is_time_alone(heard) or (no and no.reason == "hostile"):
        return no or intent_of(heard) or refused("unknown", heard)
    ruled = (no.reason if no.reason != "unknown" else None) if no else intent_of(heard)
    named = weighed(heard.text, heard.language, ruled)
    return next((intent for intent in INTENTS if intent == named), None) or refused(named or "unknown", heard)


def refused(reason: str, heard: Heard) -> OutOfScope:
    """A refusal in the question's language."""
    return OutOfScope.model_validate({"reason": reason, "text": heard.words.text("scope"), "language": heard.language})


def intent_of(heard: Heard, *, follows: bool = False) -> Intent | None:
    """The request that a question names by itself; None if it names none, or nothing of the plant.

    A question that ``follows`` another need not name the plant again.
    """
    if not follows and is_time_alone(heard):
        is_ahead = heard.days[0].past == heard.days[0].future and heard.tense == "future"
        return "forecast" if is_ahead else "history"
    is_of_plant = follows or _is_of_plant(heard)
    rules = _RULES if is_of_plant else _RULES_WITHOUT_PLANT
    return next((intent for intent, holds in rules if holds(heard)), None)


def _is_of_plant(heard: Heard) -> bool:
    """Whether a word, a unit or a job of the plant is named."""
    is_measured = any(one.unit in PLANT_UNITS for one in heard.quantities)
    return is_measured or bool(heard.jobs or heard.tariffs) or heard.words.says(heard.text, "domain")


def is_time_alone(heard: Heard) -> bool:
    """Whether nothing but times was said, as in "next 12 hours" or "May against April"."""
    small = {*heard.words["function_words"], *heard.words["openers"]}
    rest = heard.marked
    for again in (heard.recurring, *(said.words for said in heard.days if said.others)):
        rest = rest.replace(again, MARK) if again else rest
    if heard.is_compared:
        rest = heard.words.pattern("compared").sub(MARK, rest)
    return bool(heard.days) and all(word in small or word.startswith(MARK) for word in rest.split())


def follows_on(heard: Heard) -> bool:
    """Whether a question goes on from the one before: it opens so, or lacks a request or a time of its own."""
    own = intent_of(heard)
    is_opened = heard.words.opens.match(heard.text) is not None
    is_short = len(heard.text.split()) < LONG_FOLLOW_UP
    lacks_time = not (heard.days or heard.clocks)
    is_beside = heard.is_compared and len(heard.days) == 1
    if heard.words.says(heard.text, "refers") and (lacks_time or is_beside):
        return True
    if own is None or is_time_alone(heard):
        return is_opened or is_short
    if is_beside and own == "history" and (is_short or is_opened):
        return True
    return (is_opened and (is_short or lacks_time)) or (is_short and lacks_time and own not in TIMELESS)


def is_condition(heard: Heard) -> bool:
    """Whether "what if" names times or parts of a job alone: of what is planned, no scenario of a day."""
    changes = set(heard.changes) - ({"scale_production"} if heard.quantities else set())
    is_changed = bool(changes) and bool(heard.days or heard.quantities)
    is_scenario = is_changed or heard.tariffs or any(one.unit not in JOB_UNITS for one in heard.quantities)
    is_told = heard.days or heard.clocks or heard.jobs
    return intent_of(heard, follows=True) == "what_if" and bool(is_told) and not is_scenario


def _is_nowcast(heard: Heard) -> bool:
    return len(heard.fields) >= NOWCAST_FIELDS


def _is_knowledge(heard: Heard) -> bool:
    """Whether something is to be looked up; what to do if something happens is no scenario."""
    if "runbook" in heard.intents:
        return not heard.changes or not (heard.days or heard.quantities)
    if _is_definition(heard):
        return True
    return "knowledge" in heard.intents and not heard.days and "what_if" not in heard.intents


def _is_definition(heard: Heard) -> bool:
    """Whether it is asked what something is, of no time and no reading: a figure of a thing has a statistic."""
    is_figure = heard.statistic or heard.aggregation or heard.days or heard.clocks or heard.quantities or heard.band
    is_other = set(heard.intents) - {"knowledge", "history", "bill"}
    return (
        not (is_figure or is_other or heard.jobs) and _is_of_plant(heard) and heard.words.says(heard.text, "definition")
    )


def _is_what_if(heard: Heard) -> bool:
    """Whether a scenario is asked for; a share that can move, to hours that are left open, is a plan."""
    if heard.words.says(heard.text, "can_move") and not heard.clocks:
        return False
    if heard.quantity("kvar") is not None or _is_moved(heard):
        return True
    return (
        _is_tariff_asked(heard) or "what_if" in heard.intents or ("what_if_weak" in heard.intents and _is_change(heard))
    )


def _is_moved(heard: Heard) -> bool:
    """Whether load is said to go from some hours to others: both are told, so that nothing is left to plan."""
    return "move_load" in heard.changes and sum(clock.is_range for clock in heard.clocks) >= len(("from", "to"))


def _is_tariff_asked(heard: Heard) -> bool:
    """Whether saving by another tariff is asked for; without a name or a word of asking it is an order."""
    is_named = bool(heard.tariffs) or heard.words.says(heard.text, "asked")
    return is_named and "optimize" in heard.intents and heard.words.says(heard.text, "tariff_change")


def _is_change(heard: Heard) -> bool:
    """Whether something is named that a scenario can change; production alone is no change."""
    if set(heard.changes) - {"scale_production", "tariff"} or heard.tariffs:
        return True
    return "scale_production" in heard.changes and heard.trend is not None and heard.quantity("share") is not None


def _is_optimize(heard: Heard) -> bool:
    """Whether a plan is asked for, or a job is told with its power and duration."""
    is_job = any(job.power_kw and (job.duration_minutes or job.energy_kwh) for job in heard.jobs)
    is_looking = heard.is_compared and heard.tense == "past"  # "was May cheaper than April"
    return ("optimize" in heard.intents and not is_looking) or is_job


def _is_moving(heard: Heard) -> bool:
    """Whether load is told to move: words of moving, with hours or a share."""
    is_told = heard.clocks or heard.quantity("share") or len(heard.days) > 1
    is_costed = "bill" in heard.intents and heard.quantity("share") is None
    return "move_load" in heard.changes and not is_costed and bool(is_told)


def _is_billed_by_each(heard: Heard) -> bool:
    """Whether a period is to be billed by every tariff there is."""
    return bool(heard.days) and "what_if" not in heard.intents and heard.words.says(heard.text, "every_tariff")


def _is_bill(heard: Heard) -> bool:
    return bool(heard.tariffs) or ("bill" in heard.intents and heard.aggregation is None)


def _is_ahead(heard: Heard) -> bool:
    """Whether the time that is named can only lie ahead, as "from now until six"."""
    return bool(heard.days) and heard.days[0].past is None and heard.days[0].future is not None


def _is_history(heard: Heard) -> bool:
    return bool({"history", "bill"}.intersection(heard.intents) or heard.measure or heard.days)


def _timeless(intent: str) -> Callable[[Heard], bool]:
    """Whether the words of a request are there that is of no time; today is none."""

    def holds(heard: Heard) -> bool:
        present = frozenset({*heard.words["present"]})
        return intent in heard.intents and all(said.words in present for said in heard.days)

    return holds


_RULES: tuple[tuple[Intent, Callable[[Heard], bool]], ...] = (
    ("nowcast", _is_nowcast),
    ("knowledge", _is_knowledge),
    ("explain", lambda heard: "explain" in heard.intents),
    ("what_if", _is_what_if),
    ("bill", _is_billed_by_each),
    ("optimize", _is_optimize),
    ("what_if", _is_moving),
    ("drift", _timeless("drift")),
    ("health", _timeless("health")),
    ("model", _timeless("model")),
    ("forecast", lambda heard: ("forecast" in heard.intents and heard.tense != "past") or _is_ahead(heard)),
    ("bill", _is_bill),
    ("history", _is_history),
)
"""Requests and what makes a question one of them; the first that holds."""
_RULES_WITHOUT_PLANT: tuple[tuple[Intent, Callable[[Heard], bool]], ...] = (
    ("nowcast", _is_nowcast),
    ("knowledge", _is_knowledge),
    ("what_if", lambda heard: "what_if" in heard.intents),
    ("explain", lambda heard: "explain" in heard.intents and bool(heard.days or heard.clocks)),
    ("drift", _timeless("drift")),
    ("health", _timeless("health")),
    ("model", _timeless("model")),
    ("forecast", lambda heard: heard.words.says(heard.text, "named_forecast")),
)
"""The same where nothing of the plant is named: what can mean nothing else. "Will it rain" is no forecast of ours."""
