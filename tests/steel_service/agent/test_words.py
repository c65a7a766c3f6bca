from __future__ import annotations

from typing import get_args

import pytest

from steel_energy.asking.lexicon import LANGUAGES, Language
from steel_energy.asking.outcomes import Intent
from steel_service.agent.asked import FailureReason
from steel_service.agent.readiness import State
from steel_service.agent.words import words
from steel_service.api_models.copilot import FallbackReason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_tool_has_its_words(language: Language) -> None:
    assert set(words(language).fallback) == set(get_args(FallbackReason))
    assert set(words(language).steps) == set(get_args(Intent))


def test_whatever_ails_the_model_is_a_reason_of_the_answer() -> None:
    ailing = {*get_args(FailureReason), *get_args(State)} - {"ready"}

    assert ailing <= set(get_args(FallbackReason))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remark_holds_no_number_that_would_need_a_proof(language: Language) -> None:
    said = words(language)
    texts = [*said.steps.values(), *said.fallback.values(), said.answered_by_planner, said.tool_refused]

    assert not any(letter.isdigit() for text in texts for letter in text)
