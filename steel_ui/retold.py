"""What the service says in whole English sentences, told in the reader's language where the sentence is known.

The English texts ``said_*`` of the locales are the service's own sentences with ``{names}`` for what changes in them;
the other languages tell the same. A sentence that is new to the dashboard stays as it came, marked as English.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from steel_ui.words import Words, words

SAID = "said_"
BETWEEN = "; "


def retold(sentence: str, *, words: Words) -> str:
    """The sentence as HTML; of several that are joined, each that is known is told."""
    parts = [sentence] if _told(sentence, words) else sentence.split(BETWEEN)
    told = [_told(part, words) for part in parts]
    if not any(told):
        return f'<span lang="en">{escape(sentence)}</span>'
    shown = (
        escape(one) if one else f'<span lang="en">{escape(part)}</span>' for one, part in zip(told, parts, strict=True)
    )
    return BETWEEN.join(shown)


def retold_text(sentence: str, *, words: Words) -> str:
    """The sentence as plain text, as it came where it is new."""
    return _told(sentence, words) or sentence


def _told(sentence: str, words: Words) -> str:
    """The sentence in the reader's language; empty where it is not known."""
    for key, pattern in _known().items():
        if found := pattern.fullmatch(sentence):
            return words(key, **{name: words.value(value) for name, value in found.groupdict().items()})
    return ""


@cache
def _known() -> dict[str, re.Pattern[str]]:
    texts = words("en").texts
    return {key: _pattern(text) for key, text in texts.items() if key.startswith(SAID)}


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{part}>[^;]+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))
