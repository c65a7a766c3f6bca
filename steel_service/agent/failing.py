"""The ways in which a model gives no answer, told apart: what broke, and what would help.

LlamaIndex lets the errors of its libraries through as they are, and takes some failures for answers: a stream that was
cut, an empty text, a tool call that was written instead of made.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import httpx
from pydantic import ValidationError

from steel_service.agent.asked import AgentFailedError, FailureReason
from steel_service.agent.guarding import is_call
from steel_service.agent.llm import ModelSettings

NOT_FOUND = 404
LONGEST_DETAIL = 200
MESSAGES: Mapping[FailureReason, tuple[str, str]] = {
    "down": ("Ollama at {url} cannot be reached", "start it with `ollama serve`"),
    "model_missing": ("Ollama has no model {model}", "get it with: ollama pull {model}"),
    "no_tools": ("{model} cannot call tools", "choose another with STEEL_OLLAMA_MODEL"),
    "slow": ("{model} was silent for {silence_s:g} s", "choose a smaller model, or raise STEEL_OLLAMA_SILENCE_S"),
    "too_long": ("{model} took more than {total_s:g} s", "choose a smaller model, or raise STEEL_COPILOT_LLM_S"),
    "too_many_steps": (
        "{model} kept calling tools and did not answer",
        "ask for less at once, or choose another model",
    ),
    "refused": ("Ollama refused", "see Ollama's log"),
    "malformed": ("what Ollama at {url} sent cannot be read", "check that it is Ollama, and not a proxy before it"),
    "cut_short": ("{model}'s answer ended before it was complete", "see Ollama's log"),
    "empty": ("{model} said nothing", "ask again, or choose another model"),
    "tool_failed": ("a tool broke", "see the service's log"),
    "call_as_text": ("{model} wrote a tool call instead of making it", "choose a model that can call tools"),
}
"""What is said of each, and what helps."""


def caught() -> tuple[type[Exception], ...]:
    """What a run may raise for a reason of the model's, and a few more that `failure_of` raises again."""
    from ollama import ResponseError  # noqa: PLC0415 - slow, and only where a model was asked
    from workflows.errors import WorkflowRuntimeError, WorkflowTimeoutError  # noqa: PLC0415 - as above

    of_workflows = (WorkflowRuntimeError, WorkflowTimeoutError)
    return (ConnectionError, httpx.HTTPError, ValueError, KeyError, ResponseError, *of_workflows)


def failed(reason: FailureReason, settings: ModelSettings, *, detail: str = "") -> AgentFailedError:
    """The error of a reason."""
    message, remedy = MESSAGES[reason]
    values: dict[str, Any] = settings.model_dump()
    said = message.format(**values) + (f": {detail}" if detail else "")
    return AgentFailedError(said, reason=reason, remedy=remedy.format(**values))


def failure_of(error: Exception, settings: ModelSettings) -> AgentFailedError:
    """What an error of a run means.

    Raises:
        Exception: ``error`` itself, where it is none of the model's: a bug must not look like a slow model.
    """
    reason, detail = _reason(error)
    if reason is None:
        raise error
    return failed(reason, settings, detail=detail)


def of_text(text: str, raw: Mapping[str, Any], tools: Collection[str]) -> FailureReason | None:
    """Why a finished text is no answer; None where it may be one.

    Args:
        text: without the model's thoughts.
        raw: the last line of Ollama's stream.
        tools: their names.
    """
    if not raw.get("done") or raw.get("done_reason") == "length":
        return "cut_short"
    if not text:
        return "empty"
    return "call_as_text" if is_call(text, tools) else None


def _reason(error: Exception) -> tuple[FailureReason | None, str]:
    """Of an error, with what Ollama itself says of it; None for a bug."""
    from ollama import ResponseError  # noqa: PLC0415 - slow, and only where a model was asked
    from workflows.errors import WorkflowRuntimeError, WorkflowTimeoutError  # noqa: PLC0415 - as above

    if isinstance(error, ResponseError):
        return _refusal(error), str(error.error)[:LONGEST_DETAIL]
    if isinstance(error, WorkflowRuntimeError):
        return ("too_many_steps" if "Max iterations" in str(error) else None), ""
    kinds: tuple[tuple[tuple[type[Exception], ...], FailureReason], ...] = (
        ((WorkflowTimeoutError,), "too_long"),
        ((httpx.ConnectTimeout, httpx.ConnectError, ConnectionError), "down"),
        ((httpx.TimeoutException,), "slow"),
        ((httpx.RemoteProtocolError, httpx.ReadError, httpx.CloseError), "cut_short"),
        ((httpx.HTTPError,), "down"),
        ((json.JSONDecodeError, KeyError), "malformed"),
    )
    found = next((reason for classes, reason in kinds if isinstance(error, classes)), None)
    return found or ("malformed" if _is_line_fault(error) else None), ""


def _refusal(error: Any) -> FailureReason:  # noqa: ANN401 - ollama.ResponseError
    if error.status_code == NOT_FOUND:
        return "model_missing"
    return "no_tools" if "does not support tools" in str(error.error) else "refused"


def _is_line_fault(error: Exception) -> bool:
    """Whether Ollama's client found a field missing or of another type in a line."""
    return isinstance(error, ValidationError) and error.title in ("ChatResponse", "Message")
