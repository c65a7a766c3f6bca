"""What alerts on the tables of a week share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steel_energy.alerts.alert import local
from steel_energy.calendar import in_zone
from steel_energy.plant import Plant


def window(row: Mapping[str, Any], plant: Plant) -> str:
    """Which days a week's row is of, and whose champion they are compared with."""
    first, last = (local(in_zone(row[name], plant.zone)) for name in ("window_from", "window_until"))
    return f"Readings from {first} to {last}, champion {row['champion_version']}."
