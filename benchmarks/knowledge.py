"""How well questions find the note that answers them: tests/steel_energy/knowledge/questions*.yaml.

Prints for each set and language how often the first passage is right, how often any of those that are told, which
questions stay without one, which get one although no note answers them, and the time of a question. ``--faults`` lists
what is wrong. The words and limits of the index were chosen with the first set; the second one was held out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from steel_energy.asking.lexicon import LANGUAGES, Language
from steel_energy.config import read_yaml
from steel_energy.knowledge import Library
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.sites import load_sites

SETS_DIR = PROJECT_ROOT / "tests" / "steel_energy" / "knowledge"
SETS = {"chosen with": "questions.yaml", "held out": "questions_held_out.yaml"}
PLANT = "gwangyang"
WEEKLY = "reports#weekly"
"""Stands for the note on any week, whose anchor goes on with it."""
REPEATS = 20


@dataclass(frozen=True)
class Asked:
    """A question.

    Attributes:
        ask: its words.
        language: theirs.
        expect: anchors of which any is right; none where no note answers it.
    """

    ask: str
    language: Language
    expect: tuple[str, ...]

    def is_right(self, anchor: str) -> bool:
        """Whether the note of this name answers it."""
        return anchor in self.expect or (WEEKLY in self.expect and anchor.startswith(WEEKLY))


@dataclass(frozen=True)
class Score:
    """How many questions are answered, and how.

    Attributes:
        first: whose first passage is right.
        told: one of whose passages is right.
        silent: that a note answers, without a passage.
        answerable: that a note answers.
        false: that no note answers, with a passage all the same.
        unanswerable: that no note answers.
    """

    first: int
    told: int
    silent: int
    answerable: int
    false: int
    unanswerable: int


def questions(part: str, language: Language) -> tuple[Asked, ...]:
    """The questions of a set in a language."""
    rows = read_yaml(SETS_DIR / SETS[part])[language]
    return tuple(Asked(row["ask"], language, tuple(row["expect"])) for row in rows)


def anchors(library: Library, asked: Asked) -> list[str]:
    """The notes that a question finds, best first."""
    return [passage.anchor for passage in library.look_up(asked.ask, language=asked.language)]


def score(library: Library, asked: Sequence[Asked]) -> Score:
    """Ask them all."""
    found = [(one, anchors(library, one)) for one in asked]
    known = [(one, told) for one, told in found if one.expect]
    unknown = [told for one, told in found if not one.expect]
    return Score(
        first=sum(bool(told) and one.is_right(told[0]) for one, told in known),
        told=sum(any(map(one.is_right, told)) for one, told in known),
        silent=sum(not told for _, told in known),
        answerable=len(known),
        false=sum(bool(told) for told in unknown),
        unanswerable=len(unknown),
    )


def faults(library: Library, asked: Sequence[Asked]) -> Iterator[str]:
    """The questions whose first passage is wrong, with what was found."""
    for one in asked:
        told = anchors(library, one)
        if bool(told) != bool(one.expect) or (told and not one.is_right(told[0])):
            yield f"{one.ask!r}: {', '.join(told) or 'nothing'} instead of {', '.join(one.expect) or 'nothing'}"


def milliseconds(library: Library, asked: Sequence[Asked]) -> float:
    """Mean time of a question on the processor, once the index stands."""
    started = time.process_time()
    for _ in range(REPEATS):
        for one in asked:
            library.look_up(one.ask, language=one.language)
    return (time.process_time() - started) / (REPEATS * len(asked)) * 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", action="store_true", help="list what is wrong")
    shown = parser.parse_args()
    settings = SteelSettings()
    library = Library.of(load_sites(settings)[PLANT], params=load_params(settings.params_file), settings=settings)
    print(f"{len(library.notes('en'))} notes in each of {len(LANGUAGES)} languages")
    for part in SETS:
        for language in LANGUAGES:
            asked = questions(part, language)
            found, took_ms = score(library, asked), milliseconds(library, asked)
            right = f"first passage right {found.first} of {found.answerable}, any {found.told}, none {found.silent}"
            false = f"answered without a note {found.false} of {found.unanswerable}"
            print(f"{part:12} {language}: {right}; {false}; {took_ms:.2f} ms")
            for fault in faults(library, asked) if shown.faults else ():
                print(f"    {fault}")


if __name__ == "__main__":
    main()
