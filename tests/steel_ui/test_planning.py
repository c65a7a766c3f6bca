"""What is filled in for a plan and a what-if as the service's requests, and which input a refusal is about."""

from __future__ import annotations

import datetime as dt

import pytest

from steel_client.models import OptimizeAnswer, OptimizeRequest, WhatIfRequest
from steel_ui import testing, testing_plans
from steel_ui.client import Forecast
from steel_ui.planning import (
    JobForm,
    Place,
    PlanForm,
    examples,
    expected_rows,
    first_day,
    moved_kwh,
    place_of,
    plan_request,
    planned_rows,
)
from steel_ui.scenarios import ScenarioForm, changes_of, input_of, load_of
from steel_ui.words import words

MONDAY = dt.date(2018, 1, 15)
TEN = dt.datetime.fromisoformat("2018-01-15T10:00")


def test_a_filled_in_plan_is_a_request_the_service_knows() -> None:
    job = JobForm("furnace", 80, 2.25, may_pause=True, earliest=TEN, planned=TEN)
    form = PlanForm(MONDAY, 2, (job,), share=0.1, share_hours=(8, 20), max_added_kw=30, limit_kw=700, front=True)

    body = plan_request(form, plant="toy")

    assert OptimizeRequest.model_validate(body).model_dump(exclude_unset=True)["front"]
    assert body["jobs"] == [
        {
            "name": "furnace",
            "kind": "interruptible",
            "power_kw": 80,
            "duration_minutes": 135,
            "windows": [{"start": "2018-01-15T10:00:00", "end": "2018-01-17T00:00:00"}],
            "planned_start": "2018-01-15T10:00:00",
        }
    ]
    assert body["movable"] == {"share": 0.1, "max_added_kw": 30, "from_hour": 8, "to_hour": 20}
    assert body["limits"] == {"power_kw": 700}


def test_what_is_left_empty_is_left_to_the_service() -> None:
    body = plan_request(PlanForm(MONDAY, 1, (JobForm("x", None, None),)), plant=None)

    assert body["jobs"] == [{"name": "x", "kind": "fixed"}]
    assert {"movable", "limits", "plant"}.isdisjoint(body)


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("jobs.0.fixed.power_kw", Place("power_kw", 0)),
        ("jobs.1.interruptible.duration_minutes", Place("hours", 1)),
        ("jobs.1.windows.0.end", Place("window", 1)),
        ("jobs.scrap shredder", Place(None, 1)),
        ("jobs.7.name", Place("name", None)),
        ("movable.max_added_kw", Place("max_added_kw")),
        ("end", Place("days")),
        ("crews.0", Place(None)),
    ],
)
def test_a_refused_field_is_found_on_the_page(field: str, place: Place) -> None:
    assert place_of(field, ["furnace", "scrap shredder"]) == place


def test_a_job_moves_with_its_period() -> None:
    moved = JobForm("x", 1, 1, planned=TEN, latest=TEN).later(-2)

    assert (moved.planned, moved.latest, moved.earliest) == (TEN - dt.timedelta(days=2), moved.planned, None)


def test_the_examples_lie_in_their_day() -> None:
    moments = [
        getattr(job, name) for job in examples(MONDAY, words=words("en")) for name in ("planned", "earliest", "latest")
    ]

    assert {moment.date() for moment in moments if moment} == {MONDAY}


def test_the_proposed_day_is_one_with_dear_and_cheap_hours() -> None:
    answer = testing.forecast()
    tuesday = testing.forecast(testing.ORIGIN + dt.timedelta(days=1))
    flat = [step | {"billing_band": "light"} for step in answer["intervals"]]
    both = Forecast.model_validate(answer | {"intervals": flat + tuesday["intervals"]})
    only_flat = Forecast.model_validate(answer | {"intervals": flat})

    assert first_day(both) == dt.date(2018, 1, 16)
    assert first_day(only_flat) == MONDAY


def test_the_expected_load_is_that_of_the_chosen_hours(forecast: Forecast) -> None:
    rows = expected_rows(forecast, starts=TEN, ends=TEN + dt.timedelta(hours=3))

    assert len(rows) == 12
    assert (rows[0].before_kw, rows[-1].before_kw) == (pytest.approx(88), pytest.approx(132))
    assert expected_rows(forecast, starts=TEN - dt.timedelta(days=9), ends=TEN - dt.timedelta(days=8)) == []


def test_the_planned_load_is_in_kw() -> None:
    answer = OptimizeAnswer.model_validate(testing_plans.plan(testing.forecast()))
    rows = planned_rows(answer)

    assert moved_kwh(answer) == pytest.approx(160)
    noon, night = rows[48], rows[8]
    assert (noon.before_kw, noon.after_kw, noon.band) == (pytest.approx(212), pytest.approx(132), "maximum")
    assert (night.before_kw, night.after_kw, night.krw_per_kwh) == (pytest.approx(22), pytest.approx(102), 50)


def test_a_scenario_that_changes_nothing_asks_nothing() -> None:
    assert changes_of(ScenarioForm(tariff="  ", capacitor_kvar=0)) == []


def test_every_change_is_one_the_service_knows_in_its_order() -> None:
    form = ScenarioForm("last_7d", 0.2, (10, 12), (23, 5), 0.9, MONDAY, 100, "fixed", 5e6, "other")

    load = load_of(form, known_until=TEN)
    changes = changes_of(form)

    WhatIfRequest.model_validate({"load": load, "changes": changes})
    kinds = ["move_load", "close_day", "scale_production", "power_factor", "tariff"]
    assert [change["kind"] for change in changes] == kinds
    assert load == {"kind": "measured", "from": "2018-01-08T00:00:00", "to": "2018-01-15T00:00:00"}
    assert load_of(ScenarioForm("next_7d"), known_until=TEN) == {"kind": "forecast", "horizon": 672}


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("changes.0.move_load", "to_hours"),
        ("changes.0.move_load.from_hours.to_hour", "from_hours"),
        ("changes.1.tariff.tariff", "tariff"),
        ("load.measured.from", "load"),
        ("changes.9.tariff", None),
        ("plant", None),
    ],
)
def test_a_refused_change_is_found_on_the_page(field: str, found: str | None) -> None:
    assert input_of(field, [{"kind": "move_load"}, {"kind": "tariff"}]) == found
