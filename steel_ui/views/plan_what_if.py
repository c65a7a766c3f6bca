"""What would be if: sliders and fields for a scenario, and what it comes to against the load as it is."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.models import LayoutDOM

from steel_client import questions
from steel_client.models import WhatIfAnswer
from steel_ui.client import Problem
from steel_ui.figures import Look
from steel_ui.refusals import told
from steel_ui.scenario_chart import PARTS, difference_chart
from steel_ui.scenarios import LOADS, ScenarioForm, changes_of, input_of, load_of
from steel_ui.state import Session
from steel_ui.theme import palette
from steel_ui.views.page import STRETCH, column, html_pane
from steel_ui.views.parts.chart import chart_panel, csv, panel
from steel_ui.views.parts.inputs import SLIDER_SX, complain, labelled, select
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.views.plan_result import refusal_html
from steel_ui.views.plan_scenario import compared_html, difference_head_html, how_html, scenario_cards_html
from steel_ui.words import words
from steel_ui.work import Work

HOURS = {f"{hour:02}:00": hour for hour in range(25)}
GROUPS = (
    ("if_move", ("share", "from_start", "from_end", "to_start", "to_end")),
    ("if_production", ("factor", "closed_day")),
    ("if_capacitor", ("capacitor_kvar", "control", "investment_krw")),
    ("if_tariff", ("load", "tariff")),
)
"""Inputs that stand together, under the key of their heading."""
SHOWN_AT = {"from_hours": "from_start", "to_hours": "to_start"}


class WhatIf:
    """The inputs of a scenario and the answer to it, asked anew whenever one of them changes."""

    def __init__(self, session: Session) -> None:
        self.session, self.work = session, Work()
        self.inputs = _inputs(session)
        self.asked: list[dict[str, Any]] = []
        self._is_resetting = False
        for widget in self.inputs.values():
            is_slider = "value_throttled" in widget.param
            widget.param.watch(self.ask, "value_throttled" if is_slider else "value")
        self.work.param.watch(self._told, "problem")
        session.param.watch(self._came, "health")

    @property
    def form(self) -> ScenarioForm:
        """What is filled in now."""
        value = {name: widget.value for name, widget in self.inputs.items()}
        hours = {edge: (value.pop(f"{edge}_start"), value.pop(f"{edge}_end")) for edge in ("from", "to")}
        value |= {"share": value["share"] / 100, "factor": value["factor"] / 100, "tariff": value["tariff"] or ""}
        return ScenarioForm(from_hours=hours["from"], to_hours=hours["to"], **value)

    def build(self) -> pn.Column:
        """Inputs and what they come to."""
        result, language = self.work.param.result, self.session.param.language
        return column(
            self._inputs_panel(),
            column(
                work_bar(self.work, self.session, again=self.ask, is_question=True, shows_refusals=False),
                _bound(refusal_html, self.work.param.problem, language),
                gap="0",
            ),
            html_pane(pn.bind(self._empty, result, self.work.param.is_running, self.work.param.problem, language)),
            _bound(scenario_cards_html, result, language),
            _bound(compared_html, result, language),
            self._chart_panel(),
            _bound(how_html, result, language),
        )

    def ask(self, *_: object) -> None:
        """Compare what is filled in with the load as it is; nothing to ask where it changes nothing."""
        health, form = self.session.health, self.form
        if self._is_resetting or health is None or health.readings_until is None:
            return
        for widget in self.inputs.values():
            complain(widget, "")
        self.asked = changes_of(form)
        if not self.asked:
            self.forget()
            return
        load = load_of(form, known_until=health.readings_until)
        service = self.session.service
        asked = questions.what_if(self.asked, load=load, plant=service.plant)
        self.work.start(service.ask_in_kwh(asked), keeps_result=True)

    def _came(self, event: param.parameterized.Event) -> None:
        if event.old is None:  # what was filled in before the service had said until when readings go
            self.ask()

    def reset(self, *_: object) -> None:
        """Change nothing again."""
        self._is_resetting = True
        for name, widget in _inputs(self.session).items():
            self.inputs[name].value = widget.value
        self._is_resetting = False
        self.ask()

    def forget(self, *_: object) -> None:
        """Drop the answer: it is of another plant, or nothing is asked."""
        self.work.cancel()
        self.work.param.update(result=None, problem=None)

    def _told(self, event: param.parameterized.Event) -> None:
        problem: Problem | None = event.new
        if problem is None or not problem.is_refusal or not problem.field:
            return
        place = input_of(problem.field, self.asked)
        widget = self.inputs.get(SHOWN_AT.get(place or "", place or ""))
        if widget is not None:
            complain(widget, told(problem, words=self.session.words()).text)

    def _empty(self, answer: WhatIfAnswer | None, is_running: bool, problem: Problem | None, code: str) -> str:  # noqa: FBT001
        if answer is not None or is_running or problem is not None:
            return ""
        return f'<section class="panel"><p class="nothing">{words(code)("if_empty")}</p></section>'

    def _inputs_panel(self) -> pn.Column:
        reset = pmui.Button(
            label=pn.bind(lambda code: words(code)("if_reset"), self.session.param.language),
            icon="restart_alt",
            variant="outlined",
            size="small",
            margin=0,
            on_click=self.reset,
        )
        groups = [self._group(title, names) for title, names in GROUPS]
        return panel(pn.FlexBox(*groups, gap="20px 28px", margin=0), reset)

    def _group(self, title: str, names: tuple[str, ...]) -> pn.Column:
        head = html_pane(pn.bind(lambda code: f"<h2>{words(code)(title)}</h2>", self.session.param.language))
        inputs = pn.FlexBox(*(self.inputs[name] for name in names), gap="12px", margin=0)
        return pn.Column(head, inputs, margin=0, width=254, styles={"gap": "10px"})

    def _chart_panel(self) -> pn.Column:
        chosen, result = self.session.param, self.work.param.result

        def draw(answer: WhatIfAnswer | None, language: str, theme: str) -> LayoutDOM | None:
            if answer is None:
                return None
            return difference_chart(answer, look=Look(words=words(language), colours=palette(dark=theme == "dark")))

        built = chart_panel(
            _bound(difference_head_html, result, chosen.language, sizing_mode=None),
            pn.bind(draw, result, chosen.language, chosen.theme),
            session=self.session,
            name="what-if",
            title="if_chart",
            table=self._table,
        )
        built.visible = pn.bind(lambda answer: answer is not None, result)
        return built

    def _table(self) -> str:
        answer: WhatIfAnswer | None = self.work.result
        names = [*PARTS, "cost_krw", "usage_kwh", "co2_t", "peak_kw"] if answer is not None else []
        sides = ("baseline", "scenario", "difference")
        return csv(
            {"figure": names} | {side: [getattr(getattr(answer, side), name) for name in names] for side in sides}
        )


def _inputs(session: Session) -> dict[str, Any]:
    """By the names of ``ScenarioForm``; as they are built here they change nothing."""

    def slider(label: str, *, end: int, value: int, step: int) -> pmui.IntSlider:
        return labelled(
            pmui.IntSlider, session, label, start=0, end=end, value=value, step=step, width=254, sx=SLIDER_SX
        )

    def hour(label: str, value: int) -> pn.widgets.Select:
        return select(session, label, options=HOURS, value=value, width=121)

    loads = {f"if_load_{name}": name for name in LOADS}
    controls = {"if_automatic": "automatic", "if_fixed": "fixed"}
    return {
        "load": select(session, "if_load", loads, value="next_7d", width=254),
        "share": slider("if_share", end=50, value=0, step=5),
        "from_start": hour("if_from_start", 10),
        "from_end": hour("if_from_end", 12),
        "to_start": hour("if_to_start", 23),
        "to_end": hour("if_to_end", 5),
        "factor": slider("if_factor", end=150, value=100, step=5),
        "closed_day": labelled(pmui.DatePicker, session, "if_closed_day", clearable=True, width=254),
        "capacitor_kvar": slider("if_kvar", end=500, value=0, step=10),
        "control": select(session, "if_control", controls, width=121),
        "investment_krw": labelled(pmui.FloatInput, session, "if_investment", value=None, start=0, width=121),
        "tariff": labelled(pmui.TextInput, session, "if_tariff_id", value="", width=254, max_length=100),
    }


def _bound(write: Any, *watched: Any, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:  # noqa: ANN401
    """A pane of ``write(value, words=...)``; the second of ``watched`` is the language."""
    return html_pane(pn.bind(lambda value, code: write(value, words=words(code)), *watched), sizing_mode=sizing_mode)
