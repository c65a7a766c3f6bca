"""How a scenario's difference came about: what each change does by itself, where energy goes, and which charge counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from steel_energy.telling.changing.phrases import between_days, shown_as_nothing, signed
from steel_energy.telling.changing.subjects import label_of
from steel_energy.telling.formats import Voice
from steel_energy.telling.records import Result
from steel_energy.whatif.changes import Change

MOST_CHANGES = 4
"""Of more changes the sum alone is told."""
CHARGES = ("energy", "demand", "power_factor", "co2")
BANDS = ("maximum", "medium", "light")
SOME_KWH = 0.5


def derived(changes: Sequence[Change], result: Result, figures: dict[str, Any], voice: Voice) -> str:
    """The clause that derives the difference.

    Args:
        changes: as asked.
        result: of /what-if.
        figures: gets what the clause is made of.
        voice: of the answer.
    """
    parts = list(_by_change(changes, result["effects"], figures, voice))
    if bands := _bands(result, figures, voice):
        parts[-1:] = [f"{one} {bands}" for one in parts[-1:]] if len(changes) == 1 else [*parts[-1:], bands.strip("()")]
    charges = list(_charges(result, figures, voice))
    return voice("wi_derived", parts="; ".join([*parts, voice.listing(charges)] if charges else parts)) if parts else ""


def _by_change(
    changes: Sequence[Change], effects: Sequence[Result], figures: dict[str, Any], voice: Voice
) -> Iterator[str]:
    """What each change does; of several its name and its part of the cost too."""
    if len(changes) > MOST_CHANGES:
        figures |= {"moved_kwh": sum(one["moved_kwh"] for one in effects)}
        if figures["moved_kwh"] >= SOME_KWH:
            yield voice("wi_moved", energy=voice.kwh(figures["moved_kwh"]), days="")
        return
    for place, (change, effect) in enumerate(zip(changes, effects, strict=True), start=1):
        prefix = f"change_{place}_" if len(changes) > 1 else ""
        done = _energies(effect, prefix, figures, voice)
        if len(changes) == 1:
            yield done
        else:
            figures[f"{prefix}cost_krw"] = effect["cost_krw"]
            cost = f"{signed(effect['cost_krw'], voice, 0)} KRW"
            yield voice("wi_own_cost", what=label_of(change, voice), cost=f"{done}, {cost}")


def _energies(effect: Result, prefix: str, figures: dict[str, Any], voice: Voice) -> str:
    if effect["kind"] == "tariff":
        return voice("wi_by_tariff")
    if effect["first_day"] is None:
        return voice("wi_untouched")
    first, last = (dt.date.fromisoformat(effect[name]) for name in ("first_day", "last_day"))
    days = "" if prefix else f" {between_days(first, last, voice)}"
    if effect["kind"] == "power_factor":
        names = ("lagging_kvarh", "leading_kvarh")
        figures |= {f"{prefix}{name}": effect[name] for name in names}
        lagging, leading = (f"{signed(effect[name], voice)} kvarh" for name in names)
        return voice("wi_reactive", lagging=lagging, leading=leading, days=days)
    if effect["kind"] == "move_load":
        figures[f"{prefix}moved_kwh"] = effect["moved_kwh"]
        return voice("wi_moved", energy=voice.kwh(effect["moved_kwh"]), days=days)
    figures[f"{prefix}usage_kwh"] = effect["usage_kwh"]
    return voice("wi_more_energy", energy=f"{signed(effect['usage_kwh'], voice)} kWh", days=days)


def _bands(result: Result, figures: dict[str, Any], voice: Voice) -> str:
    """More or less energy by billing band; empty where the tariff changes, whose bands are others."""
    if result["baseline_tariff"] != result["scenario_tariff"]:
        return ""
    more = dict.fromkeys(BANDS, 0.0)
    for line in result["lines"]:
        if line["kind"] == "energy" and line["band"] in more:
            more[line["band"]] += line["scenario_quantity"] - line["baseline_quantity"]
    told = {band: kwh for band, kwh in more.items() if abs(kwh) >= SOME_KWH}
    figures |= {f"{band}_band_difference_kwh": kwh for band, kwh in told.items()}
    parts = [
        voice("wi_band", band=voice(f"ch_band_{band}"), energy=f"{signed(kwh, voice)} kWh")
        for band, kwh in told.items()
    ]
    return voice("wi_bands", bands=", ".join(parts)) if parts else ""


def _charges(result: Result, figures: dict[str, Any], voice: Voice) -> Iterator[str]:
    """The charges that differ."""
    for charge in CHARGES:
        cost = result["difference"][f"{charge}_krw"]
        shown = signed(cost, voice, 0)
        if not shown_as_nothing(shown):
            figures[f"{charge}_difference_krw"] = cost
            yield voice("wi_charge", charge=voice(f"ch_charge_{charge}"), cost=f"{shown} KRW")
