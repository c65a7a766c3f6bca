"""One question and everything that happens until it is answered.

The planner reads the question first: what it cannot read, or may not answer, costs no model. Then a language model
answers by tools where there is one, and the planner where there is none, where it fails, or where its text says a
number that no tool answered. So a question is answered whatever becomes of the model, and the answer says by whom.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import structlog
from fastapi.concurrency import run_in_threadpool

from steel_energy.asking.outcomes import Clarify, Outcome, OutOfScope, Request
from steel_energy.asking.planner import Memory, understand
from steel_energy.asking.scene import Scene
from steel_energy.knowledge import Library
from steel_energy.knowledge.reading import looked_up
from steel_energy.telling.tell import calls_of, tell
from steel_service.agent.asked import AgentEvent, AgentFailedError, Asked, Drafted, Exchange, Used
from steel_service.agent.copilot import Copilot, glanced
from steel_service.agent.drafts import (
    Draft,
    clarify_draft,
    model_draft,
    rebuilt_draft,
    refusal_draft,
    refused_draft,
    told_draft,
    unproved,
)
from steel_service.agent.events import (
    Event,
    Final,
    Mode,
    Replace,
    Start,
    Step,
    Token,
    ToolAnswered,
    ToolCalled,
    TurnError,
)
from steel_service.agent.memory import Kept, Session
from steel_service.agent.readiness import Readiness
from steel_service.agent.toolbox import Toolbox
from steel_service.agent.words import words
from steel_service.api_models.copilot import ChatAnswer, ChatFallback, FallbackReason
from steel_service.errors import PassedOnError
from steel_service.ids import new_id

LOG = structlog.get_logger()
MS_PER_S = 1000.0
CLIENT_ERRORS = range(400, 500)


@dataclass
class Turn:
    """A question in its conversation.

    Attributes:
        question: as typed.
        session: it belongs to, which remembers the answer.
        scene: the plant as it stands.
        library: notes on the plant.
        toolbox: what it may ask.
        copilot: what is shared by all turns.
    """

    question: str
    session: Session
    scene: Scene
    library: Library
    toolbox: Toolbox
    copilot: Copilot
    is_shown: bool = field(default=False, init=False)
    """Whether text was streamed that stands as the answer so far."""

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens, from a `Start` to a `Final`.

        Raises:
            PassedOnError: a route cannot answer for reasons that lie with the service.
        """
        began_s = perf_counter()
        outcome, memory = await run_in_threadpool(self._understood)
        looking = self.copilot.look() if _is_for_model(outcome) else None
        ready = await glanced(looking) if looking else None
        mode: Mode = "llm" if looking and (ready is None or ready.is_ready) else "planner"
        yield Start(session_id=self.session.id, language=outcome.language, now=self.scene.now, mode=mode)
        draft: Draft | None = None
        async with aclosing(self._drafted(outcome, looking)) as happening:
            async for happened in happening:
                if isinstance(happened, Draft):
                    draft = happened
                else:
                    yield happened
        assert draft is not None  # noqa: S101 - what a turn ends with unless it raises
        self.session.memory = memory
        answer = self._answer(draft, outcome, began_s=began_s)
        self.session.answering = None
        yield Final(answer=answer)

    async def _drafted(
        self, outcome: Outcome, looking: asyncio.Task[Readiness] | None
    ) -> AsyncGenerator[Event | Draft, None]:
        """What is done for an outcome; a `Draft` is the last of it."""
        fallback = None
        if looking is not None:
            try:
                async with aclosing(self._by_model(outcome, looking)) as happening:
                    async for happened in happening:
                        yield happened
            except _Unused as unused:
                fallback = _fallback(unused.reason, outcome, remedy=self.copilot.public(unused.remedy))
            else:
                return
        async with aclosing(self._by_planner(outcome, fallback)) as happening:
            async for happened in happening:
                yield happened

    async def _by_model(
        self, outcome: Outcome, looking: asyncio.Task[Readiness]
    ) -> AsyncGenerator[Event | Draft, None]:
        """The language model's answer if its numbers are proved, else what its tools answered in their own words.

        Raises:
            _Unused: there is no model, or it gave no answer.
        """
        ready = await looking
        if not ready.is_ready:
            raise _Unused(ready.state, ready.remedy)
        from steel_service.agent.running import agent_events  # noqa: PLC0415 - LlamaIndex, only where it is wanted

        text, used, model = "", list[Used](), self.copilot.model
        assert model is not None  # noqa: S101 - it has just been looked at
        try:
            async with aclosing(agent_events(self._asked(outcome), self.toolbox, model=model)) as happening:
                async for happened in happening:
                    if isinstance(happened, Drafted):
                        text = happened.text
                    elif isinstance(happened, Used):
                        used.append(happened)
                    else:
                        self._note(happened)
                        yield happened
        except AgentFailedError as failure:
            LOG.warning("the language model gave no answer", reason=failure.reason, error=str(failure))
            raise _Unused(failure.reason, failure.remedy) from failure
        except Exception as failure:  # whatever a library let through: the question can be answered without it
            LOG.exception("the language model's turn failed")
            raise _Unused("failed") from failure
        draft = model_draft(text, used)
        if not draft.evidence:
            raise _Unused("no_result")
        if wrong := unproved(text, self.question, draft.evidence, language=outcome.language):
            LOG.warning("the language model's numbers are not proved", numbers=[number.words for number in wrong])
            draft = self._remarked(rebuilt_draft(used, fallback=_fallback("not_grounded", outcome)), outcome)
            yield Replace(text=draft.text, because="not_grounded")
        yield draft

    async def _by_planner(self, outcome: Outcome, fallback: ChatFallback | None) -> AsyncGenerator[Event | Draft, None]:
        """The planner's answer."""
        if isinstance(outcome, Request):
            draft: Draft | None = None
            async for happened in self._asking(outcome):
                if isinstance(happened, Draft):
                    draft = happened
                else:
                    yield happened
            assert draft is not None  # noqa: S101 - what asking ends with unless it raises
        else:
            draft = clarify_draft(outcome) if isinstance(outcome, Clarify) else refusal_draft(outcome)
        draft = self._remarked(replace(draft, fallback=fallback), outcome)
        if self.is_shown:
            yield Replace(text=draft.text, because="fallback")
        else:
            yield Token(text=draft.text)
        yield draft

    async def _asking(self, request: Request) -> AsyncGenerator[Event | Draft, None]:
        """Ask the tools and tell what they answer."""
        yield Step(text=words(request.language).steps[request.intent])
        calls, results = calls_of(request), []
        for call in calls:
            called = ToolCalled(id=new_id(), tool=call.tool, arguments=call.arguments)
            yield called
            began_s = perf_counter()
            try:
                results.append(await self.toolbox.ask(call))
            except PassedOnError as error:
                yield _tool_answered(called, began_s, error)
                if error.status not in CLIENT_ERRORS:
                    raise
                yield refused_draft(request, call, error)
                return
            yield _tool_answered(called, began_s)
        yield told_draft(Used(calls[-1].tool, request, results, tell(request, results, self.scene)))

    def _understood(self) -> tuple[Outcome, Memory | None]:
        """What is asked, and what to keep for the next question: the one before, where the notes answer this one."""
        outcome, memory = understand(self.question, self.scene, self.session.memory)
        better = looked_up(self.question, outcome, self.library)
        return better, memory if better is outcome else self.session.memory

    def _asked(self, outcome: Outcome) -> Asked:
        return Asked(
            question=self.question,
            language=outcome.language,
            scene=self.scene,
            history=tuple(self.session.exchanges),
            understood=outcome if isinstance(outcome, Request) else None,
        )

    def _note(self, happened: AgentEvent) -> None:
        """Keep in mind whether text is shown."""
        if isinstance(happened, Replace):
            self.is_shown = bool(happened.text)
        elif isinstance(happened, Token):
            self.is_shown |= bool(happened.text)

    def _remarked(self, draft: Draft, outcome: Outcome) -> Draft:
        """With a remark on who answers, the first time in a conversation and whenever the reason is another one."""
        reason = draft.fallback.reason if draft.fallback else None
        if draft.fallback is None or reason == self.session.told_reason:
            return draft
        self.session.told_reason = reason
        remark = words(outcome.language).answered_by_planner.format(because=draft.fallback.because)
        return replace(draft, text=f"{draft.text}\n\n{remark}")

    def _answer(self, draft: Draft, outcome: Outcome, *, began_s: float) -> ChatAnswer:
        answer_id = new_id()
        if draft.mode == "llm":
            self.session.told_reason = None
        kept = Kept(answer_id, dt.datetime.now(dt.UTC), self.question, draft.text, draft.mode)
        self.session.kept.append(kept)
        if draft.kind == "answer":
            self.session.exchanges.append(Exchange(self.question, draft.text))
        said: dict[str, Any] = {**vars(draft), "answer": draft.text}
        del said["text"]
        return ChatAnswer(
            session_id=self.session.id,
            answer_id=answer_id,
            plant=self.session.plant,
            language=outcome.language,
            now=self.scene.now,
            took_ms=_since_ms(began_s),
            **said,
        )


class _Unused(Exception):  # noqa: N818 - a way to the planner, no failure of the turn
    """The language model does not answer this question."""

    def __init__(self, reason: Any, remedy: str = "") -> None:  # noqa: ANN401 - one of the reasons of ChatFallback
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def _fallback(reason: FallbackReason, outcome: Outcome, *, remedy: str = "") -> ChatFallback:
    return ChatFallback(reason=reason, because=words(outcome.language).fallback[reason], remedy=remedy)


def _is_for_model(outcome: Outcome) -> bool:
    """Whether a language model may answer better: what was understood, and what was not but is nothing bad."""
    return isinstance(outcome, Request) or (isinstance(outcome, OutOfScope) and outcome.reason == "unknown")


def _tool_answered(called: ToolCalled, began_s: float, error: PassedOnError | None = None) -> ToolAnswered:
    told = error and TurnError(code=error.code, message=error.message, field=error.field, hint=error.remedy)
    return ToolAnswered(id=called.id, tool=called.tool, ok=error is None, took_ms=_since_ms(began_s), error=told)


def _since_ms(began_s: float) -> float:
    return round(MS_PER_S * (perf_counter() - began_s), 1)
