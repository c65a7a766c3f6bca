"""Answers on the past of the toy plant; every number by hand, see ``conftest``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of, tell

Tell = Callable[[Request], Told]
ZONE = "+09:00"


def asked(first: str, last: str, aggregation: str = "hour", *, language: str = "en", **focus: Any) -> Request:
    """A question on ``[first, last)``, days or moments of the toy plant."""
    period = _period(first, last)
    slots = {"from": period["start"], "to": period["end"], "aggregation": aggregation}
    if "compared" in focus:
        focus["compared"] = _period(*focus["compared"])
    body = {"intent": "history", "language": language, "slots": slots, "focus": {"period": period, **focus}}
    return Request.model_validate(body)


def _period(first: str, last: str) -> dict[str, str]:
    return {"start": _moment(first), "end": _moment(last)}


def _moment(text: str) -> str:
    return f"{text if 'T' in text else f'{text}T00:00:00'}{ZONE}"


def test_a_day_is_its_total_and_its_highest_demand(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17"))

    assert told.text == (
        "On Tuesday 16 January 2018 the plant used 736.0 kWh. "
        "Highest demand (15 minutes): 80.0 kW, from 12:00 to 13:00."
    )
    assert told.figures == {"usage_kwh": 736.0, "peak_kw": 80.0}


def test_the_same_in_spanish(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17", language="es"))

    assert told.text == (
        "El martes 16 de enero de 2018 la planta consumió 736,0 kWh. "
        "Demanda máxima (15 minutos): 80,0 kW, de 12:00 a 13:00."
    )


def test_a_quarter_of_an_hour_is_told_with_its_mean_power(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16T12:00:00", "2018-01-16T12:15:00", "15min"))

    assert told.text == "On Tuesday 16 January 2018 from 12:00 to 12:15 the plant used 20.0 kWh, 80.0 kW on average."
    assert told.chart is None


def test_a_week_names_its_highest_and_its_lowest_day(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-15", "2018-01-22", "day"))

    assert told.text == (
        "From 15 to 21 January 2018 the plant used 4,608 kWh. "
        "Daily maximum: 736.0 kWh, on Monday 15 January; minimum: 192.0 kWh, on Sunday 21 January."
    )


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("cost", "the energy charge was 1,696 KRW for 736.0 kWh, without demand charge."),
        ("co2", "the plant emitted 0.640 t of CO2."),
        ("peak", "the highest demand (15 minutes) was 80.0 kW, from 12:00 to 12:15."),
        ("power_factor", "the power factor was 89.4 % lagging and 100.0 % leading."),
        ("reactive", "the reactive energy was 368.0 kvarh lagging and 0.00 kvarh leading."),
        (
            "load_type",
            "the plant used 736.0 kWh: light load 96.0 kWh (13.0 %), medium load 320.0 kWh (43.5 %) and "
            "maximum load 320.0 kWh (43.5 %).",
        ),
    ],
)
def test_each_measure_has_its_figures_of_a_day(toy_told: Tell, measure: str, expected: str) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17", measure=measure))

    assert told.text.startswith(f"On Tuesday 16 January 2018 {expected}")


def test_an_hour_of_one_load_type_names_it(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16T13:00:00", "2018-01-16T14:00:00", measure="load_type"))

    assert told.text == "On Tuesday 16 January 2018 from 13:00 to 14:00 it is maximum load; the plant used 80.0 kWh."


def test_hours_of_several_days_are_those_hours_alone(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-15", "2018-01-18", "day", hours=[[480, 720]]))

    # three days of 08:00-12:00: 16 quarters of 10 kWh each
    assert told.text.startswith("From 15 to 17 January 2018, from 08:00 to 12:00 each day, the plant used 480.0 kWh.")


def test_hours_of_several_days_are_ranked_and_averaged_by_the_day(toy_told: Tell) -> None:
    request = asked("2018-01-15", "2018-01-22", "hour", hours=[[480, 720]], statistic="mean")

    told = toy_told(request)

    # six days of 160 kWh and a Sunday of 32
    assert "consumption per day was 141.7 kWh on average. In total it is 992.0 kWh." in told.text


def test_nights_are_those_that_begin_on_the_days(toy_told: Tell) -> None:
    request = asked("2018-01-20", "2018-01-22", "day", hours=[[1140, 1500]])

    told = toy_told(request)

    # Saturday 19:00-20:00 4 quarters of 10, then 20 of 2 kWh until 01:00; Sunday 20 known ones of 2, none of Monday
    assert told.figures["usage_kwh"] == 40 + 40 + 40
    assert calls_of(request)[0].arguments["to"] == f"2018-01-22T01:00:00{ZONE}"


def test_a_band_is_what_the_utility_bills(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-19", "2018-01-22", "day", band="maximum"))

    # Friday's 320 kWh; Saturday's maximum is billed as medium, Sunday's as light
    assert told.text.startswith(
        "From 19 to 21 January 2018, in the hours billed as peak (maximum load), the plant used 320.0 kWh."
    )


def test_the_load_types_of_one_band_are_its_energy(toy_told: Tell) -> None:
    typed = toy_told(asked("2018-01-19", "2018-01-22", "day", band="maximum", measure="load_type"))

    assert typed.text == toy_told(asked("2018-01-19", "2018-01-22", "day", band="maximum")).text


def test_half_hours_are_asked_for_in_quarters(toy_told: Tell) -> None:
    request = asked("2018-01-15", "2018-01-17", "day", hours=[[690, 750]])

    told = toy_told(request)

    assert calls_of(request)[0].arguments["aggregation"] == "15min"
    assert told.figures["usage_kwh"] == 2 * (2 * 10 + 2 * 20)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("maximum", "consumption per day was highest on Monday 15 January: 736.0 kWh."),
        ("minimum", "consumption per day was lowest on Sunday 21 January: 192.0 kWh."),
        ("mean", "consumption per day was 658.3 kWh on average. In total it is 4,608 kWh."),
        ("total", "the plant used 4,608 kWh."),
    ],
)
def test_a_statistic_is_the_one_that_was_asked_for(toy_told: Tell, statistic: str, expected: str) -> None:
    told = toy_told(asked("2018-01-15", "2018-01-22", "day", statistic=statistic))

    assert expected in told.text


def test_a_day_that_is_cut_is_not_called_the_lowest(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-18", "2018-01-20T06:00:00", "day", statistic="minimum"))

    assert "lowest on Thursday 18 January: 736.0 kWh" in told.text


def test_periods_are_compared_by_share(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-21", "2018-01-22", compared=("2018-01-20", "2018-01-21")))

    # 192 against 736 kWh
    assert told.text == (
        "On Sunday 21 January 2018 the plant used 192.0 kWh. "
        "That is 73.9 % less than on Saturday 20 January 2018 (736.0 kWh)."
    )
    assert told.chart is not None
    assert told.chart.x == ("On Saturday 20 January 2018", "On Sunday 21 January 2018")
    assert told.chart.series[0].values == (736.0, 192.0)


def test_periods_of_other_lengths_are_compared_by_day_too(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-15", "2018-01-17", "day", compared=("2018-01-08", "2018-01-15")))

    # 1,472 against 4,608 kWh; 736 against 658.3 kWh a day
    assert "That is 68.1 % less than from 8 to 14 January 2018 (4,608 kWh)." in told.text
    assert "per day it is 736.0 kWh against 658.3 kWh, 11.8 % more." in told.text


def test_what_is_not_known_is_said(toy_told: Tell) -> None:
    assert toy_told(asked("2017-12-01", "2017-12-02")).text == "No readings are known on Friday 1 December 2017."
    partly = toy_told(asked("2018-01-21", "2018-01-23", "day"))
    assert "Only 96 of its 192 quarters of an hour are known." in partly.text


def test_simulated_readings_are_called_so(toy_scene: Scene, toy_tools: Callable[[Call], dict[str, Any]]) -> None:
    request = asked("2018-01-16", "2018-01-17")
    result = toy_tools(calls_of(request)[0]) | {"source": {"is_simulated": True}}

    assert tell(request, [result], toy_scene).text.endswith("\nSimulated data: no meter measured these readings.")


def test_a_request_without_focus_is_about_all_of_its_result(toy_told: Tell) -> None:
    whole = asked("2018-01-16", "2018-01-17")
    bare = Request.model_validate({**whole.model_dump(exclude={"focus"}), "slots": whole.slots})

    assert toy_told(bare).text == toy_told(whole).text


def test_a_chart_has_a_point_for_each_window(toy_told: Tell) -> None:
    chart = toy_told(asked("2018-01-15", "2018-01-22", "day", language="es")).chart

    assert chart is not None
    assert (chart.kind, chart.title, chart.unit, chart.x_kind) == ("bar", "Consumo por día", "kWh", "time")
    assert chart.x[0] == f"2018-01-15T00:00:00{ZONE}"
    assert chart.series[0].values == (736.0,) * 6 + (192.0,)


def test_a_chart_of_many_quarters_is_of_hours(toy_told: Tell) -> None:
    chart = toy_told(asked("2018-01-15", "2018-01-22", "15min")).chart

    assert chart is not None
    assert (chart.kind, len(chart.x)) == ("line", 7 * 24)


@pytest.mark.parametrize(
    ("first", "aggregation", "when"),
    [
        ("2018-01-01", "15min", "on Monday 1 January from 12:00 to 12:15"),
        ("2017-11-22", "hour", "on Monday 1 January 2018 from 12:00 to 13:00"),
        ("2016-11-22", "day", "on Monday 1 January 2018"),
    ],
)
def test_the_highest_demand_is_told_with_its_time_as_far_as_the_period_is_short(
    toy_told: Tell, first: str, aggregation: str, when: str
) -> None:
    request = asked(first, "2018-01-22", "month", measure="peak")

    told = toy_told(request)

    assert calls_of(request)[0].arguments["aggregation"] == aggregation
    assert f"80.0 kW, {when}." in told.text
