"""Numbers of an answer in both notations, and whether evidence holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.asking.grounding import grounded, numbers_of
from steel_energy.asking.lexicon import Language
from steel_energy.reporting.weekly_words import words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("1,234.5 kWh", [(1234.5,)], id="English"),
        pytest.param("1.234,5 kWh", [(1234.5,)], id="Spanish"),
        pytest.param("12.345.678 KRW", [(12345678.0,)], id="several groups"),
        pytest.param("1,234 kWh", [(1234.0, 1.234)], id="a group or decimals"),
        pytest.param("0.125", [(0.125,)], id="no group begins with zero"),
        pytest.param("2.5 million KRW, 2,5 millones de KRW", [(2.5e6,), (2.5e6,)], id="millions"),
        pytest.param("KRW5000, KRW 5,000", [(5000.0,), (5000.0, 5.0)], id="unit before"),
        pytest.param("10-20 kW", [(10.0,), (20.0,)], id="a range"),
        pytest.param("157.9 kWh (631.4 kW)", [(157.9,), (631.4,)], id="brackets"),
        pytest.param("at 95 KRW/kWh", [(95.0,)], id="a price is no time"),
        pytest.param("agosto 12 kWh, may 5 kW", [(12.0,), (5.0,)], id="an energy is no day"),
        pytest.param("2018 kWh", [(2018.0,)], id="an energy is no year"),
    ],
)
def test_numbers_are_read(text: str, values: list[tuple[float, ...]]) -> None:
    assert [number.values for number in numbers_of(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "2018-12-03T10:15:00+09:00 2018-W49 2018-12",
        "Mon 26 Feb 2018, 13:15 to 13:30",
        "El 3 de agosto de 2018 a las 10; del 3 al 5 de diciembre, en 2018",
        "August 3rd, 2018 at 10am; March 2018; 03/08/2018",
        "model 20c942b3a651, chronos-2, CO2, q05, kepco-industrial-b-hv-a-ii-2018, v2.1.0",
        "from 10-12 h to 23-05 h",
        "1. first\n2. second",
    ],
)
def test_dates_times_and_names_are_no_numbers(text: str) -> None:
    assert numbers_of(text) == []


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("3,299 kWh", {"totals": {"usage_kwh": 3298.96}}),
        ("3.299 kWh", [3298.96]),
        ("3,30 MWh", [3298.96]),
        ("12,5 %", {"share": 0.125}),
        ("a fifth: 20%", {"changes": [{"share": 0.2}]}),
        ("saves 35,948 KRW", {"difference": {"cost_krw": -35947.73}}),
        ("35,9 mil KRW", [-35947.73]),
        ("2.55 million KRW", [2_549_812.0]),
        ("3,300 kWh", [3299.4]),
        ("1.5 kg", [0.0015]),
        ("36 earlier days", "Usual is the median of 36 earlier open weekdays"),
        ("each 15 minutes", []),
    ],
)
def test_what_evidence_holds_within_rounding_is_grounded(text: str, evidence: object) -> None:
    assert grounded(text, evidence) == []


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("57,3 kWh", {"usage_kwh": 11.5}),
        ("3,299 kWh", [3297.9]),
        ("3,400 kWh", [3299.4]),
        ("20 %", [0.25]),
        ("2.6 million KRW", [2_549_812.0]),
        ("12 kWh", {"is_simulated": True, "at": "2018-12-12"}),
        ("at 95 KRW/kWh", {"price": 96.0}),
    ],
)
def test_what_evidence_does_not_hold_is_named(text: str, evidence: object) -> None:
    assert len(grounded(text, evidence)) == 1


@given(value=st.floats(min_value=-1e9, max_value=1e9), digits=st.integers(0, 3), language=st.sampled_from(["en", "es"]))
def test_a_number_is_grounded_however_it_is_written(value: float, digits: int, language: str) -> None:
    shown = words(language).number(value, digits)
    assert grounded(f"{shown} kWh", {"usage_kwh": value}) == []


@given(value=st.floats(min_value=1, max_value=1e9), language=st.sampled_from(["en", "es"]))
def test_a_number_off_by_a_tenth_is_never_grounded(value: float, language: str) -> None:
    shown = words(language).number(value * 1.1 + 1, 1)
    assert grounded(f"{shown} kWh", {"usage_kwh": value})


FIGURES = {
    "usage_kwh": 1234.5,
    "peak_kw": 628.7,
    "cost_krw": 135_948.0,
    "co2_t": 1.512,
    "saved_share": 0.125,
    "lagging_kvarh": 77.3,
}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("usage was 1,234.5 kW", id="energy as power"),
        pytest.param("the peak was 628.7 kWh", id="power as energy"),
        pytest.param("77.3 kWh", id="reactive as active energy"),
        pytest.param("it cost 1,234.5 KRW", id="energy as money"),
        pytest.param("KRW 628.7", id="power as money, unit before"),
        pytest.param("1.512 %", id="tonnes as a share"),
        pytest.param("0.125 t", id="a share as tonnes"),
        pytest.param("1,234.5 MWh", id="a thousand times too much"),
        pytest.param("1.51 kg", id="a thousandth"),
        pytest.param("0.125 %", id="a hundredth"),
        pytest.param("628,7 t", id="power as tonnes"),
        pytest.param("1,235.5 kWh", id="off by one digit"),
        pytest.param("135,984 KRW", id="digits swapped"),
        pytest.param("12,345 kWh", id="the mark a digit too late"),
        pytest.param("123.45 kWh", id="the mark a digit too soon"),
        pytest.param("1,234.5 kWh, some 3 % less", id="a number more"),
        pytest.param("1,234.5 kWh on May 3, 99 kWh of it at night", id="a number behind a date"),
        pytest.param("135.9 million KRW", id="another scale"),
        pytest.param("2018 kWh", id="a year with a unit"),
        pytest.param("on 3/12 kWh", id="a date with a unit"),
    ],
)
def test_what_no_figure_of_that_unit_proves_is_named(text: str) -> None:
    assert grounded(text, FIGURES)


@pytest.mark.parametrize(
    "text",
    [
        "1.234,5 kWh (1,23 MWh), pico de 628,7 kW (0,629 MW), 135.948 KRW, 1,51 t (1.512 kg), 12,5 %, 77,3 kvarh",
        "135.9 thousand won, ₩135,948, KRW 135,948, 12.5 percent, 1.51 tCO2",
        "El 3 de agosto a las 10:15: 1.234,5 kWh",
    ],
)
def test_every_way_to_write_a_figure_in_its_unit_is_grounded(text: str) -> None:
    assert grounded(text, FIGURES) == []


def test_a_name_gives_its_unit_to_what_lies_below_unless_that_has_its_own() -> None:
    evidence = {"usage_kwh": {"monday": 10.0, "peak_kw": 50.0, "cases": 7}}

    assert [number.words for number in grounded("10 kWh, 50 kW, 7 days, 10 kW, 50 kWh", evidence)] == [
        "10 kW",
        "50 kWh",
    ]


def test_a_question_proves_its_numbers_in_their_units_alone() -> None:
    question = "can we stay under 500 kW and save 20 % of 1.2 MWh?"

    assert grounded("500 kW, 20 %, 1,200 kWh", [question]) == []
    assert len(grounded("500 kWh, 20 kW", [question])) == 2


def test_the_language_settles_what_a_lone_mark_is() -> None:
    assert grounded("1,234 t", {"co2_t": 1.234}) == []
    assert grounded("1,234 t", {"co2_t": 1.234}, language="en")
    assert grounded("1,234 t", {"co2_t": 1.234}, language="es") == []
    assert grounded("1.234 kWh", {"usage_kwh": 1234.0}, language="es") == []


@given(
    value=st.floats(min_value=1, max_value=1e6),
    told=st.sampled_from(["kWh", "kW", "kvarh", "KRW", "t", "%"]),
    known=st.sampled_from(["usage_kwh", "peak_kw", "lagging_kvarh", "cost_krw", "co2_t", "saved_percent"]),
    language=st.sampled_from(["en", "es"]),
)
def test_a_figure_proves_its_own_unit_and_no_other(value: float, told: str, known: str, language: str) -> None:
    text = f"{words(language).number(value, 1)} {told}"
    is_own = known.endswith({"%": "percent"}.get(told, told.lower())) and not (told == "t" and not known.endswith("_t"))

    assert (grounded(text, {known: value}) == []) == is_own


@given(
    value=st.integers(100, 10**7),
    place=st.integers(0, 6),
    digit=st.integers(1, 9),
    language=st.sampled_from(["en", "es"]),
)
def test_another_digit_is_never_grounded(value: int, place: int, digit: int, language: Language) -> None:
    digits = list(str(value))
    place %= len(digits)
    digits[place] = str((int(digits[place]) + digit) % 10)
    wrong = int("".join(digits))
    text = f"{words(language).number(wrong, 1)} kWh"  # with a decimal, so that no zero at the end is rounding

    assert grounded(text, {"usage_kwh": float(value)}, language=language)


@given(text=st.text(max_size=200))
def test_no_text_crashes(text: str) -> None:
    assert len(grounded(text, {})) <= len(numbers_of(text))
