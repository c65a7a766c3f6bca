"""Passages of the notes as an answer, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Result, Told

MOST = 2
"""So many passages are told at most; more are no answer."""


def knowledge(request: Request, results: Sequence[Result], _scene: Scene) -> Told:
    """The passages that fit, the best one first, cited by number; that there is none, where none fits."""
    say = voice(request.language)
    passages = results[0]["passages"][:MOST]
    if not passages:
        return Told(text=say("knowledge_none"), figures={})
    figures: dict[str, Any] = {}
    texts, sources = [], []
    for number, one in enumerate(passages, start=1):
        figures |= {f"citation_{number}": number, f"passage_{number}": one["text"], f"title_{number}": one["title"]}
        texts.append(say("knowledge_passage", text=one["text"], number=number))
        source = say(f"source_{one['source']}")
        sources.append(say("knowledge_source", number=number, title=one["title"], source=source))
    return Told(text="\n".join([*texts, *sources]), figures=figures)
