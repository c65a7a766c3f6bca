from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from steel_energy.telling.records import Call
from steel_service.agent.toolbox import TOOLS, Toolbox, request_of
from steel_service.app import build_app
from steel_service.errors import PassedOnError
from steel_service.security.access import QUESTIONS, needed_role
from steel_service.security.principals import Role

HOSTILE = st.one_of(
    st.sampled_from(
        ["/admin/reload", "../admin/reload", "http://evil.example/", "file:///etc/passwd", "POST", "a\r\nb"]
    ),
    st.text(max_size=40),
)
ARGUMENTS = st.dictionaries(
    st.one_of(st.sampled_from(["plant", "path", "url", "method", "headers", "X-API-Key"]), st.text(max_size=10)),
    st.one_of(HOSTILE, st.lists(HOSTILE, max_size=3)),
    max_size=6,
)


def asked(toolbox: Toolbox, *calls: Call) -> list[Any]:
    async def ask() -> list[Any]:
        return [await toolbox.ask(call) for call in calls]

    return asyncio.run(ask())


def test_every_tool_is_a_route_that_a_viewer_may_ask_and_that_changes_nothing(service: Any) -> None:
    documented = build_app(service.state).openapi()["paths"]

    assert all(tool.method.lower() in documented[tool.path] for tool in TOOLS.values())
    assert all(needed_role(tool.method, tool.path) is Role.VIEWER for tool in TOOLS.values())
    assert all(tool.method == "GET" or tool.path in QUESTIONS for tool in TOOLS.values())


@settings(max_examples=40)
@given(tool=st.sampled_from(sorted(TOOLS)), arguments=ARGUMENTS)
def test_no_argument_names_another_route_another_plant_or_a_header(tool: str, arguments: dict[str, Any]) -> None:
    seen: list[tuple[Scope, bytes]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope, (await receive()).get("body", b"")))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    asked(Toolbox(app=app, plant="toy"), Call(tool=tool, arguments=arguments))  # type: ignore[arg-type]

    [(scope, body)] = seen
    expected = TOOLS[tool]  # type: ignore[index]
    assert (scope["method"], scope["path"]) == (expected.method, expected.path)
    assert {name for name, _ in scope["headers"]} <= {
        *(b"host", b"accept", b"accept-encoding", b"connection", b"user-agent", b"content-length", b"content-type")
    }
    plant = json.loads(body)["plant"] if expected.plant_in == "body" else scope["query_string"].decode()
    assert plant == "toy" or plant.endswith("plant=toy") or "plant=toy&" in plant


def test_a_tool_that_is_not_in_the_table_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="tool"):
        Call(tool="reload")  # type: ignore[arg-type]


def test_a_call_answers_what_the_route_answers(service: Any) -> None:
    arguments = {"from": "2018-01-10", "to": "2018-01-11", "aggregation": "day", "columns": ["usage_kwh", "peak_kw"]}
    toolbox = Toolbox(app=build_app(service.state), plant="toy")

    [answer] = asked(toolbox, Call(tool="history", arguments=arguments))

    assert answer == service.client.get("/history", params=arguments).json()
    assert answer["rows"][0]["usage_kwh"] == 96 * 8


def test_a_refusal_keeps_the_routes_status_code_field_and_hint(service: Any) -> None:
    toolbox = Toolbox(app=build_app(service.state), plant="toy")

    with pytest.raises(PassedOnError) as refused:
        asked(toolbox, Call(tool="forecast", arguments={"horizon": 0}))

    error = refused.value
    assert (error.status, error.code, error.field) == (422, "validation", "horizon")
    assert error.message == "Input should be greater than or equal to 1"


def test_the_same_call_is_made_once_in_a_turn(service: Any) -> None:
    toolbox = Toolbox(app=build_app(service.state), plant="toy")

    asked(toolbox, Call(tool="forecast", arguments={"horizon": 4}), Call(tool="forecast", arguments={"horizon": 4}))

    assert len(service.state.predictions.forecasts) == 1


def test_a_forecast_is_logged_under_the_turns_own_request(service: Any) -> None:
    toolbox = Toolbox(app=build_app(service.state), plant="toy", state={"request_id": "abc"})

    asked(toolbox, Call(tool="forecast", arguments={"horizon": 4}))

    assert [made.request_id for made in service.state.predictions.forecasts] == ["abc"]


def test_a_route_that_takes_too_long_is_given_up() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's
        await asyncio.sleep(60)

    with pytest.raises(PassedOnError) as late:
        asked(Toolbox(app=app, plant="toy", timeout_s=0.01), Call(tool="drift"))

    assert (late.value.status, late.value.code) == (504, "tool_too_slow")


def test_a_bug_in_a_route_is_a_failure_of_the_service_and_no_crash_of_the_turn(service: Any) -> None:
    class Broken:
        def of(self, site: Any) -> Any:  # noqa: ARG002 - the protocol's name
            raise ZeroDivisionError("a bug")

    toolbox = Toolbox(app=build_app(service.with_(readings=Broken()).state), plant="toy")

    with pytest.raises(PassedOnError) as failed:
        asked(toolbox, Call(tool="history"))

    assert (failed.value.status, failed.value.code) == (500, "internal")


def test_a_tool_with_its_body_in_json_has_the_plant_in_the_query() -> None:
    sent = request_of(TOOLS["nowcast"], {"nsm": 900}, plant="toy")

    assert sent == {"method": "POST", "url": "/predict", "json": {"nsm": 900}, "params": {"plant": "toy"}}
