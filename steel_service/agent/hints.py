"""The planner's understanding of a question as the call of a tool, for the model to make or to leave.

The inverse of ``tool_functions.request_of``: the call that is suggested comes to the request that was understood. What
no single call can say is not suggested.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from pydantic import ValidationError

from steel_energy.asking.outcomes import (
    ExplainSlots,
    Intent,
    KnowledgeSlots,
    NowcastSlots,
    PlanSlots,
    Request,
)
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.errors import InputError
from steel_energy.planning.jobs import AnyJob
from steel_energy.plant import WEEKDAYS
from steel_service.agent.arguments import RARE, TOOLS, Arguments
from steel_service.agent.scenario_hints import Given, percent_of, what_if_arguments
from steel_service.agent.time_words import UnsayableError, clock_words, time_words
from steel_service.agent.tool_functions import SECONDS, request_of

KINDS: dict[str, type[Arguments]] = {kind.tool: kind for kind in (*TOOLS, *RARE)}
STATUS_TOOLS = {"drift": "status", "health": "status", "model": "status", "knowledge": "look_up"}
"""Requests whose tool has another name."""


def suggested_call(request: Request, scene: Scene) -> str | None:
    """A call as the model is shown it; None where none says it all.

    Returns:
        Such as ``forecast(when="2018-12-13 10:00", measure="cost")``.
    """
    call = call_of(request, scene)
    if call is None:
        return None
    tool, given = call
    return f"{tool}({', '.join(f'{name}={json.dumps(value, ensure_ascii=False)}' for name, value in given.items())})"


def call_of(request: Request, scene: Scene) -> tuple[str, Given] | None:
    """The tool and the arguments that come to a request; None where there are none.

    What is suggested was tried: a call that comes to another request would send the model astray.
    """
    try:
        given = _GIVEN[request.intent](request, scene)
    except UnsayableError:
        return None
    if given is None:
        return None
    tool = STATUS_TOOLS.get(request.intent, request.intent)
    short = {name: value for name, value in given.items() if value != KINDS[tool].model_fields[name].default}
    shorter = {name: value for name, value in short.items() if name != "by"}  # each word costs the model time
    return next(((tool, one) for one in (shorter, short) if _comes_to(request, tool, one, scene)), None)


def _comes_to(request: Request, tool: str, given: Given, scene: Scene) -> bool:
    """Whether a call comes to a request, but for the figure of a bill or a reason, which has only one."""
    try:
        again = request_of(KINDS[tool].model_validate(given), scene, request.language)
    except (InputError, ValidationError):
        return False
    ignored = {"statistic"} if request.intent in ("bill", "explain") else None
    both = [(one.intent, one.body(), one.focus.model_dump(exclude=ignored)) for one in (request, again)]
    return both[0] == both[1]


def _looked(request: Request, scene: Scene) -> Given | None:
    """Arguments of forecast and history."""
    focus = request.focus
    given: Given = {"measure": focus.measure}
    if focus.period is not None and "assumed_next_day" not in request.notes:
        given = {"when": time_words(focus.period, scene, focus.hours), **given}
    if focus.compared is not None:
        given["compare_with"] = time_words(focus.compared, scene)
    if focus.statistic is not None:
        given["statistic"] = focus.statistic
    return given


def _forecast(request: Request, scene: Scene) -> Given | None:
    return _looked(request, scene)


def _history(request: Request, scene: Scene) -> Given | None:
    given = _looked(request, scene) or {}
    given["by"] = request.body().get("aggregation", "15min")
    if request.focus.band is not None:
        given["load_type"] = request.focus.band
    return given


def _bill(request: Request, scene: Scene) -> Given | None:
    focus, tariffs = request.focus, request.body().get("tariffs", [])
    others = [one for one in tariffs if one != scene.tariff.id]
    if focus.period is None:
        return None
    given: Given = {"when": time_words(focus.period, scene, focus.hours), "measure": focus.measure}
    if focus.compared is not None:
        given["compare_with"] = time_words(focus.compared, scene)
    return given | ({"other_tariff": others[0]} if others else {})


def _explain(request: Request, scene: Scene) -> Given | None:
    slots, focus = request.slots, request.focus
    assert isinstance(slots, ExplainSlots)  # noqa: S101 - of this intent
    what = "forecast" if slots.kind == "forecast" else "peak" if focus.measure == "peak" else "usage"
    given: Given = {"what": what}
    if focus.period is not None and "assumed_next_day" not in request.notes:
        given = {"when": time_words(focus.period, scene, focus.hours), **given}
    return given


def _optimize(request: Request, scene: Scene) -> Given | None:
    slots = request.slots
    assert isinstance(slots, PlanSlots)  # noqa: S101 - of this intent
    if request.focus.period is None:
        return None
    given: Given = {}
    if "assumed_next_day" not in request.notes:
        given["when"] = f"{time_words(request.focus.period, scene)} {_window_words(slots, scene)}".strip()
    if slots.jobs:
        given |= _job(slots.jobs[0])
    if len(slots.jobs) > 1:
        given["more_jobs"] = "; ".join(_job_words(job) for job in slots.jobs[1:])
    if slots.movable is not None and "assumed_movable" not in request.notes:
        given["movable_percent"] = percent_of(slots.movable.share)
    if slots.limits.power_kw is not None:
        given["limit_kw"] = slots.limits.power_kw
    return given


def _job(job: AnyJob) -> Given:
    """A job with its power and either its duration or its energy."""
    said = {"power_kw": getattr(job, "power_kw", None) or getattr(job, "max_kw", None)}
    said["energy_kwh"] = getattr(job, "energy_kwh", None)
    minutes = getattr(job, "duration_minutes", None)
    said["duration_hours"] = minutes / MINUTES if minutes else None
    return {"job_name": job.name, **{name: value for name, value in said.items() if value}}


def _job_words(job: AnyJob) -> str:
    """The same in words."""
    said = _job(job)
    units = {"power_kw": "kW", "energy_kwh": "kWh", "duration_hours": "h"}
    return " ".join([job.name, *(f"{said[name]:g} {unit}" for name, unit in units.items() if name in said)])


def _window_words(slots: PlanSlots, scene: Scene) -> str:
    """The hours in which a plan's job may run, or its load may move; empty for all."""
    for window in (window for job in slots.jobs for window in job.windows):
        start, end = (moment.astimezone(scene.now.tzinfo) for moment in (window.start, window.end))
        return f"{start:%H:%M}-{end:%H:%M}"
    if slots.movable is None:
        return ""
    hours, usual = ((one.from_hour, one.to_hour) for one in (slots.movable, scene.movable))
    return "" if hours == usual else "-".join(clock_words(round(hour * MINUTES)) for hour in hours)


