"""A typed client of the energy service's HTTP API, for programs that plan, report or draw by it.

``SteelClient`` waits for its answers, ``AsyncSteelClient`` is awaited; both have one method for each route of the API.
Needs httpx, httpx-sse, pydantic and tenacity, and nothing else of this project. docs/api.md shows it at work.
"""

from steel_client.client import AsyncSteelClient, SteelClient
from steel_client.errors import (
    FailedError,
    ForbiddenError,
    NotReadyError,
    RateLimitedError,
    RefusedError,
    SteelApiError,
    SteelClientError,
    TimedOutError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from steel_client.exchange import Call
from steel_client.streaming import ChatEvent

__all__ = [
    "AsyncSteelClient",
    "Call",
    "ChatEvent",
    "FailedError",
    "ForbiddenError",
    "NotReadyError",
    "RateLimitedError",
    "RefusedError",
    "SteelApiError",
    "SteelClient",
    "SteelClientError",
    "TimedOutError",
    "UnauthorizedError",
    "UnexpectedAnswerError",
    "UnreachableError",
]
