"""The answer to a plan: when each job runs, what of the load moves, what is saved, the peak against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from steel_energy.asking.outcomes import Period, PlanSlots, Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.changing.charts import profile_chart
from steel_energy.telling.changing.infeasible import LIMITS, windows_of
from steel_energy.telling.changing.jobs import job_lines
from steel_energy.telling.changing.moves import move_line
from steel_energy.telling.changing.phrases import (
    during,
    exact_kw,
    exactly,
    provenance,
    share_of,
    shown_as_nothing,
    signed,
)
from steel_energy.telling.formats import Voice, voice
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines

SAVED = ("energy", "demand", "power_factor", "co2", "starts", "value")
SOME_GAP = 0.001


@dataclass(frozen=True)
class Planned:
    """A plan as it is being told."""

    request: Request
    result: Result
    scene: Scene
    voice: Voice
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def slots(self) -> PlanSlots:
        """What was asked."""
        assert isinstance(self.request.slots, PlanSlots)  # noqa: S101 - the teller of this intent is the caller
        return self.request.slots

    def reason(self, code: str) -> Result | None:
        """The values of the first reason of a kind."""
        return next((one["values"] for one in self.result["reasons"] if one["code"] == code), None)


def tell_plan(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer to a plan."""
    (result,) = results
    told = Planned(request, result, scene, voice(request.language, scene.tariff.measure))
    period = Period(start=moment(result["start"], scene), end=moment(result["end"], scene))
    when = during(period.start, period.end, told.voice)
    text = joined(
        [
            "\n".join(
                job_lines(result, scene, told.figures, told.voice, during=told.voice.during(period.start, period.end))
            )
        ],
        [move_line(result, scene, told.figures, told.voice, during=when)] if told.slots.movable else [],
        [_savings(told)],
        _peak(told),
        _limits(told),
        _assumed(told, period),
        origin_lines([result, result["forecast"] or {}], told.voice),
        _last(told),
    )
    return Told(
        text=text,
        figures=told.figures,
        chart=profile_chart(result["schedule"], told.voice),
        period=period,
        model_version=result["forecast"]["model_version"] if result["forecast"] else None,
    )


def _savings(told: Planned) -> str:
    """What the plan saves against doing nothing, and in which charges."""
    speak, saved = told.voice, told.result["savings"]
    before, after = (told.result[side]["total_krw"] for side in ("baseline", "planned"))
    baseline = speak(f"op_baseline_{_baseline(told)}")
    told.figures.update({"saving_krw": saved["total_krw"], "baseline_cost_krw": before, "planned_cost_krw": after})
    if shown_as_nothing(speak.krw(saved["total_krw"])):
        return speak("op_saves_nothing", baseline=baseline, before=speak.krw(before))
    key = "op_saves" if saved["total_krw"] > 0 else "op_costs_more"
    told.figures["saving_share"] = saved["total_krw"] / before
    return speak(
        key,
        saving=speak.krw(saved["total_krw"]),
        cost=speak.krw(abs(saved["total_krw"])),
        share=speak.percent(abs(told.figures["saving_share"])),
        baseline=baseline,
        before=speak.krw(before),
        after=speak.krw(after),
        parts=_charges(saved, told),
    )


def _baseline(told: Planned) -> str:
    """What doing nothing means."""
    if any(job.planned_start for job in told.slots.jobs):
        return "planned"
    return "jobs" if told.slots.jobs else "load"


def _charges(saved: Result, told: Planned) -> str:
    """The charges that change, dearer with a plus; empty where it is one alone."""
    speak = told.voice
    parts = {name: -saved[f"{name}_krw"] for name in SAVED}
    parts = {name: krw for name, krw in parts.items() if not shown_as_nothing(speak.krw(krw))}
    if len(parts) <= 1:
        return ""
    told.figures.update({f"{name}_difference_krw": krw for name, krw in parts.items()})
    shown = [
        speak("wi_charge", charge=speak(f"ch_charge_{name}"), cost=f"{signed(krw, speak, 0)} KRW")
        for name, krw in parts.items()
    ]
    return speak("op_parts", parts=", ".join(shown))


def _peak(told: Planned) -> Iterator[str]:
    """The highest demand against the contract, and whether it is paid for; CO2 where it changes."""
    speak, result = told.voice, told.result
    before, after, contract = result["baseline_peak_kw"], result["planned_peak_kw"], result["contract_kw"]
    told.figures.update({"baseline_peak_kw": before, "planned_peak_kw": after, "contract_kw": contract})
    shown = {"before": speak.kw(before), "after": speak.kw(after), "contract": exact_kw(contract, speak)}
    yield speak("op_peak_same" if shown["before"] == shown["after"] else "op_peak", **shown)
    if after > contract:
        yield speak("op_above_contract")
    if floor := told.reason("demand_floor"):
        told.figures["billed_demand_kw"] = floor["demand_kw"]
        yield speak("op_floor", demand=speak.kw(floor["demand_kw"]))
    co2 = [result[f"{side}_co2_t"] for side in ("baseline", "planned")]
    if speak.tonnes(co2[0]) != speak.tonnes(co2[1]):
        told.figures.update({"baseline_co2_t": co2[0], "planned_co2_t": co2[1]})
        yield speak("op_co2", before=speak.tonnes(co2[0]), after=speak.tonnes(co2[1]))


def _limits(told: Planned) -> Iterator[str]:
    """Limits that bind, what more of a job's hours would save, and how far from the best the plan may be."""
    speak = told.voice
    reached = {one["values"]["field"] for one in told.result["reasons"] if one["code"] == "limit"}
    for name, unit in LIMITS.items():
        value = getattr(told.slots.limits, name)
        if value is not None and f"limits.{name}" in reached:
            told.figures[f"limit_{name}"] = value
            yield speak("op_limit", limit=f"{exactly(value, speak)} {unit}")
    hours = {windows_of(place): job.name for place, job in enumerate(told.slots.jobs)}
    for more in told.result["marginals"]:
        if more["field"] in hours:
            told.figures["hour_more_krw"] = more["krw_per_unit"]
            job = speak("op_quoted", job=hours[more["field"]])
            yield speak("op_hour_more", job=job, saving=speak.krw(more["krw_per_unit"]))
            break
    if told.result["gap"] >= SOME_GAP:
        told.figures["gap"] = told.result["gap"]
        yield speak("op_gap", gap=speak.percent(told.result["gap"]))


def _assumed(told: Planned, period: Period) -> Iterator[str]:
    """The request's notes; what may move is told with its numbers."""
    yield from note_lines((note for note in told.request.notes if note != "assumed_movable"), period.end, told.voice)
    movable = told.slots.movable
    if "assumed_movable" in told.request.notes and movable:
        told.figures.update({"movable_share": movable.share, "max_added_kw": movable.max_added_kw})
        added = exact_kw(movable.max_added_kw, told.voice)
        yield told.voice("op_movable", share=share_of(movable.share, told.voice), added=added)


def _last(told: Planned) -> Iterator[str]:
    forecast = told.result["forecast"]
    yield provenance(forecast, "op_base_forecast", told.scene, told.voice) or told.voice("op_base_measured")
    yield told.voice("op_advice")
