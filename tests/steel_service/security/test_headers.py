from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from steel_service.security import Role

PAGE = "https://plant.example"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/nope", 404),
        ("DELETE", "/health", 405),
        ("POST", "/admin/reload", 401),
        ("GET", "/docs", 200),
    ],
)
def test_every_answer_tells_the_browser_to_be_careful(guarded: Any, method: str, path: str, status: int) -> None:
    answer = guarded.client.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers.get_list(name) for name in EVERYWHERE} == {n: [v] for n, v in EVERYWHERE.items()}
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_bug_has_the_headers_too(locked: Any, keys: dict[Role, str]) -> None:
    answer = locked.client.post("/admin/reload?fault=true", headers={"X-API-Key": keys[Role.ADMIN]})

    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (500, "nosniff")


def test_answers_load_nothing_and_the_docs_page_its_own_files_alone(guarded: Any) -> None:
    answer, page = guarded.client.get("/health"), guarded.client.get("/docs")
    policy = page.headers.get_list("Content-Security-Policy")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert len(policy) == 1
    assert re.search(r"script-src 'self' 'sha256-[A-Za-z0-9+/]{43}=';", policy[0])
    assert "http" not in policy[0]


def test_pages_of_other_origins_are_told_nothing(guarded: Any) -> None:
    preflight = guarded.client.options("/predict", headers={"Origin": PAGE, "Access-Control-Request-Method": "POST"})
    simple = guarded.client.get("/health", headers={"Origin": PAGE})

    assert (preflight.status_code, simple.status_code) == (403, 403)
    assert [
        name for answer in (preflight, simple) for name in answer.headers if name.startswith("access-control")
    ] == []


def test_a_setting_opens_the_service_to_the_pages_of_an_origin(
    serve: Callable[..., Any], keys: dict[Role, str]
) -> None:
    service = serve(api_cors_origins=(PAGE,), api_require_keys=True)
    asks = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key, content-type",
    }
    preflight = service.client.options("/predict", headers=asks)
    answer = service.client.post("/predict", headers={"Origin": PAGE, "X-API-Key": keys[Role.VIEWER]})
    refused = service.client.post("/predict", headers={"Origin": PAGE})

    assert (preflight.status_code, answer.status_code, refused.status_code) == (200, 200, 401)
    assert [a.headers["Access-Control-Allow-Origin"] for a in (preflight, answer, refused)] == [PAGE] * 3
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://plant.example", "https://plant.example.evil.example"]
)
def test_other_origins_stay_closed(serve: Callable[..., Any], origin: str) -> None:
    service = serve(api_cors_origins=(PAGE,))
    preflight = service.client.options("/predict", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})

    assert preflight.status_code == 400
    assert "Access-Control-Allow-Origin" not in preflight.headers
