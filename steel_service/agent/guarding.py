"""What a model writes that is no answer: a tool call as text, nothing at all, its own thoughts, half a sentence.

A text that may turn out to be one is held back until it is clear, so that no user sees braces run by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection

OPENINGS = ("{", "[", "<", "`")
"""How a tool call or a thought begins; an answer in plain words does not."""
THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
FENCE = re.compile(r"```(?:\w+)?|<\|?/?[\w| ]+\|?>")
CALL_KEYS = frozenset({"parameters", "arguments"})


class Held:
    """A text as it comes, and what of it may be shown."""

    def __init__(self) -> None:
        self._text = ""
        self._shown = 0

    def add(self, piece: str) -> str:
        """Take the next piece; what may be shown beyond what was shown before, often all of it."""
        self._text += piece
        text = said(self._text)
        if not text or text.startswith(OPENINGS):
            return ""
        fresh = text[self._shown :]
        self._shown = len(text)
        return fresh

    def rest(self) -> str:
        """What was held back and is no call after all."""
        fresh = said(self._text)[self._shown :]
        self._shown += len(fresh)
        return fresh

    @property
    def is_shown(self) -> bool:
        """Whether anything was let through."""
        return self._shown > 0


def said(text: str) -> str:
    """A text without the model's thoughts before it and the blanks at its start.

    >>> said("<think>kWh?</think> Hola.")
    'Hola.'
    """
    return THOUGHT.sub("", text).lstrip()


def is_call(text: str, tools: Collection[str]) -> bool:
    r"""Whether a text is, or holds, a call of a tool that was written instead of made.

    >>> is_call('{"name": "forecast", "parameters": {"when": "tomorrow"}}', ["forecast"])
    True
    >>> is_call('[forecast(when="tomorrow")]', ["forecast"]), is_call("The forecast (tomorrow): 12 kWh", ["forecast"])
    (True, False)
    """
    bare = FENCE.sub(" ", text).strip()
    named = "|".join(re.escape(tool) for tool in tools)
    if re.match(rf"\[?\s*(?:{named})\s*\(", bare):
        return True
    return any(_is_call_object(bare[match.start() :]) for match in re.finditer(r"\{", bare)) or _is_torn(bare, named)


def _is_call_object(text: str) -> bool:
    """Whether a JSON object that says which tool and with which arguments stands at the start of a text."""
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return False
    return "name" in found and (bool(CALL_KEYS & found.keys()) or len(found) == 1)


def _is_torn(text: str, named: str) -> bool:
    """Whether a text begins as such an object does, without being JSON."""
    return re.match(rf"""\[?\s*\{{\s*['"]?(?:name|function|type)['"]?\s*:.*?(?:{named})""", text, re.DOTALL) is not None
