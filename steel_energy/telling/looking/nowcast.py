"""The energy of an interval from the meter's other values, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Result, Told


def nowcast(request: Request, results: Sequence[Result], _scene: Scene) -> Told:
    """The answer on a meter's values of one interval."""
    say, found = voice(request.language), results[0]
    version = found["model_version"]
    usage_kwh = found["predicted_usage_kwh"]
    if usage_kwh is None:
        return Told(text=say("nowcast_none"), figures={"model_version": version}, model_version=version)
    figures: dict[str, Any] = {"usage_kwh": usage_kwh, "mean_kw": usage_kwh * INTERVALS_PER_HOUR}
    texts = [say("nowcast", usage=say.kwh(usage_kwh), mean=say.kw(figures["mean_kw"]))]
    low, high = found["confidence_interval_lower"], found["confidence_interval_upper"]
    how = "physics" if found["consistent"] else "rough"
    if low == high:
        texts.append(say(f"nowcast_{how}_exact"))
    else:
        figures |= {"low_kwh": low, "high_kwh": high}
        texts.append(say(f"nowcast_{how}", low=say.kwh(low), high=say.kwh(high)))
    texts.append(say("nowcast_by", version=version))
    return Told(text=" ".join(texts), figures=figures | {"model_version": version}, model_version=version)
