"""The JSON of /predict and its sisters, with the field names that applications know: ratios, not percent."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from steel_energy.fields import Moment, Number, WholeNumber
from steel_service.api_models.fields import AnswerModel, RequestModel

MAX_ENERGY = 1e6  # kvarh of one interval: far beyond any meter, small enough for exact arithmetic
MAX_CO2_T = 1e6
SECONDS_PER_DAY = 86_400
DAYS_OF_WEEK = 7


class MeterReading(RequestModel):
    """What the meter shows of one 15-minute interval, without its active energy."""

    lagging_reactive_power: Number = Field(
        ge=0, le=MAX_ENERGY, description="Lagging reactive energy of the interval in kvarh.", examples=[2.95]
    )
    leading_reactive_power: Number = Field(
        ge=0, le=MAX_ENERGY, description="Leading reactive energy of the interval in kvarh.", examples=[0.0]
    )
    co2: Number = Field(ge=0, le=MAX_CO2_T, description="CO2 that the meter booked, in tonnes.", examples=[0.0])
    lagging_power_factor: Number = Field(
        ge=0, le=1, description="Lagging power factor as a ratio 0-1.", examples=[0.7321]
    )
    leading_power_factor: Number = Field(ge=0, le=1, description="Leading power factor as a ratio 0-1.", examples=[1.0])
    nsm: WholeNumber = Field(ge=0, le=SECONDS_PER_DAY, description="Seconds since midnight.", examples=[900])
    day_of_week: WholeNumber = Field(ge=0, lt=DAYS_OF_WEEK, description="0 = Monday to 6 = Sunday.", examples=[0])
    load_type: Literal["Light", "Medium", "Maximum"] = Field(description="Tariff band.", examples=["Light"])
    interval_start: Moment | None = Field(
        default=None,
        description="Start of the interval, where the prediction shall be compared with what was measured. Without an "
        "offset it is plant time.",
        examples=["2018-12-01T00:00:00+09:00"],
    )


class Batch(RequestModel):
    """Several intervals at once, in any order."""

    rows: list[MeterReading] = Field(min_length=1, description="Readings; at most STEEL_API_MAX_BATCH_ROWS (10,000).")


class Prediction(AnswerModel):
    """The active energy of one interval."""

    predicted_usage_kwh: float | None = Field(
        description="Active energy in kWh; null where no energy agrees with the readings.", examples=[3.17]
    )
    confidence_interval_lower: float | None = Field(
        description="Lower bound, kWh: certain where consistent, else it holds nine times in ten.", examples=[3.17]
    )
    confidence_interval_upper: float | None = Field(description="Upper bound, kWh, likewise.", examples=[3.17])
    method: str = Field(
        description="physics; model where readings are rough or contradict each other; none where no energy agrees.",
        examples=["physics"],
    )
    consistent: bool = Field(description="Whether all readings are as the meter shows them and agree.", examples=[True])
    model_version: str = Field(
        description="Version of the physics, or of the fitted model if it answered.", examples=["physics-0.1.0"]
    )
    prediction_timestamp: dt.datetime = Field(description="When this was computed, UTC.")


class PredictAnswer(Prediction):
    """The active energy of the interval that was asked for."""

    prediction_id: str = Field(description="Id of this answer in the prediction log.")


class BatchAnswer(AnswerModel):
    """One prediction for each row, in the request's order."""

    prediction_id: str = Field(description="Id of this answer in the prediction log.")
    predictions: list[Prediction]
