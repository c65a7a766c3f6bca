"""What the reader changes in a what-if, as the service's request; which input a refusal is about. No widget here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from steel_ui.client import INTERVALS_PER_HOUR

HOURS_PER_DAY = 24
LOADS = MappingProxyType({"next_1d": 1, "next_7d": 7, "last_7d": -7, "last_28d": -28})
"""What is changed: days ahead as they are forecast, or, negative, the last days that were measured."""
INPUTS = MappingProxyType(
    {
        ("move_load", ""): "to_hours",
        ("move_load", "share"): "share",
        ("move_load", "from_hours"): "from_hours",
        ("move_load", "to_hours"): "to_hours",
        ("close_day", "day"): "closed_day",
        ("scale_production", "factor"): "factor",
        ("power_factor", "capacitor_kvar"): "capacitor_kvar",
        ("power_factor", "investment_krw"): "investment_krw",
        ("tariff", "tariff"): "tariff",
    }
)
"""Which input shows what the service says of a change's field."""


@dataclass(frozen=True)
class ScenarioForm:
    """Everything that is filled in for a what-if; as it is built here it changes nothing."""

    load: str = "next_7d"
    share: float = 0.0
    from_hours: tuple[int, int] = (10, 12)
    to_hours: tuple[int, int] = (23, 5)
    factor: float = 1.0
    closed_day: dt.date | None = None
    capacitor_kvar: float | None = None
    control: Literal["automatic", "fixed"] = "automatic"
    investment_krw: float | None = None
    tariff: str = ""


def changes_of(form: ScenarioForm) -> list[dict[str, Any]]:
    """What the form changes, in the order in which the service makes it; empty where it changes nothing.

    >>> changes_of(ScenarioForm(factor=0.9))
    [{'kind': 'scale_production', 'factor': 0.9}]
    """
    changes: list[dict[str, Any]] = []
    if form.share:
        hours = {"from_hours": _hours(form.from_hours), "to_hours": _hours(form.to_hours)}
        changes.append({"kind": "move_load", "share": form.share, **hours})
    if form.closed_day:
        changes.append({"kind": "close_day", "day": form.closed_day.isoformat()})
    if form.factor != 1:
        changes.append({"kind": "scale_production", "factor": form.factor})
    if form.capacitor_kvar:
        bank = {"kind": "power_factor", "capacitor_kvar": form.capacitor_kvar, "control": form.control}
        changes.append(bank | ({"investment_krw": form.investment_krw} if form.investment_krw else {}))
    if form.tariff.strip():
        changes.append({"kind": "tariff", "tariff": form.tariff.strip()})
    return changes


def load_of(form: ScenarioForm, *, known_until: dt.datetime) -> dict[str, Any]:
    """The load that is changed; measured days end at the last midnight of the known readings."""
    days = LOADS[form.load]
    if days > 0:
        return {"kind": "forecast", "horizon": days * HOURS_PER_DAY * INTERVALS_PER_HOUR}
    end = dt.datetime.combine(known_until.date(), dt.time())
    return {"kind": "measured", "from": (end + dt.timedelta(days=days)).isoformat(), "to": end.isoformat()}


def input_of(field: str, changes: list[dict[str, Any]]) -> str | None:
    """The input that the service's ``field`` is about; None where there is none.

    >>> input_of("changes.0.close_day.day", [{"kind": "close_day", "day": "2019-01-05"}])
    'closed_day'
    """
    parts = field.split(".")
    if parts[0] == "load":
        return "load"
    if parts[0] != "changes" or not parts[1:] or not parts[1].isdecimal() or int(parts[1]) >= len(changes):
        return None
    kind = changes[int(parts[1])]["kind"]
    names = [part for part in parts[2:] if (kind, part) in INPUTS]
    return INPUTS.get((kind, names[0] if names else ""))


def _hours(hours: tuple[int, int]) -> dict[str, int]:
    return {"from_hour": hours[0], "to_hour": hours[1]}
