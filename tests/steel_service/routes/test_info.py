from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from steel_energy.errors import BundleError
from steel_energy.ladder import CHAMPION, PREVIOUS, Failure
from steel_energy.testing import toy_plant, toy_tariff
from steel_service.security import Role
from steel_service.security.key_file import create_key, utc_now

SOURCE = {"kind": "simulated", "location": "toy", "is_simulated": True}


def told(problems: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Problems without the names that programs go by."""
    return [{name: problem[name] for name in ("what", "remedy")} for problem in problems]


@pytest.mark.parametrize("path", ["/health", "/model/info"])
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
        "copilot": {"answers": "planner", "model": None, "state": "off", "remedy": ""},
    }


def test_who_asks_from_this_machine_without_a_key_is_an_operator(service: Any) -> None:
    who = service.client.get("/whoami").json()

    assert who == {"name": "anonymous", "role": "operator", "means": "loopback", "plants": ["toy"]}


def test_a_key_is_told_its_name_and_role_and_a_wrong_one_nothing(service: Any) -> None:
    _, key = create_key(service.state.settings.keys_file, "ana", role=Role.VIEWER, days=None, now=utc_now())
    client = service.with_().client

    who = client.get("/whoami", headers={"X-API-Key": key}).json()
    wrong = client.get("/whoami", headers={"X-API-Key": key[:-1]})

    assert who == {"name": "ana", "role": "viewer", "means": "key", "plants": ["toy"]}
    assert wrong.status_code == 401


def test_the_plants_are_listed_with_contract_and_tariff_even_without_readings(empty_service: Any) -> None:
    answer = empty_service.client.get("/plants")

    (plant,) = answer.json()["plants"]
    assert answer.status_code == 200
    assert (plant["id"], plant["zone"], plant["is_default"]) == ("toy", "Asia/Seoul", True)
    assert plant["contract_kw"] == toy_plant().contract_kw
    assert (plant["tariff"], plant["tariff_name"]) == (toy_tariff().id, toy_tariff().name)


def test_health_names_what_is_missing_and_its_remedy(empty_service: Any) -> None:
    answer = empty_service.client.get("/health")

    assert answer.status_code == 200
    health = answer.json()
    assert health["status"] == "degraded"
    assert (health["source"], health["readings_until"], health["champion"]) == (None, None, None)
    assert told(health["problems"]) == [
        {"what": "there are no readings of toy yet", "remedy": "build them"},
        {"what": "champion: no champion of toy", "remedy": "build it"},
    ]


def test_health_and_model_info_tell_a_files_name_and_not_where_it_lies(service: Any, known: Any, champion: Any) -> None:
    source = {"kind": "file", "location": "/mnt/meters/line 4.csv"}
    manifest = champion.manifest.model_copy(update={"source": source})
    service = service.with_(
        readings=type(service.state.readings)(replace(known, source=source)),
        champions=type(service.state.champions)(replace(champion, manifest=manifest)),
    )

    answers = [service.client.get(path).json() for path in ("/health", "/model/info")]

    expected = {"kind": "file", "location": "line 4.csv", "is_simulated": False}
    assert [answer["source"] for answer in answers] == [expected, expected]


def test_problems_are_told_without_the_folders_of_this_machine(service: Any, champion: Any) -> None:
    missing = service.state.settings.bundles_dir / "toy" / "abc" / "manifest.json"
    failure = Failure(CHAMPION, BundleError("is missing", field=str(missing), remedy="build it again"))
    service = service.with_(champions=type(service.state.champions)(champion, (failure,)))

    health = service.client.get("/health").json()

    assert told(health["problems"]) == [
        {"what": "bundles/toy/abc/manifest.json: is missing", "remedy": "build it again"}
    ]
    assert health["fallback"]["because"] == "champion: bundles/toy/abc/manifest.json: is missing (build it again)"


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
    assert told(health["problems"]) == [
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


def test_a_model_that_is_not_built_yet_is_answered_with_its_remedy(empty_service: Any) -> None:
    status, error = empty_service.error("GET", "/model/info")

    assert status == 503
    assert error["hint"].startswith("build")
