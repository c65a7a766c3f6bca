"""The MCP server, asked by the SDK's own client: in this process, and as the program that an assistant starts."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from steel_service.app import build_app
from steel_service.mcp_server import OFFERED, build_server
from steel_service.security.access import QUESTIONS, needed_role
from steel_service.security.principals import Role


@asynccontextmanager
async def asked(service: Any) -> AsyncIterator[Client]:
    """A client of a server over the routes in this process."""
    transport = httpx.ASGITransport(app=build_app(service.state))
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
        Client(build_server(http)) as client,
    ):
        yield client


def called(service: Any, name: str, **arguments: Any) -> tuple[bool, dict[str, Any]]:
    async def call() -> Any:
        async with asked(service) as client:
            return await client.call_tool(name, arguments)

    result = asyncio.run(call())
    [content] = result.content
    assert json.loads(content.text) == result.structured_content
    return result.is_error, result.structured_content


def test_every_tool_only_looks_and_says_so(service: Any) -> None:
    async def listed() -> Any:
        async with asked(service) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())

    assert {tool.name for tool in tools} == set(OFFERED)
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    assert all(tool.input_schema["type"] == "object" for tool in tools)
    routes = [offered.tool for offered in OFFERED.values()]
    assert all(needed_role(route.method, route.path) is Role.VIEWER for route in routes)
    assert all(route.method == "GET" or route.path in QUESTIONS for route in routes)


def test_a_tool_answers_what_its_route_answers(service: Any) -> None:
    is_error, told = called(service, "history", **{"from": "2018-01-10", "to": "2018-01-11", "aggregation": "day"})

    assert not is_error
    assert told["rows"][0]["usage_kwh"] == 96 * 8


def test_a_kind_of_explanation_is_a_tool_of_its_own(service: Any) -> None:
    is_error, told = called(service, "explain_day", date="2018-01-12", compare="all", kind="peak")

    assert (is_error, told.get("kind")) == (False, "day"), told


def test_a_question_in_plain_language_is_a_tool_too(service: Any) -> None:
    is_error, told = called(service, "ask", question="How much did we use on 10 January 2018?")

    assert not is_error
    assert "768" in told["answer"]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        pytest.param("forecast", {"horizon": 0}, "validation", id="out-of-range"),
        pytest.param("forecast", {"path": "/admin/reload"}, "validation", id="unknown-argument"),
        pytest.param("health", {"plant": "../admin/reload"}, "unknown_plant", id="plant"),
        pytest.param("reload", {}, "unknown_tool", id="no-such-tool"),
        pytest.param("post_readings", {"readings": []}, "unknown_tool", id="a-route-that-writes"),
    ],
)
def test_what_cannot_be_asked_is_an_error_in_the_services_shape(
    service: Any, name: str, arguments: dict[str, Any], code: str
) -> None:
    is_error, told = called(service, name, **arguments)

    assert is_error
    assert told["error"]["code"] == code
    assert set(told["error"]) - {"reason", "values"} == {"code", "message", "field", "hint"}


def test_a_service_that_is_not_there_is_said() -> None:
    async def call() -> Any:
        async with (
            httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as http,
            Client(build_server(http)) as client,
        ):
            return await client.call_tool("health", {})

    result = asyncio.run(call())

    assert result.is_error
    assert result.structured_content["error"]["code"] == "unreachable"


def test_an_assistant_starts_it_and_asks_over_stdio_with_its_key(example: Any) -> None:
    environment = {"STEEL_API_URL": example.url, "STEEL_API_KEY": example.keys[Role.VIEWER]}
    program = StdioServerParameters(command=sys.executable, args=["-m", "steel_service", "mcp"], env=environment)

    async def call() -> tuple[Any, Any]:
        async with Client(stdio_client(program)) as client:
            return await client.list_tools(), await client.call_tool("health", {})

    tools, health = asyncio.run(call())

    assert len(tools.tools) == len(OFFERED)
    assert health.structured_content["readings_until"] == "2018-03-01T00:00:00+09:00"
