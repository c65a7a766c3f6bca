"""Keys and tokens of single plants, through the routes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

import jwt
import pytest
from typer.testing import CliRunner

from steel_energy.sites import Site
from steel_service.security.commands import keys_app
from steel_service.security.key_file import create_key
from steel_service.security.principals import Role

SECRET = "0123456789abcdef" * 4
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def fleet(service: Any, site: Site) -> Any:
    """Two plants, mill and toy, of which toy is the default."""
    mill = dataclasses.replace(site, plant=site.plant.model_copy(update={"id": "mill", "name": "Mill"}))
    service.state.settings.data_dir.joinpath("jwt").write_text(SECRET)
    settings = service.state.settings.model_copy(
        update={"api_require_keys": True, "api_jwt_key_file": service.state.settings.data_dir / "jwt"}
    )
    plants = {"mill": frozenset({"mill"}), "none": frozenset({"gone"}), "all": None}
    keys = {
        name: create_key(settings.keys_file, name, role=Role.ADMIN, plants=only, days=None, now=NOW)[1]
        for name, only in plants.items()
    }
    return service.with_(settings=settings, sites={"mill": mill, "toy": site}), keys


def _get(fleet: Any, path: str, key: str, **query: str) -> Any:
    service, keys = fleet
    return service.client.get(path, params=query, headers={"X-API-Key": keys[key]})


def test_a_key_of_one_plant_sees_that_plant_alone(fleet: Any) -> None:
    plants = _get(fleet, "/plants", "mill").json()["plants"]

    assert [(plant["id"], plant["is_default"]) for plant in plants] == [("mill", True)]
    assert _get(fleet, "/health", "mill").json()["plant"] == "mill"
    assert _get(fleet, "/health", "mill", plant="mill").status_code == 200


def test_another_plant_is_answered_as_one_that_does_not_exist(fleet: Any) -> None:
    other, none = (_get(fleet, "/health", "mill", plant=plant) for plant in ("toy", "moon"))

    assert (other.status_code, none.status_code) == (404, 404)
    assert other.json()["error"]["hint"] == none.json()["error"]["hint"] == "known plants: mill"


@pytest.mark.parametrize("path", ["/forecast", "/bill", "/what-if", "/copilot/chat", "/readings"])
def test_no_question_in_a_body_passes_by(fleet: Any, path: str) -> None:
    service, keys = fleet
    bodies: dict[str, dict[str, Any]] = {
        "/bill": {"from": "2018-01-01", "to": "2018-01-02"},
        "/what-if": {
            "load": {"kind": "measured", "from": "2018-01-01", "to": "2018-01-02"},
            "changes": [{"kind": "scale_production", "factor": 1.1}],
        },
        "/copilot/chat": {"question": "How much did we use yesterday?"},
        "/readings": {"readings": [{"interval_start": "2018-01-01T00:00:00+09:00", "usage_kwh": 1.0}]},
    }
    body = {"plant": "toy"} | bodies.get(path, {})

    answer = service.client.post(path, json=body, params={"plant": "toy"}, headers={"X-API-Key": keys["mill"]})

    assert answer.json()["error"]["code"] == "unknown_plant", answer.text


def test_a_scrape_and_a_reload_hold_no_other_plant(fleet: Any) -> None:
    service, keys = fleet

    reloaded = service.client.post("/admin/reload", headers={"X-API-Key": keys["mill"]}).json()

    assert [plant["plant"] for plant in reloaded["plants"]] == ["mill"]
    assert 'plant="toy"' not in _get(fleet, "/metrics", "mill").text
    assert 'plant="toy"' in _get(fleet, "/metrics", "all").text


def test_a_key_without_a_list_sees_all(fleet: Any) -> None:
    assert [plant["id"] for plant in _get(fleet, "/plants", "all").json()["plants"]] == ["mill", "toy"]
    assert _get(fleet, "/health", "all").json()["plant"] == "toy"


def test_a_key_of_no_plant_that_is_there_is_told_so(fleet: Any) -> None:
    assert _get(fleet, "/health", "none").json()["error"]["hint"] == "known plants: none for this key"


@pytest.mark.parametrize(
    ("claim", "status", "plants"),
    [(["mill"], 200, ["mill"]), ([], 404, None), ("mill", 401, None), ([1], 401, None), (None, 200, ["mill", "toy"])],
)
def test_a_token_may_name_its_plants(fleet: Any, claim: Any, status: int, plants: list[str] | None) -> None:
    claims = {"sub": "scada", "role": "viewer", "exp": int(time.time()) + 60}
    token = jwt.encode(claims | ({} if claim is None else {"plants": claim}), SECRET, algorithm="HS256")

    answer = fleet[0].client.get("/plants", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status
    if plants:
        assert [plant["id"] for plant in answer.json()["plants"]] == plants


def test_the_command_takes_known_plants_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path))

    made = CliRunner().invoke(keys_app, ["create", "planner", "--plant", "gwangyang"])
    refused = CliRunner().invoke(keys_app, ["create", "other", "--plant", "moon"])

    assert "viewer of gwangyang" in made.output
    assert "unknown plant 'moon'" in str(refused.exception)
    assert "gwangyang" in CliRunner().invoke(keys_app, ["list"]).output
