from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from steel_energy.calendar import interval_grid
from steel_energy.forecasting.base import FORECAST_COLUMNS
from steel_energy.timeline import DEFAULT_HORIZON, Timeline

MONDAY, TUESDAY, SUNDAY = "2018-01-15", "2018-01-16", "2018-01-21"
"""The known readings end at the midnight on which Monday begins; the toy plant is closed on Sundays."""
OPEN_KWH, CLOSED_KWH = 10.0, 2.0


@dataclass(frozen=True)
class CalendarForecaster:
    """10 kWh in each interval of an open day, 2 kWh in one of a closed day."""

    name: str = "calendar"

    def predict(self, history: Timeline, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        starts = interval_grid(origin, origin + horizon * dt.timedelta(minutes=15), zone=history.zone)
        (first,) = history.positions([origin])
        is_closed = history.is_closed[history.day[first : first + horizon]]
        kwh = pl.Series(np.where(is_closed, CLOSED_KWH, OPEN_KWH))
        return pl.DataFrame([starts, *(kwh.alias(name) for name in FORECAST_COLUMNS[1:])])


@pytest.fixture
def planned(service: Any, champion: Any) -> Any:
    """The service with a champion that goes by the calendar."""
    champions = type(service.state.champions)(replace(champion, forecaster=CalendarForecaster()))
    return service.with_(champions=champions)


def mark(service: Any, day: str, state: str, **more: str) -> dict[str, Any]:
    answer = service.client.post("/calendar", json={"days": [{"day": day, "state": state, **more}]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def forecast(service: Any, **asked: Any) -> dict[str, Any]:
    answer = service.client.post("/forecast", json=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_calendar_begins_where_the_readings_end_and_holds_two_weeks(service: Any) -> None:
    told = service.client.get("/calendar").json()

    assert (told["plant"], told["zone"], len(told["days"])) == ("toy", "Asia/Seoul", 14)
    assert told["days"][0] == {
        "day": MONDAY,
        "is_closed": False,
        "is_usually_closed": False,
        "is_marked": False,
        "reason": None,
        "is_public_holiday": False,
    }
    assert [day["day"] for day in told["days"] if day["is_closed"]] == [SUNDAY, "2018-01-28"]


def test_any_days_may_be_looked_at_also_before_the_first_readings(empty_service: Any) -> None:
    told = empty_service.client.get("/calendar", params={"from": "2018-02-15", "days": 2}).json()

    assert [(day["day"], day["is_public_holiday"]) for day in told["days"]] == [
        ("2018-02-15", True),
        ("2018-02-16", True),
    ]
    assert empty_service.error("GET", "/calendar")[0] == 503


def test_a_marked_day_is_told_kept_and_found_by_another_worker(service: Any) -> None:
    told = mark(service, TUESDAY, "closed", reason="maintenance")

    (day,) = told["days"]
    assert told["changed"] == 1
    assert (day["is_closed"], day["is_usually_closed"], day["reason"]) == (True, False, "maintenance")
    another = service.with_(predictions=service.state.predictions)
    assert another.client.get("/calendar", params={"from": TUESDAY, "days": 1}).json()["days"] == [day]


def test_marking_again_changes_nothing_and_usual_takes_the_mark_away(service: Any) -> None:
    mark(service, SUNDAY, "open")

    assert mark(service, SUNDAY, "open")["changed"] == 0
    taken = mark(service, SUNDAY, "usual")
    assert (taken["changed"], taken["days"][0]["is_closed"], taken["days"][0]["is_marked"]) == (1, True, False)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([], "days"),
        ([{"day": MONDAY, "state": "shut"}], "days.0.state"),
        ([{"day": "2018-02-30", "state": "closed"}], "days.0.day"),
        ([{"day": MONDAY, "state": "closed", "reason": "strike"}], "days.0.reason"),
    ],
    ids=["none", "state", "day", "reason"],
)
def test_wrong_marks_are_refused_by_their_field_and_none_is_kept(
    service: Any, days: list[dict[str, str]], field: str
) -> None:
    status, error = service.error("POST", "/calendar", json={"days": days})

    assert (status, error["field"]) == (422, field)
    assert not service.state.settings.calendars_dir.exists()


def test_a_day_that_is_named_twice_contradicts_itself(service: Any) -> None:
    days = [{"day": MONDAY, "state": "closed"}, {"day": MONDAY, "state": "open"}]

    status, error = service.error("POST", "/calendar", json={"days": days})

    assert (status, error["field"]) == (409, "days")


def test_a_damaged_file_is_said_and_never_taken_for_an_empty_one(service: Any) -> None:
    mark(service, TUESDAY, "closed")
    (service.state.settings.calendars_dir / "toy.json").write_text("{")

    status, error = service.error("POST", "/forecast", json={})

    assert (status, error["message"][:14]) == (503, "cannot be read")


def test_marking_is_the_operators_and_written_down(service: Any) -> None:
    mark(service, TUESDAY, "closed")

    lines = [json.loads(line) for line in service.state.settings.audit_file.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["asked", "answered"]
    assert (lines[1]["plant"], lines[1]["counts"]) == ("toy", {"days": 1, "changed": 1})


def test_what_if_a_day_were_closed_tells_how_far_the_forecast_moves(planned: Any) -> None:
    told = forecast(planned, horizon=192, closed_days=[TUESDAY])

    # Tuesday's 96 intervals take 2 kWh instead of 10, at 0.001 t of CO2 a kWh; Monday's peak stays
    assert told["totals"]["usage_kwh"] == 96 * 10 + 96 * 2
    assert told["change"]["usage_kwh"] == -96 * 8
    assert told["change"]["co2_t"] == pytest.approx(-0.768)
    assert told["change"]["peak_kw"] == 0
    usual = forecast(planned, horizon=192)
    assert told["change"]["cost_krw"] == pytest.approx(told["totals"]["cost_krw"] - usual["totals"]["cost_krw"])


def test_what_if_is_the_same_in_any_order_and_keeps_nothing(planned: Any) -> None:
    both = [
        forecast(planned, horizon=192, closed_days=days) for days in ([MONDAY, TUESDAY], [TUESDAY, MONDAY, TUESDAY])
    ]

    assert both[0]["prediction_id"] == both[1]["prediction_id"]
    assert forecast(planned, horizon=192)["totals"]["usage_kwh"] == 1920
    assert not planned.state.settings.calendars_dir.exists()


def test_what_if_is_no_prediction_and_stays_out_of_the_log(planned: Any) -> None:
    told = forecast(planned, closed_days=[MONDAY])

    (logged,) = planned.state.predictions.forecasts
    assert logged.prediction_id != told["prediction_id"]
    assert {step.mean_kwh for step in logged.intervals} == {OPEN_KWH}


def test_a_day_as_the_calendar_has_it_changes_nothing(planned: Any) -> None:
    told = forecast(planned, open_days=[MONDAY], closed_days=[TUESDAY])

    assert set(told["change"].values()) == {0}


@pytest.mark.parametrize("day", ["2018-01-14", "2018-01-18"], ids=["before", "after"])
def test_a_day_that_the_forecast_does_not_reach_is_refused(planned: Any, day: str) -> None:
    status, error = planned.error("POST", "/forecast", json={"open_days": [day]})

    assert (status, error["field"]) == (409, "open_days.0")
    assert error["hint"] == "name days from 2018-01-15 to 2018-01-17, or a longer horizon"


def test_a_day_cannot_be_both(planned: Any) -> None:
    status, error = planned.error("POST", "/forecast", json={"open_days": [MONDAY], "closed_days": [MONDAY]})

    assert (status, error["field"]) == (409, "open_days")


def test_a_marked_day_moves_forecasts_and_what_is_made_of_them_until_it_is_taken_away(planned: Any) -> None:
    before = forecast(planned)
    mark(planned, MONDAY, "closed")

    marked = forecast(planned)
    scenario = planned.client.post("/what-if", json={"changes": [{"kind": "scale_production", "factor": 1.0}]}).json()
    mark(planned, MONDAY, "usual")

    assert before["totals"]["usage_kwh"] == 960
    assert (marked["totals"]["usage_kwh"], marked["change"]) == (192, None)
    assert {step["load_type"] for step in marked["intervals"]} == {"light"}
    assert scenario["baseline"]["usage_kwh"] == 192
    assert forecast(planned)["totals"]["usage_kwh"] == 960
