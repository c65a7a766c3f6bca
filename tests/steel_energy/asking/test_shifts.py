"""Shifts told from now, with the project's shifts: night 22-6, morning 6-14, afternoon 14-22."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.asking.lexicon import Language, lexicon
from steel_energy.asking.params import AskingParams
from steel_energy.asking.shifts import hear_shifts
from steel_energy.asking.text import typed

NOW = dt.datetime(2018, 12, 12, 15, 30)  # noqa: DTZ001 - plant time
NIGHT = dt.datetime(2018, 12, 12, 23, 30)  # noqa: DTZ001 - plant time
PARTS = {"night": (22.0, 6.0), "morning": (6.0, 12.0)}
PARAMS = AskingParams(
    shifts={"night": (22, 6), "morning": (6, 14), "afternoon": (14, 22), "day": (6, 22)}, parts_of_day=PARTS
)
ONE_SHIFT = AskingParams(shifts={"morning": (6, 14)}, parts_of_day=PARTS)


def _heard(text: str, language: Language, now: dt.datetime, params: AskingParams = PARAMS) -> list[tuple[str, str]]:
    _, said = hear_shifts(typed(text, usual=language).folded, [], lexicon(language), params, now)
    return [(f"{one.past.start:%d %H:%M}", f"{one.past.end:%d %H:%M}") for one in said if one.past]


@pytest.mark.parametrize(
    ("text", "language", "now", "first", "last"),
    [
        ("kWh of this shift", "en", NOW, "12 14:00", "12 22:00"),
        ("how much did the last shift use", "en", NOW, "12 06:00", "12 14:00"),
        ("how much will the next shift use", "en", NOW, "12 22:00", "13 06:00"),
        ("load for the rest of this shift", "en", NOW, "12 15:30", "12 22:00"),
        ("peak so far this shift", "en", NOW, "12 14:00", "12 22:00"),
        ("kWh since the night shift started", "en", NOW, "11 22:00", "12 15:30"),
        ("consumo de este turno", "es", NIGHT, "12 22:00", "13 06:00"),
        ("lo que llevamos de turno", "es", NIGHT, "12 22:00", "13 06:00"),
        ("cuánto gastó el turno anterior", "es", NIGHT, "12 14:00", "12 22:00"),
        ("previsión del próximo turno", "es", NIGHT, "13 06:00", "13 14:00"),
        ("consumo hasta el final del turno", "es", NIGHT, "12 23:30", "13 06:00"),
        ("cuántos kWh llevamos desde que entró el turno de noche", "es", NIGHT, "12 22:00", "12 23:30"),
    ],
)
def test_a_shift_is_told_from_now(text: str, language: Language, now: dt.datetime, first: str, last: str) -> None:
    assert _heard(text, language, now) == [(first, last)]


@pytest.mark.parametrize("text", ["el último turno de noche", "the night shift of Monday"])
def test_a_shift_that_is_named_is_left_to_the_hours(text: str) -> None:
    language: Language = "es" if "turno" in text else "en"
    assert _heard(text, language, NOW) == []


def test_between_shifts_there_is_none_now_but_one_before_and_one_to_come() -> None:
    assert _heard("usage of this shift", "en", NOW, ONE_SHIFT) == []
    assert _heard("usage of the last shift", "en", NOW, ONE_SHIFT) == [("12 06:00", "12 14:00")]
    assert _heard("usage of the next shift", "en", NOW, ONE_SHIFT) == [("13 06:00", "13 14:00")]


@given(st.integers(0, 24 * 4 * 3))
def test_the_last_shift_ends_where_this_one_begins_and_the_next_begins_where_it_ends(quarters: int) -> None:
    now = NOW + quarters * dt.timedelta(minutes=15)
    [(_, ended)], [(begins, ends)], [(follows, _)] = (
        _heard(f"{one} shift", "en", now) for one in ("last", "this", "next")
    )
    assert (ended, ends) == (begins, follows)
