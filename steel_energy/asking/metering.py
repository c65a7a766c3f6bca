"""The estimate of an interval from its meter values."""

from __future__ import annotations

from steel_energy.asking.hearing import Heard
from steel_energy.asking.moments import MINUTE
from steel_energy.asking.outcomes import Doubt, Focus, NowcastSlots, Request
from steel_energy.asking.scene import Scene

FIELDS = (
    "lagging_reactive_power",
    "leading_reactive_power",
    "co2",
    "lagging_power_factor",
    "leading_power_factor",
    "nsm",
)
SECONDS = 60


def nowcast(heard: Heard, scene: Scene) -> Request:
    """The request of a meter's values.

    Raises:
        Doubt: a value is missing.
    """
    del scene  # values alone count
    values: dict[str, float | int | str] = dict(heard.fields)
    if heard.clocks and heard.clocks[0].spans:
        values.setdefault("nsm", heard.clocks[0].spans[0][0] * SECONDS)
    for field in FIELDS:
        if field not in values:
            raise Doubt(field)
    day = heard.days[0].past or heard.days[0].future if heard.days else None
    if day is None:
        raise Doubt("day_of_week")
    band = heard.band or heard.words.first(heard.text, "meter_bands")
    if band is None:
        raise Doubt("load_type", text="meter_load_type")
    values |= {
        "nsm": int(values["nsm"]),
        "day_of_week": (day.start + MINUTE).weekday(),
        "load_type": band.title(),
    }
    slots = NowcastSlots.model_validate(values)
    return Request(intent="nowcast", slots=slots, language=heard.language, focus=Focus(measure="usage"))
