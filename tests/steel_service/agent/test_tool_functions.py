"""Tools' arguments and what they come to: the planner's own requests; it is Wednesday 2018-12-12, 15:30."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import questions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.errors import InputError
from steel_service.agent.arguments import RARE, TOOLS, Arguments
from steel_service.agent.hints import call_of
from steel_service.agent.tool_functions import request_of

KINDS: dict[str, type[Arguments]] = {kind.tool: kind for kind in (*TOOLS, *RARE)}
HOURS = {"from_hour": 10, "to_hour": 12}


def requested(scene: Scene, tool: str, /, **given: Any) -> Request:
    return request_of(KINDS[tool].model_validate(given), scene, "es")


@pytest.mark.parametrize(
    ("tool", "arguments", "question"),
    [
        (
            "forecast",
            {"when": "tomorrow 10:00", "statistic": "total"},
            "¿Cuánta energía consumiremos mañana a las 10am?",
        ),
        ("forecast", {"measure": "usage"}, "pronóstico"),
        ("history", {"when": "last week", "compare_with": "2018-11-26 to 2018-12-02"}, None),
        ("bill", {"when": "november"}, "factura de noviembre"),
        ("what_if", {"change": "close_day", "when": "saturday"}, "¿Y si cerramos el sábado?"),
        (
            "what_if",
            {"change": "move_load", "share_percent": "20", "from_hours": "10-12", "to_hours": "22-6"},
            "¿Qué pasa si movemos el 20% de la carga de 10 a 12 a la noche?",
        ),
        (
            "what_if",
            {"change": "scale_production", "production_change_percent": -10, "when": "tomorrow"},
            "¿Cuánto ahorraríamos si reducimos la producción un 10% mañana?",
        ),
        (
            "what_if",
            {"change": "capacitor_bank", "capacitor_kvar": 100, "investment_krw": 5e6},
            "que pasa si instalamos un banco de condensadores de 100 kvar que cuesta 5 millones de KRW",
        ),
        ("explain", {"when": "yesterday", "what": "peak"}, "¿Por qué hubo un pico ayer?"),
        ("explain", {"when": "tomorrow", "what": "forecast"}, "¿Por qué el pronóstico de mañana es tan alto?"),
        ("status", {"of": "drift"}, "¿hay deriva en los datos?"),
    ],
)
def test_a_call_comes_to_what_the_question_does(
    scene: Scene, tool: str, arguments: dict[str, Any], question: str | None
):
    request = requested(scene, tool, **arguments)

    assert request.language == "es"
    if question is not None:
        typed, _ = understand(question, scene)
        assert isinstance(typed, Request)
        assert (request.intent, request.body()) == (typed.intent, typed.body())


def test_a_job_is_planned_in_its_hours(scene: Scene):
    request = requested(scene, "optimize", when="2018-12-13 08:00-20:00", power_kw=120, duration_hours=3)
    (job,) = request.body()["jobs"]

    assert (job["power_kw"], job["duration_minutes"]) == (120, 180)
    assert job["windows"] == [{"start": "2018-12-13T08:00:00+09:00", "end": "2018-12-13T20:00:00+09:00"}]


def test_further_jobs_are_read_from_words(scene: Scene):
    request = requested(scene, "optimize", power_kw=120, duration_hours=3, more_jobs="furnace 200 kW for 2 hours")

    assert [(job["power_kw"], job["duration_minutes"]) for job in request.body()["jobs"]] == [(120, 180), (200, 120)]


def test_a_limit_and_a_share_are_of_the_whole_plant(scene: Scene):
    body = requested(scene, "optimize", when="tomorrow", movable_percent=30, limit_kw=400).body()

    assert (body["movable"]["share"], body["limits"]) == (0.3, {"power_kw": 400.0})


def test_a_meters_values_come_to_the_routes_units(scene: Scene):
    body = requested(
        scene,
        "nowcast",
        lagging_reactive_kvarh=2.95,
        leading_reactive_kvarh=0,
        co2_t=0,
        lagging_power_factor_percent=73.21,
        leading_power_factor_percent=100,
        time_of_day="00:15",
        weekday="monday",
        load_type="light",
    ).body()

    assert body == {
        "lagging_reactive_power": 2.95,
        "leading_reactive_power": 0.0,
        "co2": 0.0,
        "lagging_power_factor": 0.7321,
        "leading_power_factor": 1.0,
        "nsm": 900,
        "day_of_week": 0,
        "load_type": "Light",
    }


def test_hours_beside_the_days_are_those_of_the_change(scene: Scene):
    change = requested(scene, "what_if", change="load_type", load_type="light", when="tomorrow 10-12").body()["changes"]

    assert change == [{"kind": "load_type", "load_type": "light", "hours": HOURS, "days": ["2018-12-13"]}]


def test_what_a_model_leaves_empty_is_the_default(scene: Scene):
    empty = requested(scene, "forecast", when="", compare_with=None, measure="none", statistic="null")

    assert empty == requested(scene, "forecast")


@pytest.mark.parametrize(
    ("tool", "arguments", "field"),
    [
        ("history", {"when": "tomorrow"}, "when"),
        ("forecast", {"when": "in March"}, "when"),
        ("forecast", {"when": "banana"}, "when"),
        ("history", {"when": "2018-13-40"}, "when"),
        ("history", {"when": "yesterday", "compare_with": "the other one"}, "compare_with"),
        ("what_if", {"change": "move_load"}, "from_hours"),
        ("what_if", {"change": "move_load", "from_hours": "10-12"}, "to_hours"),
        ("what_if", {"change": "scale_production"}, "production_change_percent"),
        ("what_if", {"change": "capacitor_bank"}, "capacitor_kvar"),
        ("what_if", {"change": "tariff"}, "other_tariff"),
        ("what_if", {"change": "tariff", "other_tariff": "free"}, "other_tariff"),
        ("what_if", {"change": "close_day", "when": "tomorrow 10-12"}, "when"),
        ("bill", {"when": "november", "other_tariff": "free"}, "other_tariff"),
        ("optimize", {"power_kw": 120}, "duration_hours"),
        ("explain", {}, "when"),
    ],
)
def test_a_call_that_says_too_little_names_the_argument_to_mend(
    scene: Scene, tool: str, arguments: dict[str, Any], field: str
):
    with pytest.raises(InputError) as refusal:
        requested(scene, tool, **arguments)

    assert refusal.value.field == field
    assert refusal.value.remedy


def understood() -> list[Any]:
    """Every question of the set that comes to a request, with it."""
    found, scene_at = [], cache(questions.scene_at)
    for asked in questions.questions():
        scene = scene_at(asked.now)
        outcome = questions.ask(asked, scene)
        if isinstance(outcome, Request):
            found.append((outcome, scene))
    return found


def test_every_question_of_the_set_can_be_said_as_one_call_that_comes_to_the_same_request():
    for request, scene in understood():
        call = call_of(request, scene)
        assert call is not None, request
        tool, arguments = call
        again = request_of(KINDS[tool].model_validate(arguments), scene, request.language)
        assert (again.intent, again.body()) == (request.intent, request.body())
        assert again.focus.period == request.focus.period
        assert set(again.notes) <= set(request.notes)


def test_hours_that_no_single_call_can_say_are_not_suggested(scene: Scene):
    request = requested(scene, "history", when="2018-11-05 to 2018-11-09 8-10")
    hours = {"hours": ((480, 600), (720, 780))}

    assert call_of(request, scene) is not None
    assert call_of(request.model_copy(update={"focus": request.focus.model_copy(update=hours)}), scene) is None


WRITTEN = st.dictionaries(
    st.sampled_from(sorted({name for kind in KINDS.values() for name in kind.model_fields})),
    st.one_of(
        st.sampled_from(["tomorrow", "last week", "10-12", "peak hours", "cost", "drift", "light", "", "2018-12-03"]),
        st.sampled_from(["2018-12-13T25:99:00+99:99", "99999999-12-12", "0000-00-00", "24:00", "30 february", "²"]),
        st.text(max_size=40),
        st.floats(),
        st.integers(-10, 10**12),
        st.booleans(),
        st.none(),
        st.lists(st.integers(), max_size=2),
    ),
    max_size=6,
)


@given(kind=st.sampled_from(sorted(KINDS)), written=WRITTEN)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_model_writes_comes_to_a_request_or_is_refused(scene: Scene, kind: str, written: dict[str, Any]):
    try:
        request = requested(scene, kind, **written)
    except (InputError, ValueError):  # pydantic's own error is a ValueError
        return

    assert json.loads(json.dumps(request.body())) == request.body()
