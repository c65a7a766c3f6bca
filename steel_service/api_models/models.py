"""The JSON of /models and /model/versions: who stands where, who serves, who served and who may."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from steel_energy.artifacts.champions import Cause
from steel_energy.catalogue import State
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
    who: str = Field(description="Whose key made the change; empty for builds, reviews and the command line.")
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


class ModelVersion(AnswerModel):
    """A bundle that is kept, and may be served."""

    version: str = Field(description="Hash of the bundle's content.", examples=["3fd4884ef36c"])
    state: State = Field(
        description="`champion` serves; `standing` served before and may be gone back to; `rejected` was rolled back; "
        "`never_served` was built and not promoted."
    )
    is_damaged: bool = Field(description="Whether its manifest cannot be read; then nothing below is known.")
    numbers: list[int] = Field(description="Numbers of its promotions.")
    model: str | None
    label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    created_at: dt.datetime | None = Field(description="UTC.")
    trained_from: dt.datetime | None
    trained_until: dt.datetime | None = Field(description="End of the readings that it has seen.")
    is_same_data: bool = Field(
        description="Whether it was made of the same readings as the champion, so that their scores can be compared."
    )
    metrics: dict[str, float] = Field(
        description="Scores over 24 hours on the validation and the test part, as the manifest names them.",
        examples=[{"test.over_24h.rmse_kwh": 15.34}],
    )


class Review(AnswerModel):
    """A promotion by a build that was looked at again, on the first days that neither model had seen."""

    promotion: int = Field(description="Its number.")
    window_from: dt.datetime = Field(description="UTC.")
    window_until: dt.datetime = Field(description="UTC.")
    champion_version: str
    previous_version: str
    champion_rmse_kwh: float = Field(description="Error over 24 hours of what was promoted.")
    previous_rmse_kwh: float = Field(description="Error of the champion before it, at the same origins.")
    is_taken_back: bool
    reason: str


class VersionsAnswer(AnswerModel):
    """The bundles of a plant that are kept."""

    plant: str
    champion: str | None = Field(description="The version that is to serve; null where there is none.")
    previous: str | None = Field(description="The version that a rollback without a name goes back to; null if none.")
    versions: list[ModelVersion] = Field(description="The newest first.")
    reviews: list[Review] = Field(description="In the order of the promotions.")
