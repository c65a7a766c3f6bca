"""A question of /copilot/chat from its opening to its end: what the routes call, as one answer or as a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import structlog
from fastapi import Body, Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from steel_energy.errors import SteelError
from steel_service.agent.events import Event, Failed, Final, TurnError
from steel_service.agent.memory import Session
from steel_service.agent.toolbox import Toolbox
from steel_service.agent.turn import Turn
from steel_service.api_models.copilot import (
    EXAMPLES,
    ChatAnswer,
    ChatRequest,
    FeedbackAnswer,
    FeedbackRequest,
    KnowledgeAnswer,
    KnowledgeQuery,
)
from steel_service.places import public_error
from steel_service.state import State, StateOf, state_of

LOG = structlog.get_logger()
LOOK_S = 0.5
"""How often it is looked whether anybody still waits for an answer that is no stream."""
INTERNAL = TurnError(
    code="internal", message="the service failed on this request", hint="the service's log has the details"
)


async def _opened(
    wanted: Annotated[ChatRequest, Body(openapi_examples=EXAMPLES)], request: Request, state: StateOf
) -> AsyncIterator[Turn]:
    """A turn for the time of its answer, streamed or not; whatever refuses it does so before anything is sent."""
    copilot, owner = state.copilot, owner_of(request)
    plant = wanted.plant
    if plant is None and wanted.session_id:
        plant = copilot.sessions.of(wanted.session_id, owner=owner).plant
    site = state.site(plant)
    scene = await run_in_threadpool(copilot.scene, site)
    with (
        copilot.gate.inside(),
        copilot.sessions.turn(wanted.session_id, plant=site.plant.id, owner=owner) as session,
    ):
        toolbox = Toolbox(
            app=request.app,
            plant=site.plant.id,
            state=request.scope.get("state", {}),
            timeout_s=state.settings.copilot_tool_s,
        )
        try:
            yield Turn(
                wanted.question,
                session=session,
                scene=scene,
                library=copilot.library(site),
                toolbox=toolbox,
                copilot=copilot,
            )
        finally:
            await toolbox.close()


OpenedTurn = Annotated[Turn, Depends(_opened)]
"""How an endpoint asks for the turn that its question begins."""


def owner_of(request: Request) -> str:
    """Whose conversation a request's is: by name, and by how it was proved."""
    principal = request.scope.get("state", {}).get("principal")
    return f"{principal.means}:{principal.name}" if principal else ""


async def answered(turn: Turn, request: Request) -> ChatAnswer:
    """The answer of a turn, which ends when nobody waits for it any more.

    Raises:
        SteelError: a route could not answer.
    """
    answering = asyncio.ensure_future(_final(turn))
    try:
        while not answering.done():
            await asyncio.wait({answering}, timeout=LOOK_S)
            if not answering.done() and await request.is_disconnected():
                raise HTTPException(400)  # nobody is left to read an answer
        return answering.result()
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)


async def told(turn: Turn, request: Request) -> AsyncIterator[ServerSentEvent]:
    """The events of a turn for a stream; a failure is the last of them, as the head of the answer has been sent."""
    try:
        async with aclosing(turn.events()) as happening:
            async for happened in happening:
                yield _sent(happened)
    except SteelError as error:
        shown = public_error(error, state_of(request).settings)
        failure = TurnError(code=shown.code, message=shown.message, field=shown.field, hint=shown.remedy)
        yield _sent(Failed(error=failure))
    except Exception:
        yield _sent(Failed(error=INTERNAL))
        raise


def feedback_answer(given: FeedbackRequest, request: Request, state: State) -> FeedbackAnswer:
    """Write feedback down.

    Raises:
        UnknownSessionError: there is no such conversation or answer.
        StorageError: it cannot be written.
    """
    session: Session = state.copilot.sessions.of(given.session_id, owner=owner_of(request))
    return state.copilot.feedback.take(given, session)


def knowledge_answer(query: KnowledgeQuery, state: State) -> KnowledgeAnswer:
    """The passages of a plant's notes that fit."""
    library = state.copilot.library(state.site(query.plant))
    passages = library.look_up(query.query, language=query.language)
    return KnowledgeAnswer.model_validate({"passages": passages})


async def _final(turn: Turn) -> ChatAnswer:
    async with aclosing(turn.events()) as happening:
        async for happened in happening:
            if isinstance(happened, Final):
                assert isinstance(happened.answer, ChatAnswer)  # noqa: S101 - what turns end with
                return happened.answer
    raise AssertionError("a turn ended without an answer")


def _sent(happened: Event) -> ServerSentEvent:
    return ServerSentEvent(data=happened, event=happened.name)
