"""The words of the weekly report: both languages say the same things, and numbers and dates are each language's."""

from __future__ import annotations

import datetime as dt
import re
import string

import pytest

from steel_energy.cleaning.rules import RULES
from steel_energy.reporting.weekly_words import LANGUAGES, words
from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_energy.settings import PROJECT_ROOT


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_the_same_keys_with_the_same_fields() -> None:
    english, spanish = (words(language).texts for language in LANGUAGES)

    assert list(english) == list(spanish)
    assert {key: fields(text) for key, text in english.items()} == {key: fields(text) for key, text in spanish.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_cleaning_and_every_column_has_its_words(language: str) -> None:
    texts = words(language).texts

    assert [rule for rule in RULES if f"repair_{rule}" not in texts] == []
    assert [one.name for one in (*MEASURED, LOAD_TYPE) if f"col_{one.name}" not in texts] == []


def test_every_key_is_used() -> None:
    folder = PROJECT_ROOT / "steel_energy" / "reporting"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("weekly_*.py"))
    built_from = set(re.findall(r'f"([a-z0-9_]+_)\{', code))
    unused = [
        key
        for key in words("en").texts
        if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(tuple(built_from))
    ]

    assert unused == ["lagging", "leading"]  # named by the clause itself


@pytest.mark.parametrize(
    ("language", "number", "change", "day", "span"),
    [
        ("en", "17,872.8", "\N{MINUS SIGN}24.2 %", "Thu 22 Nov", "29 October to 4 November 2018"),
        ("es", "17.872,8", "\N{MINUS SIGN}24,2 %", "jue 22 nov", "Del 29 de octubre al 4 de noviembre de 2018"),
    ],
)
def test_numbers_and_dates_are_the_languages_own(language: str, number: str, change: str, day: str, span: str) -> None:
    told = words(language)

    assert told.number(17872.76, 1) == number
    assert told.percent(-0.242, 1, signed=True) == change
    assert told.day(dt.date(2018, 11, 22)) == day
    assert told.span(dt.date(2018, 10, 29), dt.date(2018, 11, 4)) == span


def test_a_span_says_once_what_both_ends_share() -> None:
    told = words("en")

    assert told.span(dt.date(2018, 11, 19), dt.date(2018, 11, 25)) == "19 to 25 November 2018"
    assert told.span(dt.date(2018, 12, 31), dt.date(2019, 1, 6)) == "31 December 2018 to 6 January 2019"


def test_what_is_not_known_is_a_dash_and_nothing_is_minus_zero() -> None:
    told = words("en")

    assert (told.number(None), told.percent(None)) == ("\N{EN DASH}", "\N{EN DASH}")
    assert (told.number(-0.001, 1), told.number(0.0, signed=True)) == ("0.0", "0")


def test_money_is_told_in_millions_from_a_million_on() -> None:
    assert [words("en").money(krw) for krw in (999_999, 3_424_910, -5_324)] == [
        "999,999 KRW",
        "3.42 million KRW",
        "\N{MINUS SIGN}5,324 KRW",
    ]
