"""The seam between a turn and the language model: what the model is asked, what it may call, how it ends.

A turn asks ``running.agent_events(asked, toolbox, model=...)`` and gets `AgentEvent` after `AgentEvent`: `Drafted` is
the last one, or an `AgentFailedError` is raised and the turn falls back on the planner. Nothing here knows LlamaIndex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.errors import SteelError
from steel_energy.telling.records import Told
from steel_service.agent.events import Replace, Step, Token, ToolAnswered, ToolCalled

FailureReason = Literal[
    "down",  # nobody listens, or the connection broke
    "model_missing",  # Ollama is there and lacks the model
    "no_tools",  # the model cannot call tools
    "slow",  # silent for too long
    "too_long",  # the whole turn took too long
    "too_many_steps",  # it called tools and never answered
    "refused",  # Ollama answered with an error
    "malformed",  # what came is not Ollama's protocol
    "cut_short",  # the text ended before the model was done
    "empty",  # no text at all
    "call_as_text",  # a tool call written into the text
    "tool_failed",  # a tool broke: a bug, which the error's cause shows
]


class AgentFailedError(SteelError):
    """The model gave no answer; ``reason`` is for the fallback's words, the message and remedy for the log."""

    code = "copilot_model"

    def __init__(self, message: str, *, reason: FailureReason, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason


class Toolbox(Protocol):
    """What answers requests: the service's own read-only routes."""

    async def call(self, request: Request) -> Sequence[Mapping[str, Any]]:
        """The JSON answers of the routes of a request, in the order of ``telling.calls_of``.

        Raises:
            SteelError: a route refused; its code, message, field and remedy are what the model is told.
        """


@dataclass(frozen=True)
class Exchange:
    """A question of this session and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Asked:
    """A question for the model.

    Attributes:
        language: of the answer.
        scene: the plant as it stands.
        history: earlier questions that were answered, oldest first; the model is shown the last few.
        understood: what the planner makes of the question; the model gets it as a hint.
    """

    question: str
    language: Language
    scene: Scene
    history: Sequence[Exchange] = ()
    understood: Request | None = None


@dataclass(frozen=True)
class Used:
    """What stands behind a `ToolAnswered` that is ok, right after it; not for the caller, but for proof and evidence.

    Attributes:
        id: of the call.
        request: what the arguments came to.
        results: answers of its routes.
        told: the answer in words; its text and figures are what the model was told.
    """

    id: str
    request: Request
    results: Sequence[Mapping[str, Any]]
    told: Told


@dataclass(frozen=True)
class Drafted:
    """The model's finished text, its numbers not yet proved; not for the caller.

    Attributes:
        text: what was streamed as tokens since the last `Replace`.
    """

    text: str


AgentEvent = Step | ToolCalled | ToolAnswered | Used | Token | Replace | Drafted
"""What a model's turn consists of."""
