"""One question to the model and back: LlamaIndex's agent run once, its events translated, its ends told apart.

A run is over when its generator is: closing it, or cancelling whoever reads it, cancels the run, and Ollama sees the
connection go and stops computing. A reader that may stop early closes it itself (``contextlib.aclosing``).
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

import anyio

from steel_energy.telling.records import Teller
from steel_energy.telling.tell import tell
from steel_service.agent.arguments import RARE, TOOLS
from steel_service.agent.asked import AgentEvent, AgentFailedError, Asked, Drafted, Toolbox, Used
from steel_service.agent.events import Replace, Step, Token, ToolAnswered, ToolCalled, TurnError
from steel_service.agent.failing import caught, failed, failure_of, of_text
from steel_service.agent.guarding import Held, said
from steel_service.agent.llm import ChatModel
from steel_service.agent.prompting import instructions, kept, question_text, words
from steel_service.agent.tools import Reply, TurnTools

NAMES = tuple(kind.tool for kind in (*TOOLS, *RARE))
UNKNOWN_TOOL = TurnError(code="unknown_tool", message="there is no such tool", hint=f"tools: {', '.join(NAMES)}")
MORE_ROUNDS = 2
"""LlamaIndex counts the answer as a round, and fails on reaching the number."""


async def agent_events(
    asked: Asked, toolbox: Toolbox, *, model: ChatModel, teller: Teller = tell
) -> AsyncGenerator[AgentEvent, None]:
    """What the model does with a question, as it does it; the last event is `Drafted`.

    Args:
        asked: the question and what it is asked about.
        toolbox: what answers the tools.
        model: of this event loop.
        teller: puts the tools' results into words.

    Raises:
        AgentFailedError: there is no answer; what was streamed so far is none.
    """
    yield Step(text=words(asked.language, "asking", model=model.settings.model))
    handler = _started(asked, TurnTools(asked, toolbox, teller=teller), model)
    run = _Run(asked, model)
    try:
        async for event in handler.stream_events():
            for told in run.told(event):
                yield told
        await handler
        yield run.draft()
    except AgentFailedError:
        raise
    except caught() as error:
        model.probe.forget()
        raise failure_of(error, model.settings) from error
    finally:
        with anyio.CancelScope(shield=True):  # the run's own clean-up must not be cancelled with its reader
            await handler.cancel_run()


def _started(asked: Asked, tools: TurnTools, model: ChatModel) -> Any:  # noqa: ANN401 - LlamaIndex's handler
    """A run of a new agent; one agent a run is what keeps turns apart."""
    from llama_index.core.agent.workflow import FunctionAgent  # noqa: PLC0415 - slow, and only where a model is asked
    from llama_index.core.base.llms.types import ChatMessage  # noqa: PLC0415 - as above

    agent = FunctionAgent(
        tools=tools.functions(),
        llm=model.llm,
        system_prompt=instructions(asked.language),
        timeout=model.settings.total_s,
    )
    history = [
        ChatMessage(role=role, content=text)
        for exchange in kept(asked.history)
        for role, text in (("user", exchange.question), ("assistant", exchange.answer))
    ]
    return agent.run(
        user_msg=question_text(asked),
        chat_history=history,
        max_iterations=model.settings.tool_rounds + MORE_ROUNDS,
    )


class _Run:
    """Translates the events of one run."""

    def __init__(self, asked: Asked, model: ChatModel) -> None:
        self._asked, self._settings = asked, model.settings
        self._held = Held()
        self._last: Any = None
        self._ids: dict[str, str] = {}
        self._calls = 0

    def told(self, event: Any) -> list[AgentEvent]:  # noqa: ANN401 - any of LlamaIndex's events
        """What a caller is told of an event; often nothing."""
        match type(event).__name__:
            case "AgentStream":
                shown = self._held.add(event.delta or "")
                return [Token(text=shown)] if shown else []
            case "AgentOutput":
                return self._written(event)
            case "ToolCall":
                return [self._called(event)]
            case "ToolCallResult":
                return self._answered(event)
            case _:
                return []

    def draft(self) -> Drafted:
        """The answer.

        Raises:
            AgentFailedError: what the model wrote is none.
        """
        last = self._last
        raw = last.raw if last is not None and isinstance(last.raw, dict) else {}
        text = said(last.response.content or "").strip() if last is not None else ""
        if reason := of_text(text, raw, NAMES):
            raise failed(reason, self._settings)
        return Drafted(text)

    def _written(self, output: Any) -> list[AgentEvent]:  # noqa: ANN401 - AgentOutput
        """The model has stopped writing: to call tools, or for good."""
        held, self._held, self._last = self._held, Held(), output
        if _calls_tools(output.response):
            return [Replace(text="", because="tool_call")] if held.is_shown else []
        rest = held.rest()
        raw = output.raw if isinstance(output.raw, dict) else {}
        return [Token(text=rest)] if rest and not of_text(rest, raw, NAMES) else []

    def _called(self, call: Any) -> ToolCalled:  # noqa: ANN401 - ToolCall
        self._calls += 1
        self._ids[_key(call)] = str(self._calls)
        return ToolCalled(id=str(self._calls), tool=call.tool_name, arguments=dict(call.tool_kwargs))

    def _answered(self, result: Any) -> list[AgentEvent]:  # noqa: ANN401 - ToolCallResult
        call_id, reply = self._ids[_key(result)], result.tool_output.raw_output
        if not isinstance(reply, Reply):
            if result.tool_name in NAMES:  # LlamaIndex tells the model of a bug of ours; nobody else would hear of it
                raise failed("tool_failed", self._settings) from result.tool_output.exception
            return [ToolAnswered(id=call_id, tool=result.tool_name, ok=False, took_ms=0, error=UNKNOWN_TOOL)]
        answered = ToolAnswered(
            id=call_id, tool=result.tool_name, ok=reply.error is None, took_ms=reply.took_ms, error=reply.error
        )
        if reply.request is None or reply.told is None:
            return [answered]
        step = Step(text=words(self._asked.language, "answering", model=self._settings.model))
        return [answered, Used(call_id, reply.request, reply.results, reply.told), step]


def _calls_tools(message: Any) -> bool:  # noqa: ANN401 - ChatMessage
    """Whether a message calls tools.

    The output's own list of calls is not to be trusted: all of the turn's are added to it while it waits to be read.
    """
    return any(block.block_type == "tool_call" for block in message.blocks)


def _key(call: Any) -> str:  # noqa: ANN401 - ToolCall or ToolCallResult
    """What tells calls apart: Ollama gives them no id, and makes no two alike at once."""
    return json.dumps([call.tool_name, call.tool_kwargs], sort_keys=True, default=str)
