"""Explained forecasts as short English sentences, made of drivers, features and kWh; see ``words`` for the past."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

import numpy as np

from steel_energy.calendar import interval_end
from steel_energy.explaining.drivers import words_of
from steel_energy.explaining.forecasts import FeaturePart, ForecastExplanation
from steel_energy.explaining.words import kwh_text, signed_kwh
from steel_energy.schema import INTERVAL_MINUTES, LOAD_TYPES

UNITS = {"_kvarh": " kvarh", "_factor": " %", "_kwh": " kWh"}
"""By the ending of a feature's name."""
YES_OR_NO = ("no", "yes")


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
    told = "; ".join(f"{words_of(one.feature)} {_value(one)} {signed_kwh(one.kwh)}" for one in features)
    return f"{driver.capitalize()}: {signed_kwh(kwh)}{f' ({told})' if told else ''}."


def rest_sentence(told: ForecastExplanation, kwh: float) -> str:
    """What lies between the trees' forecast and the one that was answered."""
    if told.is_whole:
        return f"Kept from falling below zero: {signed_kwh(kwh)}."
    return f"The other member of the ensemble, which has no trees, moves the mean by {signed_kwh(kwh)}."


def _value(part: FeaturePart) -> str:
    name, value = part.feature, part.value
    if np.isnan(value):
        return "(not known)"
    if name == "slot":
        hour, minute = divmod(int(value) * INTERVAL_MINUTES, 60)
        return f"{hour:02}:{minute:02}"
    if name == "weekday":
        return calendar.day_name[int(value) - 1]
    if name == "load_type":
        return LOAD_TYPES[int(value)]
    if "closed" in name:
        return YES_OR_NO[int(value)]
    return f"{value:.1f}{next((unit for ending, unit in UNITS.items() if name.endswith(ending)), '')}"
