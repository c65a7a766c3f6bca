"""Words of notes and questions as they are compared: lower case, no accents, no small words, cut to their stems."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from steel_energy.asking.lexicon import Language
from steel_energy.asking.text import fold
from steel_energy.config import read_yaml

if TYPE_CHECKING:
    from Stemmer import Stemmer

STEMMERS: dict[Language, str] = {"en": "english", "es": "spanish"}
MIN_LETTERS = 2
STEMMING = Lock()
"""A stemmer must not be used by two threads at once."""
NOTES = Path(__file__).parent / "notes"


def words_of(text: str, language: Language) -> list[str]:
    """The words of a text that say something, in order.

    >>> words_of("¿Qué es el factor de potencia?", "es")
    ['factor', 'potencia']
    """
    small = _small_words(language)
    folded = fold(text)
    for phrase, word in own_words(language)["phrases"].items():
        folded = re.sub(rf"\b{phrase}\b", word, folded)
    return [word for word in re.findall(r"[a-z0-9]+", folded) if len(word) >= MIN_LETTERS and word not in small]


def stems(words: list[str], language: Language) -> list[str]:
    """Words without their endings, so that forms of one word are one, and words for the same thing too.

    >>> stems(["facturas", "factura", "facturado"], "es"), stems(["prediction", "forecasts"], "en")
    (['factur', 'factur', 'factur'], ['forecast', 'forecast'])
    """
    same = _same(language)
    with STEMMING:
        found: list[str] = _stemmer(language).stemWords(words)
    return [same.get(stem, stem) for stem in found]


@cache
def _stemmer(language: Language) -> Stemmer:
    from Stemmer import Stemmer  # noqa: PLC0415 - a question needs it, an import of this package does not

    return Stemmer(STEMMERS[language])


@cache
def _small_words(language: Language) -> frozenset[str]:
    """The library's stop words, and those that every question of this kind has, such as "what does it mean"."""
    from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_SPANISH  # noqa: PLC0415 - as above

    library = {"en": STOPWORDS_EN_PLUS, "es": STOPWORDS_SPANISH}[language]
    own = own_words(language)
    kept = set(own["kept"])
    folded = {part for word in (*library, *own["small"]) for part in fold(word).split()}
    return frozenset(folded - kept)


@cache
def _same(language: Language) -> dict[str, str]:
    """The stem of the first of words for the same thing, by the stems of the others."""
    with STEMMING:
        cut = _stemmer(language).stemWord
        return {cut(fold(word)): cut(fold(first)) for first, *others in own_words(language)["same"] for word in others}


@cache
def own_words(language: Language) -> dict[str, Any]:
    """What ``notes/<language>/words.yaml`` holds."""
    content: dict[str, Any] = read_yaml(NOTES / language / "words.yaml")
    return content
