"""Answers to why a forecast is what it is: two quarters of an hour whose drivers a person can add up."""

from __future__ import annotations

from typing import Any

import pytest

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.asking.outcomes import Request
from steel_energy.explaining.drivers import DRIVERS
from steel_energy.telling.changing.explain_forecast import FIELDS
from steel_energy.telling.formats import voice
from steel_energy.telling.tell import tell


def interval(start: str, **kwh: float) -> dict[str, Any]:
    """An interval of the forecast: what is not named adds nothing."""
    drivers = dict.fromkeys(FIELDS.values(), 0.0) | kwh
    return {"interval_start": start, **drivers, "forecast_kwh": sum(drivers.values())}


INTERVALS = [
    interval("2018-01-15T09:00:00+09:00", base_kwh=10, similar_days_kwh=30, calendar_kwh=-2, rest_kwh=1),
    interval("2018-01-15T09:15:00+09:00", base_kwh=10, similar_days_kwh=31, operating_state_kwh=-4, rest_kwh=0.5),
    interval("2018-01-15T09:30:00+09:00", base_kwh=10, similar_days_kwh=5),
]
RESULT = {
    "kind": "forecast",
    "source": {"kind": "file", "location": "toy.csv", "is_simulated": False},
    "origin": "2018-01-15T00:00:00+09:00",
    "horizon": 39,
    "model": "ensemble",
    "model_version": "0f1e2d3c4b5a",
    "fallback": None,
    "explained_by": "lightgbm, 49% of the ensemble; the rest of it has no trees",
    "is_whole": False,
    "interval": None,
    "contributions": [],
    "intervals": INTERVALS,
}


def say(scene: Any, *, language: str = "en", start: str = "09:00", end: str = "09:30", **result: Any) -> Any:
    """The answer for a stretch of the morning."""
    period = {"start": f"2018-01-15T{start}:00+09:00", "end": f"2018-01-15T{end}:00+09:00"}
    content = {"intent": "explain", "slots": {"kind": "forecast"}, "language": language, "focus": {"period": period}}
    return tell(Request.model_validate(content), [RESULT | result], scene)


def test_the_wanted_stretch_is_told_by_its_base_and_drivers(scene):
    """10 + 10 kWh of base, 30 + 31 of like days, -4, -2 and 1.5: 76.5 kWh; the third quarter is not asked for."""
    told = say(scene)
    lines = told.text.replace("\N{MINUS SIGN}", "-").splitlines()

    assert lines[0] == "On Monday 15 January 2018 from 09:00 to 09:30, 76.5 kWh are expected."
    assert lines[1] == (
        "The model starts from 20.0 kWh, knowing nothing, and adds: what like days took +61.0 kWh; operating state now "
        "-4.00 kWh; calendar and closed days -2.00 kWh; the model's part without trees +1.50 kWh."
    )
    assert lines[2] == "Explained is lightgbm, 49 % of the model; the rest counts as one sum."
    assert "0f1e2d3c4b5a" in lines[3]
    assert told.model_version == "0f1e2d3c4b5a"


def test_one_interval_names_what_is_usual_then(scene):
    usual = {"feature": "usual_kwh", "label": "", "value": 42.0, "kwh": 20.0}
    parts = [{"driver": "similar days", "kwh": 30.0, "features": [usual], "text": ""}]
    told = say(scene, language="es", interval="2018-01-15T09:00:00+09:00", contributions=parts)

    assert told.text.startswith("El lunes 15 de enero de 2018 de 09:00 a 09:15 se prevén 39,0 kWh.")
    assert "Lo habitual a esa hora en días así: 42,0 kWh." in told.text
    assert "Se explica lightgbm, que es el 49 % del modelo" in told.text


def test_a_model_of_trees_alone_is_explained_as_a_whole(scene):
    told = say(scene, is_whole=True, explained_by="lightgbm itself")

    assert "Explained is" not in told.text
    assert "kept from falling below zero +1.50 kWh" in told.text


def test_trees_of_another_model_are_said_to_be_that(scene):
    words = "xgboost itself, the best on the leaderboard that has trees: the champion, chronos, has none"

    assert "Explained is xgboost itself, as the model itself has no trees." in say(scene, explained_by=words).text


def test_a_period_that_the_forecast_does_not_hold_is_told_as_far_as_it_goes(scene):
    told = say(scene, start="22:00", end="23:00")

    assert (told.period.start.hour, told.period.end.minute) == (9, 45)


def test_every_driver_has_a_field_and_words():
    assert set(DRIVERS) | {"base", "rest"} == set(FIELDS)
    for language in LANGUAGES:
        assert all(voice(language)(f"ex_driver_{driver.replace(' ', '_')}") for driver in FIELDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_an_answer_stands_in_its_figures(scene, language):
    told = say(scene, language=language)

    assert grounded(told.text, told.figures) == []
    assert [round(value, 3) for value in told.chart.series[0].values] == [20, 61, -4, -2, 1.5, 0, 0, 0]
