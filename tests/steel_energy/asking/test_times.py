"""Days, stretches and hours as they are said, on Wednesday 12 December 2018 at 15:30."""

from __future__ import annotations

import datetime as dt

import pytest

from steel_energy.asking.clocks import hear_clocks
from steel_energy.asking.days import hear_days
from steel_energy.asking.lexicon import Language, lexicon
from steel_energy.asking.scene import Scene
from steel_energy.asking.text import typed

NOW = dt.datetime(2018, 12, 12, 15, 30)  # noqa: DTZ001 - plant time


def _read(text: str, language: Language) -> tuple[str | None, str | None]:
    """First day of the past and of the future reading."""
    _, said = hear_days(typed(text, usual=language).folded, lexicon(language), NOW)
    assert len(said) == 1
    return tuple(
        f"{one.start:%Y-%m-%d}/{(one.end - one.start).days}" if one else None for one in (said[0].past, said[0].future)
    )  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "language", "past", "future"),
    [
        ("yesterday", "en", "2018-12-11/1", "2018-12-11/1"),
        ("anteayer", "es", "2018-12-10/1", "2018-12-10/1"),
        ("pasado mañana", "es", "2018-12-14/1", "2018-12-14/1"),
        ("Monday", "en", "2018-12-10/1", "2018-12-17/1"),
        ("el miércoles", "es", "2018-12-05/1", "2018-12-19/1"),  # today is one
        ("last Wednesday", "en", "2018-12-05/1", "2018-12-05/1"),
        ("friday of last week", "en", "2018-12-07/1", "2018-12-07/1"),
        ("next Friday", "en", "2018-12-14/1", "2018-12-14/1"),
        ("la semana pasada", "es", "2018-12-03/7", "2018-12-03/7"),
        ("the week before last", "en", "2018-11-26/7", "2018-11-26/7"),
        ("la semana antepasada", "es", "2018-11-26/7", "2018-11-26/7"),
        ("en marzo", "es", "2018-03-01/31", "2019-03-01/31"),
        ("in December", "en", "2018-12-01/31", "2018-12-01/31"),
        ("last December", "en", "2017-12-01/31", "2017-12-01/31"),
        ("Q2", "en", "2018-04-01/91", "2019-04-01/91"),
        ("el trimestre pasado", "es", "2018-07-01/92", "2018-07-01/92"),
        ("3 de agosto", "es", "2018-08-03/1", "2019-08-03/1"),
        ("August 3rd, 2018", "en", "2018-08-03/1", "2018-08-03/1"),
        ("12 December", "en", "2018-12-12/1", "2018-12-12/1"),  # today
        ("el día 15", "es", "2018-11-15/1", "2018-12-15/1"),
        ("del 3 al 5 de agosto", "es", "2018-08-03/3", "2019-08-03/3"),
        ("hace dos semanas", "es", "2018-11-26/7", "2018-11-26/7"),
        ("week 49", "en", "2018-12-03/7", "2019-12-02/7"),
        ("segunda quincena de noviembre", "es", "2018-11-16/15", "2019-11-16/15"),
        ("last weekend", "en", "2018-12-08/2", "2018-12-08/2"),
        ("Navidad", "es", "2017-12-25/1", "2018-12-25/1"),
        ("31 de abril", "es", None, None),
        ("Feb 30", "en", None, None),
    ],
)
def test_a_day_or_stretch_is_read(text: str, language: Language, past: str | None, future: str | None) -> None:
    assert _read(text, language) == (past, future)


def test_figures_in_either_order_are_two_options_in_english_and_a_day_first_in_spanish() -> None:
    _, english = hear_days("03/08/2018", lexicon("en"), NOW)
    assert [f"{one.start:%m-%d}" for one in english[0].others] == ["03-08", "08-03"]
    assert _read("03/08/2018", "es") == ("2018-08-03/1", "2018-08-03/1")


@pytest.mark.parametrize(
    ("text", "language", "span"),
    [
        ("at 10am", "en", ((600, 615),)),
        ("a las 3 de la tarde", "es", ((900, 915),)),
        ("a las 12 de la noche", "es", ((0, 15),)),
        ("14:07", "en", ((840, 855),)),
        ("from 10am to 2am", "en", ((600, 1560),)),
        ("de 22:00 a 2:00", "es", ((1320, 1560),)),
        ("from 2 to 4pm", "en", ((840, 960),)),
        ("10-12 h", "es", ((600, 720),)),
        ("turno nocturno", "es", ((1320, 1800),)),
        ("the morning shift", "en", ((360, 840),)),
        ("por la mañana", "es", ((360, 720),)),
        ("at noon", "en", ((720, 735),)),
        ("a las 25:00", "es", ()),  # said as an hour, and none
        ("midnight", "en", ()),
    ],
)
def test_hours_are_read(text: str, language: Language, span: tuple[object, ...], wednesday: Scene) -> None:
    _, said = hear_clocks(typed(text, usual=language).folded, lexicon(language), wednesday.params)
    assert [one.spans for one in said] == [span]


@pytest.mark.parametrize("text", ["3 hours", "10 to 20 kw", "20 %", "120 kw", "3 to 5 hours", "10"])
def test_lengths_and_powers_are_no_hours(text: str, wednesday: Scene) -> None:
    _, said = hear_clocks(text, lexicon("en"), wednesday.params)
    assert said == []
