"""What the model reads: the instructions of a language, the last exchanges, and the question with a line behind it.

The instructions never change within a language, so that Ollama reads them once: what changes stands in that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from steel_energy.asking.lexicon import Language, lexicon
from steel_energy.config import read_yaml
from steel_service.agent.asked import Asked, Exchange
from steel_service.agent.hints import suggested_call

PROMPTS = Path(__file__).parent / "prompts"
MOST_EXCHANGES = 6
LONGEST = 600
"""Characters of an earlier question or answer that the model is shown again."""


@cache
def instructions(language: Language) -> str:
    """The system prompt."""
    return (PROMPTS / f"system_{language}.md").read_text(encoding="utf-8").strip()


def words(language: Language, name: str, **values: object) -> str:
    """A sentence of the prompts' own words with ``values`` filled in."""
    return str(_words(language)[name]).format(**values)


def question_text(asked: Asked) -> str:
    """The question with what the model must know now: the plant's time, and the call that the planner suggests."""
    now = asked.scene.clock
    names = {number: name for name, number in reversed(lexicon(asked.language)["weekdays"].items())}
    lines = [
        words(
            asked.language,
            "now",
            weekday=names[now.weekday()],
            now=f"{now:%Y-%m-%d %H:%M}",
            tariff=asked.scene.tariff.id,
        )
    ]
    if asked.understood is not None and (call := suggested_call(asked.understood, asked.scene)):
        lines.append(words(asked.language, "suggested", call=call))
    return f"{asked.question.strip()}\n\n({' '.join(lines)})"


def kept(history: Sequence[Exchange]) -> list[Exchange]:
    """The last exchanges, long texts cut."""
    return [Exchange(one.question[:LONGEST], one.answer[:LONGEST]) for one in history[-MOST_EXCHANGES:]]


@cache
def _words(language: Language) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(PROMPTS / f"words_{language}.yaml")
    return content
