"""The tools of one turn: a call is validated, asked of the routes and told in words, or refused with a reason.

A tool never raises: whatever is wrong goes back to the model as ``{"error", "field", "fix"}``, so that it can mend its
call. The same call again in a turn is answered from the first one, with the advice to answer now.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from steel_energy.asking.outcomes import Request
from steel_energy.errors import SteelError
from steel_energy.telling.records import Teller, Told
from steel_energy.telling.tell import tell
from steel_service.agent.arguments import RARE, TOOLS, Arguments
from steel_service.agent.asked import Asked, Toolbox
from steel_service.agent.events import TurnError
from steel_service.agent.tool_functions import request_of

AGAIN = "This call was made before, with this result. Answer the user now."
INVALID = "invalid_arguments"
REMEDY = "correct it and call the tool again, once"


@dataclass(frozen=True)
class Reply:
    """What a tool answers; its ``str`` is what the model reads.

    Attributes:
        took_ms: from the call to the answer.
        request: what the arguments came to; None where they did not.
        results: answers of the routes.
        told: the answer in words.
        error: why there is none.
        note: to the model alone.
    """

    took_ms: float
    request: Request | None = None
    results: Sequence[Mapping[str, Any]] = ()
    told: Told | None = None
    error: TurnError | None = None
    note: str = ""

    def __str__(self) -> str:
        content: dict[str, Any] = {"note": self.note} if self.note else {}
        if self.error is not None:
            content |= {"error": self.error.message, "field": self.error.field, "fix": self.error.hint}
        if self.told is not None:
            content |= {"text": self.told.text, **self.told.figures}
        return json.dumps(content, ensure_ascii=False, default=str)


def offered(asked: Asked) -> tuple[type[Arguments], ...]:
    """The tools that the model is told of."""
    intent = asked.understood.intent if asked.understood else None
    return (*TOOLS, *(kind for kind in RARE if kind.tool == intent))


class TurnTools:
    """The tools as they answer within one turn."""

    def __init__(self, asked: Asked, toolbox: Toolbox, *, teller: Teller = tell) -> None:
        self._asked, self._toolbox, self._teller = asked, toolbox, teller
        self._made: dict[str, Reply] = {}

    def functions(self) -> list[Any]:
        """LlamaIndex's tools, one for each record of arguments."""
        from llama_index.core.tools import FunctionTool  # noqa: PLC0415 - slow, and only where a model is asked

        return [
            FunctionTool.from_defaults(
                async_fn=self._function(kind), name=kind.tool, description=kind.about, fn_schema=kind
            )
            for kind in offered(self._asked)
        ]

    async def reply(self, kind: type[Arguments], given: Mapping[str, Any]) -> Reply:
        """What a call comes to; never raises for what the model or a route did wrong."""
        call = json.dumps([kind.tool, given], sort_keys=True, default=str)
        if call in self._made:
            before = self._made[call]
            return Reply(0.0, before.request, before.results, before.told, before.error, note=AGAIN)
        self._made[call] = await self._reply(kind, given)
        return self._made[call]

    async def _reply(self, kind: type[Arguments], given: Mapping[str, Any]) -> Reply:
        started_s = time.perf_counter()
        try:
            arguments = kind.model_validate(dict(given))
            request = request_of(arguments, self._asked.scene, self._asked.language)
            results = await self._toolbox.call(request)
        except ValidationError as error:
            return Reply(_ms_since(started_s), error=_of_validation(error, kind))
        except SteelError as error:
            return Reply(_ms_since(started_s), error=_of_steel(error))
        told = self._teller(request, results, self._asked.scene)
        return Reply(_ms_since(started_s), request, results, told)

    def _function(self, kind: type[Arguments]) -> Callable[..., Awaitable[Reply]]:
        async def call(**given: Any) -> Reply:  # noqa: ANN401 - whatever the model wrote
            return await self.reply(kind, given)

        return call


def _of_steel(error: SteelError) -> TurnError:
    return TurnError(code=error.code, message=error.message, field=error.field, hint=error.remedy)


def _of_validation(error: ValidationError, kind: type[Arguments]) -> TurnError:
    """The first fault, in words; without what the model wrote, which may be anything."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else None
    if first["type"] == "extra_forbidden":
        hint = f"leave it out; {kind.tool} takes: {', '.join(kind.model_fields)}"
        return TurnError(code=INVALID, message="there is no such argument", field=field, hint=hint)
    return TurnError(code=INVALID, message=first["msg"], field=field, hint=REMEDY)


def _ms_since(started_s: float) -> float:
    return round((time.perf_counter() - started_s) * 1_000, 1)
