"""Explained forecasts as short English sentences, made of drivers, features and kWh; see ``words`` for the past."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence

import numpy as np

from steel_energy.calendar import interval_end
from steel_energy.explaining.drivers import words_of
from steel_energy.explaining.forecasts import FeaturePart, ForecastExplanation
from steel_energy.explaining.words import kwh_text, signed_kwh
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_HOUR, LOAD_TYPES

UNITS = {"_kvarh": " kvarh", "_factor": " %"}
"""By the ending of a feature's name."""
LEAST_KWH = 0.05
"""What rounds to nothing is not told."""


def forecast_headline(told: ForecastExplanation, place: int | None) -> str:
    """Which forecast of how much, and whose trees tell why."""
    first, last = (told.interval_start[at] for at in (0, -1))
    when, what = f"{first:%a %d %b %Y, %H:%M} to {interval_end(last):%a %d %b %Y, %H:%M}", told.forecast_kwh.sum()
    if place is not None:
        start = told.interval_start[place]
        when, what = f"{start:%a %d %b %Y, %H:%M} to {interval_end(start):%H:%M}", told.forecast_kwh[place]
    return f"{when}: {kwh_text(float(what))} are expected. Explained by {told.about}."


def base_sentence(base_kwh: float) -> str:
    """What the trees expect where they know nothing."""
    return f"Knowing nothing, the trees expect {kwh_text(base_kwh)}."


def driver_sentence(driver: str, kwh: float, features: Sequence[FeaturePart]) -> str:
    """What a driver adds, and which of its features do most of it."""
    shown = [one for one in features if abs(one.kwh) >= LEAST_KWH]
    told = "; ".join(f"{words_of(one.feature)} ({_value(one)}) {signed_kwh(one.kwh)}" for one in shown)
    return f"{driver.capitalize()}: {signed_kwh(kwh)}{f', mostly {told}' if told else ''}."


def rest_sentence(told: ForecastExplanation, kwh: float) -> str:
    """What lies between the trees' forecast and the one that was answered."""
    if told.is_whole:
        return f"Kept from falling below zero: {signed_kwh(kwh)}."
    return f"The other member of the ensemble, which has no trees, moves the mean by {signed_kwh(kwh)}."


def _value(part: FeaturePart) -> str:
    if np.isnan(part.value):
        return "not known"
    if part.feature in SHOWN:
        return SHOWN[part.feature](int(part.value))
    if part.feature.endswith("_kwh"):
        return kwh_text(part.value)
    unit = next((unit for ending, unit in UNITS.items() if part.feature.endswith(ending)), "")
    return f"{part.value:.1f}{unit}"


def _clock(slot: int) -> str:
    hour, quarter = divmod(slot, INTERVALS_PER_HOUR)
    return f"{hour:02}:{quarter * INTERVAL_MINUTES:02}"


def _yes_or_no(is_so: int) -> str:
    return "yes" if is_so else "no"


SHOWN: dict[str, Callable[[int], str]] = {
    "slot": _clock,
    "weekday": lambda number: calendar.day_name[number - 1],
    "load_type": lambda number: LOAD_TYPES[number],
    "is_closed": _yes_or_no,
    "was_closed_yesterday": _yes_or_no,
    "is_closed_tomorrow": _yes_or_no,
}
"""How features that are no quantities are told."""
