"""Answers on a plant that meters diesel: 10 kWh a litre, at 1,500 KRW."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl
import pytest

from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.carrier import Measure
from steel_energy.telling.counting import counted_chart, counted_figures
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Chart, Series, Told
from steel_energy.telling.tell import calls_of, tell
from steel_energy.testing import toy_fuel_plant, toy_fuel_tariff, toy_readings

LITRES = Measure("L", "L/h", 10.0)


@pytest.fixture(scope="module")
def told(toy_scene: Scene, toy_tools: Any) -> Any:
    """From a question to its answer: 1,132 kWh each working day, thus 113.2 litres."""
    plant, tariff = toy_fuel_plant(), toy_fuel_tariff()
    scene = dataclasses.replace(toy_scene, tariff=tariff)
    tools = dataclasses.replace(toy_tools, plant=plant, tariffs={tariff.id: tariff})

    def answer(question: str) -> Told:
        request, _ = understand(question, scene, None)
        assert isinstance(request, Request), request
        return tell(request, [tools(call) for call in calls_of(request)], scene)

    return answer


def _litres_of(day: dt.date) -> float:
    usage = toy_readings(days=28).filter(pl.col("interval_start").dt.date() == day)["usage_kwh"]
    return float(usage.sum()) / 10


@pytest.mark.parametrize(
    ("question", "litre"),
    [("How much did we use last Friday?", "L"), ("¿Cuánto consumimos el viernes pasado?", "L")],
    ids=["en", "es"],
)
def test_usage_is_said_in_litres(told: Any, question: str, litre: str) -> None:
    answer = told(question)
    litres = _litres_of(dt.date(2018, 1, 19))

    assert f"{litres:.1f} {litre}".replace(".", "," if "Cuánto" in question else ".") in answer.text
    assert "kW" not in answer.text
    assert answer.figures["usage_l"] == pytest.approx(litres)


def test_a_highest_demand_is_said_in_litres_an_hour_and_drawn_so(told: Any) -> None:
    answer = told("What was the peak demand of last week?")

    assert "8.0 L/h" in answer.text  # 20 kWh in a quarter of an hour are 80 kW
    assert answer.figures["peak_l_per_h"] == pytest.approx(8)
    assert answer.chart is None or answer.chart.unit == "L/h"


def test_a_bill_is_said_in_litres_without_a_demand_charge(told: Any) -> None:
    answer = told("What was the bill of last week?")

    assert " L" in answer.text
    assert "kWh" not in answer.text
    assert "demand" not in answer.text.lower()


def test_a_chart_of_energy_is_drawn_in_litres() -> None:
    series = Series(name="usage", values=(10.0, None), lower=(0.0, 0.0), upper=(20.0, 20.0))
    chart = Chart(kind="bar", title="t", unit="kWh", x=("a", "b"), x_kind="category", series=(series,))

    drawn = counted_chart(chart, LITRES)

    assert drawn is not None
    assert (drawn.unit, drawn.series[0].values, drawn.series[0].upper) == ("L", (1.0, None), (2.0, 2.0))
    money = chart.model_copy(update={"unit": "KRW"})
    assert counted_chart(money, LITRES) is money


def test_figures_are_named_by_what_they_count() -> None:
    kept = {"days": [{"mean_kwh": 30.0, "cost_krw": 5.0}], "peak_kw": None}

    assert counted_figures(kept, LITRES) == {"days": [{"mean_l": 3.0, "cost_krw": 5.0}], "peak_l_per_h": None}


def test_a_voice_says_its_measure() -> None:
    say = voice("en", LITRES)

    assert (say.kwh(123.0), say.kw(80.0)) == ("12.3 L", "8.0 L/h")
    assert (voice("en").kwh(123.0), voice("en").kw(80.0)) == ("123.0 kWh", "80.0 kW")


def test_what_only_electricity_has_is_refused_in_both_languages() -> None:
    said = [voice(language)("nothing_electrical") for language in ("en", "es")]

    assert said[0].startswith("This plant meters a fuel")
    assert said[1].startswith("Esta planta mide un combustible")


def test_the_cost_of_a_forecast_says_nothing_of_a_demand_charge(told: Any) -> None:
    answer = told("What will the next 24 hours cost?")

    assert "the fuel is expected to cost" in answer.text
    assert answer.figures["cost_krw"] == pytest.approx(1500 * answer.figures["usage_l"])
