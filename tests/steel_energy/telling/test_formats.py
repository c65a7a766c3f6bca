"""Numbers, dates and sentences in both languages."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.telling.formats import voice

NAMED = re.compile(r"{(\w+)}")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_both_languages_say_the_same_things_with_the_same_figures() -> None:
    english, spanish = (
        {key: sorted(NAMED.findall(text)) for key, text in voice(language).texts.items()} for language in LANGUAGES
    )

    assert english == spanish


@pytest.mark.parametrize(
    ("first", "last", "english", "spanish"),
    [
        ("2018-11-01", "2018-12-01", "in November 2018", "en noviembre de 2018"),
        ("2018-01-01", "2019-01-01", "in 2018", "en 2018"),
        ("2018-07-01", "2018-10-01", "from July to September 2018", "de julio a septiembre de 2018"),
        ("2018-11-01", "2019-02-01", "from November 2018 to January 2019", "de noviembre de 2018 a enero de 2019"),
        (
            "2018-11-28",
            "2018-12-03",
            "from 28 November to 2 December 2018",
            "del 28 de noviembre al 2 de diciembre de 2018",
        ),
        (
            "2018-12-29",
            "2019-01-03",
            "from 29 December 2018 to 2 January 2019",
            "del 29 de diciembre de 2018 al 2 de enero de 2019",
        ),
        (
            "2018-12-12T22:00",
            "2018-12-13",
            "on Wednesday 12 December 2018 from 22:00 to 24:00",
            "el miércoles 12 de diciembre de 2018 de 22:00 a 24:00",
        ),
        (
            "2018-12-10",
            "2018-12-12T15:30",
            "from Monday 10 December to Wednesday 12 December 2018 at 15:30",
            "desde el lunes 10 de diciembre hasta las 15:30 del miércoles 12 de diciembre de 2018",
        ),
        (
            "2018-12-31T22:00",
            "2019-01-01T06:00",
            "from 22:00 on Monday 31 December 2018 to 06:00 on Tuesday 1 January 2019",
            "desde las 22:00 del lunes 31 de diciembre de 2018 hasta las 06:00 del martes 1 de enero de 2019",
        ),
    ],
)
def test_stretches_of_time_are_named_as_people_do(first: str, last: str, english: str, spanish: str) -> None:
    assert voice("en").during(at(first), at(last)) == english
    assert voice("es").during(at(first), at(last)) == spanish


def test_money_is_told_to_the_won_in_both_notations() -> None:
    assert voice("en").krw(15_513_640.23) == "15,513,640 KRW"
    assert voice("es").krw(15_513_640.23) == "15.513.640 KRW"


def test_nothing_is_no_number_with_decimals() -> None:
    assert voice("en").tonnes(0) == "0 t"
