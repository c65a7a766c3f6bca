"""Finds the notes that fit a question: ranked by BM25, and none where too few of the question's words are in a note."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from steel_energy.asking.lexicon import Language
from steel_energy.knowledge.records import Note, Source
from steel_energy.knowledge.terms import stems, words_of

TITLE_WEIGHT, KEYWORDS_WEIGHT = 5, 3
"""So many times a title's and a keyword's word counts as one of the text."""
CHAPTER_WEIGHTS: dict[Source, float] = {"dictionary": 0.8, "reports": 0.9, "glossary": 1.05}
"""What a note counts by its chapter, 1 for the others: a bare word asks for the thing itself, not for a column of that
name or its latest figures."""
MIN_SHARE = 0.55
"""Share of a question's words, rare ones counting more, that a note must have to be an answer; chosen with the
questions of the evaluation that are not held out (``benchmarks/knowledge.py``)."""
MIN_TYPO_LETTERS, LONG_LETTERS = 4, 8
NEAR_SHARE = 0.85
"""Share of the best note's rank that another one must have to be told beside it."""


class Index:
    """The notes of one language, ready to be asked.

    Attributes:
        notes: in the order of their chapters.
        language: theirs.
    """

    def __init__(self, notes: Sequence[Note], language: Language) -> None:
        self.notes = tuple(notes)
        self.language = language
        words = [_weighted(note, language) for note in self.notes]
        self._known = frozenset(word for row in words for word in row)
        rows = [stems(row, language) for row in words]
        self._stems = [frozenset(row) for row in rows]
        self._in_notes = Counter(stem for row in self._stems for stem in row)
        self._ranking = _ranking(rows)
        self._chapters = np.array([CHAPTER_WEIGHTS.get(note.source, 1.0) for note in self.notes])

    def fitting(self, question: str, *, most: int) -> Iterator[tuple[Note, float]]:
        """The notes that fit best and their share of the question's words, best first; none where none fits."""
        asked = self._asked(question)
        known = sorted(asked & self._in_notes.keys())
        if not known:
            return
        weights = {stem: self._weight(stem) for stem in asked}
        whole = sum(weights.values())
        shares = np.array([sum(weights[stem] for stem in asked & own) / whole for own in self._stems])
        ranks = self._ranking.get_scores(known) * self._chapters * shares
        order = sorted(range(len(ranks)), key=lambda place: (-ranks[place], place))
        for place in order[:most]:
            if shares[place] < MIN_SHARE or ranks[place] < NEAR_SHARE * ranks[order[0]]:
                return
            yield self.notes[place], min(float(shares[place]), 1.0)

    def _asked(self, question: str) -> frozenset[str]:
        """The stems of a question; misspelt words put right, numbers that no note has left out."""
        words = [self._mended(word) for word in words_of(question, self.language)]
        known = [word for word in words if word in self._known or not word.isdigit()]
        return frozenset(stems(known, self.language))

    def _mended(self, word: str) -> str:
        """The known word that a misspelt one is nearest to; itself where it is known, or none is near."""
        if len(word) < MIN_TYPO_LETTERS or stems([word], self.language)[0] in self._in_notes:
            return word
        from rapidfuzz import process  # noqa: PLC0415 - only a misspelt word needs it
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

        slips = 1 if len(word) < LONG_LETTERS else 2
        found = process.extractOne(word, self._by_letter.get(word[0], []), scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else word

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        by_letter: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= MIN_TYPO_LETTERS and word.isalpha():
                by_letter.setdefault(word[0], []).append(word)
        return by_letter

    def _weight(self, stem: str) -> float:
        """What a word tells: the fewer notes have it, the more; one that no note has as much as the rarest."""
        return math.log(1 + len(self.notes) / max(self._in_notes[stem], 1))


def _weighted(note: Note, language: Language) -> list[str]:
    named = words_of(note.title, language) * TITLE_WEIGHT + words_of(note.keywords, language) * KEYWORDS_WEIGHT
    return named + words_of(note.text, language)


def _ranking(rows: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - bm25s is untyped
    import bm25s  # noqa: PLC0415 - a second to import, which the first question pays

    ranking = bm25s.BM25(k1=1.2, b=0.4)
    ranking.index(rows, show_progress=False)
    return ranking
