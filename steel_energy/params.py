"""Every hyperparameter, threshold and default that a user may change: ``params.yaml``, typed.

The file carries a sentence for each value; the classes here carry type and bounds and no second copy of the value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from steel_energy.alerts.params import AlertParams
from steel_energy.asking.params import AskingParams
from steel_energy.config import Record, overlaid, read_yaml, validated
from steel_energy.drift import DriftParams
from steel_energy.errors import ConfigError
from steel_energy.fleet.params import FleetParams
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.planning.linear import PlanningParams
from steel_energy.savings.params import SavingsParams
from steel_energy.settings import Profile
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON

FULL = "full"  # the section of the file with what that profile does otherwise


class IntakeParams(Record):
    """How posted readings join those of a source."""

    max_gap_days: int = Field(ge=1)
    alone_days: int = Field(ge=1)


class CleaningParams(Record):
    """Limits of cleaning."""

    max_repaired_share: float = Field(gt=0, le=1)
    max_physics_breach_share: float = Field(ge=0, lt=1)
    min_reference_match: float = Field(gt=0, le=1)


FittedModel = Literal[
    "seasonal_naive",
    "seasonal_naive_day",
    "seasonal_naive_week",
    "lightgbm",
    "xgboost",
    "chronos_zero_shot",
    "chronos_fine_tuned",
    "chronos_fine_tuned_covariates",
    "timesfm",
]
"""The models that are fitted and tried out; ``forecasting.KINDS`` has a kind for each."""


class EvaluationParams(Record):
    """How models are compared."""

    train_share: float = Field(gt=0, lt=1)
    validation_share: float = Field(gt=0, lt=1)
    origin_every_hours: int = Field(ge=1, le=24)
    promotion_margin: float = Field(ge=0, lt=1)
    folds: int = Field(ge=2)
    cross_validated: tuple[FittedModel, ...]
    left_out: tuple[FittedModel | Literal["ensemble"], ...]
    coverage_tolerance: float = Field(gt=0, lt=0.5)

    @field_validator("left_out")
    @classmethod
    def _the_yardstick_stays(cls, models: tuple[str, ...]) -> tuple[str, ...]:
        if "seasonal_naive" in models:
            raise ValueError("cannot name seasonal_naive, which every other model has to beat")
        return models


class EnsembleParams(Record):
    """How ``forecasting/ensemble.py`` blends its members."""

    lead_ends: tuple[int, ...] = Field(min_length=1)
    pull_to_equal: float = Field(ge=0, le=1)

    @field_validator("lead_ends")
    @classmethod
    def _rise_to_the_last_lead(cls, ends: tuple[int, ...]) -> tuple[int, ...]:
        if ends != tuple(sorted(set(ends))) or ends[0] < 1 or ends[-1] != MAX_HORIZON:
            raise ValueError(f"must rise from 1 or more to {MAX_HORIZON}")
        return ends


class LeadRange(Record):
    """A range of lead times with a model of its own; lead 1 is the interval that starts at the origin."""

    first: int = Field(ge=1, le=MAX_HORIZON)
    last: int = Field(ge=1, le=MAX_HORIZON)
    rows_per_origin: int = Field(ge=1)
    trees: int = Field(ge=1)

    @property
    def name(self) -> str:
        """As in file names: ``leads-017-096``."""
        return f"leads-{self.first:03d}-{self.last:03d}"


class TreeParams(Record):
    """How one maker's trees of ``forecasting/boosters.py`` grow."""

    learning_rate: float = Field(gt=0, le=1)
    leaves: int = Field(ge=2)
    min_rows_in_leaf: int = Field(ge=1)
    feature_share: float = Field(gt=0, le=1)
    row_share: float = Field(gt=0, le=1)
    bins: int = Field(ge=2, le=255)


class BoostingParams(Record):
    """What the boosted forecasters of ``forecasting/boosting.py`` share."""

    lead_ranges: tuple[LeadRange, ...]
    all_features_until_lead: int = Field(ge=0, le=MAX_HORIZON)
    workers: int = Field(ge=1)

    @field_validator("lead_ranges")
    @classmethod
    def _every_lead_once(cls, ranges: tuple[LeadRange, ...]) -> tuple[LeadRange, ...]:
        leads = [lead for part in ranges for lead in range(part.first, part.last + 1)]
        if leads != list(range(1, MAX_HORIZON + 1)):
            raise ValueError(f"must cover each lead from 1 to {MAX_HORIZON} exactly once, in order")
        return ranges


class ChronosShape(Record):
    """The compact network that is trained where no pretrained weights can be had."""

    patch: int = Field(ge=1)
    width: int = Field(ge=2)
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)
    dropout: float = Field(ge=0, lt=1)

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError("width must be a multiple of twice the heads")
        return self


class ChronosTraining(Record):
    """How long and on what a Chronos network is trained."""

    context: int = Field(ge=1)
    steps: int = Field(ge=1)
    batch: int = Field(ge=1)
    learning_rate: float = Field(gt=0)


