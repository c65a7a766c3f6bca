from __future__ import annotations

import datetime as dt
from string import Formatter

import pytest

from steel_ui.words import LANGUAGES, Words, preferred_language, words

MONDAY = dt.datetime(2018, 2, 5, 9, 30, tzinfo=dt.UTC)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_that_english_says(language: str) -> None:
    english, other = words("en").texts, words(language).texts

    assert {key: fields(text) for key, text in other.items()} == {key: fields(text) for key, text in english.items()}


def test_numbers_follow_the_language(english: Words, spanish: Words) -> None:
    assert english.number(1234.5, digits=1) == "1,234.5"
    assert spanish.number(1234.5, digits=1) == "1.234,5"
    assert english.number(-2.04, digits=1, signed=True) == "\N{MINUS SIGN}2.0"
    assert english.number(2.04, digits=1, signed=True) == "+2.0"


def test_dates_follow_the_language(english: Words, spanish: Words) -> None:
    assert english.moment(MONDAY) == "Mon 5 Feb 2018, 09:30"
    assert spanish.moment(MONDAY) == "lun 5 feb 2018, 09:30"
    assert spanish.short_moment(MONDAY) == "lun 5, 09:30"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(672.0, "672", id="whole number"),
        pytest.param(2.5, "2,5", id="number"),
        pytest.param("1,234.50", "1.234,50", id="number in a sentence"),
        pytest.param("2018-03", "mar 2018", id="month"),
        pytest.param("2018-02-05", "lun 5 feb 2018", id="day"),
        pytest.param("2018-02-05T09:30:00+00:00", "lun 5 feb 2018, 09:30", id="moment"),
        pytest.param("v12345678", "v12345678", id="name"),
    ],
)
def test_what_a_sentence_speaks_of_follows_the_language(value: str | float, shown: str, spanish: Words) -> None:
    assert spanish.value(value) == shown


def test_a_missing_text_is_an_error_and_not_an_empty_label(english: Words) -> None:
    with pytest.raises(KeyError):
        english("no_such_text")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("es-MX,es;q=0.9,en;q=0.5", "es", id="spanish first"),
        pytest.param("ko-KR, es;q=0.8", "es", id="first one the page speaks"),
        pytest.param("ko-KR", "en", id="none of ours"),
        pytest.param("", "en", id="no header"),
    ],
)
def test_the_page_opens_in_the_language_of_the_browser(header: str, language: str) -> None:
    assert preferred_language(header) == language
