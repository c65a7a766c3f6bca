"""What the examples teach, and how it is weighed against the rules."""

from __future__ import annotations

from typing import get_args

import pytest
import yaml

from steel_energy.asking import guessing
from steel_energy.asking.guessing import resemblance, weighed
from steel_energy.asking.lexicon import LANGUAGES, Language
from steel_energy.asking.outcomes import Intent, OutOfScope, Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.asking.text import fold

REASONS = {"command", "off_topic", "hostile", "help"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_request_and_reason_to_refuse_has_examples(language: Language) -> None:
    assert set(resemblance("", language)) == {*get_args(Intent), *REASONS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_under_two_requests(language: Language) -> None:
    folder = guessing.__file__.rpartition("/")[0]
    with open(f"{folder}/examples_{language}.yaml", encoding="utf-8") as file:  # noqa: PTH123 - beside the module
        said = [fold(one) for examples in yaml.safe_load(file).values() for one in examples]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("question", "language", "named"),
    [
        ("how much juice will the plant be needing on thursday", "en", "forecast"),
        ("is the import of readings stuck", "en", "health"),
        ("que tan certero es el modelo ese", "es", "model"),
        ("cuanta plata se nos fue en electricidad en junio", "es", "bill"),
    ],
)
def test_a_question_in_new_words_is_told_by_resemblance(question: str, language: Language, named: str | None) -> None:
    assert weighed(question, language, None) == named


def test_a_sure_rule_outweighs_resemblance_and_a_general_one_does_not() -> None:
    question = "is the meter sending readings"
    assert weighed(question, "en", None) == weighed(question, "en", "history") == "health"
    assert weighed("start the furnace", "en", None) == "command"
    assert weighed("start the furnace", "en", "optimize") == "optimize"


def test_the_same_question_always_resembles_the_same() -> None:
    first = resemblance("usage of yesterday", "en")
    guessing._learnt.cache_clear()
    assert resemblance("usage of yesterday", "en") == first


def test_what_is_no_matter_of_the_plant_is_refused_though_it_names_a_measure(wednesday: Scene) -> None:
    outcome, _ = understand("¿Cuánto cuesta el billete de avión a Seúl?", wednesday)
    assert isinstance(outcome, OutOfScope)
    nonsense, _ = understand("xkcd qwerty zzz", wednesday)
    assert isinstance(nonsense, OutOfScope)
    outcome, _ = understand("¿Cuánto costó la luz ayer?", wednesday)
    assert isinstance(outcome, Request)
