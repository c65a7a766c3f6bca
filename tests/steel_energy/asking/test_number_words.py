"""Numbers in words, corrections, haste and hours before or after another."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questions import scene_at

from steel_energy.asking.lexicon import lexicon
from steel_energy.asking.number_words import in_figures
from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.text import mended, typed

SCENE = scene_at(dt.datetime(2018, 10, 17, 10, 15))  # noqa: DTZ001 - plant time, a Wednesday


def request(question: str, *before: str) -> Request:
    memory = None
    for earlier in before:
        _, memory = understand(earlier, SCENE, memory)
    outcome, _ = understand(question, SCENE, memory)
    assert isinstance(outcome, Request), outcome
    return outcome


@pytest.mark.parametrize(
    ("said", "figures", "language"),
    [
        ("two hundred and fifty kw", "250 kw", "en"),
        ("a hundred and twenty", "120", "en"),
        ("one thousand two hundred kwh", "1200 kwh", "en"),
        ("between eight and ten", "between 8 and 10", "en"),
        ("twenty-five percent", "25 percent", "en"),
        ("two thirds of one", "two thirds of one", "en"),
        ("third of june, the second quarter", "3rd of june, the second quarter", "en"),
        ("the twenty second of may", "the 22nd of may", "en"),
        ("ciento treinta y cinco", "135", "es"),
        ("cincuenta y un kw", "51 kw", "es"),
        ("dos mil quinientos", "2500", "es"),
        ("5 mil", "5 mil", "es"),
        ("veinte por ciento", "20 por ciento", "es"),
        ("entre cien y cincuenta", "entre 100 y 50", "es"),
        ("una hora de un horno", "una hora de un horno", "es"),
    ],
)
def test_numbers_in_words_become_figures(said: str, figures: str, language: str) -> None:
    assert in_figures(said, lexicon("en" if language == "en" else "es")) == figures


@given(tens=st.integers(2, 9), unit=st.integers(1, 9), hundreds=st.integers(1, 9))
def test_english_numbers_below_a_thousand_are_read(tens: int, unit: int, hundreds: int) -> None:
    words = lexicon("en")["number_words"]
    units = {value: word for word, value in words["units"].items()} | {1: "one"}
    spoken = f"{units[hundreds]} hundred and {list(words['tens'])[tens - 2]}-{units[unit]}"

    assert in_figures(spoken, lexicon("en")) == str(hundreds * 100 + tens * 10 + unit)


@pytest.mark.parametrize(
    ("question", "folded"),
    [
        ("xq sube el consumo d la planta pa mñn", "por que sube el consumo de la planta para manana"),
        ("whats usage tmrw pls", "what is usage tomorrow"),
        ("a las nueve menos cuarto", "a las 8:45"),
        ("a las diez y media", "a las 10:30"),
        ("at a quarter to three", "at a 2:45"),
    ],
)
def test_haste_is_written_out(question: str, folded: str) -> None:
    assert typed(question).folded == folded


def test_what_is_corrected_within_a_question_counts_as_corrected() -> None:
    assert mended("usage on Monday, no wait, Tuesday") == ("usage on monday", "tuesday")
    assert mended("usage on Monday") is None
    assert request("consumo del lunes pasado, perdón, del martes pasado").focus.period == (
        request("consumo del martes pasado").focus.period
    )


def test_a_correction_hides_no_command() -> None:
    outcome, _ = understand("apaga el horno, digo, consumo de ayer", SCENE)

    assert outcome.reason == "command"  # type: ignore[union-attr] # a refusal


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("I need 300 kWh of annealing by 6pm tomorrow, max 100 kW", "2018-10-18T00:00", "2018-10-18T18:00"),
        ("300 kWh de recocido mañana después de las 18:00, máximo 100 kW", "2018-10-18T18:00", "2018-10-19T00:00"),
    ],
)
def test_a_job_to_be_done_before_or_after_an_hour_has_all_of_that_part_of_the_day(
    question: str, start: str, end: str
) -> None:
    window = request(question).body()["jobs"][0]["windows"][0]

    assert (window["start"][:16], window["end"][:16]) == (start, end)


def test_off_peak_is_the_band_that_is_billed_not_hours_of_the_clock() -> None:
    focus = request("off-peak kWh last week").focus

    assert (focus.band, focus.hours) == ("light", ())


def test_the_same_day_of_the_week_before_is_set_beside_the_first() -> None:
    focus = request("compara ayer con el mismo día de la semana anterior, consumo").focus

    assert focus.compared is not None
    assert focus.period is not None
    assert focus.period.start - focus.compared.start == dt.timedelta(days=7)


def test_a_bare_number_varies_the_scenario_before() -> None:
    changes = request("and with 400?", "what if we had a 250 kvar capacitor bank in September").body()["changes"]

    assert changes == [{"kind": "power_factor", "capacitor_kvar": 400.0}]


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("consumo del primer semestre", "2018-01-01", "2018-07-01"),
        ("usage in H1", "2018-01-01", "2018-07-01"),
        ("consumo del segundo bimestre", "2018-03-01", "2018-05-01"),
        ("usage in the first half of the year", "2018-01-01", "2018-07-01"),
    ],
)
def test_parts_of_a_year_are_read(question: str, first: str, last: str) -> None:
    period = request(question).focus.period

    assert period is not None
    assert (f"{period.start:%F}", f"{period.end:%F}") == (first, last)
