"""Parts of a stretch, on Wednesday 12 December 2018 at 15:30."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.asking.days import hear_days
from steel_energy.asking.lexicon import Language, lexicon
from steel_energy.asking.moments import DAY, Stretch, month_stretch
from steel_energy.asking.outcomes import Request
from steel_energy.asking.parts import Part, part_of
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.asking.text import typed

NOW = dt.datetime(2018, 12, 12, 15, 30)  # noqa: DTZ001 - plant time


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("the last week of July", "en", "2018-07-25", "2018-08-01"),
        ("the first ten days of July", "en", "2018-07-01", "2018-07-11"),
        ("last Friday of June", "en", "2018-06-29", "2018-06-30"),
        ("the 12th of last month", "en", "2018-11-12", "2018-11-13"),
        ("first half of the month", "en", "2018-12-01", "2018-12-16"),
        ("the last quarter of 2018", "en", "2018-10-01", "2019-01-01"),
        ("the second weekend of November", "en", "2018-11-10", "2018-11-12"),
        ("el primer lunes de octubre", "es", "2018-10-01", "2018-10-02"),
        ("los últimos cinco días de junio", "es", "2018-06-26", "2018-07-01"),
        ("la primera quincena del mes pasado", "es", "2018-11-01", "2018-11-16"),
        ("el 12 del mes pasado", "es", "2018-11-12", "2018-11-13"),
        ("la quincena pasada", "es", "2018-11-16", "2018-12-01"),
        ("weekend of 7 July", "en", "2018-07-07", "2018-07-09"),
        ("the 19th and 20th of February", "en", "2018-02-19", "2018-02-21"),
        ("the Tuesday before last", "en", "2018-12-04", "2018-12-05"),
    ],
)
def test_a_part_is_cut_from_its_whole(text: str, language: Language, first: str, last: str) -> None:
    _, said = hear_days(typed(text, usual=language).folded, lexicon(language), NOW)
    assert len(said) == 1
    assert said[0].past is not None
    assert (f"{said[0].past.start:%F}", f"{said[0].past.end:%F}") == (first, last)


def test_there_is_no_fifth_monday_of_a_month_with_four() -> None:
    assert part_of(month_stretch(2018, 11), Part("", 5, "weekday", weekday=0)) is None


def test_a_part_without_a_whole_stays_words() -> None:
    text, said = hear_days("the last week of production", lexicon("en"), NOW)
    assert len(said) == 1
    assert "production" in text


PARTS = st.builds(
    Part,
    words=st.just(""),
    place=st.sampled_from([-1, 1, 2, 3, 4]),
    unit=st.sampled_from(["day", "week", "month", "quarter", "half", "weekday", "weekend", "piece", "hour"]),
    count=st.integers(1, 40),
    weekday=st.integers(0, 6),
)


@given(
    whole=st.builds(month_stretch, st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 12)),
    part=PARTS,
)
def test_a_part_begins_within_its_whole(whole: Stretch, part: Part) -> None:
    cut = part_of(whole, part)
    assert cut is None or whole.start <= cut.start < whole.end
    if cut and part.unit == "weekday":
        assert cut.start.weekday() == part.weekday
        assert cut.end - cut.start == DAY


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("energy used in June and July", "2018-06-01", "2018-08-01"),
        ("consumo de mayo, junio y julio", "2018-05-01", "2018-08-01"),
        ("usage on 5 June and 9 June", "2018-06-05", "2018-06-06"),
    ],
)
def test_stretches_that_follow_each_other_are_one(question: str, first: str, last: str, wednesday: Scene) -> None:
    outcome, _ = understand(question, wednesday)
    assert isinstance(outcome, Request)
    assert outcome.focus.period is not None
    assert (f"{outcome.focus.period.start:%F}", f"{outcome.focus.period.end:%F}") == (first, last)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("kWh from 22:00 on 8 October to 4:00 on 9 October", "2018-10-08 22:00", "2018-10-09 04:00"),
        ("kWh used between 22:00 on 8 October and 4:00 the next morning", "2018-10-08 22:00", "2018-10-09 04:00"),
        ("how much did we use from 10 last night to 6 this morning", "2018-12-11 22:00", "2018-12-12 06:00"),
        ("cuánto gastamos entre las 22 del 8 de mayo y las 4 del 9 de mayo", "2018-05-08 22:00", "2018-05-09 04:00"),
        ("what did we use from 6am till 2pm today", "2018-12-12 06:00", "2018-12-12 14:00"),
        ("how many kWh will we use until 6pm tomorrow", "2018-12-12 15:30", "2018-12-13 18:00"),
        ("de aquí al viernes a mediodía, ¿cuántos kWh gastaremos?", "2018-12-12 15:30", "2018-12-14 12:00"),
    ],
)
def test_an_end_may_be_said_hour_first(question: str, first: str, last: str, wednesday: Scene) -> None:
    outcome, _ = understand(question, wednesday)
    assert isinstance(outcome, Request)
    assert outcome.focus.period is not None
    assert (f"{outcome.focus.period.start:%F %H:%M}", f"{outcome.focus.period.end:%F %H:%M}") == (first, last)


def test_a_date_is_the_one_that_falls_on_the_weekday_beside_it(wednesday: Scene) -> None:
    for question in ("usage on Sunday 3 June", "usage on Sunday the 3rd of June", "usage on Sunday 03/06"):
        outcome, _ = understand(question, wednesday)
        assert isinstance(outcome, Request)
        assert outcome.focus.period is not None
        assert f"{outcome.focus.period.start:%F}" == "2018-06-03"
