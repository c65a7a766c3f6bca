"""POST /admin/promote and /admin/rollback over real bundles: refused, carried out, told and written down."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from steel_energy.artifacts import Manifest, history, publish, write_bundle
from steel_energy.artifacts.bundles import locked
from steel_energy.forecasting.seasonal import DailyNaive, SeasonalNaive
from steel_energy.handover import LOCK
from steel_energy.params import load_params
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_readings
from steel_service.champions import Champions
from steel_service.security import Role
from steel_service.security.key_file import create_key

UNKNOWN = "0" * 12
WHY = {"because": "night forecasts too low"}
Bundles = tuple[Manifest, Manifest]


@pytest.fixture
def keys(service: Any) -> dict[Role, dict[str, str]]:
    file, now = service.state.settings.keys_file, dt.datetime.now(dt.UTC)
    return {role: {"X-API-Key": create_key(file, f"the-{role}", role=role, days=1, now=now)[1]} for role in Role}


@pytest.fixture
def bundles(service: Any, site: Site) -> Bundles:
    """The champion, and one that was never served."""
    readings = toy_readings(days=42)
    params, folder = load_params(service.state.settings.params_file).forecasting, service.state.settings.bundles_dir
    first, second = (
        kind(plant=site.plant, tariff=site.tariff, params=params).fit(readings) for kind in (SeasonalNaive, DailyNaive)
    )
    scores = {"test.over_24h.rmse_kwh": 12.5, "test.1h.rmse_kwh": 9.0}
    champion = publish(folder, toy_facts(model=first.name, metrics=scores), write=first.save)
    return champion, write_bundle(folder, toy_facts(model=second.name), write=second.save)


@pytest.fixture
def served(service: Any, bundles: Bundles, keys: dict[Role, dict[str, str]]) -> Any:  # noqa: ARG001 - there first
    """The service over those bundles, as the real one loads them."""
    state = service.state
    params = load_params(state.settings.params_file).forecasting
    return service.with_(champions=Champions(state.settings.bundles_dir, params=params))


def audited(service: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.state.settings.audit_file.read_text().splitlines()]


def test_an_administrator_promotes_and_goes_back_and_each_is_served_at_once(
    served: Any, bundles: Bundles, keys: dict[Role, dict[str, str]]
) -> None:
    first, second = bundles
    asked = {"version": second.version, "expected": first.version, **WHY}

    promoted = served.client.post("/admin/promote", json=asked, headers=keys[Role.ADMIN]).json()

    assert (promoted["was"], promoted["serves"]) == (first.version, second.version)
    line = promoted["champion"]
    assert (line["number"], line["by"], line["who"]) == (2, "promote", "the-admin")
    assert line["reason"] == WHY["because"]
    assert served.client.get("/model/info").json()["version"] == second.version

    back = served.client.post("/admin/rollback", json=WHY, headers=keys[Role.ADMIN]).json()

    assert (back["was"], back["serves"], back["champion"]["by"]) == (second.version, first.version, "rollback")
    assert served.client.get("/health").json()["champion"]["version"] == first.version


def test_the_audit_log_tells_who_put_what_in_whose_place_and_why(
    served: Any, bundles: Bundles, keys: dict[Role, dict[str, str]]
) -> None:
    first, second = bundles
    served.client.post("/admin/promote", json={"version": second.version, **WHY}, headers=keys[Role.ADMIN])

    asked, answered = audited(served)

    assert (asked["event"], asked["who"], "change" in asked) == ("asked", "the-admin", False)
    assert (answered["who"], answered["route"], answered["plant"]) == ("the-admin", "/admin/promote", "toy")
    assert answered["change"] == {"what": "promote", "was": first.version, "now": second.version, **WHY}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("route", ["promote", "rollback"])
def test_nobody_else_may(served: Any, keys: dict[Role, dict[str, str]], role: Role, route: str) -> None:
    status, error = served.error("POST", f"/admin/{route}", json={"version": UNKNOWN, **WHY}, headers=keys[role])

    assert (status, error["code"]) == (403, "forbidden")
    assert served.error("POST", f"/admin/{route}", json=WHY)[0] == 401


@pytest.mark.parametrize(
    ("route", "asked", "status", "code", "message"),
    [
        pytest.param(
            "promote", {"version": UNKNOWN}, 404, "unknown_version", "there is no version 000000000000 of toy", id="new"
        ),
        pytest.param("rollback", {"to": UNKNOWN}, 404, "unknown_version", "there is no version", id="back"),
        pytest.param("promote", {"version": "FIRST"}, 409, "conflict", "is the champion already", id="same"),
        pytest.param("rollback", {"to": "FIRST"}, 409, "conflict", "is the champion already", id="back-to-itself"),
        pytest.param("rollback", {"to": "SECOND"}, 409, "conflict", "is no earlier champion", id="never-served"),
        pytest.param("rollback", {}, 409, "conflict", "no previous champion", id="none-before"),
        pytest.param(
            "promote",
            {"version": "SECOND", "expected": UNKNOWN},
            409,
            "conflict",
            "is not the champion any more",
            id="changed-meanwhile",
        ),
        pytest.param("promote", {"version": "../../etc"}, 422, "validation", "should match pattern", id="no-version"),
        pytest.param("promote", {"version": "SECOND", "because": " \t"}, 422, "validation", "pattern", id="no-reason"),
        pytest.param("promote", {"version": "SECOND", "because": "a\nb"}, 422, "validation", "pattern", id="two-lines"),
        pytest.param("promote", {"version": "SECOND", "plant": "moon"}, 404, "unknown_plant", "moon", id="plant"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(
    served: Any,
    bundles: Bundles,
    keys: dict[Role, dict[str, str]],
    *,
    route: str,
    asked: dict[str, str],
    status: int,
    code: str,
    message: str,
) -> None:
    versions = dict(zip(("FIRST", "SECOND"), (one.version for one in bundles), strict=True))
    body = WHY | {name: versions.get(value, value) for name, value in asked.items()}

    answered, error = served.error("POST", f"/admin/{route}", json=body, headers=keys[Role.ADMIN])

    assert (answered, error["code"]) == (status, code)
    assert message in error["message"]
    assert len(history(served.state.settings.bundles_dir, "toy")) == 1


def test_a_damaged_bundle_is_refused_without_telling_where_files_lie(
    served: Any, bundles: Bundles, keys: dict[Role, dict[str, str]]
) -> None:
    folder = served.state.settings.bundles_dir
    (folder / "toy" / bundles[1].version / "forecaster.json").write_text("{}")

    asked = {"version": bundles[1].version, **WHY}
    status, error = served.error("POST", "/admin/promote", json=asked, headers=keys[Role.ADMIN])

    assert (status, error["code"]) == (409, "conflict")
    file = f"bundles/toy/{bundles[1].version}/forecaster.json"
    assert error["message"] == f"the champion of toy stays: {file}: was altered"
    assert "change" not in audited(served)[-1]


def test_one_in_progress_is_a_conflict(served: Any, bundles: Bundles, keys: dict[Role, dict[str, str]]) -> None:
    asked = {"version": bundles[1].version, **WHY}
    with locked(served.state.settings.bundles_dir / "toy" / LOCK):
        status, error = served.error("POST", "/admin/promote", json=asked, headers=keys[Role.ADMIN])

    assert (status, error["message"]) == (409, "the champion of toy stays: another change is under way")


def test_versions_tell_what_serves_what_may_and_what_each_scored(served: Any, bundles: Bundles) -> None:
    first, second = bundles

    told = served.client.get("/model/versions").json()

    assert (told["champion"], told["previous"], told["reviews"]) == (first.version, None, [])
    by_version = {one["version"]: one for one in told["versions"]}
    assert {version: one["state"] for version, one in by_version.items()} == {
        first.version: "champion",
        second.version: "never_served",
    }
    assert by_version[first.version]["metrics"] == {"test.over_24h.rmse_kwh": 12.5}
    assert by_version[first.version]["numbers"] == [1]
    assert by_version[second.version]["is_same_data"]


def test_a_damaged_manifest_is_told_as_such(served: Any, bundles: Bundles) -> None:
    (served.state.settings.bundles_dir / "toy" / bundles[1].version / "manifest.json").write_text("{")

    versions = served.client.get("/model/versions").json()["versions"]

    assert {(one["version"], one["is_damaged"], one["model"]) for one in versions} == {
        (bundles[0].version, False, "seasonal_naive"),
        (bundles[1].version, True, None),
    }


def test_without_bundles_there_are_no_versions(empty_service: Any) -> None:
    assert empty_service.client.get("/model/versions").json() == {
        "plant": "toy",
        "champion": None,
        "previous": None,
        "versions": [],
        "reviews": [],
    }
