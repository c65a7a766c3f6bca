from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from steel_energy.errors import BundleError
from steel_energy.ladder import CHAMPION, PREVIOUS, Failure
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_tariff

SOURCE = {"kind": "simulated", "location": "toy", "is_simulated": True}


@pytest.mark.parametrize("path", ["/health", "/model/info", "/history"])
def test_an_unknown_plant_is_not_found(service: Any, path: str) -> None:
    status, error = service.error("GET", path, params={"plant": "moon"})

    assert (status, error["code"], error["hint"]) == (404, "unknown_plant", "known plants: toy")


def test_health_is_ok_when_everything_is_there(service: Any) -> None:
    health = service.client.get("/health").json()

    assert health.pop("service_version")
    assert health == {
        "status": "ok",
        "plant": "toy",
        "zone": "Asia/Seoul",
        "source": SOURCE,
        "readings_until": "2018-01-15T00:00:00+09:00",
        "champion": {"model": "counting", "label": "counts", "version": "abc123"},
        "fallback": None,
        "problems": [],
    }


def test_health_names_what_is_missing_and_its_remedy(empty_service: Any) -> None:
    answer = empty_service.client.get("/health")

    assert answer.status_code == 200
    health = answer.json()
    assert health["status"] == "degraded"
    assert (health["source"], health["readings_until"], health["champion"]) == (None, None, None)
    assert health["problems"] == [
        {"what": "there are no readings of toy yet", "remedy": "build them"},
        {"what": "champion: no champion of toy", "remedy": "build it"},
    ]


def stepped_down(service: Any, champion: Any) -> Any:
    failures = (
        Failure(CHAMPION, BundleError("was altered", field="model.txt", remedy="build it again")),
        Failure(PREVIOUS, RuntimeError("out of memory"), "def456"),
    )
    return service.with_(champions=type(service.state.champions)(champion, failures))


def test_health_tells_who_answers_instead_of_the_champion_and_why(service: Any, champion: Any) -> None:
    health = stepped_down(service, champion).client.get("/health").json()

    assert health["status"] == "degraded"
    assert health["fallback"] == {
        "step": "previous champion",
        "because": "champion: model.txt: was altered (build it again); previous champion: RuntimeError: out of memory",
    }
    assert health["problems"] == [
        {"what": "model.txt: was altered", "remedy": "build it again"},
        {"what": "RuntimeError: out of memory", "remedy": "the service's log has the details"},
    ]


def test_model_info_says_that_it_is_not_the_champions(service: Any, champion: Any) -> None:
    info = stepped_down(service, champion).client.get("/model/info").json()

    assert info["fallback"]["step"] == "previous champion"


def test_model_info_is_the_manifest_and_the_nowcast(service: Any) -> None:
    info = service.client.get("/model/info").json()

    assert info["nowcast"].pop("version").startswith("physics-")
    assert info == {
        "plant": "toy",
        "model": "counting",
        "label": "counts",
        "version": "abc123",
        "fallback": None,
        "created_at": "2018-01-15T00:00:00Z",
        "trained_from": "2018-01-01T00:00:00+09:00",
        "trained_until": "2018-01-15T00:00:00+09:00",
        "earlier_fits": [],
        "source": SOURCE,
        "data_sha256": "0" * 64,
        "code": {"package": "1.0", "commit": "f" * 40, "is_dirty": False},
        "libraries": {"python": "3.11.7"},
        "params": {},
        "metrics": {"rmse_kwh": 1.5},
        "files": {"forecaster.json": "0" * 64},
        "nowcast": {
            "method": "physics",
            "model_version": None,
            "pulse_kwh": 1.0,
            "emission_factor_t_per_kwh": 0.001,
        },
    }


@pytest.mark.parametrize("path", ["/model/info", "/history"])
def test_what_is_not_built_yet_is_answered_with_its_remedy(empty_service: Any, path: str) -> None:
    status, error = empty_service.error("GET", path)

    assert status == 503
    assert error["hint"].startswith("build")


