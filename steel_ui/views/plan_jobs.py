"""The editor of the jobs: a row of inputs for each, to add, to change and to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from steel_ui.planning import JobForm
from steel_ui.state import Session
from steel_ui.theme import stylesheet
from steel_ui.views.page import STRETCH
from steel_ui.words import Words, words

TEXTS = {
    "name": "job_name",
    "power_kw": "job_power",
    "hours": "job_hours",
    "may_pause": "job_kind",
    "planned": "job_planned",
    "earliest": "job_earliest",
    "latest": "job_latest",
    "fixed": "job_fixed",
    "pauses": "job_pauses",
    "any": "job_any",
    "add": "job_add",
    "remove": "job_remove",
    "new": "job_new",
}
MOMENTS = ("planned", "earliest", "latest")
PLACES = {"window": ("earliest", "latest"), None: ("name",)}
"""Inputs that show what is wrong with a window, and with a job as a whole."""


class JobRows(JSComponent):
    """The inputs of all jobs, drawn in the browser: one component of values, so that a job more needs no answer."""

    jobs = param.List(default=[], doc="Each job by the names of JobForm; a moment is ISO text, empty for none.")
    days = param.List(default=[], doc="The days of the plan, each as ISO date and text.")
    texts = param.Dict(default={}, doc="Labels, by the names of TEXTS.")
    wrong = param.List(default=[], doc="What the service refuses: number of the job, its inputs, and why.")

    _esm = Path(__file__).parent / "plan_jobs.js"


class JobEditor:
    """The jobs of a plan, in the order in which they were added."""

    def __init__(self, session: Session) -> None:
        self.panel = JobRows(
            texts=_texts(session), stylesheets=[stylesheet()], margin=0, sizing_mode=STRETCH, css_classes=["editor"]
        )
        session.param.watch(lambda _: self.panel.param.update(texts=_texts(session)), "language")

    @property
    def forms(self) -> tuple[JobForm, ...]:
        """The jobs as they are filled in."""
        return tuple(_form(job) for job in self.panel.jobs)

    def show(self, forms: Sequence[JobForm]) -> None:
        """Fill ``forms`` in, in place of what is there."""
        self.panel.param.update(jobs=[_fields(form) for form in forms], wrong=[])

    def offer(self, first: dt.date, *, days: int, words: Words) -> None:
        """Let the jobs run on so many ``days`` from the ``first`` on."""
        dates = [first + dt.timedelta(days=number) for number in range(days)]
        self.panel.days = [[day.isoformat(), f"{words.weekdays[day.weekday()]} {day.day}"] for day in dates]

    def later(self, days: int) -> None:
        """Move every moment of every job by ``days``, with the period."""
        self.show([form.later(days) for form in self.forms])

    def complain(self, job: int, place: str | None, what: str) -> None:
        """Say at the input ``place`` of a job what is wrong; at its name where there is none."""
        self.panel.wrong = [{"job": job, "inputs": list(PLACES.get(place, (place,))), "what": what}]

    def forgive(self) -> None:
        """Take back every complaint."""
        self.panel.wrong = []


def _texts(session: Session) -> dict[str, str]:
    texts = words(session.language).texts
    return {name: texts[key] for name, key in TEXTS.items()}


def _fields(form: JobForm) -> dict[str, Any]:
    moments = {name: getattr(form, name) for name in MOMENTS}
    return {
        **{name: getattr(form, name) for name in ("name", "power_kw", "hours", "may_pause")},
        **{name: moment.isoformat(timespec="minutes") if moment else "" for name, moment in moments.items()},
    }


def _form(fields: dict[str, Any]) -> JobForm:
    return JobForm(**fields | {name: _moment(fields[name]) for name in MOMENTS})


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
