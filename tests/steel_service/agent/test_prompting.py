"""What the model reads, and how much of it there is."""

from __future__ import annotations

import json

import pytest
from ollama_replies import SUGGESTED

from steel_energy.asking.lexicon import LANGUAGES, Language
from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_service.agent.arguments import TOOLS
from steel_service.agent.asked import Asked, Exchange
from steel_service.agent.prompting import instructions, kept, question_text, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_instructions_stay_short(language: Language):
    """Each character is read before the first word is written: 2.0 k of them are some 500 tokens."""
    assert len(instructions(language)) < 2_600


def test_the_tools_stay_short():
    described = sum(len(json.dumps(kind.model_json_schema())) for kind in TOOLS)

    assert described < 9_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_instructions_name_tools_that_there_are(language: Language):
    examples = [line.split(" -> ")[1] for line in instructions(language).splitlines() if " -> " in line]

    assert {example.split("(")[0] for example in examples} <= {kind.tool for kind in TOOLS}
    assert len(examples) == 5


def test_both_languages_say_the_same_many_things():
    assert len(instructions("en").splitlines()) == len(instructions("es").splitlines())


def test_the_line_behind_a_question_holds_the_time_and_the_planners_call(scene: Scene):
    outcome, _ = understand("factura de noviembre", scene)
    assert isinstance(outcome, Request)
    text = question_text(Asked(" factura de noviembre ", "es", scene, understood=outcome))
    suggested = SUGGESTED.search(text)

    assert text.startswith("factura de noviembre\n\n(Ahora es miercoles 2018-12-12 15:30, hora de la planta; tarifa ")
    assert suggested is not None
    assert suggested[1] == 'bill(when="2018-11-01 to 2018-11-30")'


def test_a_question_that_the_planner_does_not_read_gets_no_suggestion(scene: Scene):
    assert SUGGESTED.search(question_text(Asked("Tell me something", "en", scene))) is None


def test_long_exchanges_are_shown_again_in_part():
    (again,) = kept([Exchange("q" * 5_000, "a" * 5_000)])

    assert (len(again.question), len(again.answer)) == (600, 600)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_user_reads_meanwhile_names_the_model(language: Language):
    assert "qwen3" in words(language, "asking", model="qwen3")
    assert "qwen3" in words(language, "answering", model="qwen3")
