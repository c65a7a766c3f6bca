"""Every hyperparameter, threshold and default that a user may change: ``params.yaml``, typed.

The file carries a sentence for each value; the classes here carry type and bounds and no second copy of the value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from steel_energy.config import Record, load_record
from steel_energy.timeline import MAX_HORIZON


class CleaningParams(Record):
    """Limits of cleaning."""

    max_repaired_share: float = Field(gt=0, le=1)
    max_physics_breach_share: float = Field(ge=0, lt=1)
    min_reference_match: float = Field(gt=0, le=1)


class EvaluationParams(Record):
    """How models are compared."""

    train_share: float = Field(gt=0, lt=1)
    validation_share: float = Field(gt=0, lt=1)
    origin_every_hours: int = Field(ge=1, le=24)
    promotion_margin: float = Field(ge=0, lt=1)


class LeadRange(Record):
    """A range of lead times with a model of its own; lead 1 is the interval that starts at the origin."""

    first: int = Field(ge=1, le=MAX_HORIZON)
    last: int = Field(ge=1, le=MAX_HORIZON)
    rows_per_origin: int = Field(ge=1)
    trees: int = Field(ge=1)


class BoostingParams(Record):
    """The boosted trees of ``forecasting/boosting.py``."""

    lead_ranges: tuple[LeadRange, ...]
    tweedie_variance_power: float = Field(gt=1, lt=2)
    learning_rate: float = Field(gt=0, le=1)
    leaves: int = Field(ge=2)
    min_rows_in_leaf: int = Field(ge=1)
    feature_share: float = Field(gt=0, le=1)
    row_share: float = Field(gt=0, le=1)
    bins: int = Field(ge=2, le=255)
    workers: int = Field(ge=1)

    @field_validator("lead_ranges")
    @classmethod
    def _every_lead_once(cls, ranges: tuple[LeadRange, ...]) -> tuple[LeadRange, ...]:
        leads = [lead for part in ranges for lead in range(part.first, part.last + 1)]
        if leads != list(range(1, MAX_HORIZON + 1)):
            raise ValueError(f"must cover each lead from 1 to {MAX_HORIZON} exactly once, in order")
        return ranges


class ForecastingParams(Record):
    """How forecasters are trained."""

    seed: int = Field(ge=0)
    min_training_days: int = Field(ge=15)
    warm_up_days: int = Field(ge=8)
    calibration_folds: int = Field(ge=2)
    calibration_levels: int = Field(ge=1)
    boosting: BoostingParams

    @model_validator(mode="after")
    def _training_outlasts_warm_up(self) -> Self:
        if self.min_training_days <= self.warm_up_days:
            raise ValueError(f"min_training_days must exceed warm_up_days ({self.warm_up_days})")
        return self


class Params(Record):
    """The whole of ``params.yaml``."""

    seed: int = Field(ge=0)
    cleaning: CleaningParams
    forecasting: ForecastingParams
    evaluation: EvaluationParams


def load_params(path: Path) -> Params:
    """Read and validate ``params.yaml``.

    Raises:
        ConfigError: the file is missing or a value does not validate; names the field.
    """
    return load_record(path, Params)
