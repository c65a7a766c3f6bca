"""Folding, language and typing errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.asking.lexicon import LANGUAGES, lexicon
from steel_energy.asking.text import fold, language_of, typed


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuánto consumimos ayer?", "es"),
        ("cuanto consumimos ayer", "es"),
        ("consumo mañana 10am", "es"),
        ("How much did we use yesterday?", "en"),
        ("forecast for tomorrow", "en"),
        ("pronostico", "es"),
        ("bill", "en"),
    ],
)
def test_the_language_is_told_by_small_words(question: str, language: str) -> None:
    assert language_of(question) == language


def test_what_tells_no_language_keeps_the_usual_one() -> None:
    assert [language_of("10-12 h?", usual=usual) for usual in LANGUAGES] == list(LANGUAGES)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("potensia del viermes", "potencia del viernes"),
        ("forcast for the nihgt of tomorow", "forecast for the night of tomorrow"),
        ("coche", "coche"),  # a car is no night: first letters are rarely mistyped
    ],
)
def test_known_words_are_spelt_right(question: str, read: str) -> None:
    assert typed(question, usual="en" if "tomorrow" in read else "es").folded == read


def test_a_word_that_could_be_two_months_is_left_and_named() -> None:
    said = typed("consumo de juio")
    assert said.folded == "consumo de juio"
    assert said.doubtful == ("juio",)


def test_no_misspelt_word_becomes_one_for_which_a_question_is_refused() -> None:
    assert typed("¿Cuál ha sido el pico de este mes?").folded == "cual ha sido el pico de este mes"


def test_both_languages_have_the_same_lists() -> None:
    keys = {language: sorted(lexicon(language)["texts"]) for language in LANGUAGES}
    forms = {language: sorted(lexicon(language)["times"]) for language in LANGUAGES}
    intents = {language: sorted(lexicon(language)["intents"]) for language in LANGUAGES}
    for one in (keys, forms, intents):
        assert one["en"] == one["es"]


@given(text=st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "question", ["the job must be terminated by hand", "horas de plena carga que se han trabajado"]
)
def test_a_real_word_is_no_misspelt_one(question: str) -> None:
    words = set(question.split()) - {"plena", "carga"}

    assert words <= set(typed(question, usual="es" if "horas" in question else "en").folded.split())
