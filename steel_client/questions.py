"""Every question that the service answers, as a ``Call``: one function for each route, and nothing is sent here.

``SteelClient`` and ``AsyncSteelClient`` have a method of the same name and arguments for each of them. Times are
datetimes or ISO 8601 texts; one without an offset is plant time. ``plant`` is the service's default plant if absent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel
from pydantic_core import to_json

from steel_client.exchange import Call
from steel_client.models import (
    BatchAnswer,
    ForecastAnswer,
    Health,
    HistoryAnswer,
    MeterReading,
    ModelInfo,
    Prediction,
)

Moment = dt.datetime | str
Aggregation = Literal["15min", "hour", "day"]
RecordT = TypeVar("RecordT", bound=BaseModel)
JSON = {"Content-Type": "application/json"}


def health(*, plant: str | None = None) -> Call[Health]:
    """What is there and what is missing; answers as long as the service runs."""
    return _get("/health", Health, plant=plant)


def model_info(*, plant: str | None = None) -> Call[ModelInfo]:
    """The model that answers now: what it is made of and how it scored."""
    return _get("/model/info", ModelInfo, plant=plant)


def history(
    *,
    start: Moment | None = None,
    end: Moment | None = None,
    aggregation: Aggregation = "15min",
    plant: str | None = None,
) -> Call[HistoryAnswer]:
    """Known readings of ``[start, end)``, oldest first; by default the last two weeks."""
    return _get("/history", HistoryAnswer, **{"from": start, "to": end}, aggregation=aggregation, plant=plant)


def forecast(*, at: Moment | None = None, horizon: int | None = None, plant: str | None = None) -> Call[ForecastAnswer]:
    """Usage of the next ``horizon`` intervals (96 by default), with quantiles, bands, cost and CO2.

    Args:
        at: origin: the end of the last reading to use; the end of the known readings if absent.
        horizon: number of 15-minute intervals.
        plant: its id.
    """
    asked = {"at": at, "horizon": horizon, "plant": plant}
    return _post("/forecast", ForecastAnswer, {name: value for name, value in asked.items() if value is not None})


def predict(reading: MeterReading | Mapping[str, Any], *, plant: str | None = None) -> Call[Prediction]:
    """Active energy of one interval from its other readings."""
    return _post("/predict", Prediction, reading, plant=plant)


def predict_batch(
    readings: Iterable[MeterReading | Mapping[str, Any]], *, plant: str | None = None
) -> Call[BatchAnswer]:
    """The same for many intervals: one prediction for each, in their order."""
    return _post("/predict/batch", BatchAnswer, {"rows": list(readings)}, plant=plant)


def predict_onnx(reading: MeterReading | Mapping[str, Any], *, plant: str | None = None) -> Call[Prediction]:
    """As ``predict``, by the model's trees on ONNX Runtime."""
    return _post("/predict_onnx", Prediction, reading, plant=plant)


def _get(path: str, answer: type[RecordT], **query: Moment | None) -> Call[RecordT]:
    return Call("GET", path, answer.model_validate_json, query=_query(query))


def _post(path: str, answer: type[RecordT], body: object, **query: Moment | None) -> Call[RecordT]:
    """A question with a body of JSON; NaN is sent as it is, so that the service's refusal names the field."""
    content = to_json(body, inf_nan_mode="constants", exclude_none=True)
    return Call("POST", path, answer.model_validate_json, query=_query(query), content=content, headers=JSON)


def _query(parameters: Mapping[str, Moment | None]) -> dict[str, str]:
    return {name: _text(value) for name, value in parameters.items() if value is not None}


def _text(value: Moment) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else value
