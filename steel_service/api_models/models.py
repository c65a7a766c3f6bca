"""The JSON of /models: who stands where, who serves and who served."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from steel_energy.artifacts.champions import Cause
from steel_service.api_models.fields import AnswerModel, Fallback
from steel_service.api_models.info import ChampionName


class LeadScores(AnswerModel):
    """How far off a model is so long before: of the intervals that end so long after the origin."""

    lead_time: str = Field(description="15min, 1h, 6h, 24h; over_24h is all leads up to 24 hours.", examples=["6h"])
    minutes: int = Field(description="The lead in minutes; of over_24h the longest.", examples=[360])
    scores: dict[str, float] = Field(examples=[{"rmse_kwh": 12.28, "coverage_80": 0.84, "skill": 0.335}])


class ModelStanding(AnswerModel):
    """One model that was tried out."""

    rank: int = Field(description="Place by the RMSE on the validation part, which models are chosen by; 1 is best.")
    model: str = Field(examples=["lightgbm"])
    label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    validation: dict[str, float] = Field(
        description="Scores over 24 hours on the validation part.", examples=[{"rmse_kwh": 14.48, "mae_kwh": 8.4}]
    )
    test: dict[str, float] = Field(description="The same on the test part, which nothing is chosen on.")
    test_by_lead: list[LeadScores] = Field(
        description="Scores on the test part by lead time, the nearest first; empty where the build kept none."
    )
    further: dict[str, float | None] = Field(
        description="Comparison with the best model, spread over weeks and folds, what plans made on its forecasts "
        "save and miss (KRW a week), and costs; null where there is none.",
        examples=[{"p_value": 0.03, "training_s": 17.6, "size_mb": 8.3}],
    )


class AbsentModel(AnswerModel):
    """One model that could not be tried out."""

    model: str = Field(examples=["timesfm"])
    because: str = Field(description="The reason, with its remedy.")


class Promotion(AnswerModel):
    """One change of the champion."""

    number: int = Field(description="1 for the plant's first champion, then one more each time.")
    version: str = Field(description="Hash of the bundle's content.")
    model: str
    promoted_at: dt.datetime = Field(description="UTC.")
    by: Cause = Field(description="A build, or a person who promoted or rolled back.")
    reason: str
    is_rejected: bool = Field(description="Whether the version was rolled back and not promoted since.")
    is_kept: bool = Field(description="Whether its bundle is still there to go back to.")


class ModelsAnswer(AnswerModel):
    """The models of a plant."""

    plant: str
    serving: ChampionName | None = Field(description="The model that answers now; null where none can.")
    fallback: Fallback | None = Field(description="Null where the champion answers.")
    leaderboard: list[ModelStanding] = Field(
        description="Models of the last build, best first; empty where only bundles were brought here."
    )
    absent: list[AbsentModel] = Field(description="Models that could not be tried out, and why.")
    champions: list[Promotion] = Field(description="Every promotion, oldest first; the last one is in force.")
