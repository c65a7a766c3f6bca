"""How a scenario's difference came about: each change's part, where energy goes, which charges differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from steel_energy.telling.changing.phrases import between_days, shown_as_nothing, signed, signed_kwh
from steel_energy.telling.changing.subjects import label_of
from steel_energy.telling.formats import Voice
from steel_energy.telling.records import Result
from steel_energy.whatif.changes import Change

MOST_CHANGES = 8
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
    bands = _bands(result)
    figures |= {f"{band}_band_difference_kwh": kwh for band, kwh in bands.items()}
    effects = result["effects"]
    if len(changes) == 1:
        parts = [_alone(effects[0], bands, figures, voice)]
    else:
        parts = [*_each(changes, effects, figures, voice), ", ".join(_band_list(bands, voice))]
    charges = list(_charges(result, figures, voice))
    parts = [*filter(None, parts), *([voice.listing(charges)] if charges else [])]
    return voice("wi_derived", parts="; ".join(parts)) if parts else ""


def _each(changes: Sequence[Change], effects: Sequence[Result], figures: dict[str, Any], voice: Voice) -> Iterator[str]:
    """What each of a few changes does, with its name and its part of the cost."""
    if len(changes) > MOST_CHANGES:
        return
    for place, (change, effect) in enumerate(zip(changes, effects, strict=True), start=1):
        done = _done(effect, f"change_{place}_", figures, voice, days="")
        figures[f"change_{place}_cost_krw"] = effect["cost_krw"]
        cost = f"{done}, {signed(effect['cost_krw'], voice, 0)} KRW"
        yield voice("wi_own_cost", what=label_of(change, changes, voice), cost=cost)


def _alone(effect: Result, bands: dict[str, float], figures: dict[str, Any], voice: Voice) -> str:
    """What the only change does, with the bands that its energy leaves and comes to."""
    days = ""
    if effect["first_day"]:
        first, last = (dt.date.fromisoformat(effect[name]) for name in ("first_day", "last_day"))
        days = f" {between_days(first, last, voice)}"
    left = {band: kwh for band, kwh in bands.items() if kwh < 0}
    came = {band: kwh for band, kwh in bands.items() if kwh > 0}
    if left and came and abs(sum(left.values()) + effect["moved_kwh"]) < SOME_KWH:  # none moves within a band
        figures["moved_kwh"] = effect["moved_kwh"]
        places = {name: _places(part, voice) for name, part in (("sources", left), ("targets", came))}
        return voice("wi_moved_bands", energy=voice.kwh(effect["moved_kwh"]), days=days, **places)
    done = _done(effect, "", figures, voice, days=days)
    if len(bands) == 1:
        inside = voice("wi_all_in_band", band=voice(f"ch_band_{next(iter(bands))}"))
        return f"{done} {voice('wi_bands', bands=inside)}"
    shown = ", ".join(_band_list(bands, voice))
    return f"{done} {voice('wi_bands', bands=shown)}" if shown else done


def _done(effect: Result, prefix: str, figures: dict[str, Any], voice: Voice, *, days: str) -> str:
    """The energies of a change."""
    if effect["kind"] == "tariff":
        return voice("wi_by_tariff")
    if effect["first_day"] is None:
        return voice("wi_untouched")
    if effect["kind"] == "power_factor":
        return _reactive(effect, prefix, figures, voice, days=days)
    if effect["kind"] == "move_load":
        figures[f"{prefix}moved_kwh"] = effect["moved_kwh"]
        return voice("wi_moved", energy=voice.kwh(effect["moved_kwh"]), days=days)
    figures[f"{prefix}usage_kwh"] = effect["usage_kwh"]
    return voice("wi_more_energy", energy=signed_kwh(effect["usage_kwh"], voice), days=days)


def _reactive(effect: Result, prefix: str, figures: dict[str, Any], voice: Voice, *, days: str) -> str:
    names = ("lagging_kvarh", "leading_kvarh")
    figures |= {f"{prefix}{name}": effect[name] for name in names}
    lagging, leading = (f"{signed(effect[name], voice)} kvarh" for name in names)
    key = "wi_reactive" if shown_as_nothing(leading) else "wi_reactive_both"
    return voice(key, lagging=lagging, leading=leading, days=days)


def _bands(result: Result) -> dict[str, float]:
    """More or less energy by billing band; none where the tariff changes, whose bands are others."""
    if result["baseline_tariff"] != result["scenario_tariff"]:
        return {}
    more = dict.fromkeys(BANDS, 0.0)
    for line in result["lines"]:
        if line["kind"] == "energy" and line["band"] in more:
            more[line["band"]] += line["scenario_quantity"] - line["baseline_quantity"]
    return {band: kwh for band, kwh in more.items() if abs(kwh) >= SOME_KWH}


def _band_list(bands: dict[str, float], voice: Voice) -> list[str]:
    names = {band: voice(f"ch_band_{band}") for band in bands}
    return [voice("wi_band", band=names[band], energy=signed_kwh(kwh, voice)) for band, kwh in bands.items()]


def _places(bands: dict[str, float], voice: Voice) -> str:
    """Bands by name, of several with their energy."""
    if len(bands) == 1:
        return voice(f"ch_band_{next(iter(bands))}")
    parts = [(voice(f"ch_band_{band}"), voice.kwh(abs(kwh))) for band, kwh in bands.items()]
    return voice.listing([voice("wi_share_in_band", band=band, energy=energy) for band, energy in parts])


def _charges(result: Result, figures: dict[str, Any], voice: Voice) -> Iterator[str]:
    """The charges that differ."""
    for charge in CHARGES:
        cost = result["difference"][f"{charge}_krw"]
        shown = signed(cost, voice, 0)
        if not shown_as_nothing(shown):
            figures[f"{charge}_difference_krw"] = cost
            yield voice("wi_charge", charge=voice(f"ch_charge_{charge}"), cost=f"{shown} KRW")
