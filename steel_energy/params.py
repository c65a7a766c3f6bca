"""Every hyperparameter, threshold and default that a user may change: ``params.yaml``, typed.

The file carries a sentence for each value; the classes here carry type and bounds and no second copy of the value.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from steel_energy.config import Record, load_record


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


class Params(Record):
    """The whole of ``params.yaml``."""

    seed: int = Field(ge=0)
    cleaning: CleaningParams
    evaluation: EvaluationParams


def load_params(path: Path) -> Params:
    """Read and validate ``params.yaml``.

    Raises:
        ConfigError: the file is missing or a value does not validate; names the field.
    """
    return load_record(path, Params)
