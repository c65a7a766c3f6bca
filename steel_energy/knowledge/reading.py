"""Whether a question that the planner could not place is one for the notes.

The planner knows requests by their words, and the notes speak of more than it has words for. So what it cannot place is
looked up before it is refused; what it refuses for a reason stays refused.
"""

from __future__ import annotations

import re

from steel_energy.asking.lexicon import lexicon
from steel_energy.asking.outcomes import Clarify, KnowledgeSlots, Outcome, OutOfScope, Request
from steel_energy.asking.text import fold
from steel_energy.knowledge.library import Library
from steel_energy.knowledge.terms import own_words, stems, words_of

PERIOD = "period"
NO_PERIOD = frozenset({"history", "bill"})
"""Requests that are read into any word of theirs, such as that of a term whose meaning is asked."""


def looked_up(question: str, outcome: Outcome, library: Library) -> Outcome:
    """The outcome, or a request to look the question up where a note answers it and nothing else does.

    Args:
        question: as typed; it is looked up in these words.
        outcome: what the planner made of it.
        library: of the plant.
    """
    if isinstance(outcome, Request):
        is_wanted = outcome.intent == "knowledge"
    elif isinstance(outcome, OutOfScope):
        is_wanted = outcome.reason == "unknown"
    else:
        is_wanted = _is_for_notes(question, outcome, library)
    if not is_wanted or not library.look_up(question, language=outcome.language, most=1):
        return outcome
    return Request(intent="knowledge", slots=KnowledgeSlots(query=question), language=outcome.language)


def _is_for_notes(question: str, outcome: Clarify, library: Library) -> bool:
    """Whether a question without a period is of something else than of what was used or paid in one.

    It names nothing that a period could be asked for, as in "my readings are rejected", or asks what something is that
    a note is on, as in "what is a closed day".
    """
    if outcome.intent not in NO_PERIOD or outcome.missing != PERIOD:
        return False
    language, folded = outcome.language, fold(question)
    if outcome.intent == "history" and lexicon(language).first(folded, "measures") is None:
        return True
    if not any(re.search(phrase, folded) for phrase in own_words(language)["meaning"]):
        return False
    found = library.look_up(question, language=language, most=1)
    named = words_of(found[0].title.partition("(")[0], language) if found else []
    return bool(named) and set(stems(named, language)) <= set(stems(words_of(question, language), language))
