"""POST /optimize on two weeks of 8 kWh in each interval, and on a forecast of 1, 2, 3 … kWh."""

from __future__ import annotations

from typing import Any

import pytest

DAY = {"start": "2018-01-08", "end": "2018-01-09"}
NEXT_DAY = {"start": "2018-01-15", "end": "2018-01-16"}
MELT = {
    "name": "melt",
    "kind": "fixed",
    "power_kw": 8,
    "duration_minutes": 60,
    "planned_start": "2018-01-08T12:00",
}


def test_a_job_leaves_the_dear_hours(service: Any) -> None:
    """8 kWh that were planned at 3 KRW run at 1 KRW; the peak, and so the demand charge, is the same."""
    answer = service.client.post("/optimize", json=DAY | {"jobs": [MELT]})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["gap"], told["forecast"]) == ("optimal", 0, None)
    assert told["savings"]["total_krw"] == told["savings"]["energy_krw"] == pytest.approx(16)
    assert told["baseline"]["total_krw"] - told["planned"]["total_krw"] == pytest.approx(16)
    assert told["baseline"]["above_cheapest_krw"] == pytest.approx(16)
    assert (told["baseline_peak_kw"], told["planned_peak_kw"]) == (40, 40)
    (job,) = told["jobs"]
    assert job["baseline_runs"][0]["start"] == "2018-01-08T12:00:00+09:00"
    assert (job["baseline_energy_krw"], job["energy_krw"]) == (24, 8)
    assert len(told["schedule"]) == 96
    assert sum(one["jobs_kwh"] for one in told["schedule"]) == pytest.approx(8)


def test_the_next_day_is_planned_on_its_forecast_which_is_logged_as_any_other(service: Any) -> None:
    """1 + 2 + … + 96 kWh of base load."""
    told = service.client.post("/optimize", json=NEXT_DAY).json()
    again = service.client.post("/forecast", json={}).json()

    assert sum(one["base_kwh"] for one in told["schedule"]) == pytest.approx(96 * 97 / 2)
    assert told["forecast"]["prediction_id"] == again["prediction_id"]
    assert [made.is_cached for made in service.state.predictions.forecasts] == [False, True]


def test_a_period_that_is_half_known_takes_what_was_measured_and_forecasts_the_rest(service: Any) -> None:
    body = {"start": "2018-01-14T18:00", "end": "2018-01-15T06:00"}
    told = service.client.post("/optimize", json=body).json()

    assert [one["base_kwh"] for one in told["schedule"]] == [*([8.0] * 24), *range(1, 25)]


def test_as_at_an_earlier_moment_the_forecast_made_then_counts(service: Any) -> None:
    told = service.client.post("/optimize", json=DAY | {"at": "2018-01-08"}).json()

    assert [one["base_kwh"] for one in told["schedule"]] == list(range(1, 97))


def test_another_tariff_can_be_planned_for(service: Any) -> None:
    told = service.client.post("/optimize", json=DAY | {"tariff": "day-and-night-example"}).json()

    assert (told["planned"]["tariff"], told["status"]) == ("day-and-night-example", "nothing_better")


def test_the_front_shows_what_a_lower_peak_costs(service: Any) -> None:
    """At best the 8 kWh are spread so thin over light hours that 32 kW become little more."""
    job = {"name": "charge", "kind": "flexible", "energy_kwh": 8, "max_kw": 16, "planned_start": "2018-01-08T12:00"}
    told = service.client.post("/optimize", json=DAY | {"jobs": [job], "front": True}).json()

    front = told["front"]
    assert front[0]["cost_krw"] == pytest.approx(told["planned"]["total_krw"])
    assert [one["cost_krw"] for one in front] == sorted(one["cost_krw"] for one in front)
    assert [one["peak_kw"] for one in front] == sorted((one["peak_kw"] for one in front), reverse=True)
    assert service.client.post("/optimize", json=DAY).json()["front"] is None


def test_a_limit_that_cannot_be_kept_is_named_with_the_way_out(service: Any) -> None:
    """The base load alone draws 32 kW."""
    status, error = service.error("POST", "/optimize", json=DAY | {"jobs": [MELT], "limits": {"power_kw": 30}})

    assert (status, error["code"]) == (409, "infeasible_plan")
    assert "limits.power_kw" in f"{error['field']} {error['message']} {error['hint']}"
    assert error["hint"]
    assert error["reason"] == "no_plan"
    assert error["values"]["conflict_0"] == error["field"]


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        pytest.param({"jobs": [MELT | {"power_kw": -1}]}, 422, "jobs.0.fixed.power_kw", id="negative-power"),
        pytest.param({"jobs": [MELT | {"power_kw": "8"}]}, 422, "jobs.0.fixed.power_kw", id="number-as-text"),
        pytest.param({"jobs": [MELT | {"crane": 1}]}, 422, "jobs.0.fixed.crane", id="unknown-field"),
        pytest.param({"end": "tomorrow"}, 422, "end", id="no-time"),
        pytest.param({"jobs": [MELT] * 101}, 422, "jobs", id="too-many-jobs"),
        pytest.param({"jobs": [MELT, MELT]}, 409, "jobs.1.name", id="same-name"),
        pytest.param({"jobs": [MELT | {"crew": "night"}]}, 409, "jobs.0.crew", id="unknown-crew"),
        pytest.param(
            {"crews": [{"name": "night", "shifts": [{"start_hour": 0, "end_hour": 0}]}]},
            409,
            "crews.0.shifts.0",
            id="shift-without-an-hour",
        ),
        pytest.param({"crews": [{"name": "night", "shifts": []}]}, 422, "crews.0.shifts", id="crew-without-a-shift"),
        pytest.param({"end": "2018-01-07"}, 409, "end", id="reversed"),
        pytest.param({"end": "2018-01-08T00:10"}, 409, "end", id="off-the-grid"),
        pytest.param({"start": "2017-12-30"}, 409, "start", id="before-the-readings"),
        pytest.param({"end": "2018-01-31"}, 409, "end", id="too-long"),
        pytest.param({"start": "2018-01-22", "end": "2018-01-23"}, 409, "end", id="beyond-the-forecast"),
        pytest.param({"at": "2018-01-09"}, 409, "at", id="decided-too-late"),
        pytest.param({"at": "2018-01-20", "end": "2018-01-21"}, 409, "at", id="decided-in-the-future"),
        pytest.param({"tariff": "none"}, 404, "tariff", id="unknown-tariff"),
        pytest.param({"plant": "moon"}, 404, "plant", id="unknown-plant"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_field(
    service: Any, changed: dict[str, Any], status: int, field: str
) -> None:
    found, error = service.error("POST", "/optimize", json=DAY | changed)

    assert (found, error["field"]) == (status, field)
    assert error["hint"]
