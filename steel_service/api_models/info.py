"""The JSON of /health, /model/info and /history."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from steel_energy.history import Aggregation
from steel_energy.tariff import Band
from steel_service.api_models.fields import AnswerModel, Source


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
