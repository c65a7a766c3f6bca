"""What a plan comes to, as HTML: its figures, each job's runs, and why there is none; ``plan_why`` has the reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TypeVar

from steel_client.models import JobRun, OptimizeAnswer, PlannedJob
from steel_ui.client import Problem
from steel_ui.planning import moved_kwh
from steel_ui.refusals import told
from steel_ui.views.page import page_link_html
from steel_ui.views.parts.card import Card, Tone, card_html, row_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.views.plan_why import why_job
from steel_ui.words import DASH, Words

INFEASIBLE = "infeasible_plan"
PARTS = ("energy_krw", "demand_krw", "power_factor_krw", "co2_krw", "starts_krw", "value_krw")
SOME_KRW = 0.5
T = TypeVar("T")


def refusal_html(problem: Problem | None, *, words: Words) -> str:
    """Why the service makes no plan and what would help; nothing where it did not refuse."""
    if problem is None or not problem.is_refusal:
        return ""
    title = words("plan_infeasible" if problem.kind == INFEASIBLE else "plan_refused")
    said = told(problem, words=words)
    way = f"<p><b>{escape(words('plan_way_out'))}</b> {said.remedy_html}</p>" if said.remedy else ""
    return (
        f'<section class="notice" role="alert"><strong>{escape(title)}</strong><p>{said.what_html}</p>{way}</section>'
    )


def result_cards_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """What the plan saves in figures: money, energy, CO2 and the highest demand."""
    if answer is None:
        return ""
    cards = (_saving(answer, words), _energy(answer, words), _co2(answer, words), _peak(answer, words))
    return row_html(map(card_html, cards), label=words("plan_result"))


def told_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """What the plan saves, in one sentence, with the way to when each job runs; for the top of the page."""
    if answer is None:
        return ""
    amount = f"{words.number(answer.savings.total_krw)} {answer.currency}"
    saves = words("plan_saves" if answer.savings.total_krw > SOME_KRW else "plan_saves_nothing", amount=amount)
    gap = words("plan_gap", gap=words.percent(answer.gap, digits=2)) if answer.gap else words("plan_proven")
    about = f"{gap} {words('plan_advice')}"
    link = page_link_html("plan", words, to="jobs", text="plan_see_jobs")
    return f'<section class="done told" role="status"><b>{escape(saves)}</b> {link}<p>{escape(about)}</p></section>'


def _saving(answer: OptimizeAnswer, words: Words) -> Card:
    saved = answer.savings.total_krw
    share = saved / answer.baseline.total_krw if answer.baseline.total_krw else 0.0
    bills = {name: words.number(bill.total_krw) for name, bill in _sides(answer.baseline, answer.planned)}
    parts = [(name, getattr(answer.savings, name)) for name in PARTS]
    told = [f"{words(f'saved_{name}')} {words.number(krw, signed=True)}" for name, krw in parts if abs(krw) > SOME_KRW]
    notes = (
        words("plan_saved_share", share=f"<b>{words.percent(share, digits=1)}</b>"),
        escape(words("plan_from_to", **bills, unit=answer.currency)),
        escape(" · ".join(told)) if len(told) > 1 else "",
    )
    tone: Tone = "good" if saved > SOME_KRW else ""
    return Card(words("plan_saving"), words.number(saved), answer.currency, notes, tone=tone)


def _energy(answer: OptimizeAnswer, words: Words) -> Card:
    sides = _sides(*(sum(getattr(row, name) for row in answer.schedule) for name in ("baseline_kwh", "total_kwh")))
    totals = {name: words.number(kwh) for name, kwh in sides}
    is_same = totals["before"] == totals["after"]
    total = words("plan_energy_same", total=totals["after"]) if is_same else words("plan_from_to", **totals, unit="kWh")
    return Card(words("plan_moved"), words.number(moved_kwh(answer)), "kWh", (escape(total),))


def _co2(answer: OptimizeAnswer, words: Words) -> Card:
    change = round(answer.planned_co2_t - answer.baseline_co2_t, 3) + 0.0
    sides = _sides(*(words.number(tons, digits=3) for tons in (answer.baseline_co2_t, answer.planned_co2_t)))
    about = words("plan_from_to", **dict(sides), unit="t") if change else words("plan_co2_same", total=sides[1][1])
    return Card(words("plan_co2"), words.number(change, digits=3, signed=change != 0), "t", (escape(about),))


def _sides(before: T, after: T) -> tuple[tuple[str, T], tuple[str, T]]:
    return ("before", before), ("after", after)


def _peak(answer: OptimizeAnswer, words: Words) -> Card:
    then, contract = answer.planned_peak_kw, answer.contract_kw
    share = then / contract
    notes = (
        words("plan_without", value=f"<b>{words.number(answer.baseline_peak_kw)} kW</b>"),
        escape(words("plan_contract", share=words.percent(share), contract=words.number(contract))),
    )
    return Card(words("plan_peak"), words.number(then), "kW", notes, tone="bad" if share > 1 else "good", share=share)


def chart_head_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """Title of the chart, and of what its load is."""
    about = words("plan_chart_empty")
    if answer is not None:
        key = "plan_on_measured" if answer.forecast is None else "plan_on_forecast"
        model = answer.forecast.model_version if answer.forecast else ""
        about = words(key, starts=words.moment(answer.start), ends=words.moment(answer.end), model=model)
    return f'<div class="chart-head"><h2>{escape(words("plan_chart"))}</h2><p>{escape(about)}</p></div>'


def legend_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """What the lines and grounds of the chart mean."""
    lines = (
        [("expected", "plan_expected")] if answer is None else [("expected", "plan_after"), ("before", "plan_before")]
    )
    items = "".join(f'<li><i class="key {kind}"></i>{escape(words(key))}</li>' for kind, key in lines)
    bands = "".join(
        f'<li><i class="key {band}"></i>{escape(words(f"band_{band}"))}{_price(answer, band, words)}</li>'
        for band in ("light", "medium", "maximum")
    )
    return f'<div class="legend"><ul>{items}</ul><ul><li class="lead">{escape(words("bands"))}</li>{bands}</ul></div>'


def _price(answer: OptimizeAnswer | None, band: str, words: Words) -> str:
    found = {row.energy_krw_per_kwh for row in answer.schedule if row.billing_band == band} if answer else set()
    if not found or answer is None:
        return ""
    ends = [words.number(price, digits=1) for price in sorted(found)]
    price = ends[0] if len(ends) == 1 else f"{ends[0]}{DASH}{ends[-1]}"
    return f"<small>{escape(words('price', price=price, currency=answer.currency))}</small>"


def jobs_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """When each job runs, when it would, and what that saves."""
    if answer is None or not answer.jobs:
        return ""
    columns = [
        Column(words(f"jobs_{name}"), is_number=name in {"cost", "saved"})
        for name in ("name", "saved", "before", "runs", "cost")
    ]
    rows = [_job_cells(job, answer, words) for job in answer.jobs]
    table = table_html(columns, rows, caption=words("jobs_caption"))
    return f'<section class="panel"><h2>{escape(words("jobs_title"))}</h2>{table}</section>'


def _job_cells(job: PlannedJob, answer: OptimizeAnswer, words: Words) -> tuple[str, ...]:
    saved = job.baseline_energy_krw + job.baseline_start_cost_krw - job.energy_krw - job.start_cost_krw
    is_long = (answer.end - answer.start).days > 1
    return (
        f"<b>{escape(job.name)}</b><small>{escape(why_job(job, words))}</small>",
        f"<b>{words.number(saved, signed=abs(saved) > SOME_KRW)}</b>",
        _runs_html(job.baseline_runs, words, is_long=is_long),
        f"<b>{_runs_html(job.runs, words, is_long=is_long)}</b>",
        f"{words.number(job.energy_krw)} {escape(answer.currency)}",
    )


def _runs_html(runs: Sequence[JobRun], words: Words, *, is_long: bool) -> str:
    if not runs:
        return escape(words("jobs_left_out"))
    start: Callable[[JobRun], str] = lambda run: (  # noqa: E731 - one of two formats
        words.short_moment(run.start) if is_long else f"{run.start:%H:%M}"
    )
    return "<br>".join(f"{escape(start(run))}{DASH}{run.end:%H:%M}" for run in runs)


def front_head_html(answer: OptimizeAnswer | None, *, words: Words) -> str:
    """Title of the front, and whether there is anything to choose."""
    count = len(answer.front) if answer and answer.front else 0
    about = words("front_about", count=count)
    return f'<div class="chart-head"><h2>{escape(words("front_title"))}</h2><p>{escape(about)}</p></div>'
