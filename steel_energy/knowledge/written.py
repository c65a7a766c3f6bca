"""Reads the written notes, ``notes/<language>/<chapter>.md``.

A note is ``## anchor: Title``, a line ``keywords: ...`` and its text. Lines of a paragraph are joined; an empty line
ends it, and a line that begins with a number or a dash is a step of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from steel_energy.asking.lexicon import Language
from steel_energy.knowledge.records import Note, Source
from steel_energy.knowledge.shown import Shown
from steel_energy.knowledge.terms import NOTES

HEADING = re.compile(r"^## ([a-z0-9_-]+): (.+)$", re.MULTILINE)
KEYWORDS = "keywords:"
STEP = re.compile(r"^(?:\d+\.|-) ")


def written_notes(language: Language, *, facts: Mapping[str, Shown]) -> Iterator[Note]:
    """The notes of a language with the figures of ``facts`` filled in, chapter by chapter.

    Raises:
        KeyError, AttributeError: a note names a figure that there is none of.
    """
    for source in get_args(Source):
        path = NOTES / language / f"{source}.md"
        if path.exists():
            yield from _chapter(path, source, facts)


def _chapter(path: Path, source: Source, facts: Mapping[str, Shown]) -> Iterator[Note]:
    _, *parts = HEADING.split(path.read_text(encoding="utf-8"))
    for anchor, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        lines = body.strip().splitlines()
        keywords = lines.pop(0).removeprefix(KEYWORDS).strip() if lines[0].startswith(KEYWORDS) else ""
        text = _joined(lines).format_map(facts)
        yield Note(source=source, anchor=anchor, title=title.format_map(facts), text=text, keywords=keywords)


def _joined(lines: list[str]) -> str:
    """Paragraphs and steps, each on one line.

    >>> _joined(["One two", "three.", "", "1. First", "step.", "2. Second."]).splitlines()
    ['One two three.', '1. First step.', '2. Second.']
    """
    found: list[str] = []
    begins = True
    for line in map(str.strip, lines):
        if not line:
            begins = True
            continue
        if begins or STEP.match(line):
            found.append(line)
        else:
            found[-1] += f" {line}"
        begins = False
    return "\n".join(found)
