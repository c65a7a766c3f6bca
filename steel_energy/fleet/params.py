"""The section ``fleet`` of params.yaml."""

from __future__ import annotations

from pydantic import Field

from steel_energy.config import Record


class FleetParams(Record):
    """How one model is trained on the readings of all plants."""

    needed_days: int = Field(ge=7)
    rows_per_plant: int = Field(ge=100)
    plant_groups: int = Field(ge=2)
    workers: int = Field(ge=1)