class NetworkParams(Record):
    """Where a neural network comes from and how it runs."""

    model: str | None
    revision: str | None = Field(pattern=r"^[0-9a-f]{40}$")
    hub_timeout_s: float = Field(gt=0)
    device: Literal["auto", "cpu", "cuda"]
    threads: int = Field(ge=1)
    held_out_every_weeks: int = Field(ge=2)


class TimesFMParams(NetworkParams):
    """The network of ``forecasting/timesfm.py``."""

    context: int = Field(ge=1)


class ChronosParams(NetworkParams):
    """The networks of ``forecasting/chronos.py``."""

    compact: ChronosShape
    target_only: ChronosTraining
    covariates: ChronosTraining
    fine_tuning: ChronosTraining

    @model_validator(mode="after")
    def _contexts_are_whole_patches(self) -> Self:
        if self.target_only.context % self.compact.patch or self.covariates.context % self.compact.patch:
            raise ValueError(f"context must be a multiple of compact.patch ({self.compact.patch})")
        return self


class ForecastingParams(Record):
    """How forecasters are trained."""

    seed: int = Field(ge=0)
    min_training_days: int = Field(ge=15)
    warm_up_days: int = Field(ge=8)
    calibration_folds: int = Field(ge=2)
    calibration_levels: int = Field(ge=1)
    boosting: BoostingParams
    lightgbm: TreeParams
    xgboost: TreeParams
    chronos: ChronosParams
    timesfm: TimesFMParams

    @model_validator(mode="after")
    def _training_outlasts_warm_up(self) -> Self:
        if self.min_training_days <= self.warm_up_days:
            raise ValueError(f"min_training_days must exceed warm_up_days ({self.warm_up_days})")
        return self


class ChampionParams(Record):
    """What is kept of the models that are and were served."""

    kept_bundles: int = Field(ge=2)


class TuningParams(Record):
    """The search for better boosted trees."""

    trials: int = Field(ge=1)
    folds: int = Field(ge=1)
    leads: tuple[int, ...] = Field(min_length=1)
    learn_from_one_row_in: int = Field(ge=1)

    @field_validator("leads")
    @classmethod
    def _rising_leads_of_a_day(cls, leads: tuple[int, ...]) -> tuple[int, ...]:
        if list(leads) != sorted(set(leads)) or not 1 <= leads[0] <= leads[-1] <= DEFAULT_HORIZON:
            raise ValueError(f"must rise and lie from 1 to {DEFAULT_HORIZON}")
        return leads


class NowcastParams(Record):
    """How the virtual meter's model is trained."""

    seed: int = Field(ge=0)
    min_training_days: int = Field(ge=15)
    decided_within_kwh: float = Field(gt=0)
    coverage: float = Field(gt=0, lt=1)
    calibration_share: float = Field(gt=0, lt=1)
    copies: int = Field(ge=1)
    trees: int = Field(ge=1)
    huber_kwh: float = Field(gt=0)
    learning_rate: float = Field(gt=0, le=1)
    leaves: int = Field(ge=2)
    min_rows_in_leaf: int = Field(ge=1)
    feature_share: float = Field(gt=0, le=1)
    row_share: float = Field(gt=0, le=1)
    bins: int = Field(ge=2, le=255)


class ExplainingParams(Record):
    """What explanations are drawn from."""

    rows_per_range: int = Field(ge=20)


class Params(Record):
    """The whole of ``params.yaml`` for one profile."""

    seed: int = Field(ge=0)
    intake: IntakeParams
    cleaning: CleaningParams
    nowcasting: NowcastParams
    forecasting: ForecastingParams
    tuning: TuningParams
    evaluation: EvaluationParams
    champion: ChampionParams
    fleet: FleetParams
    ensemble: EnsembleParams
    explaining: ExplainingParams
    asking: AskingParams
    drift: DriftParams
    monitoring: MonitoringParams
    alerts: AlertParams
    planning: PlanningParams
    savings: SavingsParams


def load_params(path: Path, *, profile: Profile = "default") -> Params:
    """Read and validate ``params.yaml``; its section ``full`` is laid over the rest where that is the profile.

    Both profiles are validated whichever is asked for, so that a fault does not wait for the long build.

    Raises:
        ConfigError: the file is missing or a value does not validate; names the field.
    """
    content, full = _parted(read_yaml(path), path=path)
    default = validated(content, Params, path=path)
    more = validated(overlaid(content, full, path=path, where=FULL), Params, path=path, section=f"{FULL}.")
    return more if profile == FULL else default


def _parted(content: object, *, path: Path) -> tuple[Any, dict[str, Any]]:
    """The file's content without its section of overrides, and that section."""
    if not isinstance(content, dict):
        return content, {}
    full = content.get(FULL) or {}
    if not isinstance(full, dict):
        raise ConfigError(f"{FULL}: is no section (got {full!r})", field=str(path), remedy=f"correct {FULL} there")
    return {name: value for name, value in content.items() if name != FULL}, full
