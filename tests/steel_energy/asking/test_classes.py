"""Classes of questions that must never be answered wrongly again: comparisons, weekends, bands, readings."""

from __future__ import annotations

import pytest
from questions import SETS_DIR, Asked, ask, faults, questions, scene_at

from steel_energy.asking.outcomes import Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene

ASKED = [one for name in ("classes", "plain") for one in questions(SETS_DIR / f"questions_{name}.yaml")]


@pytest.mark.parametrize(
    "asked", ASKED, ids=[f"{one.now:%m-%d} {' > '.join((*one.after, one.question))}" for one in ASKED]
)
def test_the_question_is_understood(asked: Asked) -> None:
    assert faults(asked, ask(asked, scene_at(asked.now))) == []


def test_days_that_no_forecast_reaches_are_left_out_and_it_is_noted(wednesday: Scene) -> None:
    outcome, _ = understand("what if we close from Monday to Friday next week", wednesday)
    assert isinstance(outcome, Request)
    assert outcome.notes == ("cut_to_horizon",)
