"""The change of a what-if, put as the planner would have heard it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from steel_energy.asking.hearing import Heard
from steel_energy.asking.lexicon import Language
from steel_energy.asking.moments import Clock
from steel_energy.asking.outcomes import Doubt
from steel_energy.asking.quantities import Quantity
from steel_energy.asking.scene import Scene
from steel_service.agent.arguments import WhatIf
from steel_service.agent.times import heard_hours
from steel_service.agent.unclear import DoubtfulCallError

PERCENT = 100
DIGITS = 9  # of a share: 0.07 and not 0.07000000000000001
WHOLE_DAYS = frozenset({"close_day", "scale_production", "tariff"})
"""Changes that know no hours."""


def heard_change(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """What was heard of the days, with the change.

    Raises:
        Doubt: something of the change is missing.
        DoubtfulCallError: hours are given to a change that knows none, or there is no such tariff.
        TimeError: hours cannot be read.
    """
    if heard.clocks and arguments.change in WHOLE_DAYS:
        message = f"{arguments.change} changes whole days, not hours"
        raise DoubtfulCallError(message, field="when", remedy="name days only")
    return _CHANGES[arguments.change](heard, arguments, scene, language)


def tariffs_of(name: str, scene: Scene) -> tuple[str, ...]:
    """The other tariff, if one is named.

    Raises:
        DoubtfulCallError: there is no such tariff.
    """
    if name and name not in scene.tariffs:
        known = ", ".join(one for one in scene.tariffs if one != scene.tariff.id)
        raise DoubtfulCallError(f"there is no tariff {name!r}", field="other_tariff", remedy=f"use one of: {known}")
    return (name,) if name else ()


def _of_days(heard: Heard) -> Clock | None:
    """Hours that stand with the days: "tomorrow 10-12"."""
    return heard.clocks[0] if heard.clocks else None


def _changed(heard: Heard, kind: str, *, share: float = 0, clocks: tuple[Clock, ...] = ()) -> Heard:
    """Of a kind, with its share in percent and its hours."""
    quantities = (Quantity(round(share / PERCENT, DIGITS), "share"),) if share else ()
    return dataclasses.replace(heard, changes=(kind,), quantities=quantities, clocks=clocks)


def _moved(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """Load that moves, from some hours to others or from one day to another."""
    away = heard_hours(arguments.from_hours, scene, field="from_hours", language=language) or _of_days(heard)
    there = heard_hours(arguments.to_hours, scene, field="to_hours", language=language)
    clocks = [dataclasses.replace(away, is_range=False)] if away else []
    clocks += [dataclasses.replace(there, is_target=True, is_range=False)] if there else []
    return _changed(heard, "move_load", share=arguments.share_percent, clocks=tuple(clocks))


def _closed(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    del arguments, scene, language
    return _changed(heard, "close_day")


def _typed(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """Hours as they are under another load type."""
    hours = heard_hours(arguments.hours, scene, field="hours", language=language) or _of_days(heard)
    band = None if arguments.load_type == "none" else arguments.load_type
    return dataclasses.replace(_changed(heard, "load_type", clocks=(hours,) if hours else ()), band=band)


def _scaled(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """More or less production."""
    del scene, language
    percent = arguments.production_change_percent
    if percent == 0:
        raise Doubt("factor")
    return dataclasses.replace(_changed(heard, "scale_production"), factor=round(1 + percent / PERCENT, DIGITS))


def _corrected(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """A capacitor bank."""
    hours = heard_hours(arguments.hours, scene, field="hours", language=language) or _of_days(heard)
    size = [Quantity(arguments.capacitor_kvar, "kvar")] if arguments.capacitor_kvar else []
    cost = [Quantity(arguments.investment_krw, "krw")] if arguments.investment_krw else []
    heard = _changed(heard, "power_factor", clocks=(hours,) if hours else ())
    return dataclasses.replace(heard, quantities=(*size, *cost), is_automatic=arguments.is_automatic)


def _billed(heard: Heard, arguments: WhatIf, scene: Scene, language: Language) -> Heard:
    """Another tariff."""
    del language
    tariffs = tariffs_of(arguments.other_tariff, scene)
    return dataclasses.replace(_changed(heard, "tariff"), tariffs=tariffs)


_CHANGES: dict[str, Callable[[Heard, WhatIf, Scene, Language], Heard]] = {
    "move_load": _moved,
    "close_day": _closed,
    "load_type": _typed,
    "scale_production": _scaled,
    "capacitor_bank": _corrected,
    "tariff": _billed,
}
