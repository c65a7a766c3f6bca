"""When to run what: the period, the jobs, what of the load may move, and the plan that the service finds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.models import LayoutDOM

from steel_client import questions
from steel_client.models import OptimizeAnswer
from steel_ui import plan_charts
from steel_ui.client import Forecast, PlantFacts, Problem
from steel_ui.figures import Look
from steel_ui.planning import (
    PlanForm,
    examples,
    expected_rows,
    first_day,
    place_of,
    plan_request,
    plan_table,
    planned_rows,
)
from steel_ui.refusals import told
from steel_ui.series import wall
from steel_ui.state import Session
from steel_ui.theme import palette
from steel_ui.views.page import LED_TO_CSS, STRETCH, View, column, html_pane
from steel_ui.views.parts.chart import chart_panel, csv, panel
from steel_ui.views.parts.inputs import SLIDER_SX, complain, labelled, select
from steel_ui.views.parts.states import skeleton_panel_html
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.views.plan_jobs import JobEditor
from steel_ui.views.plan_result import (
    chart_head_html,
    front_head_html,
    jobs_html,
    legend_html,
    refusal_html,
    result_cards_html,
    told_html,
)
from steel_ui.views.plan_why import why_html
from steel_ui.words import words
from steel_ui.work import Work

DAYS = {f"days_{days}": days for days in (1, 2, 3, 7)}
MOVED_KW = 30.0
FRAME = ("start", "days", "limit_kw", "share", "share_hours", "max_added_kw")
"""Inputs of the plan as a whole, in their order on the page."""


class Schedule:
    """The inputs of a plan and what came of them; everything filled in stays when language or theme changes."""

    def __init__(self, view: View) -> None:
        self.view, self.session, self.work = view, view.session, Work()
        self.editor = JobEditor(self.session)
        self.inputs = _inputs(self.session)
        self.asked: PlanForm | None = None
        self._day: dt.date | None = None
        self.inputs["start"].param.watch(self._moved, "value")
        self.inputs["days"].param.watch(self._offer, "value")
        self.session.param.watch(self._offer, "language")
        self.work.param.watch(self._told, "problem")

    def build(self) -> pn.Column:
        """Inputs, the way to the plan, and the plan."""
        result, language = self.work.param.result, self.session.param.language
        jobs = _bound(jobs_html, result, language)
        jobs.css_classes = ["at-jobs"]
        jobs.stylesheets = [*jobs.stylesheets, LED_TO_CSS]
        return column(
            _bound(told_html, result, language),
            self._inputs_panel(),
            column(
                work_bar(self.work, self.session, again=self.ask, is_question=True, shows_refusals=False),
                _bound(refusal_html, self.work.param.problem, language),
                gap="0",
            ),
            self._waiting(),
            _bound(result_cards_html, result, language),
            jobs,
            self._chart_panel(),
            self._front_panel(),
            _bound(why_html, result, language),
        )

    def _waiting(self) -> pn.pane.HTML:
        """The shape of the answer while the very first one is on its way."""

        def shape(data: Forecast | None, problem: Problem | None, code: str) -> str:
            return skeleton_panel_html(words(code)("loading"), lines=3) if data is None and problem is None else ""

        return html_pane(pn.bind(shape, self.view.param.data, self.work.param.problem, self.session.param.language))

    def suggest(self, forecast: Forecast) -> bool:
        """Propose a day and two jobs of it; False where that was done, since what the reader filled in stays."""
        if self._day is not None:
            return False
        self._day = first_day(forecast)
        self.inputs["start"].value = self._day
        self.inputs["limit_kw"].value = self._contract_kw()
        self.editor.show(examples(self._day, words=words(self.session.language)))
        self._offer()
        return True

    def forget(self, *_: object) -> None:
        """Drop the plan and the proposal: they are of another plant."""
        self.work.cancel()
        self.work.param.update(result=None, problem=None)
        self._day = None

    def ask(self, *_: object) -> None:
        """Ask the service for the plan of what is filled in now."""
        self._forgive()
        self.asked = self.form
        body = plan_request(self.asked, plant=self.session.service.plant)
        self.work.start(self.session.service.ask_in_kwh(questions.optimize(body)), keeps_result=True)

    @property
    def form(self) -> PlanForm:
        """What is filled in now."""
        value = {name: widget.value for name, widget in self.inputs.items()}
        day = value["start"] or self._day or dt.date.min
        share = {"share": value["share"] / 100, "share_hours": value["share_hours"]}
        limits = {"max_added_kw": value["max_added_kw"], "limit_kw": value["limit_kw"], "front": value["front"]}
        return PlanForm(start=day, days=value["days"], jobs=self.editor.forms, **share, **limits)

    def _contract_kw(self) -> float | None:
        facts: PlantFacts | None = self.session.plant_facts
        return facts.contract_kw if facts else None

    def _moved(self, event: param.parameterized.Event) -> None:
        """Take the jobs along where the period moves to another day."""
        if isinstance(event.new, dt.date) and self._day is not None and event.new != self._day:
            self.editor.later((event.new - self._day).days)
            self._day = event.new
            self._offer()

    def _offer(self, *_: object) -> None:
        if self._day is not None:
            self.editor.offer(self._day, days=self.inputs["days"].value, words=words(self.session.language))

    def _told(self, event: param.parameterized.Event) -> None:
        """Show what the service refuses at the input that it is about."""
        problem: Problem | None = event.new
        if problem is None or not problem.is_refusal or not problem.field or self.asked is None:
            return
        place = place_of(problem.field, [job.name for job in self.asked.jobs])
        said = told(problem, words=self.session.words()).text
        if place.job is not None:
            self.editor.complain(place.job, place.input, said)
        elif place.input in self.inputs:
            complain(self.inputs[place.input], said)

    def _forgive(self) -> None:
        for widget in self.inputs.values():
            complain(widget, "")
        self.editor.forgive()

    def _inputs_panel(self) -> pn.Column:
        language = self.session.param.language
        find = pmui.Button(
            label=pn.bind(lambda code: words(code)("plan_find"), language),
            icon="bolt",
            variant="contained",
            disable_elevation=True,
            margin=0,
            on_click=self.ask,
        )
        named = self.inputs
        return panel(
            _heading(self.session, "plan_jobs", "plan_jobs_about"),
            self.editor.panel,
            _heading(self.session, "plan_frame", "plan_frame_about"),
            pn.FlexBox(*(named[name] for name in FRAME), gap="12px", align_items="center", margin=0),
            pn.FlexBox(find, named["front"], gap="12px", align_items="center", margin=0),
        )

    def _chart_panel(self) -> pn.Column:
        chosen, result = self.session.param, self.work.param.result
        day = (self.inputs["start"].param.value, self.inputs["days"].param.value)
        drawing = pn.bind(self._draw, result, self.view.param.data, chosen.language, chosen.theme, *day)
        return chart_panel(
            _bound(chart_head_html, result, chosen.language, sizing_mode=None),
            drawing,
            session=self.session,
            name="plan",
            title="plan_chart",
            table=self._table,
            between=[_bound(legend_html, result, chosen.language)],
        )

    def _draw(
        self, answer: OptimizeAnswer | None, data: Forecast | None, language: str, theme: str, *_: object
    ) -> LayoutDOM | None:
        rows = planned_rows(answer) if answer else self._expected(data)
        if not rows:
            return None
        look = Look(words=words(language), colours=palette(dark=theme == "dark"))
        jobs = answer.jobs if answer else ()
        return plan_charts.load_chart(rows, look=look, limit_kw=self._contract_kw(), jobs=jobs)

    def _expected(self, data: Forecast | None) -> list[Any]:
        form = self.form
        return expected_rows(data, starts=form.starts, ends=form.ends) if data and self._day else []

    def _table(self) -> str:
        answer: OptimizeAnswer | None = self.work.result
        if answer is not None:
            return csv(plan_table(answer))
        rows = self._expected(self.view.data)
        kw: list[object] = [row.before_kw for row in rows]
        return csv({"interval_start": [wall(row.interval_start).isoformat() for row in rows], "expected_kw": kw})

    def _front_panel(self) -> pn.Column:
        chosen, result = self.session.param, self.work.param.result

        def draw(answer: OptimizeAnswer | None, language: str, theme: str) -> LayoutDOM | None:
            if answer is None or not answer.front:
                return None
            look = Look(words=words(language), colours=palette(dark=theme == "dark"))
            return plan_charts.front_chart(answer.front, look=look, answer=answer)

        built = chart_panel(
            _bound(front_head_html, result, chosen.language, sizing_mode=None),
            pn.bind(draw, result, chosen.language, chosen.theme),
            session=self.session,
            name="front",
            title="front_title",
            table=self._front_table,
        )
        built.visible = pn.bind(lambda answer: bool(answer and answer.front and len(answer.front) > 1), result)
        return built

    def _front_table(self) -> str:
        front = self.work.result.front if self.work.result and self.work.result.front else ()
        return csv({name: [getattr(point, name) for point in front] for name in ("cost_krw", "co2_t", "peak_kw")})


def _inputs(session: Session) -> dict[str, Any]:
    """What is filled in for the plan as a whole, by the names of ``PlanForm``."""
    return {
        "start": labelled(pmui.DatePicker, session, "plan_start", width=170),
        "days": select(session, "plan_days", DAYS, width=110),
        "limit_kw": labelled(pmui.FloatInput, session, "plan_limit", value=None, start=0, width=160),
        "max_added_kw": labelled(pmui.FloatInput, session, "plan_added", value=MOVED_KW, start=0, width=170),
        "share": labelled(pmui.IntSlider, session, "plan_share", start=0, end=50, value=0, width=220, sx=SLIDER_SX),
        "share_hours": labelled(
            pmui.IntRangeSlider, session, "plan_share_hours", start=0, end=24, value=(8, 20), width=220, sx=SLIDER_SX
        ),
        "front": labelled(pmui.Checkbox, session, "plan_front", value=True),
    }


def _bound(write: Any, *watched: Any, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:  # noqa: ANN401
    """A pane of ``write(value, words=...)``; ``watched`` are the value and the language."""
    return html_pane(pn.bind(lambda value, code: write(value, words=words(code)), *watched), sizing_mode=sizing_mode)


def _heading(session: Session, title: str, about: str) -> pn.pane.HTML:
    def written(language: str) -> str:
        say = words(language)
        return f'<div class="chart-head"><h2>{say(title)}</h2><p>{say(about)}</p></div>'

    return html_pane(pn.bind(written, session.param.language))
