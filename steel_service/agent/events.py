"""What happens in a turn of the copilot, one record each, in the order in which a caller is told.

A turn begins with a `Start` and ends with a `Final` or a `Failed`. What was streamed as `Token` is no answer yet:
`Replace` takes its place, with nothing where the model went on to call a tool. Nothing here knows HTTP but the names.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field, SerializeAsAny

from steel_energy.asking.lexicon import Language
from steel_energy.config import Record

Mode = Literal["llm", "planner"]
"""Who answers: a language model with tools, or the planner alone."""
Because = Literal["tool_call", "not_grounded", "fallback"]
"""Why what was streamed goes: a tool is called first, a number was not proved, or the model failed."""


class TurnError(Record):
    """What went wrong, as the error shape of every route has it."""

    code: str
    message: str
    field: str | None = None
    hint: str = ""


class Event(Record):
    """Base of what happens in a turn.

    Attributes:
        name: of the server-sent event.
    """

    name: ClassVar[str]


class Start(Event):
    """A turn begins.

    Attributes:
        language: of the answer.
        now: end of the known readings, which is what "now" means.
        mode: who is asked first.
    """

    name = "start"
    session_id: str
    language: Language
    now: dt.datetime
    mode: Mode


class Step(Event):
    """What is being done, for people, in the language of the answer."""

    name = "step"
    text: str


class ToolCalled(Event):
    """A tool is called.

    Attributes:
        id: of this call within the turn; its `ToolAnswered` bears it too.
        tool: which one.
        arguments: as the caller of the tool wrote them.
    """

    name = "tool_call"
    id: str
    tool: str
    arguments: dict[str, Any]


class ToolAnswered(Event):
    """A tool has answered, or refused.

    Attributes:
        ok: whether there is a result.
        took_ms: from the call to the answer.
        error: why there is none.
    """

    name = "tool_result"
    id: str
    tool: str
    ok: bool
    took_ms: float = Field(ge=0)
    error: TurnError | None = None


class Token(Event):
    """The next piece of the text."""

    name = "token"
    text: str


class Replace(Event):
    """The text so far is no longer the answer; this is, and it may be empty."""

    name = "replace"
    text: str
    because: Because


class Final(Event):
    """The answer, complete and proved."""

    name = "final"
    answer: SerializeAsAny[BaseModel]


class Failed(Event):
    """There is no answer."""

    name = "error"
    error: TurnError
