"""The sentences of both languages: each says the same with the same values."""

from __future__ import annotations

from string import Formatter
from typing import Any

from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.config import read_yaml
from steel_energy.settings import PROJECT_ROOT


def values_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_say_each_sentence_with_the_same_values():
    folder = PROJECT_ROOT / "steel_energy" / "telling"
    english, spanish = (read_yaml(folder / f"sentences_changing_{one}.yaml")["texts"] for one in LANGUAGES)
    values: list[dict[str, Any]] = [
        {key: values_of(text) for key, text in texts.items()} for texts in (english, spanish)
    ]

    assert values[0] == values[1]
