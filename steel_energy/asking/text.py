"""What is typed, made even: case, accents, marks, haste, numbers in words, misspelt known words; and its language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from steel_energy.asking.lexicon import LANGUAGES, MIN_LETTERS, Language, Lexicon, lexicon
from steel_energy.asking.number_words import in_figures
from steel_energy.schema import HOURS_PER_DAY

MAX_CHARACTERS = 2_000
"""Of a question; what lies behind is not read."""
MIN_TYPO_LETTERS, LONG_LETTERS = 4, 8
UNIT_LETTERS = 3
"""At most, of an abbreviation that may be a unit behind a number."""
SPANISH_SIGNS = re.compile("[¿¡ñáéíóú]", re.IGNORECASE)
SIGNS_WEIGH = 2  # one of them says as much as two small words


@dataclass(frozen=True)
class Typed:
    """A question as it is read.

    Attributes:
        folded: lower case without accents, single blanks, known words spelt right.
        language: what it is answered in.
        doubtful: words that may be either of two days, months or units of time.
    """

    folded: str
    language: Language
    doubtful: tuple[str, ...]


def typed(question: str, *, usual: Language = "en") -> Typed:
    """Read a question; ``usual`` is its language where the words do not tell."""
    plain = fold(question)
    language = language_of(question, usual=usual)
    words = lexicon(language)
    spelt, doubtful = _corrected(_unhurried(plain, words), words)
    return Typed(_rewritten(in_figures(_bare(spelt, words), words), words), language, doubtful)


def mended(question: str, *, usual: Language = "en") -> tuple[str, str] | None:
    """What was said first and what it is corrected to, of "Monday, no, I mean Tuesday"; None if nothing is corrected.

    >>> mended("consumo del lunes, perdón, del martes")
    ('consumo del lunes', 'del martes')
    """
    plain = fold(question)
    matches = list(lexicon(language_of(question, usual=usual)).pattern("corrections").finditer(plain))
    if not matches:
        return None
    match = matches[-1]
    first, then = plain[: match.start()].strip(), plain[match.end() :].strip()
    return (first, then) if first and then else None


def fold(text: str) -> str:
    """Lower case, no accents, one blank between words, marks only within numbers and words.

    >>> fold("¿Cuánto gastó el TURNO de mañana?  10-12 h, 1.234,5 kWh; 3 p.m.")
    'cuanto gasto el turno de manana 10-12 h 1.234,5 kwh 3pm'
    """
    known = text[:MAX_CHARACTERS].replace("₩", " krw ").replace("\u2019", "'")
    bare = unicodedata.normalize("NFKD", known.casefold())
    letters = "".join(mark for mark in bare if not unicodedata.combining(mark))
    letters = re.sub(r"(?<=[a-z])'s\b", "", letters)
    letters = re.sub(r"[\u2010-\u2015\u2212]", "-", letters)
    letters = re.sub(r"(?<=\d)\s*([ap])\s?\.?\s?m\b\.?", r"\1m", letters)
    letters = re.sub(r"(?<=\d{4}-\d\d-\d\d)t(?=\d)", " ", letters)
    letters = re.sub(r"[^a-z0-9.,:/%\- ]", " ", letters)
    letters = re.sub(r"(?<!\d)[.,:]|[.,:](?!\d)", " ", letters)
    letters = re.sub(r"(?<![a-z0-9])-+(?=[a-z ]|$)|(?<=[a-z])-+(?![a-z0-9])", " ", letters)
    return " ".join(letters.split())


def language_of(question: str, *, usual: Language = "en") -> Language:
    """Spanish or English, by small words and accents; ``usual`` where both say as much.

    >>> language_of("consumo de ayer"), language_of("usage of yesterday"), language_of("42", usual="es")
    ('es', 'en', 'es')
    """
    plain = fold(question)
    scores = {
        language: _score(_unhurried(plain, lexicon(language)).split(), lexicon(language)) for language in LANGUAGES
    }
    scores["es"] += SIGNS_WEIGH * bool(SPANISH_SIGNS.search(question[:MAX_CHARACTERS]))
    best = max(scores.values())
    return usual if scores[usual] == best else next(name for name in LANGUAGES if scores[name] == best)


def _score(words: list[str], own: Lexicon) -> float:
    small = frozenset(own["function_words"])
    return sum(1.0 if word in small else 0.75 if word in own.vocabulary else 0 for word in words)


def _unhurried(text: str, words: Lexicon) -> str:
    """Abbreviations written out, but for short ones behind a number, which are units."""
    short: dict[str, str] = words["abbreviations"]
    said = text.split()
    before = ["", *said]
    return " ".join(
        one if last[-1:].isdigit() and len(one) <= UNIT_LETTERS else short.get(one, one)
        for last, one in zip(before, said, strict=False)
    )


def _bare(text: str, words: Lexicon) -> str:
    """The text without words that mean nothing, unless nothing else was said."""
    for filler in words["fillers"]:
        kept = " ".join(re.sub(filler, " ", text).split())
        text = kept or text
    return text


def _corrected(text: str, words: Lexicon) -> tuple[str, tuple[str, ...]]:
    """The text with misspelt words put right, and those that could be several times or days."""
    doubtful: list[str] = []

    def mended(match: re.Match[str]) -> str:
        word = match[0]
        if word in words.known or word.startswith(words.stems):
            return word
        candidates = _nearest(word, words)
        if len(candidates) > 1 and words.date_words.intersection(candidates):
            doubtful.append(word)
            return word
        return candidates[0] if candidates else word

    pattern = rf"(?<![\w./-])[a-z]{{{MIN_TYPO_LETTERS},}}(?![\w./-])"
    return re.sub(pattern, mended, text), tuple(doubtful)


def _nearest(word: str, words: Lexicon) -> list[str]:
    """Known words as near as any, with the same first letter: one slip, or two in a long word."""
    from rapidfuzz import process  # noqa: PLC0415 - a question needs it, an import of this package does not
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    known = sorted(one for one in words.vocabulary if one[0] == word[0])
    slips = 1 if len(word) < LONG_LETTERS else 2
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
    best = min((distance for _, distance, _ in found), default=0)
    return [one for one, distance, _ in found if distance == best]


def _rewritten(text: str, words: Lexicon) -> str:
    """Some words in the longer form that the grammar knows, and hours in figures."""
    before = re.compile(rf"(?<!\w){words['clock_before']}(?!\w)")
    for pattern, meant in _rewrites(words.language):
        text = pattern.sub(meant, text)
    text = before.sub(_quarter_before, text)
    text = " ".join(text.split())
    hours = {word: number for word, number in words["numbers"].items() if number > 1 or len(word) >= MIN_LETTERS}
    at = rf"(?<!\w)({'|'.join(words['clock']['at'])}) ({'|'.join(hours)})(?!\w)"
    return re.sub(at, lambda match: f"{match[1]} {hours[match[2]]}", text)


def _quarter_before(match: re.Match[str]) -> str:
    half = match.groupdict().get("half") or ""
    return f"{match['before']}{(int(match['hour']) - 1) % HOURS_PER_DAY}:45{half}"


@cache
def _rewrites(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    rewrites: dict[str, str] = lexicon(language)["rewrites"]
    return tuple((re.compile(rf"(?<!\w)(?:{said})(?!\w)"), meant) for said, meant in rewrites.items())
