"""Passages of the notes as an answer, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.asking.grounding import numbers_of
from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Result, Told

MOST = 2
"""So many passages are told at most."""
LONG = 700
"""Letters of passages that are told; the best one is told whatever its length, and others beyond are named."""


def knowledge(request: Request, results: Sequence[Result], _scene: Scene) -> Told:
    """The passage that fits best, cited, and another if both are short; that there is none, where none fits."""
    say = voice(request.language)
    passages = results[0]["passages"]
    if not passages:
        return Told(text=say("knowledge_none"), figures={})
    is_short = sum(len(one["text"]) for one in passages[:MOST]) <= LONG
    told = passages[: MOST if is_short else 1]
    lines, sources, figures = [], [], dict[str, Any]()
    for number, one in enumerate(told, start=1):
        lines.append(say("knowledge_passage", text=one["text"], number=number))
        sources.append(
            say("knowledge_source", number=number, title=one["title"], source=say(f"source_{one['source']}"))
        )
        figures |= {f"citation_{number}": number, f"title_{number}": one["title"]}
        figures[f"numbers_{number}"] = [found.words for found in numbers_of(one["text"])]
    others = [one["title"] for one in passages[len(told) :]]
    if others:
        figures["other_titles"] = others
        sources.append(say("knowledge_others", titles="; ".join(others)))
    return Told(text="\n".join([*lines, *sources]), figures=figures)
