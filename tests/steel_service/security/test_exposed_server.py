"""A real service that listens on every address: what it lets in, what it refuses, and what its log holds."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from steel_service.security import Role
from steel_service.security.key_file import CHECK_EVERY_S, create_key, revoke_key
from steel_service.testing import RunningService, running_service

NOW = dt.datetime.now(dt.UTC)
PAGE = "https://plant.example"
HOST = "steel.plant.example"
SECRET = "0123456789abcdef" * 4
REQUESTS_A_MINUTE = 150
WRONG_KEY = "steel_00000000_" + "A" * 43


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("exposed")
    (folder / "jwt").write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, str]:
    """A key of each role, and those that are used up, revoked or expired."""
    file = folder / "keys.json"
    kept: dict[str, Any] = {role.value: (role, None) for role in Role}
    others = {"busy": (Role.VIEWER, None), "doomed": (Role.ADMIN, None), "expired": (Role.ADMIN, 1)}
    before = NOW - dt.timedelta(days=2)
    return {name: create_key(file, name, role=r, days=d, now=before)[1] for name, (r, d) in (kept | others).items()}


@pytest.fixture(scope="module")
def server(folder: Path, keys: dict[str, str]) -> Iterator[RunningService]:  # noqa: ARG001 - it starts only with keys
    environment = {
        "STEEL_DATA_DIR": str(folder),
        "STEEL_PLANT": "gwangyang",
        "STEEL_API_HOST": "0.0.0.0",  # noqa: S104 - the address under test
        "STEEL_API_ALLOWED_HOSTS": HOST,
        "STEEL_API_CORS_ORIGINS": PAGE,
        "STEEL_API_JWT_KEY_FILE": str(folder / "jwt"),
        "STEEL_API_RATE_LIMIT": f"{REQUESTS_A_MINUTE}/minute",
        "STEEL_API_FAILED_RATE_LIMIT": "1000/minute",
        "HOME": str(folder),
    }
    with running_service(folder / "api.log", environment=environment) as service:
        yield service


@pytest.fixture
def client(server: RunningService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def token(**changed: Any) -> str:
    claims = {"sub": "scada", "role": "viewer", "exp": int(time.time()) + 600, **changed}
    return jwt.encode(claims, SECRET)


def unsigned() -> str:
    claims = {"sub": "scada", "role": "admin", "exp": int(time.time()) + 600}
    return jwt.encode(claims, "", algorithm="none")


def raw(server: RunningService, request: bytes) -> bytes:
    """The beginning of what the server says to bytes."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(100)


def test_probes_and_docs_answer_anybody(client: httpx.Client) -> None:
    assert {client.get(path).status_code for path in ("/livez", "/readyz", "/docs", "/openapi.json")} == {200}


def test_nobody_asks_without_a_key_even_from_this_machine(client: httpx.Client) -> None:
    answers = [client.get("/health"), client.get("/metrics"), client.get("/nope"), client.post("/predict", json={})]

    assert {(answer.status_code, answer.headers["WWW-Authenticate"]) for answer in answers} == {
        (401, 'Bearer realm="steel"')
    }


