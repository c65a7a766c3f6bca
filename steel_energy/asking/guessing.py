"""Which request a question most resembles: learnt from the examples in ``examples_<language>.yaml``.

The rules of ``intents`` know words; what is asked in none of them is told here by its pieces. ``weighed`` puts both
together. A linear model on words, pairs of words and parts of words: the same examples always come to the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from steel_energy.asking.lexicon import MARK, Language, lexicon
from steel_energy.asking.text import fold
from steel_energy.config import read_yaml

RULE_WEIGHS, GENERAL_WEIGHS = 1.0, 0.6
"""What the rules' own reading is worth beside the scores, of which a sure one is near 1 and a wrong one near -1."""
GENERAL = frozenset({"forecast", "history", "bill"})
"""What the rules take any question for that names a measure or a time."""
UNLIKE, UNLIKE_REFUSED = -0.31, -0.6
"""Below it a question of which the rules find nothing is like no request, and like no reason to refuse it."""
REASONS = frozenset({"off_topic", "command", "hostile", "help"})
PARTS = (3, 4, 5)
"""Letters of the parts of words."""
RIDGE = 0.3
DAY, NUMBER = f"{MARK}d", "0"
"""Stand for any day or month, and for any number."""


def weighed(text: str, language: Language, ruled: str | None) -> str | None:
    """The request, or the reason to refuse it, that a question is most likely to be; None if it is like none.

    Args:
        text: folded.
        language: of the question.
        ruled: what the rules take it for; None if they find nothing.
    """
    scores = resemblance(text, language)
    if ruled is not None:
        scores[ruled] = scores.get(ruled, -1.0) + (GENERAL_WEIGHS if ruled in GENERAL else RULE_WEIGHS)
    else:
        scores = {name: one for name, one in scores.items() if one > (UNLIKE_REFUSED if name in REASONS else UNLIKE)}
    return max(scores, key=lambda name: scores[name], default=None)


def resemblance(text: str, language: Language) -> dict[str, float]:
    """How much a folded question is like the examples of each request and of each reason to refuse."""
    score = _learnt(language)
    return score(text)


@cache
def _learnt(language: Language) -> Callable[[str], dict[str, float]]:
    """What scores a question of a language."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to load; a question needs it
    from sklearn.linear_model import RidgeClassifier  # noqa: PLC0415 - as above

    examples = [(fold(one), name) for name, said in _examples(language).items() for one in said]
    vectorizer = TfidfVectorizer(analyzer=partial(_pieces, language=language), sublinear_tf=True)
    known = vectorizer.fit_transform([one for one, _ in examples])
    model = RidgeClassifier(alpha=RIDGE, solver="sparse_cg").fit(known, [name for _, name in examples])

    def score(text: str) -> dict[str, float]:
        values = model.decision_function(vectorizer.transform([text]))[0]
        return dict(zip(model.classes_.tolist(), values.tolist(), strict=True))

    return score


def _examples(language: Language) -> dict[str, list[str]]:
    path = Path(__file__).parent / f"examples_{language}.yaml"
    examples: dict[str, Any] = read_yaml(path)
    return examples


def _pieces(text: str, language: Language) -> Iterator[str]:
    """Words, pairs of words, and parts of words within their borders; days and numbers are all alike."""
    said = _NUMBERS.sub(NUMBER, _days(language).sub(DAY, text)).split()
    yield from said
    yield from map(" ".join, pairwise(("^", *said, "$")))
    for word in said:
        bordered = f" {word} "
        for length in PARTS:
            for start in range(len(bordered) - length + 1):
                yield f"{MARK}{bordered[start : start + length]}"


_NUMBERS = re.compile(r"\d+(?:[.,:/-]\d+)*")


@cache
def _days(language: Language) -> re.Pattern[str]:
    """Names of days and months."""
    words = lexicon(language)
    named = sorted(
        (name for key in ("weekdays", "months", "offsets", "feasts") for name in words[key]), key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(named)})s?(?!\w)")
