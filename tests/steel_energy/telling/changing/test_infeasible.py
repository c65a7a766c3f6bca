"""What is said where no plan keeps to a request: the planner's own refusals, in the operator's words.

The toy plant draws 80 kW from 12 to 16 o'clock.
"""

from __future__ import annotations

from typing import Any

import pytest

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Request
from steel_energy.errors import InfeasiblePlanError
from steel_energy.telling.changing.infeasible import tell_infeasible
from steel_energy.telling.records import Told

MELT = {"kind": "fixed", "name": "melt", "power_kw": 40, "duration_minutes": 120}
HOUR = [{"start": "2018-01-08T08:00:00+09:00", "end": "2018-01-08T09:00:00+09:00"}]


@pytest.fixture
def refused(plan_of):
    """What is said of a request that the planner refuses."""

    def say(content: dict[str, Any], language: Language) -> Told:
        request, run = plan_of(content, language)
        with pytest.raises(InfeasiblePlanError) as caught:
            run()
        error = caught.value
        told = tell_infeasible(request, code=error.code, message=error.message, hint=error.remedy)
        assert told is not None
        assert grounded(told.text, told.figures) == []
        return told

    return say


@pytest.mark.parametrize(
    ("content", "language", "words"),
    [
        pytest.param(
            {"limits": {"power_kw": 70}},
            "en",
            "There is no such plan: the limit of 70 kW cannot be kept. A way out: raise the limit on power by 10 kW;",
            id="limit-en",
        ),
        pytest.param(
            {"limits": {"power_kw": 70}},
            "es",
            "No hay tal plan: no se puede cumplir el límite de 70 kW. "
            "Una salida: subir el límite de potencia en 10 kW; el plan cuesta entonces ",
            id="limit-es",
        ),
        pytest.param(
            {"jobs": [{**MELT, "windows": HOUR}]},
            "en",
            'There is no such plan: "melt" does not fit into the hours that it may run. '
            "A way out: allow 1 h more outside of those hours; the plan then costs ",
            id="window",
        ),
        pytest.param(
            {"jobs": [{**MELT, "duration_minutes": 1440}], "limits": {"power_kw": 100}},
            "es",
            "No hay tal plan: no se pueden cumplir a la vez el límite de 100 kW y todo «melt». Una salida: ",
            id="job-and-limit",
        ),
    ],
)
def test_a_plan_that_cannot_be_says_what_does_not_fit_and_a_way_out(refused, content, language, words):
    assert refused(content, language).text.startswith(words)


def test_a_way_out_that_is_worded_otherwise_is_told_without_a_number(plan_of):
    request, _ = plan_of({"limits": {"power_kw": 70}}, "en")
    message = "no plan keeps to all of it: limits.power_kw (70 kW) cannot be kept"
    told = tell_infeasible(request, code="infeasible_plan", message=message, hint="call the grid operator")

    assert told.text.endswith("A way out: relax one of them.")


def test_other_refusals_are_left_to_others(plan_of):
    request, _ = plan_of({"limits": {"power_kw": 70}}, "en")
    other = Request.model_validate({"intent": "health", "slots": {}, "language": "en"})

    assert tell_infeasible(request, code="conflict", message="limits.power_kw (70 kW)", hint="") is None
    assert tell_infeasible(request, code="infeasible_plan", message="nothing of the kind", hint="") is None
    assert tell_infeasible(other, code="infeasible_plan", message="limits.power_kw (70 kW)", hint="") is None
