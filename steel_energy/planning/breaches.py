"""Where a schedule does not keep to what the request asks: checked on the schedule itself, not on the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from steel_energy.planning.problem import Problem, Wait
from steel_energy.planning.schedule import Schedule
from steel_energy.schema import INTERVALS_PER_HOUR

TOLERANCE_KW = 1e-5


@dataclass(frozen=True)
class Breach:
    """A field of the request that a schedule breaks, and how, in words."""

    field: str
    words: str


def breaches(problem: Problem, schedule: Schedule) -> list[Breach]:
    """Every field that the schedule breaks, once each; empty where it keeps to all of them."""
    found = [*_of_tasks(problem, schedule), *_of_sharing(problem, schedule), *_of_limits(problem, schedule)]
    return list({one.field: one for one in reversed(found)}.values())[::-1]


def _of_tasks(problem: Problem, schedule: Schedule) -> Iterator[Breach]:
    for at, task in enumerate(problem.tasks):
        name = task.job.name
        if not schedule.is_done(at):
            if not task.job.is_optional:
                yield Breach(f"jobs.{name}", f"{name!r} is not done")
            continue
        for restriction in task.restrictions:
            if (hours := float((schedule.is_on[at] & restriction.barred).sum()) / INTERVALS_PER_HOUR) > 0:
                yield Breach(restriction.field, f"{name!r} runs {hours:g} h where {restriction.field} bars it")
        if any(last - first < task.min_run for first, last in schedule.runs(at)):
            yield Breach(f"jobs.{name}.min_run_minutes", f"a run of {name!r} is too short")
        if abs(float(schedule.energy_kwh[at].sum()) - task.energy_kwh) > TOLERANCE_KW:
            yield Breach(f"jobs.{name}", f"{name!r} does not get its energy")
        for wait in task.waits:
            if words := _wait_breach(problem, schedule, at, wait):
                yield Breach(wait.field, words)


def _wait_breach(problem: Problem, schedule: Schedule, at: int, wait: Wait) -> str | None:
    names = problem.tasks[at].job.name, problem.tasks[wait.first].job.name
    if not schedule.is_done(wait.first):
        return f"{names[0]!r} runs without {names[1]!r}"
    has_energy = np.flatnonzero(schedule.energy_kwh[wait.first] > TOLERANCE_KW)
    is_fixed = problem.tasks[wait.first].job.kind == "fixed"
    end = schedule.runs(wait.first)[-1][1] if is_fixed or not len(has_energy) else int(has_energy[-1]) + 1
    lag = schedule.runs(at)[0][0] - end
    if lag < wait.min_lag:
        return f"{names[0]!r} starts too early after {names[1]!r}"
    if wait.max_lag is not None and lag > wait.max_lag:
        return f"{names[0]!r} starts too late after {names[1]!r}"
    return None


def _of_sharing(problem: Problem, schedule: Schedule) -> Iterator[Breach]:
    groups = [(f"equipment.{name}", 1, users) for name, users in problem.equipment.items()]
    groups += [(f"crews.{name}.jobs_at_once", most, users) for name, (most, users) in problem.crews.items()]
    for field, most, users in groups:
        if int((schedule.is_on[users].sum(axis=0) > most).sum()):
            yield Breach(field, f"more than {most} of its jobs run at once")


def _of_limits(problem: Problem, schedule: Schedule) -> Iterator[Breach]:
    limits = problem.request.limits
    power_kw = schedule.load(problem).usage_kwh * INTERVALS_PER_HOUR
    if limits.power_kw is not None and power_kw.max() > limits.power_kw + TOLERANCE_KW:
        when = problem.horizon.moment(int(power_kw.argmax()))
        words = f"{power_kw.max():.1f} kW on {when:%Y-%m-%d %H:%M}, the limit is {limits.power_kw:g} kW"
        yield Breach("limits.power_kw", words)
    changes_kw = np.abs(np.diff(power_kw, prepend=power_kw[0]))
    if limits.ramp_kw is not None and changes_kw.max() > limits.ramp_kw + TOLERANCE_KW:
        when = problem.horizon.moment(int(changes_kw.argmax()))
        words = f"a change of {changes_kw.max():.1f} kW on {when:%Y-%m-%d %H:%M}, the limit is {limits.ramp_kw:g} kW"
        yield Breach("limits.ramp_kw", words)
    if limits.co2_t is not None and schedule.co2_t(problem) > limits.co2_t * (1 + 1e-9):
        yield Breach("limits.co2_t", f"{schedule.co2_t(problem):.3f} t of CO2, the limit is {limits.co2_t:g} t")
