"""What the stand-in for Ollama answers: replies with their faults, and models that are easy to foresee.

A `Reply` is one answer to ``POST /api/chat``. A `Responder` makes one of the request's body: ``obedient`` does as the
line behind the question suggests and repeats what the tool said; ``scripted`` takes replies from a list.
"""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
SUGGESTED = re.compile(r"(?:Suggested call|Llamada sugerida): (\w+\(.*\))\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Reply:
    """An answer, and what goes wrong with it.

    Attributes:
        text: streamed word by word.
        calls: tools that are called, each a name and its arguments; in a line of their own behind the text.
        delay_s: until the first byte.
        pause_s: before each line.
        status: of HTTP; anything but 200 is answered with ``raw`` or an error.
        raw: the whole body instead of Ollama's lines.
        cut_after: lines after which the stream ends as if it were complete, without the last one.
        broken_after: lines after which one comes that is no JSON.
        error_after: lines after which Ollama says that it failed.
        dead_after: lines after which the connection breaks.
        done_reason: stop, or length where the answer was too long.
        leaves_out: field of a line that is missing.
    """

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    delay_s: float = 0
    pause_s: float = 0
    status: int = 200
    raw: str | None = None
    cut_after: int | None = None
    broken_after: int | None = None
    error_after: int | None = None
    dead_after: int | None = None
    done_reason: str = "stop"
    leaves_out: str | None = None

    def pieces(self) -> list[str]:
        """The text as it is streamed: words with the blank before them."""
        return re.findall(r"\s*\S+", self.text)


Responder = Callable[[Body], Reply]


def say(text: str, **faults: Any) -> Reply:  # noqa: ANN401 - fields of `Reply`
    """An answer in words."""
    return Reply(text=text, **faults)


def call(tool: str, /, **arguments: Any) -> Reply:  # noqa: ANN401 - JSON
    """A call of a tool."""
    return Reply(calls=((tool, arguments),))


def scripted(replies: Iterable[Reply]) -> Responder:
    """One reply after the other; asking for more than there are is an error of the test."""
    rest = iter(replies)
    return lambda _body: next(rest)


@dataclass
class Obedient:
    """A model that makes the suggested call and repeats the tool's words; what it says of anything else is settable."""

    otherwise: str = "I can help with the energy of this plant."
    faults: dict[str, Any] = field(default_factory=dict)

    def __call__(self, body: Body) -> Reply:
        """Its reply to a body."""
        last = body["messages"][-1]
        if last["role"] == "tool":
            return say(_told(last["content"]), **self.faults)
        suggested = SUGGESTED.search(last["content"])
        reply = Reply(calls=(read_call(suggested[1]),)) if suggested else say(self.otherwise)
        return dataclasses.replace(reply, **self.faults)


def read_call(text: str) -> tuple[str, dict[str, Any]]:
    """Name and arguments of a call as it is suggested.

    >>> read_call('what_if(change="capacitor_bank", capacitor_kvar=100.0, is_automatic=true)')
    ('what_if', {'change': 'capacitor_bank', 'capacitor_kvar': 100.0, 'is_automatic': True})
    """
    tree = ast.parse(re.sub(r"=true\b", "=True", text), mode="eval").body
    assert isinstance(tree, ast.Call)  # noqa: S101 - the pattern's
    assert isinstance(tree.func, ast.Name)  # noqa: S101 - likewise
    return tree.func.id, {str(one.arg): ast.literal_eval(one.value) for one in tree.keywords}


def _told(content: str) -> str:
    """What a tool's result says in words, or its error."""
    result = json.loads(content)
    return str(result.get("text") or result.get("error"))