def test_history_is_the_last_two_weeks_by_default(service: Any) -> None:
    history = service.client.get("/history").json()

    rows = history.pop("rows")
    assert history == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "aggregation": "15min",
        "from": "2018-01-01T00:00:00+09:00",
        "to": "2018-01-15T00:00:00+09:00",
        "source": SOURCE,
    }
    assert len(rows) == 14 * 96
    assert rows[0] == {
        "interval_start": "2018-01-01T00:00:00+09:00",
        "usage_kwh": 8.0,
        "lagging_reactive_kvarh": 6.0,
        "leading_reactive_kvarh": 0.0,
        "co2_t": 0.01,
        "load_type": "light",
        "billing_band": "light",
        "repaired": False,
        "intervals": 1,
    }


def test_history_of_a_period_sums_by_hour(service: Any) -> None:
    period = {"from": "2018-01-14T12:00", "to": "2018-01-14T13:30", "aggregation": "hour"}

    rows = service.client.get("/history", params=period).json()["rows"]

    assert [(row["interval_start"], row["usage_kwh"], row["intervals"], row["repaired"]) for row in rows] == [
        ("2018-01-14T12:00:00+09:00", 32.0, 4, True),
        ("2018-01-14T13:00:00+09:00", 16.0, 2, False),
    ]
    assert rows[0]["load_type"] is None


@pytest.mark.parametrize("start", ["2018-01-14T12:00:00%2B09:00", "2018-01-14T12:00:00+09:00", "2018-01-14 12:00"])
def test_a_plus_sign_need_not_be_escaped(service: Any, start: str) -> None:
    assert service.client.get(f"/history?from={start}").json()["from"] == "2018-01-14T12:00:00+09:00"


def test_a_period_without_readings_has_no_rows(service: Any) -> None:
    answer = service.client.get("/history", params={"from": "2019-01-01", "to": "2019-01-02"})

    assert (answer.status_code, answer.json()["rows"]) == (200, [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"from": "2018-01-02", "to": "2018-01-01"}, "from", id="reversed"),
        pytest.param({"from": "2018-01-02", "to": "2018-01-02"}, "from", id="empty"),
        pytest.param({"from": "2000-01-01"}, "from", id="too-long"),
        pytest.param({"from": "soon"}, "from", id="words"),
        pytest.param({"to": "0001-01-01"}, "to", id="first-year"),
        pytest.param({"aggregation": "week"}, "aggregation", id="unknown-aggregation"),
    ],
)
def test_a_wrong_query_is_refused_by_field(service: Any, query: dict[str, str], field: str) -> None:
    status, error = service.error("GET", "/history", params=query)

    assert (status, error["field"]) == (422, field)


@pytest.mark.parametrize(
    ("start", "end", "first", "rows"),
    [
        ("2018-03-25T02:30", "2018-03-25T04:00", "2018-03-25T03:30:00+02:00", 2),
        ("2018-10-28T02:30:00+02:00", "2018-10-28T02:15:00+01:00", "2018-10-28T02:30:00+02:00", 3),
        ("2018-10-28T02:30:00+01:00", "2018-10-28T03:00:00+01:00", "2018-10-28T02:30:00+01:00", 2),
    ],
    ids=["an hour that the clock skips", "within the hour that comes twice", "only its second half"],
)
def test_history_of_an_hour_in_which_the_clock_changes(  # noqa: PLR0917
    service: Any, known: Any, constant: Any, start: str, end: str, first: str, rows: int
) -> None:
    zone = "Europe/Madrid"
    madrid, site = ZoneInfo(zone), Site(toy_plant(zone=zone), toy_tariff())
    year = constant(site, dt.datetime(2018, 3, 1, tzinfo=madrid), dt.datetime(2018, 11, 1, tzinfo=madrid))
    known = replace(known, readings=year, repairs=known.repairs.clear().cast(dict(repairs_schema(zone))))
    service = service.with_(sites={"toy": site}, readings=type(service.state.readings)(known))

    found = service.client.get("/history", params={"from": start, "to": end}).json()["rows"]

    assert (found[0]["interval_start"], len(found)) == (first, rows)
