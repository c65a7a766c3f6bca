"""The JSON of /forecast: kWh of each interval with quantiles, bands, KRW and tonnes of CO2."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steel_energy.config import fault_within
from steel_energy.fields import Day, Moment, WholeNumber
from steel_energy.marked_days import MarkedDay
from steel_energy.tariff import Band
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, Fallback, PlantId, RequestModel, Source

MAX_OTHER_DAYS = 14
DaysAhead = Annotated[tuple[Day, ...], Field(max_length=MAX_OTHER_DAYS)]


class ForecastRequest(RequestModel):
    """Which stretch to forecast, and which of its days to take for closed or open, whatever the calendar says."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    at: Moment | None = Field(
        default=None,
        description="Origin: end of the last reading to use; the end of the known readings if absent. "
        "Without an offset it is plant time.",
        examples=["2018-12-01T00:00:00+09:00"],
    )
    horizon: WholeNumber = Field(
        default=DEFAULT_HORIZON, ge=1, le=MAX_HORIZON, description="Number of 15-minute intervals.", examples=[96]
    )
    closed_days: DaysAhead = Field(
        default=(),
        description="What if the plant were closed on these days? From the origin's to the one after the end.",
    )
    open_days: DaysAhead = Field(default=(), description="The same of days on which the plant would run.")

    @model_validator(mode="after")
    def _closed_or_open(self) -> ForecastRequest:
        if both := sorted(set(self.closed_days) & set(self.open_days)):
            raise fault_within(f"{both[0]} stands under closed_days and open_days", "open_days")
        return self

    @property
    def other_days(self) -> tuple[MarkedDay, ...]:
        """Those days as marks, each once and in order, so that equal questions are equal."""
        closed = {day: MarkedDay(day=day, state="closed") for day in self.closed_days}
        opened = {day: MarkedDay(day=day, state="open") for day in self.open_days}
        return tuple(mark for _, mark in sorted((closed | opened).items()))


class ForecastInterval(AnswerModel):
    """One interval of a forecast."""

    interval_start: dt.datetime = Field(description="Start of the interval in the plant's zone.")
    mean_kwh: float = Field(description="Expected active energy in kWh.")
    q05: float = Field(description="5 % quantile of the active energy in kWh.")
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float
    load_type: Band = Field(description="Tariff band of the readings; light on closed days.")
    billing_band: Band = Field(description="Band the utility bills.")
    cost_krw: float = Field(description="Energy charge of the expected energy, without demand charge.")
    co2_t: float = Field(description="CO2 of the expected energy in tonnes.")


class ForecastTotals(AnswerModel):
    """Sums over the forecast."""

    usage_kwh: float
    cost_krw: float = Field(description="Energy charge, without demand charge.")
    co2_t: float
    peak_kw: float = Field(description="Highest expected 15-minute demand: four times the largest mean_kwh.")


class ForecastChange(AnswerModel):
    """How far a forecast with other closed days lies from the one by the plant's calendar; more is positive."""

    usage_kwh: float
    cost_krw: float = Field(description="Energy charge, without demand charge.")
    co2_t: float
    peak_kw: float = Field(description="Difference of the highest expected demands, which may come at other times.")


class ForecastAnswer(AnswerModel):
    """The next intervals with quantiles, bands, cost and CO2."""

    prediction_id: str = Field(description="Id of this forecast in the prediction log; the same while it is repeated.")
    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    origin: dt.datetime = Field(description="Nothing measured at or after this moment was used.")
    horizon: int
    model: str
    model_label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    model_version: str
    model_trained_until: dt.datetime = Field(
        description="End of the readings that the fit behind this forecast has seen; after the origin if none is older."
    )
    fallback: Fallback | None = Field(description="Null where the champion answered.")
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    intervals: list[ForecastInterval]
    totals: ForecastTotals
    change: ForecastChange | None = Field(
        default=None, description="By `closed_days` and `open_days`; null where neither was named."
    )
