from __future__ import annotations

import pytest

from steel_energy.asking.outcomes import Clarify, KnowledgeSlots, NoSlots, OutOfScope, Request
from steel_energy.knowledge import looked_up


def refused(reason, language="en"):
    return OutOfScope(reason=reason, text="no", language=language)


def asked_back(*, intent="history", missing="period", language="en"):
    return Clarify(question="when?", missing=missing, intent=intent, language=language)


def test_what_the_planner_could_not_place_is_looked_up_in_the_words_it_was_asked_in(library):
    outcome = looked_up("¿Dónde está el informe SEMANAL?", refused("unknown", "es"), library)

    assert outcome == Request(
        intent="knowledge", slots=KnowledgeSlots(query="¿Dónde está el informe SEMANAL?"), language="es"
    )


def test_what_no_note_is_on_stays_unknown(library):
    assert looked_up("the colour of the sky", refused("unknown"), library) == refused("unknown")


@pytest.mark.parametrize("reason", ["hostile", "command", "off_topic", "help"])
def test_what_is_refused_for_a_reason_stays_refused(library, reason):
    assert looked_up("how do I create an API key", refused(reason), library) == refused(reason)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("my readings are rejected", "en"),
        ("las lecturas se contradicen", "es"),
        ("what is a closed day", "en"),
        ("¿qué es la energía reactiva?", "es"),
    ],
)
def test_a_question_about_a_term_or_a_fault_is_not_asked_for_a_period(library, question, language):
    outcome = looked_up(question, asked_back(language=language), library)

    assert isinstance(outcome, Request)
    assert outcome.intent == "knowledge"


@pytest.mark.parametrize(
    ("question", "language"),
    [("show me the consumption", "en"), ("consumo del viernes", "es"), ("how much did it cost", "en"), ("usage", "en")],
)
def test_a_question_about_usage_or_cost_is_asked_for_its_period(library, question, language):
    assert looked_up(question, asked_back(language=language), library) == asked_back(language=language)


@pytest.mark.parametrize(
    "outcome",
    [asked_back(missing="measure"), asked_back(intent="forecast"), asked_back(intent="explain")],
    ids=["other slot", "forecast", "explain"],
)
def test_no_other_question_back_is_taken_away(library, outcome):
    assert looked_up("my readings are rejected", outcome, library) == outcome


def test_another_request_stays_what_it_is(library):
    outcome = Request(intent="health", slots=NoSlots(), language="en")

    assert looked_up("what is a ratchet", outcome, library) is outcome


def test_a_request_for_the_notes_is_looked_up_in_the_typed_words_where_they_find_something(library):
    folded = Request(intent="knowledge", slots=KnowledgeSlots(query="que es el rechat"), language="es")

    assert looked_up("¿Qué es el ratchet?", folded, library).slots.query == "¿Qué es el ratchet?"
    assert looked_up("color del cielo", folded, library) is folded
