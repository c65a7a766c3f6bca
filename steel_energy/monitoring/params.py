"""How a served model is watched: the section ``monitoring`` of params.yaml."""

from __future__ import annotations

from pydantic import Field

from steel_energy.config import Record


class MonitoringParams(Record):
    """When a model counts as degraded, when a plant is trained again, and when a promotion is taken back."""

    retrain_on_degradation: float = Field(gt=1)
    retrain_on_misses: float = Field(gt=1)
    usual_chance: float = Field(gt=0, lt=0.5)
    max_inconsistent_share: float = Field(gt=0, le=1)
    recent_days: int = Field(ge=2)
    cool_down_hours: float = Field(ge=0)
    guard_days: int = Field(ge=2)
    guard_margin: float = Field(ge=0)
