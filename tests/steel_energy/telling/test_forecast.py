"""What is to come at the toy plant, from Monday 22 January 2018 on, in words; numbers by hand, see ``conftest``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of, tell

Tell = Callable[[Request], Told]
MADE = "Forecast from the readings up to Monday 22 January 2018 at 00:00; model counting, version 1a2b3c4d5e6f."


def asked(first: str, last: str, horizon: int, *, language: str = "en", **more: Any) -> Request:
    """A question on ``[first, last)`` with so many intervals of forecast."""
    notes = more.pop("notes", ())
    if "compared" in more:
        more["compared"] = dict(zip(("start", "end"), map(_moment, more["compared"]), strict=True))
    focus = {"period": {"start": _moment(first), "end": _moment(last)}, **more}
    body = {"intent": "forecast", "language": language, "slots": {"horizon": horizon}, "focus": focus, "notes": notes}
    return Request.model_validate(body)


def _moment(text: str) -> str:
    return f"{text if 'T' in text else f'{text}T00:00:00'}+09:00"


def test_a_day_is_its_sum_and_its_highest_demand_with_origin_and_model(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-23", "2018-01-24", 192))

    assert told.text == (
        "On Tuesday 23 January 2018 the plant is expected to use 736.0 kWh. "
        f"Highest expected demand (15 minutes): 80.0 kW, from 12:00 to 12:15.\n{MADE}"
    )
    assert told.model_version == "1a2b3c4d5e6f"


def test_a_quarter_of_an_hour_has_its_range(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-22T10:00:00", "2018-01-22T10:15:00", 41))

    assert told.text.splitlines()[0] == (
        "On Monday 22 January 2018 from 10:00 to 10:15 the plant is expected to use 10.0 kWh, 40.0 kW on average. "
        "Nine times in ten it lies between 5.00 kWh and 20.0 kWh."
    )


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("cost", "se espera un cargo por energía de 1.696 KRW por 736,0 kWh, sin el cargo por demanda."),
        ("co2", "se espera que la planta emita 0,640 t de CO2."),
        ("peak", "la demanda máxima esperada (15 minutos) es de 80,0 kW, de 12:00 a 12:15. Nueve de cada diez veces "),
        ("load_type", "se espera que la planta consuma 736,0 kWh: carga ligera 96,0 kWh (13,0 %), carga media 320,0 "),
    ],
)
def test_each_measure_has_its_figures_of_a_day(toy_told: Tell, measure: str, expected: str) -> None:
    told = toy_told(asked("2018-01-23", "2018-01-24", 192, language="es", measure=measure))

    assert told.text.startswith(f"El martes 23 de enero de 2018 {expected}")


def test_what_no_forecast_tells_is_said(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-23", "2018-01-24", 192, measure="power_factor"))

    assert told.text.startswith("The power factor is not forecast; this is the energy. On Tuesday 23 January 2018")
    assert told.figures["usage_kwh"] == 736


def test_hours_over_midnight_reach_beyond_the_horizon_that_was_named(toy_told: Tell) -> None:
    request = asked("2018-01-22", "2018-01-24", 192, hours=[[1320, 1800]])

    told = toy_told(request)

    # two nights of 22:00-06:00: 32 quarters of 2 kWh each
    assert told.figures["usage_kwh"] == 2 * 32 * 2
    assert calls_of(request)[0].arguments["horizon"] == 192 + 24
    assert "from 22:00 to 06:00 each day" in told.text


def test_a_coming_day_is_compared_with_a_known_one(toy_told: Tell) -> None:
    request = asked("2018-01-22", "2018-01-23", 96, compared=("2018-01-21", "2018-01-22"))

    told = toy_told(request)

    # 736 against Sunday's 192 kWh
    assert [call.tool for call in calls_of(request)] == ["forecast", "history"]
    assert "That is 283.3 % more than on Sunday 21 January 2018 (192.0 kWh)." in told.text


def test_two_coming_days_come_of_one_forecast(toy_told: Tell) -> None:
    request = asked("2018-01-28", "2018-01-29", 672, compared=("2018-01-22", "2018-01-23"))

    told = toy_told(request)

    assert len(calls_of(request)) == 1
    assert "That is 73.9 % less than on Monday 22 January 2018 (736.0 kWh)." in told.text


def test_notes_are_said(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-22", "2018-01-29", 672, notes=["cut_to_horizon"]))

    assert "The forecast reaches no further than Monday 29 January 2018 at 00:00." in told.text


def test_another_model_than_the_champion_is_said(toy_scene: Scene, toy_tools: Callable[[Call], dict[str, Any]]) -> None:
    request = asked("2018-01-23", "2018-01-24", 192)
    result = toy_tools(calls_of(request)[0]) | {"fallback": {"step": "seasonal naive", "because": "no bundle"}}

    text = tell(request, [result], toy_scene).text

    assert text.endswith("The champion model could not answer; a plain forecast from similar days did.")


def test_the_chart_is_a_band_of_demand(toy_told: Tell) -> None:
    chart = toy_told(asked("2018-01-22", "2018-01-23", 96)).chart

    assert chart is not None
    (demand,) = chart.series
    assert (chart.kind, chart.unit, len(chart.x)) == ("band", "kW", 96)
    assert demand.lower
    assert demand.upper
    assert (demand.values[0], demand.lower[0], demand.upper[0]) == (8, 4, 16)  # 2 kWh, 1 to 4
    assert "nine times in ten" in demand.name


def test_a_week_is_drawn_by_the_hour(toy_told: Tell) -> None:
    chart = toy_told(asked("2018-01-22", "2018-01-29", 672)).chart

    assert chart is not None
    assert len(chart.x) == 168
    assert chart.title == "Expected demand per hour"


def test_expected_cost_is_drawn_by_the_hour(toy_told: Tell) -> None:
    chart = toy_told(asked("2018-01-22", "2018-01-23", 96, measure="cost", language="es")).chart

    assert chart is not None
    assert (chart.title, chart.unit, len(chart.x)) == ("Cargo por energía por hora (pronóstico)", "KRW", 24)
    assert chart.series[0].values[12] == 4 * 20 * 3
