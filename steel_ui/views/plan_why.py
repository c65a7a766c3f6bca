"""Why a plan is as it is, in the reader's language: from the codes, fields and figures of the service's answer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from steel_client.models import JobRun, OptimizeAnswer, PlanMarginal, PlannedJob, PlanReason
from steel_ui.planning import place_of
from steel_ui.retold import retold
from steel_ui.words import Words

SOME_KRW = 0.05
"""Of a price per kWh, as it is shown."""


def why_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """The reasons, what a little more of each limit would save, and what to know."""
    if answer is None:
        return ""
    told = [_reason(reason, words) for reason in answer.reasons]
    is_single = answer.front is not None and len(answer.front) == 1
    reasons = _list([*told, *([escape(words("front_single"))] if is_single else [])])
    worth = [escape(_marginal(one, answer, words)) for one in answer.marginals]
    marginals = f"<h3>{escape(words('plan_marginals'))}</h3>{_list(worth)}" if worth else ""
    notes = _list([retold(note, words=words) for note in answer.notes])
    known = f'<h3>{escape(words("plan_notes"))}</h3><div class="muted small">{notes}</div>'
    parts = reasons + marginals + (known if answer.notes else "")
    return f'<section class="panel why"><h2>{escape(words("plan_why"))}</h2>{parts}</section>'


def why_job(job: PlannedJob, words: Words) -> str:
    """Why a job runs when it does: what its energy costs then, and what it would cost as it would run otherwise."""
    then, before = _price(job.runs, job.energy_krw), _price(job.baseline_runs, job.baseline_energy_krw)
    if then is None:
        return words("job_why_left_out")
    now = words.number(then, digits=1)
    if before is None:
        return words("job_why_done", now=now)
    usual = words.number(before, digits=1)
    if [(run.start, run.end) for run in job.runs] == [(run.start, run.end) for run in job.baseline_runs]:
        return words("job_why_stays", now=now)
    if abs(then - before) < SOME_KRW:
        return words("job_why_same", now=now)
    return words("job_why_cheaper" if then < before else "job_why_dearer", now=now, usual=usual)


def _price(runs: Sequence[JobRun], energy_krw: float) -> float | None:
    """KRW/kWh over all runs; None where it does not run."""
    energy_kwh = sum(run.energy_kwh for run in runs)
    return energy_krw / energy_kwh if energy_kwh else None


def _reason(reason: PlanReason, words: Words) -> str:
    saved = reason.values.get("saved_krw", 0.0)
    is_dearer = not isinstance(saved, str) and saved < 0
    template = words.texts.get(f"reason_{reason.code}{'_dearer' if is_dearer else ''}")
    if template is None:
        return f'<span lang="en">{escape(reason.words)}</span>'
    numbers = {
        name: words.number(abs(value), digits=3 if name.endswith("co2_t") else int(name.endswith("per_kwh")))
        for name, value in reason.values.items()
        if not isinstance(value, str)
    }
    texts = {name: value for name, value in reason.values.items() if isinstance(value, str)}
    shown = {name: words.value(value) for name, value in texts.items()}
    named = {"limit": _limit(texts["field"], words)} if "field" in texts else {}
    return escape(template.format(**numbers, **shown, **named))


def _marginal(marginal: PlanMarginal, answer: OptimizeAnswer, words: Words) -> str:
    names = [job.name for job in answer.jobs]
    place = place_of(marginal.field, names)
    krw = words.number(marginal.krw_per_unit)
    if place.job is not None and marginal.unit == "h":
        return words("marginal_hours", job=names[place.job], krw=krw)
    return words("marginal_limit", unit=marginal.unit, limit=_limit(marginal.field, words), krw=krw)


def _limit(field: str, words: Words) -> str:
    """A limit of the request as the page calls it; the field itself where the page has no such input."""
    return words.label("limit", field.removeprefix("limits."))


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
