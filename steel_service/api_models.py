"""The JSON of every route, typed: what a request may hold, with unit, range and example, and what an answer holds.

Requests refuse unknown fields, text or booleans where a number belongs, NaN and infinity. Times are ISO 8601; one
without an offset is plant time. No logic here beyond the checks of single fields.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from steel_energy.history import Aggregation
from steel_energy.tariff import Band
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON

MAX_ENERGY = 1e6  # kWh or kvarh of one interval: far beyond any meter, small enough for exact arithmetic
MAX_CO2_T = 1e6
SECONDS_PER_DAY = 86_400
DAYS_OF_WEEK = 7
YEARS = (1970, 2200)  # times outside cannot be converted between zones without care, and no meter has them


def _number(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "Input should be a number, not text or a boolean")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("finite_number", "Input should be a finite number")
    return value


def _moment(value: Any) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, dt.datetime):
        return value
    try:
        return dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        example = "2018-12-01T00:00:00+09:00"
        raise PydanticCustomError("time", f"Input should be an ISO 8601 time, such as {example}") from None


def _near(moment: dt.datetime) -> dt.datetime:
    first, last = YEARS
    if not first <= moment.year < last:
        raise PydanticCustomError("time_range", f"Input should lie in the years {first} to {last - 1}")
    return moment


Number = Annotated[float, BeforeValidator(_number)]
WholeNumber = Annotated[int, BeforeValidator(_number)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), AfterValidator(_near)]
PlantId = Annotated[str, Field(max_length=64)]
PLANT_MEANING = "Plant id; the service's default plant if absent."


class RequestModel(BaseModel):
    """Base of all requests."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerModel(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True, protected_namespaces=())


class ErrorDetail(AnswerModel):
    """What is wrong, where, and what to do about it."""

    code: str = Field(description="Stable name of the kind of error.", examples=["validation"])
    message: str = Field(description="What is wrong.", examples=["Input should be less than or equal to 1"])
    field: str | None = Field(description="The field it is about.", examples=["lagging_power_factor"])
    hint: str = Field(description="What to do about it.", examples=["see /docs for each field's unit and range"])


class ErrorAnswer(AnswerModel):
    """Every answer that is not a success."""

    error: ErrorDetail


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


class Batch(RequestModel):
    """Several intervals at once, in any order."""

    rows: list[MeterReading] = Field(min_length=1, description="Readings; at most STEEL_API_MAX_BATCH_ROWS (10,000).")


class Prediction(AnswerModel):
    """The active energy of one interval."""

    predicted_usage_kwh: float | None = Field(
        description="Active energy in kWh; null where no energy agrees with the readings.", examples=[3.17]
    )
    confidence_interval_lower: float | None = Field(
        description="Smallest energy that agrees with the readings, kWh.", examples=[3.17]
    )
    confidence_interval_upper: float | None = Field(
        description="Largest energy that agrees with the readings, kWh.", examples=[3.17]
    )
    method: str = Field(description="physics, or none where no energy agrees.", examples=["physics"])
    consistent: bool = Field(description="Whether all readings agree with each other.", examples=[True])
    model_version: str = Field(description="Version of the nowcast.", examples=["physics-0.1.0"])
    prediction_timestamp: dt.datetime = Field(description="When this was computed, UTC.")


class BatchAnswer(AnswerModel):
    """One prediction for each row, in the request's order."""

    predictions: list[Prediction]


class ForecastRequest(RequestModel):
    """Which stretch to forecast."""

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


class Source(AnswerModel):
    """Where the raw readings came from."""

    kind: str = Field(description="file, uci or simulated.")
    location: str = Field(description="Path, URL or plant it was read from.")
    is_simulated: bool = Field(description="Whether the readings are made up.")


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


class ForecastAnswer(AnswerModel):
    """The next intervals with quantiles, bands, cost and CO2."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    origin: dt.datetime = Field(description="Nothing measured at or after this moment was used.")
    horizon: int
    model: str
    model_version: str
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    intervals: list[ForecastInterval]
    totals: ForecastTotals


class HistoryRow(AnswerModel):
    """One interval, hour or day of known readings."""

    interval_start: dt.datetime = Field(description="Start of the interval, hour or day in the plant's zone.")
    usage_kwh: float
    lagging_reactive_kvarh: float
    leading_reactive_kvarh: float
    co2_t: float
    load_type: Band | None = Field(default=None, description="Band of the readings; for single intervals only.")
    billing_band: Band | None = Field(default=None, description="Band the utility bills; for single intervals only.")
    repaired: bool = Field(description="Whether cleaning changed a cell of it.")
    intervals: int = Field(description="Number of 15-minute intervals in it.")


class HistoryAnswer(AnswerModel):
    """Known readings of a period, oldest first."""

    plant: str
    zone: str
    aggregation: Aggregation
    start: dt.datetime = Field(serialization_alias="from", description="Start of the period.")
    end: dt.datetime = Field(serialization_alias="to", description="End of the period, exclusive.")
    source: Source | None
    rows: list[HistoryRow]


class Problem(AnswerModel):
    """Something that is missing or wrong, and its remedy."""

    what: str
    remedy: str


class ChampionName(AnswerModel):
    """Which model is served."""

    model: str
    version: str


class Health(AnswerModel):
    """Whether everything that is served is there."""

    status: Literal["ok", "degraded"]
    plant: str
    zone: str
    source: Source | None
    readings_until: dt.datetime | None = Field(description="End of the last known interval.")
    champion: ChampionName | None
    problems: list[Problem]
    service_version: str


class NowcastInfo(AnswerModel):
    """The virtual meter behind /predict."""

    method: Literal["physics"] = "physics"
    version: str
    pulse_kwh: float = Field(description="Energy of one pulse of the meter.")
    emission_factor_t_per_kwh: float = Field(description="CO2 the meter books for each kWh.")


class ModelInfo(AnswerModel):
    """The served champion, as its manifest tells it, and the nowcast."""

    plant: str
    model: str
    version: str
    created_at: dt.datetime
    trained_from: dt.datetime
    trained_until: dt.datetime
    source: Source | None
    metrics: dict[str, float] = Field(description="Scores of the backtest, as the manifest names them.")
    files: dict[str, str] = Field(description="SHA-256 of each file of the bundle.")
    nowcast: NowcastInfo
