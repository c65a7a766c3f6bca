"""The library that questions on the plant are looked up in: its notes of both languages and the index over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from steel_energy.asking.lexicon import Language
from steel_energy.knowledge.dictionary import dictionary_notes
from steel_energy.knowledge.facts import facts_of
from steel_energy.knowledge.index import Index
from steel_energy.knowledge.plant_notes import plant_notes
from steel_energy.knowledge.records import Note, Passage
from steel_energy.knowledge.report_context import Context
from steel_energy.knowledge.reports import report_notes, stamp_of
from steel_energy.knowledge.sentences import sentences
from steel_energy.knowledge.tariff_notes import tariff_notes
from steel_energy.knowledge.written import written_notes
from steel_energy.params import Params
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site
from steel_energy.storage import Marks

MOST = 3
"""Passages of an answer at most."""


@dataclass
class Library:
    """What is known of a plant in words; needs no network.

    The index of a language is built when it is first asked for, and again when a report has changed. May be asked from
    many threads.

    Attributes:
        site: the plant and its tariff.
        params: whose figures the notes name.
        settings: where reports lie.
    """

    site: Site
    params: Params
    settings: SteelSettings
    _built: dict[Language, tuple[Marks, Index]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, site: Site, *, params: Params, settings: SteelSettings) -> Library:
        """The library of a plant; reads nothing yet."""
        return cls(site=site, params=params, settings=settings)

    def look_up(self, query: str, *, language: Language, most: int = MOST) -> tuple[Passage, ...]:
        """The passages that fit a question, best first; none where nothing does.

        Args:
            query: a question or a few words, with or without accents.
            language: of the question, and of the passages.
            most: at most so many.
        """
        found = self._index(language).fitting(query, most=most)
        return tuple(_passage(note, score) for note, score in found)

    def notes(self, language: Language) -> tuple[Note, ...]:
        """Every note of a language as it stands now."""
        return self._index(language).notes

    def _index(self, language: Language) -> Index:
        stamp = stamp_of(self.settings, self.site.plant.id)
        with self._lock:
            built = self._built.get(language)
            if built is None or built[0] != stamp:
                built = (stamp, Index(tuple(self._made(language)), language))
                self._built[language] = built
        return built[1]

    def _made(self, language: Language) -> Iterable[Note]:
        told = sentences(language)
        yield from dictionary_notes(told)
        yield from tariff_notes(self.site, told)
        yield from plant_notes(self.site.plant, self.params.asking, told)
        yield from written_notes(language, facts=facts_of(self.site, self.params, language))
        yield from report_notes(Context(self.site.plant, self.settings, told))


def _passage(note: Note, score: float) -> Passage:
    return Passage(
        title=note.title, text=note.text, source=note.source, anchor=f"{note.source}#{note.anchor}", score=score
    )
