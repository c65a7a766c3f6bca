"""From a tool's arguments to the request of a route, by the planner's own rules; nothing is asked of a route here.

Each maker puts the arguments into what the planner would have heard, so that a tool and a typed question come to the
same request. What a maker cannot make sense of is an error that says which argument to mend, and how.
"""

from __future__ import annotations

import dataclasses
from functools import singledispatch

from steel_energy.asking.changing import what_if
from steel_energy.asking.hearing import Heard, hear
from steel_energy.asking.jobs import JobSaid
from steel_energy.asking.lexicon import Language
from steel_energy.asking.looking import bill, explain, forecast, history
from steel_energy.asking.outcomes import Doubt, KnowledgeSlots, NoSlots, NowcastSlots, Request
from steel_energy.asking.quantities import Quantity
from steel_energy.asking.scene import MINUTES, Scene
from steel_energy.asking.scheduling import optimize
from steel_energy.asking.text import typed
from steel_energy.plant import WEEKDAYS
from steel_service.agent import arguments as given
from steel_service.agent.scenarios import heard_change, tariffs_of
from steel_service.agent.times import heard_times
from steel_service.agent.unclear import refused

PERCENT = 100
SECONDS = 60
DIGITS = 9  # of a share: 0.07 and not 0.07000000000000001


def request_of(arguments: given.Arguments, scene: Scene, language: Language) -> Request:
    """The request that a tool's arguments come to.

    Args:
        arguments: validated.
        scene: the plant as it stands.
        language: of the answer.

    Raises:
        TimeError: an argument that is a time cannot be read.
        DoubtfulCallError: something is missing, or could be several things.
    """
    try:
        request = _made(arguments, scene, language)
    except Doubt as doubt:
        raise refused(doubt) from doubt
    return request.model_copy(update={"language": language})


@singledispatch
def _made(arguments: given.Arguments, scene: Scene, language: Language) -> Request:
    raise NotImplementedError(arguments)  # a tool without a maker is a bug


@_made.register
def _forecast(arguments: given.Forecast, scene: Scene, language: Language) -> Request:
    return forecast(_focused(arguments, scene, language), scene)


@_made.register
def _history(arguments: given.History, scene: Scene, language: Language) -> Request:
    heard = _focused(arguments, scene, language)
    by = None if arguments.by == "auto" else arguments.by
    band = None if arguments.load_type == "none" else arguments.load_type
    return history(dataclasses.replace(heard, tense="past", aggregation=by, band=band), scene)


@_made.register
def _bill(arguments: given.Bill, scene: Scene, language: Language) -> Request:
    heard = _times(arguments.when, arguments.compare_with, scene, language)
    tariffs = tariffs_of(arguments.other_tariff, scene)
    return bill(dataclasses.replace(heard, tense="past", measure=arguments.measure, tariffs=tariffs), scene)


@_made.register
def _what_if(arguments: given.WhatIf, scene: Scene, language: Language) -> Request:
    heard = _times(arguments.when, arguments.to_day, scene, language, second="to_day")
    changed = heard_change(heard, arguments, scene, language)
    return what_if(dataclasses.replace(changed, measure=arguments.measure), scene)


@_made.register
def _explain(arguments: given.Explain, scene: Scene, language: Language) -> Request:
    heard = _times(arguments.when, "", scene, language)
    is_forecast = arguments.what == "forecast"
    return explain(
        dataclasses.replace(
            heard,
            intents=("explain", "forecast") if is_forecast else ("explain",),
            measure="peak" if arguments.what == "peak" else None,
            tense=None if is_forecast else "past",
        ),
        scene,
    )


@_made.register
def _optimize(arguments: given.Optimize, scene: Scene, language: Language) -> Request:
    heard = _times(arguments.when, "", scene, language)
    share, limit = arguments.movable_percent / PERCENT, arguments.limit_kw
    said = [Quantity(round(share, DIGITS), "share")] if share else []
    said += [Quantity(limit, "kw", is_limit=True)] if limit else []
    jobs = _jobs(arguments, scene, language)
    return optimize(dataclasses.replace(heard, quantities=tuple(said), jobs=jobs), scene)


@_made.register
def _nowcast(arguments: given.Nowcast, scene: Scene, language: Language) -> Request:
    del scene  # a meter's values stand for themselves
    hour, minute = (int(part) for part in arguments.time_of_day.split(":"))
    slots = NowcastSlots.model_validate(
        {
            "lagging_reactive_power": arguments.lagging_reactive_kvarh,
            "leading_reactive_power": arguments.leading_reactive_kvarh,
            "co2": arguments.co2_t,
            "lagging_power_factor": round(arguments.lagging_power_factor_percent / PERCENT, DIGITS),
            "leading_power_factor": round(arguments.leading_power_factor_percent / PERCENT, DIGITS),
            "nsm": (hour * MINUTES + minute) * SECONDS,
            "day_of_week": WEEKDAYS.index(arguments.weekday),
            "load_type": arguments.load_type.title(),
        }
    )
    return Request(intent="nowcast", slots=slots, language=language)


@_made.register
def _status(arguments: given.Status, scene: Scene, language: Language) -> Request:
    del scene  # it is of the system, not of a time
    return Request(intent=arguments.of, slots=NoSlots(), language=language)


@_made.register
def _look_up(arguments: given.LookUp, scene: Scene, language: Language) -> Request:
    del scene  # notes are of no time
    return Request(intent="knowledge", slots=KnowledgeSlots(query=arguments.query), language=language)


def _times(first: str, second_words: str, scene: Scene, language: Language, *, second: str = "compare_with") -> Heard:
    """What was heard of one or two times, and nothing of anything else."""
    one = heard_times(first, scene, field="when", language=language)
    two = heard_times(second_words, scene, field=second, language=language)
    return Heard(
        text="",
        marked="",
        language=one.language,
        days=(*one.days, *two.days),
        clocks=one.clocks or two.clocks,
        doubtful=(*one.doubtful, *two.doubtful),
        is_compared=bool(two.days) and second == "compare_with",
    )


def _focused(arguments: given.Forecast | given.History, scene: Scene, language: Language) -> Heard:
    heard = _times(arguments.when, arguments.compare_with, scene, language)
    statistic = None if arguments.statistic == "none" else arguments.statistic
    return dataclasses.replace(heard, measure=arguments.measure, statistic=statistic)


def _jobs(arguments: given.Optimize, scene: Scene, language: Language) -> tuple[JobSaid, ...]:
    first = JobSaid(
        name=arguments.job_name,
        power_kw=arguments.power_kw or None,
        duration_minutes=arguments.duration_hours * MINUTES or None,
        energy_kwh=arguments.energy_kwh or None,
    )
    if not arguments.more_jobs:
        return () if first == JobSaid(name=arguments.job_name) else (first,)
    more = hear(
        typed(arguments.more_jobs, usual=language), now=scene.clock, params=scene.params, tariffs=scene.tariffs
    ).jobs
    return more if first.is_empty else (first, *more)
