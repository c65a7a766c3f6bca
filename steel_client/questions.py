"""Every question that the service answers, as a ``Call``: one function for each route, and nothing is sent here.

``SteelClient`` and ``AsyncSteelClient`` have a method of the same name and arguments for each of them. Times are
datetimes or ISO 8601 texts; one without an offset is plant time. ``plant`` is the service's default plant if absent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import update_wrapper
from typing import Any, Literal, ParamSpec, TypeVar

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
Aggregation = Literal["15min", "hour", "day", "week", "month"]
P = ParamSpec("P")
RecordT = TypeVar("RecordT", bound=BaseModel)
JSON = "application/json"


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
    columns: Iterable[str] = (),
    limit: int | None = None,
    cursor: Moment | None = None,
    plant: str | None = None,
) -> Call[HistoryAnswer]:
    """Known readings of ``[start, end)``, oldest first, as they are or over windows of the plant's clock.

    Args:
        start: two weeks before ``end`` if absent.
        end: the end of the known readings if absent.
        aggregation: single intervals, or sums over a window.
        columns: those that are wanted; all if empty. ``interval_start`` is always there.
        limit: most rows of this page.
        cursor: ``next`` of the page before; ``history_pages`` follows it by itself.
        plant: its id.
    """
    period = {"from": start, "to": end, "cursor": cursor}
    wanted = {"aggregation": aggregation, "columns": ",".join(columns) or None, "limit": limit}
    return _get("/history", HistoryAnswer, **period, **wanted, plant=plant)


def _as_file(media_type: str, name: str, ask: Callable[P, Call[HistoryAnswer]]) -> Callable[P, Call[bytes]]:
    def question(*args: P.args, **kwargs: P.kwargs) -> Call[bytes]:
        return ask(*args, **kwargs).as_file(media_type)

    update_wrapper(question, ask)
    question.__name__, question.__doc__ = name, f"As ``history``: one page, as a file of {media_type}."
    return question


history_csv = _as_file("text/csv", "history_csv", history)
history_parquet = _as_file("application/vnd.apache.parquet", "history_parquet", history)


def page_after(call: Call[HistoryAnswer], page: HistoryAnswer) -> Call[HistoryAnswer] | None:
    """The question for the page after ``page``, of the same period; None after the last one."""
    if page.next is None:
        return None
    return replace(call, query={**call.query, **_query({"from": page.from_, "to": page.to, "cursor": page.next})})


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


def _get(path: str, answer: type[RecordT], **query: Moment | int | None) -> Call[RecordT]:
    return Call("GET", path, answer.model_validate_json, query=_query(query))


def _post(path: str, answer: type[RecordT], body: object, **query: Moment | None) -> Call[RecordT]:
    """A question with a body of JSON; NaN is sent as it is, so that the service's refusal names the field."""
    content = to_json(body, inf_nan_mode="constants", exclude_none=True)
    return Call(
        "POST", path, answer.model_validate_json, query=_query(query), content=content, headers={"Content-Type": JSON}
    )


def _query(parameters: Mapping[str, Moment | int | None]) -> dict[str, str]:
    return {name: _text(value) for name, value in parameters.items() if value is not None}


def _text(value: Moment | int) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
