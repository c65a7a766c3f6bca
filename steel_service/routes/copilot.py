"""POST /copilot/chat, /copilot/chat/stream and /copilot/feedback: questions in plain language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from steel_service.api_models.copilot import ChatAnswer, FeedbackAnswer, FeedbackRequest
from steel_service.api_models.fields import ErrorAnswer
from steel_service.bodies import JsonRoute
from steel_service.chats import OpenedTurn, answered, feedback_answer, told
from steel_service.requests import BODY_ERRORS, GUARD_ERRORS, NOT_READY, Responses
from steel_service.state import StateOf

ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant or conversation."},
    409: {"model": ErrorAnswer, "description": "The conversation is about another plant, or is being answered."},
    429: {**GUARD_ERRORS[429], "description": "Too many requests came, or too many questions are being answered."},
    **NOT_READY,
    504: {"model": ErrorAnswer, "description": "A tool took too long."},
}
ERROR_JSON = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ErrorAnswer.__name__}"}}}
STREAM_ERRORS: Responses = {
    status: {name: part for name, part in said.items() if name != "model"} | {"content": ERROR_JSON}
    for status, said in ERRORS.items()
}
"""The same; FastAPI would document them as the route's own kind of answer, which is a stream."""
FEEDBACK_ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such conversation or answer, or no longer."},
    503: {"model": ErrorAnswer, "description": "The feedback cannot be written."},
}
router = APIRouter(tags=["copilot"], route_class=JsonRoute)


@router.post("/copilot/chat", summary="A question in plain language", responses=ERRORS)
async def chat(turn: OpenedTurn, request: Request) -> ChatAnswer:
    """Answer a question in English or Spanish about the plant's energy, with the figures that prove the answer.

    A language model answers where Ollama has one, by the same routes as anybody's; else, or where it says a number
    that no route answered, the planner does, which needs none, and `fallback` says why. Nothing is ever changed.
    """
    return await answered(turn, request)


@router.post(
    "/copilot/chat/stream",
    summary="The same, told while it happens",
    responses=STREAM_ERRORS,
    response_class=EventSourceResponse,
)
async def chat_stream(turn: OpenedTurn, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `start`, `step`, `tool_call`, `tool_result`, `token`, `replace`, and at last `final`.

    The data of each is JSON; that of `final` has the `answer` of `/copilot/chat`. Tokens are the text so far, until
    `replace` takes its place. `error` in place of `final` says why there is no answer. Hanging up ends the turn.
    """
    async for event in told(turn, request):
        yield event


@router.post("/copilot/feedback", summary="What somebody thinks of an answer", responses=FEEDBACK_ERRORS)
def feedback(given: Annotated[FeedbackRequest, Body()], request: Request, state: StateOf) -> FeedbackAnswer:
    """Write a rating down with its question and answer, for whoever looks after the plant's service."""
    return feedback_answer(given, request, state)
