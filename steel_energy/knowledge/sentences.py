"""The sentences of generated notes, ``notes/<language>/generated.yaml``: of each its title, keywords and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from steel_energy.asking.lexicon import Language
from steel_energy.config import read_yaml
from steel_energy.knowledge.records import Note, Source
from steel_energy.knowledge.terms import NOTES
from steel_energy.reporting.weekly_words import Words, words


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language and how it writes numbers and dates."""

    content: dict[str, Any]
    words: Words

    def say(self, source: Source, anchor: str, key: str, /, **values: object) -> str:
        """One sentence of a note with ``values`` filled in; a missing key is a bug and raises KeyError."""
        sentence: str = self.content[source][anchor][key]
        return sentence.format(**values)

    def note(self, source: Source, kind: str, texts: Sequence[str], /, *, anchor: str = "", **values: object) -> Note:
        """A note of the title and keywords of ``kind`` and these texts, each a paragraph.

        Args:
            source: its chapter.
            kind: its place in the file.
            texts: what it says.
            anchor: its own name where a kind has several notes; else the kind's.
            values: to fill in in the title.
        """
        told = self.content[source][kind]
        return Note(
            source=source,
            anchor=anchor or kind,
            title=told["title"].format(**values),
            text="\n".join(texts),
            keywords=told["keywords"],
        )

    def listing(self, parts: Sequence[str]) -> str:
        """Parts with commas, and the language's "and" before the last one."""
        if len(parts) < 2:  # noqa: PLR2004 - one, or none
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.content['and']} {parts[-1]}"


@cache
def sentences(language: Language) -> Sentences:
    """The sentences of ``language``, read once."""
    content = read_yaml(NOTES / language / "generated.yaml")
    return Sentences(content, words(language))
