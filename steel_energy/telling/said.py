"""What answers of all kinds say beside their figures: what was assumed or left out, and where the numbers come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from steel_energy.asking.outcomes import Note
from steel_energy.telling.formats import Voice
from steel_energy.telling.records import Result


def note_lines(notes: Iterable[Note], end: dt.datetime | None, voice: Voice) -> list[str]:
    """A sentence for each note of a request.

    Args:
        notes: in the order in which they are said.
        end: of what the answer is about, which notes on a cut name; None where they cannot occur.
        voice: of the answer's language.
    """
    shown = voice.moment(end) if end else ""
    return [voice(f"note_{note}", end=shown) for note in notes]


def origin_lines(results: Sequence[Result], voice: Voice) -> list[str]:
    """That readings are simulated, and that another model answered for the champion, where that is so."""
    lines = []
    if any((result.get("source") or {}).get("is_simulated") for result in results):
        lines.append(voice("simulated"))
    steps = [result["fallback"]["step"] for result in results if result.get("fallback")]
    lines += [voice(f"fallback_{step.replace(' ', '_')}") for step in dict.fromkeys(steps)]
    return lines


def joined(*groups: Iterable[str]) -> str:
    """Sentences of a group on one line, each group on a line of its own; empty groups are left out."""
    return "\n".join(filter(None, (" ".join(group) for group in groups)))
