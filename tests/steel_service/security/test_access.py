"""Who may ask what, over loopback and under lock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest

from steel_service.errors import NotReadyError
from steel_service.security.access import needed_role
from steel_service.security.key_file import CHECK_EVERY_S, revoke_key, utc_now
from steel_service.security.principals import Role

PATIENCE_S = CHECK_EVERY_S + 0.05
OPEN = ["/", "/docs", "/openapi.json", "/docs/assets/swagger-ui.css"]
WRONG_CREDENTIALS = [
    pytest.param({"X-API-Key": "nonsense"}, id="key"),
    pytest.param({"X-API-Key": ""}, id="empty-key"),
    pytest.param({"X-API-Key": "steel_00000000_" + "A" * 43}, id="unknown-id"),
    pytest.param({"Authorization": "Bearer nonsense"}, id="bearer"),
    pytest.param({"Authorization": "Bearer"}, id="bearer-alone"),
    pytest.param({"Authorization": "Bearer a.b.c"}, id="token-without-a-key-to-check-it"),
    pytest.param({"Authorization": "Basic YWRtaW46YWRtaW4="}, id="basic"),
    pytest.param({"Authorization": ""}, id="nothing"),
]


def test_on_loopback_viewing_and_operating_are_open(guarded: Any) -> None:
    assert guarded.client.get("/health").json() == "anonymous"
    assert guarded.client.post("/readings", content=b"1").status_code == 200


def test_keys_do_not_close_what_is_open_on_loopback(serve: Callable[..., Any], keys: dict[Role, str]) -> None:
    client = serve().client

    assert client.get("/health").json() == "anonymous"
    assert client.get("/health", headers={"X-API-Key": keys[Role.VIEWER]}).json() == "viewer"


@pytest.mark.parametrize("headers", WRONG_CREDENTIALS)
@pytest.mark.parametrize("path", ["/health", *OPEN])
def test_wrong_credentials_are_refused_where_none_are_needed_too(
    guarded: Any, path: str, headers: dict[str, str]
) -> None:
    answer = guarded.client.get(path, headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="steel", error="invalid_token"'


@pytest.mark.parametrize("path", ["/health", "/history", "/metrics", "/nope", "/docs/../health", "/admin/reload"])
def test_under_lock_nothing_but_the_docs_answers_without_a_key(locked: Any, path: str) -> None:
    answer = locked.client.get(path)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="steel"'


@pytest.mark.parametrize("path", OPEN)
def test_under_lock_the_docs_stay_open(locked: Any, path: str) -> None:
    assert locked.client.get(path).status_code in (200, 307)


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_opens_by_either_header(locked: Any, keys: dict[Role, str], header: str) -> None:
    value = keys[Role.VIEWER] if header == "X-API-Key" else f"bearer {keys[Role.VIEWER]}"

    assert locked.client.get("/health", headers={header: value}).status_code == 200


def test_two_credentials_are_refused_even_if_both_are_good(locked: Any, keys: dict[Role, str]) -> None:
    headers = {"X-API-Key": keys[Role.VIEWER], "Authorization": f"Bearer {keys[Role.ADMIN]}"}

    assert locked.error("GET", "/health", headers=headers)[1]["message"] == "two credentials came"


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization", "Host", "Origin"])
def test_a_header_that_stands_twice_is_refused(locked: Any, keys: dict[Role, str], header: str) -> None:
    values = {"X-API-Key": keys[Role.VIEWER], "Authorization": f"Bearer {keys[Role.VIEWER]}", "Host": "127.0.0.1:8000"}
    twice = [(header, values.get(header, "http://127.0.0.1:8000"))] * 2

    assert locked.error("GET", "/health", headers=twice)[0] == 403


@pytest.mark.parametrize(
    "path",
    ["/bill", "/explain", "/forecast", "/predict", "/predict/batch", "/predict_onnx", "/readings/preview", "/what-if"],
)
def test_a_question_by_post_is_a_viewers(path: str) -> None:
    assert needed_role("POST", path) is Role.VIEWER


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/health", {Role.VIEWER, Role.OPERATOR, Role.ADMIN}),
        ("POST", "/readings", {Role.OPERATOR, Role.ADMIN}),
        ("POST", "/admin/reload", {Role.ADMIN}),
    ],
)
def test_a_role_may_do_its_own_and_what_lower_ones_may(
    locked: Any, keys: dict[Role, str], method: str, path: str, allowed: set[Role]
) -> None:
    statuses = {
        role: locked.client.request(method, path, headers={"X-API-Key": key}).status_code for role, key in keys.items()
    }

    assert statuses == {role: 200 if role in allowed else 403 for role in Role}


def test_a_refused_role_is_told_which_one_it_takes(locked: Any, keys: dict[Role, str]) -> None:
    assert locked.error("POST", "/readings", headers={"X-API-Key": keys[Role.VIEWER]})[1] == {
        "code": "forbidden",
        "message": "this needs the role operator, and the key is of the role viewer",
        "field": None,
        "hint": "ask whoever runs the service for a key of that role",
    }


def test_admin_needs_a_key_on_loopback_too(serve: Callable[..., Any], keys: dict[Role, str]) -> None:
    service = serve()

    assert service.error("POST", "/admin/reload")[0] == 401
    assert service.client.post("/admin/reload", headers={"X-API-Key": keys[Role.ADMIN]}).json() == "admin"


def test_a_revoked_key_is_refused_without_a_restart(locked: Any, keys: dict[Role, str]) -> None:
    headers = {"X-API-Key": keys[Role.VIEWER]}
    before = locked.client.get("/health", headers=headers).status_code
    revoke_key(locked.settings.keys_file, "viewer", now=utc_now())
    time.sleep(PATIENCE_S)

    assert (before, locked.error("GET", "/health", headers=headers)[0]) == (200, 401)


def test_a_damaged_key_file_is_said_and_lets_nobody_in(locked: Any, keys: dict[Role, str]) -> None:
    locked.settings.keys_file.write_text("{")
    time.sleep(PATIENCE_S)
    status, error = locked.error("GET", "/health", headers={"X-API-Key": keys[Role.ADMIN]})

    assert (status, error["code"], error["message"]) == (503, NotReadyError.code, "the file of keys cannot be read")


@pytest.fixture
def with_tokens(serve: Callable[..., Any], tmp_path: Path) -> Any:
    secret = tmp_path / "jwt"
    secret.write_text("0123456789abcdef" * 4)
    return serve(api_require_keys=True, api_jwt_key_file=secret)


def test_a_token_opens_what_its_role_may(with_tokens: Any) -> None:
    claims = {"sub": "scada", "role": "viewer", "exp": int(time.time()) + 60}
    headers = {"Authorization": f"Bearer {jwt.encode(claims, '0123456789abcdef' * 4)}"}

    assert with_tokens.client.get("/health", headers=headers).status_code == 200
    assert with_tokens.error("POST", "/readings", headers=headers)[0] == 403
    assert with_tokens.error("GET", "/health", headers={"X-API-Key": headers["Authorization"][7:]})[0] == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost@evil.x"]
)
def test_a_page_that_reaches_this_machine_by_its_own_name_is_refused(guarded: Any, host: str) -> None:
    status, error = guarded.error("GET", "/health", headers={"Host": host})

    assert (status, error["code"], error["field"]) == (403, "forbidden", "Host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:5", "[::1]:8000", "127.1.2.3"])
def test_this_machines_own_names_are_known(guarded: Any, host: str) -> None:
    assert guarded.client.get("/health", headers={"Host": host}).status_code == 200


def test_a_setting_names_further_hosts(serve: Callable[..., Any]) -> None:
    service = serve(api_allowed_hosts=("steel.plant.example",))

    assert service.client.get("/health", headers={"Host": "Steel.plant.example:8000"}).status_code == 200
    assert service.error("GET", "/health", headers={"Host": "plant.example"})[0] == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:5006", "null", "http://localhost"])
def test_a_page_of_another_origin_may_not_ask(guarded: Any, origin: str) -> None:
    status, error = guarded.error("POST", "/predict", json={}, headers={"Origin": origin})

    assert (status, error["field"]) == (403, "Origin")


def test_the_docs_page_may_ask(guarded: Any) -> None:
    assert guarded.client.post("/predict", headers={"Origin": "http://127.0.0.1:8000"}).status_code == 200


def test_who_reaches_another_address_than_loopback_needs_a_key_whatever_the_settings_say(
    serve: Callable[..., Any], keys: dict[Role, str]
) -> None:
    service = serve()
    service.client.base_url = "http://192.168.1.5:8000"

    assert service.error("GET", "/health")[0] == 401
    assert service.client.get("/health", headers={"X-API-Key": keys[Role.VIEWER]}).json() == "viewer"


def test_too_many_requests_of_a_key_are_refused(serve: Callable[..., Any], keys: dict[Role, str]) -> None:
    service = serve(api_rate_limit="3/hour")
    headers = {"X-API-Key": keys[Role.VIEWER]}
    statuses = [service.client.get("/health", headers=headers).status_code for _ in range(3)]
    refused = service.client.get("/health", headers=headers)

    assert (statuses, refused.status_code) == ([200] * 3, 429)
    assert refused.json()["error"]["code"] == "rate_limited"
    assert int(refused.headers["Retry-After"]) >= 1
    assert (refused.headers["RateLimit-Limit"], refused.headers["RateLimit-Remaining"]) == ("3", "0")
    assert service.client.get("/health", headers={"X-API-Key": keys[Role.ADMIN]}).status_code == 200
    assert service.client.get("/health").status_code == 200  # anonymous, as before


def test_too_many_wrong_keys_are_refused_and_a_good_one_still_opens(
    serve: Callable[..., Any], keys: dict[Role, str]
) -> None:
    service = serve(api_failed_rate_limit="2/hour")
    wrong = [service.client.get("/health", headers={"X-API-Key": f"guess{n}"}) for n in range(4)]

    assert [answer.status_code for answer in wrong] == [401, 401, 429, 429]
    assert "Retry-After" in wrong[-1].headers
    assert service.client.get("/health", headers={"X-API-Key": keys[Role.VIEWER]}).status_code == 200


def test_there_is_no_way_in_by_a_websocket(guarded: Any) -> None:
    from starlette.websockets import WebSocketDisconnect  # noqa: PLC0415 - of this test alone

    with pytest.raises(WebSocketDisconnect) as closed, guarded.client.websocket_connect("/health"):
        pass
    assert closed.value.code == 1008
