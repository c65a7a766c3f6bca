"""What has to be done before something begins, and the hours in which nothing may run."""

from __future__ import annotations

import pytest

from steel_energy.asking.outcomes import Clarify, Request
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene

JOB = "when is it cheapest to run the 90 kW saw for 2 hours"


def body(question: str, scene: Scene, *before: str) -> dict[str, object]:
    memory = None
    for earlier in before:
        _, memory = understand(earlier, scene, memory)
    outcome, _ = understand(question, scene, memory)
    assert isinstance(outcome, Request), outcome
    return outcome.body()


@pytest.mark.parametrize(
    ("question", "end"),
    [
        (f"{JOB} before Friday", "2018-12-14T00:00"),
        (f"{JOB} before Friday at 10 am", "2018-12-14T10:00"),
        ("una prensa de 90 kW, 2 horas, antes del viernes a las 10, ¿cuándo?", "2018-12-14T10:00"),
    ],
)
def test_what_is_done_before_a_day_may_run_from_now_until_it_begins(question: str, end: str, wednesday: Scene) -> None:
    found = body(question, wednesday)

    assert str(found["start"])[:16] == "2018-12-12T15:30"
    assert str(found["end"])[:16] == end


def test_jobs_keep_out_of_the_hours_that_are_told_of_later(wednesday: Scene) -> None:
    jobs = body("what if it must not run at night", wednesday, f"{JOB} before Friday")["jobs"]

    windows = [(one["start"][:16], one["end"][:16]) for one in jobs[0]["windows"]]  # type: ignore[index]
    assert windows == [("2018-12-12T15:30", "2018-12-12T22:00"), ("2018-12-13T06:00", "2018-12-13T22:00")]


def test_a_deadline_that_cannot_be_told_is_asked_about_in_the_words_of_the_question(wednesday: Scene) -> None:
    outcome, _ = understand("what was our usage before Friday", wednesday)

    assert isinstance(outcome, Clarify)
    assert "before friday" in outcome.question
