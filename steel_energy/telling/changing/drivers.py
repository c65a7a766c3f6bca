"""What is behind a contribution to the past, in a clause: what was, and what is usual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steel_energy.explaining.past import STATES
from steel_energy.telling.changing.phrases import exactly
from steel_energy.telling.formats import MINUTES, Voice
from steel_energy.telling.records import Result

Values = Mapping[str, Any]


def detail_of(part: Result, figures: dict[str, Any], voice: Voice) -> str:
    """The clause of a contribution; empty of what has none, such as the remainder, or where a value is not known.

    Args:
        part: of /explain.
        figures: gets the values that the clause names.
        voice: of the answer.
    """
    tell = _DETAILS.get(part["code"])
    if tell is None or None in part["values"].values():
        return ""
    text, used = tell(part["values"], voice)
    figures |= {f"{part['code']}_{name}": part["values"][name] for name in used}
    return text


def _state(values: Values, voice: Voice) -> tuple[str, list[str]]:
    """Of an interval the power just before, of a day the state that it was in for so much longer."""
    if "state" in values:
        before, usual = (voice.kw(values[name]) for name in ("before_kw", "usual_before_kw"))
        return voice("ex_state_before", before=before, usual=usual), ["before_kw", "usual_before_kw"]
    state = max(STATES, key=lambda one: values[f"{one}_hours"] - values[f"usual_{one}_hours"])
    names = [f"{state}_hours", f"usual_{state}_hours"]
    hours, usual = (exactly(values[name], voice) for name in names)
    return voice("ex_state_hours", state=voice(f"ex_state_{state}"), hours=hours, usual=usual), names


def _recent(values: Values, voice: Voice) -> tuple[str, list[str]]:
    if "days" in values:
        names = ["recent_kwh", "usual_recent_kwh"]
        energy, usual = (voice.kwh(values[name]) for name in names)
        kind, days = voice(f"ex_{values['day_type']}"), exactly(values["days"], voice)
        return voice("ex_recent_days", energy=energy, usual=usual, days=days, kind=kind), [*names, "days"]
    names = ["recent_kw", "usual_recent_kw"]
    power, usual = (voice.kw(values[name]) for name in names)
    return voice("ex_recent_hours", power=power, usual=usual, hours=exactly(values["hours"], voice)), [*names, "hours"]


def _band(values: Values, voice: Voice) -> tuple[str, list[str]]:
    """The season of the tariff, and of an interval its band; a season that this project has no word for as named."""
    season, *rest = str(values["band"]).split(" ")
    shown = voice.texts.get(f"ch_season_{season}", season)
    if len(rest) == 1:
        shown = f"{shown}, {voice(f'ch_band_{rest[0]}')}"
    names = ["cases_in_band", "cases"]
    alike, cases = (voice.number(values[name], 0) for name in names)
    return voice("ex_band", season=shown, alike=alike, cases=cases), names


def _reactive(values: Values, voice: Voice) -> tuple[str, list[str]]:
    """Of an interval the energy that came along, of a day its power factor."""
    if "lagging_kvarh" in values:
        names = ["lagging_kvarh", "usual_lagging_kvarh"]
        kvarh, usual = (voice.kvarh(values[name]) for name in names)
        return voice("ex_reactive_kvarh", kvarh=kvarh, usual=usual), names
    names = ["lagging_power_factor_percent", "usual_lagging_power_factor_percent"]
    percent, usual = (voice.points(values[name]) for name in names)
    return voice("ex_reactive", percent=percent, usual=usual), names


def _hour(values: Values, voice: Voice) -> tuple[str, list[str]]:
    if "centre_hour" not in values:
        return "", []
    clock, usual = (voice.clock(round(MINUTES * values[name])) for name in ("centre_hour", "usual_centre_hour"))
    return voice("ex_centre", clock=clock, usual=usual), []


_DETAILS: dict[str, Callable[[Values, Voice], tuple[str, list[str]]]] = {
    "operating_state": _state,
    "recent_level": _recent,
    "tariff_band": _band,
    "reactive": _reactive,
    "hour": _hour,
}
