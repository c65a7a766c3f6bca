"""The plan page over the toy service: a plan, refusals at their inputs, a what-if; what is filled in stays."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from http import HTTPStatus
from typing import Any

import param
import pytest

from steel_client.models import OptimizeAnswer, PlanMarginal, WhatIfAnswer
from steel_ui import testing, testing_plans
from steel_ui.client import Forecast, Problem
from steel_ui.figures import Look
from steel_ui.frame import Frame
from steel_ui.plan_charts import front_chart, load_chart
from steel_ui.planning import planned_rows
from steel_ui.scenario_chart import difference_chart
from steel_ui.state import Session
from steel_ui.testing import ToyService
from steel_ui.theme import palette
from steel_ui.views.plan import PlanView
from steel_ui.views.plan_result import jobs_html, refusal_html, result_cards_html, told_html
from steel_ui.views.plan_scenario import compared_html, scenario_cards_html
from steel_ui.views.plan_why import why_html, why_job
from steel_ui.words import DASH, LANGUAGES, MINUS, Words, words


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def opened(session: Session) -> PlanView:
    session.page = "plan"
    frame = Frame(session)
    frame.show()
    asyncio.run(frame.start())
    asyncio.run(frame.tick())
    assert isinstance(frame.current, PlanView)
    return frame.current


async def asked(task: Any) -> None:
    task.ask()
    await task.work.wait()


@pytest.fixture
def answer() -> OptimizeAnswer:
    return OptimizeAnswer.model_validate(testing_plans.plan(testing.forecast()))


@pytest.fixture
def scenario() -> WhatIfAnswer:
    return WhatIfAnswer.model_validate(testing_plans.what_if())


def test_a_day_and_two_jobs_of_it_are_proposed_and_planned(session: Session, toy: ToyService) -> None:
    schedule = opened(session).schedule
    asyncio.run(asked(schedule))

    path, body = toy.queries[-1]
    assert (path, body["start"], body["end"]) == ("/optimize", "2018-01-15T00:00:00", "2018-01-16T00:00:00")
    assert [job["name"] for job in body["jobs"]] == ["Annealing", "Scrap shredder"]
    assert body["limits"] == {"power_kw": 150}
    assert schedule.work.result.savings.total_krw == 16_000
    assert len(schedule._table().splitlines()) == 97


def test_another_day_takes_the_jobs_along(session: Session) -> None:
    schedule = opened(session).schedule

    schedule.inputs["start"].value = dt.date(2018, 1, 17)

    wednesday = dt.datetime.fromisoformat("2018-01-17")
    assert [job.planned for job in schedule.editor.forms] == [wednesday + dt.timedelta(hours=hour) for hour in (10, 13)]


def test_the_jobs_of_the_browser_are_jobs_of_the_plan(session: Session) -> None:
    schedule = opened(session).schedule
    shown = schedule.editor.panel

    shown.jobs = [shown.jobs[1] | {"power_kw": None, "latest": "2018-01-16T00:00"}]

    (job,) = schedule.form.jobs
    assert (job.name, job.power_kw, job.may_pause) == ("Scrap shredder", None, True)
    assert [str(moment) for moment in (job.planned, job.latest)] == ["2018-01-15 13:00:00", "2018-01-16 00:00:00"]
    assert job.earliest is None


def test_the_days_that_are_offered_follow_period_and_language(session: Session) -> None:
    schedule = opened(session).schedule

    schedule.inputs["days"].value = 2
    session.language = "es"

    assert schedule.editor.panel.days == [["2018-01-15", "lun 15"], ["2018-01-16", "mar 16"]]
    assert schedule.editor.panel.texts["remove"] == "Quitar"


def test_what_is_filled_in_stays_in_another_language_and_theme(session: Session) -> None:
    view = opened(session)
    view.schedule.inputs["days"].value = 3
    rows = view.schedule.editor.panel
    rows.jobs = [job | {"may_pause": True} for job in rows.jobs]
    view.what_if.inputs["load"].value = "last_28d"

    session.param.update(language="es", theme="dark")

    assert (view.schedule.form.days, view.schedule.form.jobs[0].may_pause) == (3, True)
    assert view.what_if.form.load == "last_28d"
    assert "3 días" in view.schedule.inputs["days"].options


def test_a_refusal_is_shown_at_its_input_and_taken_back_at_the_next_try(session: Session, toy: ToyService) -> None:
    schedule = opened(session).schedule
    toy.refusals["/optimize"] = (HTTPStatus.CONFLICT, testing_plans.infeasible())
    asyncio.run(asked(schedule))

    (wrong,) = schedule.editor.panel.wrong
    assert (wrong["job"], wrong["inputs"]) == (0, ["earliest", "latest"])
    assert wrong["what"] == "This cannot be kept: the hours that “Furnace” may run in (1 h)."

    toy.refusals.clear()
    asyncio.run(asked(schedule))
    assert schedule.editor.panel.wrong == []


def test_an_infeasible_plan_says_why_and_what_would_help(spanish: Words) -> None:
    problem = Problem(what="no <plan>", remedy="let it run", is_refusal=True, kind="infeasible_plan")

    said = refusal_html(problem, words=spanish)

    assert plain(said) == (
        "Ningún plan cumple todo esto El servicio lo dice con sus propias palabras. No &lt;plan&gt;. "
        "Qué ayudaría: Let it run."
    )
    assert refusal_html(Problem(what="down"), words=spanish) == ""


def test_a_plan_is_told_in_a_sentence_and_in_figures(answer: OptimizeAnswer, english: Words, spanish: Words) -> None:
    said = plain(result_cards_html(answer, words=english))

    assert "This plan saves 16,000 KRW." in plain(told_html(answer, words=english))
    assert "Proven: none is cheaper." in plain(told_html(answer, words=english))
    assert "Saving 16,000 KRW 8.0 % of the bill without the plan 200,000 becomes 184,000 KRW" in said
    assert "Energy moved 160 kWh" in said
    assert "CO₂ 0.000 t stays 0.828 t" in said
    assert "Highest demand 132 kW without the plan 212 kW 88 % of the contracted 150 kW" in said
    assert "Este plan ahorra 16.000 KRW." in plain(told_html(answer, words=spanish))


def test_a_plan_that_saves_nothing_says_so(answer: OptimizeAnswer, english: Words) -> None:
    nothing = answer.model_copy(update={"savings": answer.savings.model_copy(update={"total_krw": 0.0})})

    assert "already the cheapest" in plain(told_html(nothing, words=english))


def test_each_job_says_when_it_runs_and_what_that_saves(answer: OptimizeAnswer, english: Words) -> None:
    said = plain(jobs_html(answer, words=english))

    assert "Furnace &lt;1&gt;" in said
    assert said.endswith(f"+16,000 12:00{DASH}14:00 02:00{DASH}04:00 8,000 KRW")


def test_reasons_are_told_in_the_readers_language_and_new_ones_in_the_services(
    answer: OptimizeAnswer, spanish: Words
) -> None:
    said = plain(why_html(answer, words=spanish))

    assert "160 kWh pasan de horas a 150,0 a horas a 50,0 KRW/kWh" in said
    assert "cuesta 300 KRW" in said
    assert "something &lt;new&gt;" in said


def test_a_job_says_in_the_readers_language_why_it_runs_then(answer: OptimizeAnswer, spanish: Words) -> None:
    (job,) = answer.jobs
    stays = job.model_copy(update={"runs": job.baseline_runs, "energy_krw": job.baseline_energy_krw})
    left_out = job.model_copy(update={"runs": ()})
    dearer = job.model_copy(update={"energy_krw": 2 * job.baseline_energy_krw})

    assert why_job(job, spanish) == "Se mueve: energía a 50,0 en lugar de 150,0 KRW/kWh."
    assert why_job(stays, spanish).startswith("Se queda: a 150,0 KRW/kWh")
    assert why_job(dearer, spanish).startswith("Se mueve a 300,0 desde 150,0 KRW/kWh")
    assert why_job(left_out, spanish).startswith("No se hace")


def test_what_more_of_a_limit_would_save_is_told_in_the_readers_language(
    answer: OptimizeAnswer, spanish: Words
) -> None:
    worth = [("limits.power_kw", "kW", 12.0), ("jobs.0.windows", "h", 4_000.0), ("limits.moon", "t", 1.0)]
    found = [PlanMarginal(field=field, unit=unit, krw_per_unit=krw, words="said") for field, unit, krw in worth]

    said = plain(why_html(answer.model_copy(update={"marginals": found}), words=spanish))

    assert "Un kW más de potencia máxima ahorraría 12 KRW" in said
    assert "Una hora más para «Furnace &lt;1&gt;» ahorraría al menos 4.000 KRW." in said
    assert "Un t más de moon ahorraría 1 KRW" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_the_charts_are_drawn_in_every_language_and_theme(
    answer: OptimizeAnswer, scenario: WhatIfAnswer, language: str, *, dark: bool
) -> None:
    look = Look(words=words(language), colours=palette(dark=dark))

    load = load_chart(planned_rows(answer), look=look, limit_kw=150, jobs=answer.jobs)

    assert len(load.children) == 2
    assert load.children[0].y_range.end == pytest.approx(212 * 1.12)
    assert answer.front is not None
    assert front_chart(answer.front, look=look, answer=answer).x_range.end > 212
    assert difference_chart(scenario, look=look).x_range.start < -15_000


def test_a_what_if_is_asked_as_soon_as_something_is_changed(session: Session, toy: ToyService) -> None:
    what_if = opened(session).what_if

    async def change() -> None:
        with param.edit_constant(what_if.inputs["factor"]):
            what_if.inputs["factor"].param.update(value=90, value_throttled=90)
        await what_if.work.wait()

    asyncio.run(change())

    assert toy.queries[-1] == (
        "/what-if",
        {"load": {"kind": "forecast", "horizon": 672}, "changes": [{"kind": "scale_production", "factor": 0.9}]},
    )
    assert what_if.work.result.difference.cost_krw == -15_000

    asyncio.run(asyncio.to_thread(what_if.reset))
    assert (what_if.work.result, what_if.form.factor) == (None, 1)


def test_a_change_that_does_not_fit_is_shown_at_its_input(session: Session, toy: ToyService) -> None:
    what_if = opened(session).what_if
    toy.refusals["/what-if"] = testing_plans.not_of_the_period()

    async def change() -> None:
        what_if.inputs["closed_day"].value = dt.date(2019, 2, 3)
        await what_if.work.wait()

    asyncio.run(change())

    assert what_if.inputs["closed_day"].error_state
    assert what_if.inputs["closed_day"].helper_text == "Sun 3 Feb 2019 is no day of the period."


def test_a_scenario_is_told_beside_the_load_as_it_is(scenario: WhatIfAnswer, english: Words, spanish: Words) -> None:
    cards = plain(scenario_cards_html(scenario, words=english)).replace(MINUS, "-")
    table = plain(compared_html(scenario, words=spanish)).replace(MINUS, "-")

    assert "Bill -15,000 KRW -10.0 % range -20,000 to -10,000" in cards
    assert "CO₂ (t) 0,750 0,675 -0,075 -0,100 a -0,050" in table


def test_a_plan_of_another_plant_is_forgotten(session: Session) -> None:
    schedule = opened(session).schedule
    asyncio.run(asked(schedule))

    session.plant = "moon"

    assert schedule.work.result is None
    assert schedule.suggest(Forecast.model_validate(testing.forecast()))
