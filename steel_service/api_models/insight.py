"""The JSON of /model/importance and /model/evaluation: what drives the champion, and where and how much it errs."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from steel_service.api_models.fields import AnswerModel
from steel_service.api_models.info import ChampionName

Part = Literal["validation", "test"]
Day = Literal["weekday", "saturday", "sunday", "closed"]


class DriverSize(AnswerModel):
    """How much a driver moves forecasts of a range of leads."""

    lead_range: str = Field(
        description="Leads in intervals, as `1` or `17-96`; `over_24h` weighs the ranges by their leads of a day.",
        examples=["over_24h"],
    )
    driver: str = Field(examples=["similar days"])
    mean_abs_kwh: float = Field(description="Mean size of its contribution (SHAP), kWh of an interval.")


class FeaturePoint(AnswerModel):
    """One forecast of the past: what a feature was, and what it added to the forecast."""

    value: float | None = Field(description="Of the feature, in its own unit; null where it was unknown.")
    kwh: float = Field(description="Contribution (SHAP), signed, kWh of an interval.")


class FeatureSwarm(AnswerModel):
    """A feature's contributions to forecasts of the past."""

    lead_range: str = Field(description="Leads in intervals, as `1` or `17-96`.")
    feature: str = Field(description="Its name in the model.", examples=["slot_kind_4_kwh"])
    label: str = Field(description="What it is called in a plant.", examples=["same time, last 4 days of this kind"])
    driver: str = Field(description="The driver that it belongs to.")
    mean_abs_kwh: float = Field(description="Mean size of these contributions.")
    points: list[FeaturePoint]


class ImportanceAnswer(AnswerModel):
    """What drives forecasts, as the last build explained it."""

    plant: str
    explained: str = Field(description="Which trees speak for the champion, in words.")
    version: str | None = Field(description="The champion that was explained; null where the build did not say.")
    is_of_champion: bool | None = Field(description="Whether that one is champion now; null where nobody can say.")
    drivers: list[DriverSize] = Field(description="Empty where no model with trees was tried out.")
    swarms: list[FeatureSwarm] = Field(
        description="The strongest features of the next interval and of a day ahead, strongest first; empty where the "
        "last build kept none."
    )


class ErrorGroup(AnswerModel):
    """Errors of the forecasts that have something in common."""

    name: str = Field(description="What they have in common.", examples=["14"])
    forecasts: int = Field(description="Intervals that were forecast.")
    usage_kwh: float = Field(description="Mean reading.")
    rmse_kwh: float
    mae_kwh: float
    bias_kwh: float = Field(description="Mean of forecast less reading: above zero the forecasts are too high.")
    coverage_80: float = Field(description="Share of the readings inside the 80 % band, 0-1.")


class QuantileLevel(AnswerModel):
    """What a quantile promises and keeps."""

    promised: float = Field(description="Share of readings that should lie at or below it, 0-1.")
    seen: float = Field(description="Share that did.")


class BandHeld(AnswerModel):
    """What a band promises and keeps."""

    promised: float = Field(description="Share of readings that it should hold, 0-1.")
    seen: float = Field(description="Share that it held.")
    width_kwh: float = Field(description="Mean width.")


class DensityCell(AnswerModel):
    """How often a forecast and the reading that came fell into one cell of a grid."""

    forecast_kwh: float = Field(description="Lower edge.")
    usage_kwh: float = Field(description="Lower edge.")
    forecasts: int


class EvaluationAnswer(AnswerModel):
    """The backtest of a model, taken apart."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    model: str
    label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    part: Part
    champion: ChampionName | None = Field(description="The champion by its record; null where there is none.")
    is_of_champion: bool = Field(
        description="Whether the champion claims these very scores; not so after a rollback to an older build."
    )
    start: dt.datetime = Field(description="First interval that was forecast.")
    end: dt.datetime = Field(description="Start of the last one.")
    origins: int = Field(description="How many times the model was asked.")
    overall: ErrorGroup
    by_hour: list[ErrorGroup] = Field(description="Hours of the day, 0 to 23, plant time.")
    by_day: list[ErrorGroup] = Field(
        description="Kinds of days: weekday, saturday, sunday (all open), closed; those there were."
    )
    by_load_type: list[ErrorGroup] = Field(description="Tariff bands: light, medium, maximum.")
    by_lead: list[ErrorGroup] = Field(description="Hours ahead, as `6-12`.")
    levels: list[QuantileLevel]
    bands: list[BandHeld]
    bin_kwh: float = Field(description="Side of a cell.")
    cells: list[DensityCell] = Field(description="Those that are not empty.")
