"""The words of a language, read from ``words_<language>.yaml``, as regular expressions over folded text.

What the words are for stands where they are used. Phrases are regular expressions in which ``*`` after a letter ends a
stem and ``{name}`` is any word of a list, or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from steel_energy.config import read_yaml

T = TypeVar("T")
Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LISTS = ("weekday", "month", "offset", "feast", "unit", "ordinal", "edge", "second_half", "term")
"""Placeholders that stand for any word of the list of that name, in the plural."""
YEAR = r"(?:19|20)\d\d"
NUMBERS = {
    "n": r"\d{1,2}",
    "n1": r"\d{1,2}",
    "n2": r"\d{1,2}",
    "day": r"\d{1,2}",
    "q": "[1-4]",
    "half": "[12]",
    "year": YEAR,
    "iso": r"\d{4}-\d{1,2}-\d{1,2}",
    "numeric": r"\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d\d))?|\d{1,2}[.-]\d{1,2}[.-]\d{4}",
}
MIN_LETTERS = 3
REFUSED = ("hostile", "commands", "off_topic")
UNGUESSED = ("abbreviations", "fillers", "number_words", "corrections", "plain")
"""Lists whose words no misspelt one is taken for."""
BETWEEN = ".{0,60}"
"""What ``.*`` of a phrase stands for: words apart are no phrase, and looking far for them would take long."""
MARK = "§"
"""Begins what stands in a text for something that was read there: ``§d0`` is the first day, ``§h0`` the first hour."""


class Lexicon:
    """The words of one language.

    Attributes:
        language: ISO 639-1 code.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        path = Path(__file__).parent / f"words_{language}.yaml"
        self._words: dict[str, Any] = read_yaml(path)
        self._compiled: dict[tuple[str, ...], re.Pattern[str]] = {}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - lists and mappings of words, as the file has them
        return self._words[key]

    def text(self, key: str, **values: object) -> str:
        """A sentence for the user with ``values`` filled in; a missing key is a bug and raises KeyError."""
        sentence: str = self._words["texts"][key]
        return sentence.format(**values)

    def pattern(self, *path: str) -> re.Pattern[str]:
        """The phrases under ``path`` as one expression; compiled when it is first asked for."""
        if path not in self._compiled:
            phrases: Any = self._words
            for key in path:
                phrases = phrases[key]
            self._compiled[path] = self.compiled(phrases)
        return self._compiled[path]

    def says(self, text: str, *path: str) -> bool:
        """Whether a folded text holds a phrase under ``path``."""
        return self.pattern(*path).search(text) is not None

    @cached_property
    def opens(self) -> re.Pattern[str]:
        """What a question that goes on from another begins with."""
        return self.pattern("openers")

    def first(self, text: str, key: str) -> str | None:
        """The name under ``key`` any of whose phrases the text holds, in the file's order."""
        return next((name for name in self._words[key] if self.says(text, key, name)), None)

    def compiled(self, phrases: Iterable[str], extra: Mapping[str, str] | None = None) -> re.Pattern[str]:
        """Phrases as one expression between the borders of words; ``extra`` placeholders come first."""
        slots = {**self._slots, **(extra or {})}
        forms = "|".join(_as_pattern(phrase, slots) for phrase in phrases) or r"(?!)"
        return re.compile(rf"(?<![\w{MARK}])(?:{forms})(?!\w)")

    def slot(self, name: str) -> str:
        """The expression that ``{name}`` stands for."""
        return self._slots[name]

    @cached_property
    def _slots(self) -> dict[str, str]:
        lists = {name: _any_of(self._list(name)) for name in LISTS}
        lists["units"] = lists["unit"]
        lists["count"] = rf"\d{{1,3}}|{_any_of(self._words['numbers'])}"
        month, year = lists["month"], YEAR
        day = rf"\d{{1,2}}(?:st|nd|rd|th)?(?: (?:de|of))? (?:{month})|(?:{month}) \d{{1,2}}(?:st|nd|rd|th)?"
        lists["date"] = rf"{NUMBERS['iso']}|{NUMBERS['numeric']}|(?:{day})(?: (?:del? )?{year})?"
        return lists | NUMBERS

    def _list(self, name: str) -> Iterable[str]:
        words: Iterable[str] = self._words[name if name == "second_half" else f"{name}s"]
        return words

    @cached_property
    def known(self) -> frozenset[str]:
        """Whole words that this language's phrases are made of."""
        return frozenset(_words_of(self._words, without=("texts", "short_months")))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Those that a misspelt word may stand for; never one for which a question would be refused."""
        return frozenset(_words_of(self._words, without=("texts", "short_months", *UNGUESSED, *REFUSED)))

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Beginnings of words that phrases leave open, the longer ones alone: short ones begin anything."""
        found = re.findall(r"(?<![a-z\])])([a-z]{4,})(?:\[[a-z]+\])?\*", _with_stars(" ".join(_strings(self._words))))
        return tuple(sorted(set(found)))

    @cached_property
    def date_words(self) -> frozenset[str]:
        """Words that name a day or a stretch of time: what must not be guessed."""
        keys = ("weekdays", "months", "offsets", "feasts", "units")
        return frozenset(word for key in keys for phrase in self._words[key] for word in phrase.split())


