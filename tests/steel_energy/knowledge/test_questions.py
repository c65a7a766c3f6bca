from __future__ import annotations

import pytest
from knowledge import SETS, Asked, questions, score

from steel_energy.asking.lexicon import LANGUAGES

LEAST_FIRST = {"chosen with": 0.95, "held out": 0.80}
LEAST_TOLD = {"chosen with": 0.97, "held out": 0.85}
MOST_FALSE = {"chosen with": 0, "held out": 1}
"""What ``benchmarks/knowledge.py`` measures, less a question or two."""
PAIRS = [(part, language) for part in SETS for language in LANGUAGES]


@pytest.mark.parametrize(("part", "language"), PAIRS)
def test_questions_find_their_note_and_others_none(library, part, language):
    found = score(library, questions(part, language))

    assert found.first >= LEAST_FIRST[part] * found.answerable
    assert found.told >= LEAST_TOLD[part] * found.answerable
    assert found.false <= MOST_FALSE[part]


@pytest.mark.parametrize(("part", "language"), PAIRS)
def test_every_expected_note_is_there(library, part, language):
    known = {f"{note.source}#{note.anchor}" for note in library.notes(language)}
    wanted = {anchor for asked in questions(part, language) for anchor in asked.expect}

    assert wanted <= known


def test_no_question_is_in_both_sets():
    sets = [{one.ask for language in LANGUAGES for one in questions(part, language)} for part in SETS]

    assert sets[0].isdisjoint(sets[1])


def test_a_wrong_a_missing_and_a_false_passage_are_told_apart(library):
    asked = (
        Asked("what is a ratchet", "en", ("glossary#ratchet",)),
        Asked("what is a ratchet", "en", ("glossary#mase",)),
        Asked("apple pie", "en", ("glossary#mase",)),
        Asked("what is a ratchet", "en", ()),
        Asked("apple pie", "en", ()),
    )
    found = score(library, asked)

    assert (found.first, found.told, found.answerable) == (1, 1, 3)
    assert (found.silent, found.false, found.unanswerable) == (1, 1, 2)
