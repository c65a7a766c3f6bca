"""Which of the requests a question is, or why it is none; in the order in which the words weigh."""

from __future__ import annotations

from steel_energy.asking.hearing import Heard
from steel_energy.asking.lexicon import MARK
from steel_energy.asking.outcomes import Intent, OutOfScope

LONG_FOLLOW_UP = 7
"""From so many words on, a question that names its own request and time stands alone."""
NOWCAST_FIELDS = 2


def refusal(heard: Heard, *, follows: bool) -> OutOfScope | None:
    """Why a question is not answered; None if it may be.

    Args:
        heard: the question.
        follows: whether it goes on from one before, so that it need not name anything of the plant.
    """
    words, text = heard.words, heard.text
    if words.says(text, "hostile"):
        return refused("hostile", heard)
    is_asked = {"what_if", "optimize", "explain"}.intersection(heard.intents)
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


def refused(reason: str, heard: Heard) -> OutOfScope:
    """A refusal in the question's language."""
    return OutOfScope.model_validate({"reason": reason, "text": heard.words.text("scope"), "language": heard.language})


def intent_of(heard: Heard, *, follows: bool = False) -> Intent | None:
    """The request that a question names by itself; None if it names none, or nothing of the plant.

    A question that ``follows`` another need not name the plant again.
    """
    if len(heard.fields) >= NOWCAST_FIELDS:
        return "nowcast"
    said = set(heard.intents)
    if not follows and is_time_alone(heard):
        return "forecast" if heard.days[0].past == heard.days[0].future and heard.tense == "future" else "history"
    if (
        not follows
        and not heard.words.says(heard.text, "domain")
        and not said & {"drift", "health", "model", "knowledge", "forecast"}
    ):
        return _without_domain(heard)
    if "knowledge" in said and not heard.days and "what_if" not in said:
        return "knowledge"
    if "explain" in said:
        return "explain"
    if "what_if" in said or ("what_if_weak" in said and _is_change(heard)):
        return "what_if"
    if "optimize" in said or _is_job(heard):
        return "optimize"
    if "bill" not in said and _is_moving(heard):
        return "what_if"
    return _of_readings(heard)


def _without_domain(heard: Heard) -> Intent | None:
    """Words of a request alone are enough where they can be nothing else."""
    said = set(heard.intents)
    if "what_if" in said:
        return "what_if"
    if "explain" in said and (heard.days or heard.clocks):
        return "explain"
    return None


def _is_change(heard: Heard) -> bool:
    """Whether something is named that a scenario can change; production alone is no change."""
    if set(heard.changes) - {"scale_production", "tariff"} or heard.tariffs:
        return True
    return "scale_production" in heard.changes and heard.trend is not None and heard.quantity("share") is not None


def _is_job(heard: Heard) -> bool:
    """Whether a job is told with its power and duration."""
    return any(job.power_kw and (job.duration_minutes or job.energy_kwh) for job in heard.jobs)


def is_time_alone(heard: Heard) -> bool:
    """Whether nothing but a time was said, as in "next 12 hours"."""
    small = {*heard.words["function_words"], *heard.words["openers"]}
    return bool(heard.days) and all(word in small or word.startswith(MARK) for word in heard.marked.split())


def _is_moving(heard: Heard) -> bool:
    """Whether load is told to move: words of moving, with hours or a share."""
    return "move_load" in heard.changes and bool(heard.clocks or heard.quantity("share") or len(heard.days) > 1)


def _of_readings(heard: Heard) -> Intent | None:
    said = set(heard.intents)
    for intent in ("drift", "health", "model"):
        if intent in said and not heard.days:
            return intent  # type: ignore[return-value]
    if not heard.words.says(heard.text, "domain"):
        return (
            "forecast"
            if "forecast" in said and not heard.words.says(heard.text, "off_topic") and _is_bare(heard)
            else None
        )
    if "forecast" in said and heard.tense != "past":
        return "forecast"
    if len(heard.tariffs) and "bill" not in said:
        return "bill"
    if "bill" in said and heard.aggregation is None:
        return "bill"
    if said & {"history", "bill"} or heard.measure:
        return "history"
    return "history" if heard.days else None


def _is_bare(heard: Heard) -> bool:
    """Whether the forecast itself is named: "will it rain" has a word of the future alone."""
    return heard.words.says(heard.text, "named_forecast")


def follows_on(heard: Heard) -> bool:
    """Whether a question goes on from the one before: it opens so, or lacks a request or a time of its own."""
    own = intent_of(heard)
    is_opened = heard.words.opens.match(heard.text) is not None
    is_short = len(heard.text.split()) < LONG_FOLLOW_UP
    if own is None or is_time_alone(heard):
        return is_opened or is_short
    lacks_time = not (heard.days or heard.clocks)
    return (
        (is_opened
        and (is_short or lacks_time))
        or (is_short
        and lacks_time
        and own not in ("drift", "health", "model", "knowledge"))
    )