def _nowcast(request: Request, scene: Scene) -> Given | None:
    del scene
    slots = request.slots
    assert isinstance(slots, NowcastSlots)  # noqa: S101 - of this intent
    return {
        "lagging_reactive_kvarh": slots.lagging_reactive_power,
        "leading_reactive_kvarh": slots.leading_reactive_power,
        "co2_t": slots.co2,
        "lagging_power_factor_percent": percent_of(slots.lagging_power_factor),
        "leading_power_factor_percent": percent_of(slots.leading_power_factor),
        "time_of_day": clock_words(slots.nsm // SECONDS),
        "weekday": WEEKDAYS[slots.day_of_week],
        "load_type": slots.load_type.lower(),
    }


def _status(request: Request, scene: Scene) -> Given | None:
    del scene
    return {"of": request.intent}


def _look_up(request: Request, scene: Scene) -> Given | None:
    del scene
    assert isinstance(request.slots, KnowledgeSlots)  # noqa: S101 - of this intent
    return {"query": request.slots.query}


_GIVEN: dict[Intent, Callable[[Request, Scene], Given | None]] = {
    "nowcast": _nowcast,
    "forecast": _forecast,
    "what_if": what_if_arguments,
    "explain": _explain,
    "optimize": _optimize,
    "history": _history,
    "bill": _bill,
    "drift": _status,
    "health": _status,
    "model": _status,
    "knowledge": _look_up,
}
