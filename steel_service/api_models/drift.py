"""The JSON of /drift."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from steel_energy.drift import Verdict
from steel_service.api_models.fields import AnswerModel
from steel_service.api_models.info import ChampionName


class DriftThresholds(AnswerModel):
    """What verdicts go by; set in params.yaml."""

    psi_moderate: float = Field(description="From this PSI on, a column has moved.", examples=[0.1])
    psi_severe: float = Field(description="From this PSI on, it has moved far.", examples=[0.2])
    usual_share: float = Field(
        description="Share of the training's own weeks whose PSI is usual: up to there nothing has moved.",
        examples=[0.95],
    )
    psi_margin: float = Field(description="Multiple of the usual PSI that a severe one reaches too.", examples=[8.0])


class ColumnDrift(AnswerModel):
    """How one column moved."""

    column: str = Field(description="Its name in the readings.", examples=["usage_kwh"])
    psi: float = Field(description="Population stability index; 0 for the same distribution.", ge=0, examples=[0.24])
    usual_psi: float = Field(description="PSI that the training's own weeks stay within.", ge=0, examples=[0.12])
    ks_statistic: float | None = Field(description="Kolmogorov-Smirnov distance, 0 to 1; null for load types.")
    ks_p_value: float | None = Field(
        description="Its chance, were the readings independent, which those of a week are not; null for load types."
    )
    trained_mean: float | None = Field(description="Mean of the training's readings; null for load types.")
    newest_mean: float | None = Field(description="Mean of the newest readings; null for load types.")
    verdict: Verdict = Field(description="none, unless the PSI reaches a threshold and is more than usual.")
    remedy: str = Field(description="What to do about it.")


class FigureDrift(AnswerModel):
    """One figure of the newest days that should hardly change, beside what is usual for it."""

    figure: str = Field(
        description=(
            "`level`: change of all energies together; `working_hours`: hours of the day worked otherwise; "
            "`work_moved`: share of the work done at other hours; `beyond`: share of readings with a usage above 99.9 "
            "% of the training's; `contradicted`, `mistyped` and `repaired`: share of readings that contradict each "
            "other, whose load type is not the tariff's, that cleaning repaired; `peaked`: share that is more than "
            "twice as high as both quarter hours beside it; `unchanged`: hours without a change of the usage."
        ),
        examples=["repaired"],
    )
    column: str | None = Field(description="The column of the readings that it is of; null where it is of none.")
    value: float = Field(description="Of the newest days; a level may fall, then its size counts.")
    usual: float | None = Field(description="Of the training's like days; null where it has none.")
    moderate_at: float = Field(description="From this value on, it has moved.")
    severe_at: float = Field(description="From this value on, it has moved far.")
    verdict: Verdict
    remedy: str = Field(description="What to do about it.")


class DriftAnswer(AnswerModel):
    """Whether the newest readings look like those that the model was trained on."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    champion: ChampionName = Field(description="The model that answers now, whose training is compared with.")
    newest_from: dt.datetime = Field(description="Start of the newest readings.")
    newest_until: dt.datetime = Field(description="Their end, exclusive.")
    newest_rows: int
    trained_from: dt.datetime = Field(description="Start of the training's readings that are compared.")
    trained_until: dt.datetime = Field(
        description="Their end, exclusive: where the newest ones begin, if the training ends among them."
    )
    trained_rows: int
    reference: str = Field(description="Which of them the newest readings are compared with, in words.")
    reference_rows: int
    verdict: Verdict = Field(description="The worst one of all columns and figures.")
    thresholds: DriftThresholds
    columns: list[ColumnDrift] = Field(description="Every measured column, then the mix of load types.")
    figures: list[FigureDrift] = Field(description="What else is watched, such as the share of repaired cells.")
