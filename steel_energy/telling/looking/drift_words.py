"""What of a drift report moved, each with its figure and what is usual, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steel_energy.telling.formats import Voice

HOURS = ("working_hours", "unchanged")
"""Figures in hours; the others are shares."""


def moved(report: Mapping[str, Any], voice: Voice) -> tuple[list[str], list[str], dict[str, float]]:
    """Columns and figures that moved in words, a remedy for each kind of them, and their figures."""
    parts: list[str] = []
    remedies: list[str] = []
    figures: dict[str, float] = {}
    for one in report["columns"]:
        if one["verdict"] != "none":
            name = one["column"]
            figures |= {f"{name}_psi": one["psi"], f"{name}_usual_psi": one["usual_psi"]}
            shown = {"psi": voice.number(one["psi"], 2), "usual": voice.number(one["usual_psi"], 2)}
            parts.append(voice("drift_column", column=voice(f"column_{name}"), **shown))
            remedies.append(voice("remedy_load_type" if name == "load_type" else "remedy_column"))
    for one in report["figures"]:
        if one["verdict"] != "none":
            parts.append(_figure(one, figures, voice))
            remedies.append(voice(f"remedy_{one['figure']}"))
    return parts, list(dict.fromkeys(remedies)), figures


def _figure(one: Mapping[str, Any], figures: dict[str, float], voice: Voice) -> str:
    """A figure that moved; it is added to ``figures``."""
    figure, column = one["figure"], one["column"]
    name = f"{figure}_{column}" if column else figure
    unit = "h" if figure in HOURS else "share"
    values = {f"{name}_{unit}": one["value"], f"{name}_limit_{unit}": one["moderate_at"]}
    figures |= values
    value, limit = (voice.figure(key, abs(each)) for key, each in values.items())
    text = voice(f"drift_{figure}", value=value, limit=limit)
    return voice("drift_of_column", text=text, column=voice(f"column_{column}")) if column else text
