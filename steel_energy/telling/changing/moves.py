"""What of the base load a plan moves: from which bands to which, and to which hours most of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.asking.scene import Scene
from steel_energy.schema import INTERVAL, INTERVALS_PER_HOUR
from steel_energy.telling.changing.phrases import per_energy, short_day, span
from steel_energy.telling.formats import Voice
from steel_energy.telling.records import Result, moment

SOME_KWH = 0.05
MOST_STRETCHES = 2
MOST_GAP = INTERVALS_PER_HOUR
"""Intervals without that a stretch may hold."""
Stretch = Sequence[Result]


def move_line(result: Result, scene: Scene, figures: dict[str, Any], voice: Voice, *, during: str) -> str:
    """The sentence about base load that moves, or that moving it saves nothing.

    Args:
        result: of /optimize.
        scene: whose zone times are shown in.
        figures: gets what the sentence is made of.
        voice: of the answer.
        during: the period, as the beginning of a sentence.
    """
    schedule = result["schedule"]
    moved = sum(max(one["moved_kwh"], 0.0) for one in schedule)
    if moved < SOME_KWH:
        return voice("op_move_none", during=during)
    left, came = _by_band(schedule, -1), _by_band(schedule, 1)
    figures.update(
        {"moved_kwh": moved} | {f"source_{place}_kwh": kwh for place, kwh in enumerate(left.values(), start=1)}
    )
    for place, (_, price) in enumerate([*left, *came], start=1):
        figures[f"price_{place}_krw_per_kwh"] = price
    return voice(
        "op_move",
        during=during,
        energy=voice.kwh(moved),
        sources=voice.listing([_source(one, kwh, voice) for one, kwh in left.items()]),
        targets=voice.listing(
            [voice("op_target", band=voice(f"ch_band_{band}"), price=per_energy(price, voice)) for band, price in came]
        ),
        when=_when(schedule, scene, voice),
    )


def _by_band(schedule: Sequence[Result], sign: int) -> dict[tuple[str, float], float]:
    """Energy that comes (1) or leaves (-1) by band and price, the most first; hardly any is left out."""
    found: dict[tuple[str, float], float] = {}
    for one in schedule:
        key = one["billing_band"], one["energy_krw_per_kwh"]
        found[key] = found.get(key, 0.0) + max(sign * one["moved_kwh"], 0.0)
    return {key: kwh for key, kwh in sorted(found.items(), key=lambda one: -one[1]) if kwh >= SOME_KWH}


def _source(kind: tuple[str, float], kwh: float, voice: Voice) -> str:
    return voice("op_source", energy=voice.kwh(kwh), band=voice(f"ch_band_{kind[0]}"), price=per_energy(kind[1], voice))


def _stretches(schedule: Sequence[Result]) -> list[Stretch]:
    """The stretches that take the most, short gaps within them, in the order of time."""
    places = [place for place, one in enumerate(schedule) if one["moved_kwh"] >= SOME_KWH]
    runs: list[list[int]] = []
    for place in places:
        if runs and place - runs[-1][-1] <= MOST_GAP + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    found = [schedule[run[0] : run[-1] + 1] for run in runs]
    by_energy = sorted(found, key=lambda stretch: -sum(max(one["moved_kwh"], 0.0) for one in stretch))
    return sorted(by_energy[:MOST_STRETCHES], key=lambda stretch: stretch[0]["interval_start"])


def _when(schedule: Sequence[Result], scene: Scene, voice: Voice) -> str:
    """To which hours most goes, with the day where the plan has several."""
    days = {moment(one["interval_start"], scene).date() for one in schedule}
    shown = []
    for stretch in _stretches(schedule):
        start = moment(stretch[0]["interval_start"], scene)
        end = moment(stretch[-1]["interval_start"], scene) + INTERVAL
        hours = span(start, end, voice)
        is_one = len(days) == 1
        shown.append(hours if is_one else voice("op_at_day", day=short_day(start.date(), voice), hours=hours))
    return voice("op_at_hours", hours=voice.listing(shown)) if len(days) == 1 else voice.listing(shown)
