"""What the library is made of and what it gives: notes, and the passages of them that fit a question."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from steel_energy.config import Record

Source = Literal["dictionary", "tariff", "plant", "glossary", "how", "runbook", "reports"]
"""Where a note stands: generated from the column contract, the tariff's or the plant's file; written; or made from the
newest tables of the lake."""


class Note(Record):
    """One thing that may be asked for, in one language.

    Attributes:
        source: the chapter it stands in.
        anchor: its name, the same in every language and unique in its chapter.
        title: a few words.
        text: plain text, short enough to be an answer; a new line begins a paragraph or a step.
        keywords: further words by which it is asked for; never shown.
    """

    source: Source
    anchor: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    keywords: str = ""


class Passage(Record):
    """A note that fits a question.

    Attributes:
        title: of the note.
        text: of the note, whole.
        source: the note's chapter.
        anchor: ``<source>#<name>``, the same in every language.
        score: 0 to 1, the share of the question's words that the note has, rare words counting more.
    """

    title: str
    text: str
    source: Source
    anchor: str
    score: float = Field(ge=0, le=1)
