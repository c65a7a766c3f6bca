"""The service's read-only routes as tools of the Model Context Protocol, for other assistants: ``… mcp`` over stdio.

A program of its own that asks a running service over HTTP, with whatever rights its key has there. Its tools are those
of the copilot and a question in plain language; none of them changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from steel_energy import __version__
from steel_service.agent.toolbox import TOOLS, Tool, request_of
from steel_service.api_models.bill import BillRequest
from steel_service.api_models.copilot import ChatRequest, KnowledgeQuery
from steel_service.api_models.explain import ExplainDay, ExplainForecast, ExplainInterval, ExplainPeak
from steel_service.api_models.fields import PLANT_MEANING, PlantId, RequestModel
from steel_service.api_models.forecast import ForecastRequest
from steel_service.api_models.history import HistoryQuery
from steel_service.api_models.nowcast import MeterReading
from steel_service.api_models.optimize import OptimizeRequest
from steel_service.api_models.what_if import WhatIfRequest
from steel_service.security.access import KEY_HEADER

NAME = "steel"
INSTRUCTIONS = """
Electricity of a steel plant in 15-minute intervals: readings, forecasts, bills, scenarios, plans and what explains
them. Energies are in kWh, powers in kW, money in KRW, CO2 in tonnes; times are ISO 8601, and one without an offset is
plant time. The readings end at `readings_until` of `health`, which is what "now" means. Nothing is ever changed: a plan
is advice. `ask` takes a question in plain English or Spanish and answers in words with its evidence.
""".strip()
ASK = Tool("POST", "/copilot/chat", "body")


class PlantRequest(RequestModel):
    """Of which plant."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)


class NowcastRequest(MeterReading):
    """A meter's values of one interval."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)


@dataclass(frozen=True)
class Offered:
    """A tool as it is offered: the route behind it, its arguments, and what is asked whatever the arguments say."""

    tool: Tool
    arguments: type[BaseModel]
    about: str
    fixed: Mapping[str, str] | None = None


OFFERED: Mapping[str, Offered] = {
    "ask": Offered(ASK, ChatRequest, "Answer a question in plain English or Spanish, with figures and evidence."),
    "history": Offered(TOOLS["history"], HistoryQuery, "Measured readings of a period, single or over windows."),
    "forecast": Offered(TOOLS["forecast"], ForecastRequest, "Energy of the next intervals with quantiles, cost, CO2."),
    "bill": Offered(
        TOOLS["bill"], BillRequest, "The bill of a past period, line by line, under one tariff or several."
    ),
    "what_if": Offered(TOOLS["what_if"], WhatIfRequest, "A measured or forecast load against itself after changes."),
    "optimize": Offered(TOOLS["optimize"], OptimizeRequest, "The cheapest schedule of jobs and movable load; advice."),
    "explain_interval": Offered(
        TOOLS["explain"], ExplainInterval, "Why a past interval took as much as it did.", {"kind": "interval"}
    ),
    "explain_day": Offered(TOOLS["explain"], ExplainDay, "Why a past day took as much as it did.", {"kind": "day"}),
    "explain_peak": Offered(
        TOOLS["explain"], ExplainPeak, "Why the highest demand of a period came about.", {"kind": "peak"}
    ),
    "explain_forecast": Offered(TOOLS["explain"], ExplainForecast, "What drives the forecast.", {"kind": "forecast"}),
    "nowcast": Offered(TOOLS["nowcast"], NowcastRequest, "Energy of one interval from the meter's other readings."),
    "drift": Offered(TOOLS["drift"], PlantRequest, "Whether the newest readings still look like the training."),
    "health": Offered(TOOLS["health"], PlantRequest, "What is there and what is missing; the end of the readings."),
    "model": Offered(TOOLS["model"], PlantRequest, "The model that answers now, what it is made of and its scores."),
    "knowledge": Offered(
        TOOLS["knowledge"], KnowledgeQuery, "Notes on terms, columns, tariff, reports and what to do."
    ),
}
"""Every tool, by its name."""


class ClientSettings(BaseSettings):
    """Where the service is and with which key it is asked; the variables that ``steel_client`` reads too."""

    model_config = SettingsConfigDict(env_prefix="STEEL_", frozen=True, extra="ignore")

    api_url: str = "http://127.0.0.1:8000"
    api_key: str | None = Field(default=None, repr=False)
    api_timeout_s: float = Field(default=120, gt=0)


def schema_of(offered: Offered) -> dict[str, Any]:
    """JSON schema of a tool's arguments, without what is fixed.

    >>> sorted(schema_of(OFFERED["explain_day"])["properties"])
    ['compare', 'date', 'plant']
    """
    schema = offered.arguments.model_json_schema(by_alias=True)
    for name in offered.fixed or {}:
        del schema["properties"][name]
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in (offered.fixed or {})]
    return schema


def build_server(client: httpx.AsyncClient) -> Any:  # noqa: ANN401 - the SDK takes a while to import
    """An MCP server whose tools ask a service through ``client``."""
    from mcp import types  # noqa: PLC0415 - slow, and only where the server runs
    from mcp.server.lowlevel.server import Server  # noqa: PLC0415 - as above

    only_looks = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )

    async def listed(_context: Any, _params: Any) -> Any:  # noqa: ANN401 - the SDK's
        return types.ListToolsResult(
            tools=[
                types.Tool(name=name, description=one.about, input_schema=schema_of(one), annotations=only_looks)
                for name, one in OFFERED.items()
            ]
        )

    async def called(_context: Any, params: Any) -> Any:  # noqa: ANN401 - the SDK's
        is_error, said = await call(client, params.name, params.arguments or {})
        content = types.TextContent(type="text", text=json.dumps(said, ensure_ascii=False))
        return types.CallToolResult(content=[content], structured_content=said, is_error=is_error)

    return Server(NAME, version=__version__, instructions=INSTRUCTIONS, on_list_tools=listed, on_call_tool=called)


async def call(client: httpx.AsyncClient, name: str, arguments: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Whether a call failed, and the JSON of its answer; a failure has the service's one error shape."""
    offered = OFFERED.get(name)
    if offered is None:
        return True, _failure("unknown_tool", "there is no such tool", f"tools: {', '.join(OFFERED)}")
    given = {**arguments, **(offered.fixed or {})}
    plant = given.pop("plant", None)
    try:
        answer = await client.request(**request_of(offered.tool, given, plant=plant))
        said: dict[str, Any] = answer.json()
    except httpx.HTTPError as error:
        what = f"{client.base_url} does not answer: {type(error).__name__}"
        return True, _failure("unreachable", what, "start the service, or set STEEL_API_URL")
    except ValueError:
        return True, _failure("unexpected_answer", f"what answers at {client.base_url} is no steel service")
    return not answer.is_success, said


async def serve(settings: ClientSettings) -> None:
    """Serve over standard input and output until they close."""
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 - as above

    headers = {KEY_HEADER: settings.api_key} if settings.api_key else {}
    async with httpx.AsyncClient(
        base_url=settings.api_url, headers=headers, timeout=settings.api_timeout_s, trust_env=False
    ) as client:
        server = build_server(client)
        async with stdio_server() as (reader, writer):
            await server.run(reader, writer, server.create_initialization_options())


def _failure(code: str, message: str, hint: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "field": None, "hint": hint}}
