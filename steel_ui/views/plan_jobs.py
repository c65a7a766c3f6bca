"""The editor of the jobs: a row of inputs for each, to add, to change and to take away."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui

from steel_ui.planning import JobForm
from steel_ui.state import Session
from steel_ui.views.page import STRETCH
from steel_ui.views.parts.inputs import choice, complain, labelled, wrapping
from steel_ui.words import words

ROW_STYLES = {"border-bottom": "1px solid var(--line)", "padding": "10px 0 12px", "gap": "12px"}
PICKER_PX = 236
LINES = (("name", "power_kw", "hours", "may_pause"), ("planned", "earliest", "latest"))
"""Which inputs of a job stand beside each other."""
KINDS = {"job_fixed": False, "job_pauses": True}


class JobRow:
    """The inputs of one job."""

    def __init__(self, session: Session, form: JobForm, *, editor: JobEditor) -> None:
        picker = {"enable_seconds": False, "clearable": True, "width": PICKER_PX}
        self.inputs: dict[str, Any] = {
            "name": labelled(pmui.TextInput, session, "job_name", value=form.name, width=236, max_length=80),
            "power_kw": labelled(pmui.FloatInput, session, "job_power", value=form.power_kw, start=0, width=110),
            "hours": labelled(pmui.FloatInput, session, "job_hours", value=form.hours, start=0, step=0.25, width=110),
            "may_pause": choice(session, "job_kind", KINDS, value=form.may_pause, width=160),
            "planned": labelled(pmui.DatetimePicker, session, "job_planned", value=form.planned, **picker),
            "earliest": labelled(pmui.DatetimePicker, session, "job_earliest", value=form.earliest, **picker),
            "latest": labelled(pmui.DatetimePicker, session, "job_latest", value=form.latest, **picker),
        }
        remove = pmui.Button(
            label=pn.bind(lambda code: words(code)("job_remove"), session.param.language),
            icon="delete",
            variant="text",
            size="small",
            margin=0,
            on_click=lambda _: editor.remove(self),
        )
        rows = [wrapping(*(self.inputs[name] for name in names)) for names in LINES]
        rows[0].append(remove)
        self.panel = pn.Column(*rows, margin=0, styles=ROW_STYLES, sizing_mode=STRETCH)

    @property
    def form(self) -> JobForm:
        """The job as it is filled in."""
        return JobForm(**{name: widget.value for name, widget in self.inputs.items()})

    def show(self, form: JobForm) -> None:
        """Fill the moments of ``form`` in."""
        for name in ("planned", "earliest", "latest"):
            self.inputs[name].value = getattr(form, name)

    def complain(self, place: str | None, what: str) -> None:
        """Say at the input ``place`` what is wrong; at the name where there is none."""
        names = {"window": ("earliest", "latest"), None: ("name",)}.get(place, (place or "name",))
        for name in names:
            complain(self.inputs[name], what)

    def forgive(self) -> None:
        """Take back every complaint."""
        for name, widget in self.inputs.items():
            if name != "may_pause" and widget.error_state:
                complain(widget, "")


class JobEditor:
    """The jobs of a plan, in the order in which they were added."""

    def __init__(self, session: Session, forms: tuple[JobForm, ...]) -> None:
        self.session = session
        self.rows: list[JobRow] = []
        self.list = pn.Column(margin=0, sizing_mode=STRETCH)
        for form in forms:
            self.add(form)

    @property
    def forms(self) -> tuple[JobForm, ...]:
        """The jobs as they are filled in."""
        return tuple(row.form for row in self.rows)

    def panel(self) -> pn.Column:
        """The rows, and a button for one more."""
        add = pmui.Button(
            label=pn.bind(lambda code: words(code)("job_add"), self.session.param.language),
            icon="add",
            variant="outlined",
            size="small",
            margin=0,
            on_click=lambda _: self.add(self._new()),
        )
        return pn.Column(self.list, add, margin=0, sizing_mode=STRETCH, styles={"gap": "10px"})

    def add(self, form: JobForm) -> None:
        """Append ``form`` as a new row."""
        row = JobRow(self.session, form, editor=self)
        self.rows.append(row)
        self.list.append(row.panel)

    def remove(self, row: JobRow) -> None:
        """Take ``row`` away."""
        self.rows.remove(row)
        self.list.remove(row.panel)

    def later(self, days: int) -> None:
        """Move every moment of every job by ``days``, with the period."""
        for row in self.rows:
            row.show(row.form.later(days))

    def _new(self) -> JobForm:
        taken = {form.name for form in self.forms}
        say = words(self.session.language)
        names = (say("job_new", number=number) for number in range(1, len(taken) + 2))
        return JobForm(name=next(name for name in names if name not in taken), power_kw=50.0, hours=2.0)