@cache
def lexicon(language: Language) -> Lexicon:
    """The words of ``language``, read once."""
    return Lexicon(language)


def in_order(text: str, kind: str, said: Sequence[T]) -> tuple[str, list[T]]:
    """What was read in the order in which it stands in the text, with its marks numbered anew.

    >>> in_order("from §d1 to §d0", "d", ["Friday", "Monday"])
    ('from §d0 to §d1', ['Monday', 'Friday'])
    """
    places = [int(place) for place in re.findall(rf"{MARK}{kind}(\d+)", text)]
    fresh = iter(range(len(places)))
    return re.sub(rf"{MARK}{kind}\d+", lambda _: f"{MARK}{kind}{next(fresh)}", text), [said[place] for place in places]


def _with_stars(phrase: str) -> str:
    """The open end of a word as the words' files write it, where they write it as a regular expression does."""
    return re.sub(r"\\w[*+]", "*", phrase)


def _as_pattern(phrase: str, slots: Mapping[str, str]) -> str:
    stemmed = re.sub(r"(?<=[\w\]])(?<!\\w)\*", r"\\w*", phrase.strip()).replace(".*", BETWEEN)
    return re.sub(r"\{([a-z]\w*)\}", lambda name: f"(?:{slots[name[1]]})", stemmed)


def _any_of(words: Iterable[str]) -> str:
    """The longest first, so that a word is not taken for the beginning of another."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _strings(node: Any) -> Iterable[str]:  # noqa: ANN401 - any part of a YAML file
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def _words_of(words: Mapping[str, Any], *, without: tuple[str, ...]) -> Iterable[str]:
    for key, node in words.items():
        if key not in without:
            for phrase in _strings(node):
                for part in re.split(r"[^a-z\[\]()|?*]+", re.sub(r"\\\w|\{\w+\}", " ", _with_stars(phrase))):
                    yield from (word for word in _spelt_out(part) if len(word) >= MIN_LETTERS)


def _spelt_out(part: str) -> list[str]:
    """The words that a simple pattern without blanks stands for; those with an open end are left out.

    >>> sorted(_spelt_out("ultim[oa]s?")), _spelt_out("sub*"), _spelt_out("((has")
    (['ultima', 'ultimas', 'ultimo', 'ultimos'], [], ['has'])
    >>> sorted(_spelt_out("(mov(er|emos)|pas(a)?"))
    ['movemos', 'mover', 'pas', 'pasa']
    """
    words, _ = _alternatives(_balanced(part), 0)
    return sorted(word for word in words if word.isalpha())


def _balanced(part: str) -> str:
    """Without brackets that have no partner, as the other end stands behind a blank."""
    opened, lonely = list[int](), set[int]()
    for place, sign in enumerate(part):
        if sign == "(":
            opened.append(place)
        elif sign == ")":
            lonely.update(() if opened else (place,))
            del opened[-1:]
    lonely.update(opened)
    return "".join(sign for place, sign in enumerate(part) if place not in lonely)


def _alternatives(part: str, place: int) -> tuple[set[str], int]:
    """The words of a group from a place on, and the place behind it; a star leaves what no word is."""
    words, ways = set[str](), {""}
    while place < len(part) and part[place] != ")":
        if part[place] == "|":
            words, ways, place = words | ways, {""}, place + 1
            continue
        if part[place] == "(":
            atoms, place = _alternatives(part, place + 1)
        elif part[place] == "[" and "]" in part[place:]:
            end = part.index("]", place)
            atoms, place = set(part[place + 1 : end]), end
        else:
            atoms = {part[place]}
        place += 1
        if part[place : place + 1] == "?":
            atoms, place = atoms | {""}, place + 1
        ways = {way + atom for way in ways for atom in atoms}
    return words | ways, place
