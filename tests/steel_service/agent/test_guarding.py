"""What a model writes that is no answer."""

from __future__ import annotations

import pytest

from steel_service.agent.guarding import Held, is_call

TOOLS = ["forecast", "bill"]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "forecast", "parameters": {"when": "tomorrow"}}',
        'Sure: {"name": "bill", "arguments": {"when": "november"}}',
        '```json\n{"name": "forecast", "parameters": {}}\n```',
        '<tool_call>{"name": "forecast", "arguments": {}}</tool_call>',
        '<|python_tag|>{"name": "forecast", "parameters": {}}',
        '{"type": "function", "name": "forecast", "parameters": {"when": "tomor',
        '[forecast(when="tomorrow")]',
        'forecast(when="tomorrow")',
        '{"name": "forecast"}',
    ],
)
def test_a_written_call_is_no_answer(text: str):
    assert is_call(text, TOOLS)


@pytest.mark.parametrize(
    "text",
    [
        "The forecast (tomorrow) is 12 kWh.",
        "Mañana se prevén 1.234,5 kWh {estimado}.",
        "The bill of November was 8 million KRW.",
        '{"usage_kwh": 12}',
        "",
    ],
)
def test_an_answer_is_no_call(text: str):
    assert not is_call(text, TOOLS)


def shown(pieces: list[str]) -> list[str]:
    held = Held()
    return [*(held.add(piece) for piece in pieces), held.rest()]


def test_plain_words_run_through_at_once():
    assert shown(["It", " is", " 12 kWh."]) == ["It", " is", " 12 kWh.", ""]


def test_what_may_be_a_call_is_held_back_to_the_end():
    assert shown(['{"na', 'me": "x"}']) == ["", "", '{"name": "x"}']


def test_thoughts_are_never_shown():
    assert shown(["<th", "ink>12 or 13?", "</think>\n\n", "It is 12."]) == ["", "", "", "It is 12.", ""]


def test_blanks_before_an_answer_are_left_out():
    assert shown(["\n", " ", "It is 12."]) == ["", "", "It is 12.", ""]