@pytest.mark.parametrize("name", ["expired", "wrong", "none-alg", "unsigned", "expired-token", "stolen-shape"])
def test_what_is_no_good_opens_nothing(client: httpx.Client, keys: dict[str, str], name: str) -> None:
    wrong = {
        "expired": keys["expired"],
        "wrong": WRONG_KEY,
        "none-alg": unsigned(),
        "unsigned": token().rpartition(".")[0] + ".",
        "expired-token": token(exp=int(time.time()) - 1),
        "stolen-shape": keys["admin"][:-1] + ("A" if keys["admin"][-1] != "A" else "B"),
    }

    answer = client.get("/health", headers={"Authorization": f"Bearer {wrong[name]}"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_keys_and_tokens_open_what_their_role_may(client: httpx.Client, keys: dict[str, str]) -> None:
    def status(method: str, path: str, key: str) -> int:
        return client.request(method, path, headers={"Authorization": f"Bearer {key}"}).status_code

    assert {status("GET", "/health", key) for key in (*(keys[role] for role in Role), token())} == {200}
    assert {status("POST", "/readings", key) for key in (keys["viewer"], token())} == {403}
    assert status("POST", "/readings", keys["operator"]) == 415
    assert {status("POST", "/admin/reload", key) for key in (keys["operator"], token(role="operator"))} == {403}
    assert status("POST", "/admin/reload", keys["admin"]) not in (401, 403)


def test_a_revoked_key_is_refused_while_the_service_runs(
    client: httpx.Client, folder: Path, keys: dict[str, str]
) -> None:
    headers = {"X-API-Key": keys["doomed"]}
    before = client.get("/health", headers=headers).status_code
    revoke_key(folder / "keys.json", "doomed", now=NOW)
    time.sleep(CHECK_EVERY_S + 0.1)

    assert (before, client.get("/health", headers=headers).status_code) == (200, 401)


def test_a_busy_key_is_told_when_to_come_again(client: httpx.Client, keys: dict[str, str]) -> None:
    headers = {"X-API-Key": keys["busy"]}
    answers = [client.get("/nope", headers=headers) for _ in range(2 * REQUESTS_A_MINUTE)]
    refused = [answer for answer in answers if answer.status_code == 429]

    assert answers[REQUESTS_A_MINUTE - 1].status_code == 404
    assert refused
    assert {answer.json()["error"]["code"] for answer in refused} == {"rate_limited"}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert client.get("/health", headers={"X-API-Key": keys["viewer"]}).status_code == 200


@pytest.mark.parametrize(
    "request_head",
    [
        pytest.param(b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n", id="header"),
        pytest.param(b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X-A: aaaa\r\n" * 20_000 + b"\r\n", id="headers"),
        pytest.param(b"GET /health?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="query"),
        pytest.param(b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 400_000, id="endless"),
    ],
)
def test_a_huge_head_is_refused(server: RunningService, request_head: bytes) -> None:
    assert raw(server, request_head).startswith(b"HTTP/1.1 400 ")


def test_it_answers_by_its_own_names_alone(client: httpx.Client, keys: dict[str, str]) -> None:
    hosts = {
        host: client.get("/health", headers={"Host": host, "X-API-Key": keys["viewer"]}).status_code
        for host in (HOST, "localhost", "evil.example")
    }

    assert hosts == {HOST: 200, "localhost": 200, "evil.example": 403}


def test_only_pages_of_the_named_origin_may_ask(client: httpx.Client) -> None:
    allowed = {
        origin: client.options(
            "/predict", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ).headers.get("Access-Control-Allow-Origin")
        for origin in (PAGE, "https://evil.example")
    }

    assert allowed == {PAGE: PAGE, "https://evil.example": None}


def test_neither_log_holds_a_secret(
    client: httpx.Client, server: RunningService, keys: dict[str, str], until: Any
) -> None:
    def text() -> str:
        return "".join(log.read_text() for log in (server.log, *(server.log.parent / "logs").iterdir()))

    secrets = [*keys.values(), WRONG_KEY, token(), SECRET]
    told = ('"route":"/readings"', '"route": "/admin/reload"')  # of each log, which a thread of its own writes
    before = [text().count(one) for one in told]
    for secret in secrets:
        client.post("/admin/reload", headers={"X-API-Key": secret})
        client.post("/readings", headers={"Authorization": f"Bearer {secret}"}, content=b"{", params={"plant": "p"})
    until(lambda: all(text().count(one) >= n + len(secrets) for one, n in zip(told, before, strict=True)))

    secrets += [key.split("_", 2)[-1] for key in keys.values()]
    assert [secret for secret in secrets if secret in text()] == []
