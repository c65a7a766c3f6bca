"""Every question that the service answers, as a ``Call``: one function for each route, and nothing is sent here.

``SteelClient`` and ``AsyncSteelClient`` have a method of the same name and arguments for each of them. Times are
datetimes or ISO 8601 texts; one without an offset is plant time. ``plant`` is the service's default plant if absent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import update_wrapper
from typing import Any, Literal, ParamSpec
from urllib.parse import quote

from pydantic import BaseModel

from steel_client import forecast_questions
from steel_client.calls import Moment, RecordT, got, posted, posted_text, query_of
from steel_client.exchange import Call
from steel_client.models import (
    BatchAnswer,
    BillAnswer,
    ChatAnswer,
    DriftAnswer,
    FeedbackAnswer,
    ForecastExplanationAnswer,
    Health,
    HistoryAnswer,
    KnowledgeAnswer,
    MeterReading,
    ModelInfo,
    ModelMetrics,
    ModelsAnswer,
    OptimizeAnswer,
    PastExplanationAnswer,
    PlantsAnswer,
    PredictAnswer,
    PreviewAnswer,
    QualityAnswer,
    Reading,
    ReadingsAnswer,
    ReportsAnswer,
    WhatIfAnswer,
    WhoAmI,
)

Compare = Literal["earlier", "all"]
Language = Literal["en", "es"]
Aggregation = Literal["15min", "hour", "day", "week", "month"]
P = ParamSpec("P")

forecast, calendar = forecast_questions.forecast, forecast_questions.calendar
mark_days = forecast_questions.mark_days


def health(*, plant: str | None = None) -> Call[Health]:
    """What is there and what is missing; answers as long as the service runs."""
    return got("/health", Health, plant=plant)


def whoami() -> Call[WhoAmI]:
    """Who asks: name and role of the key, how it was recognised, and the plants that may be asked about."""
    return got("/whoami", WhoAmI)


def plants() -> Call[PlantsAnswer]:
    """The plants that may be asked about: clock, contracted demand and tariff of each."""
    return got("/plants", PlantsAnswer)


def model_info(*, plant: str | None = None) -> Call[ModelInfo]:
    """The model that answers now: what it is made of and how it scored."""
    return got("/model/info", ModelInfo, plant=plant)


def model_metrics(*, plant: str | None = None) -> Call[ModelMetrics]:
    """Requests, errors and latency of each route since the service's start, and the scores of the model."""
    return got("/model/metrics", ModelMetrics, plant=plant)


def models(*, plant: str | None = None) -> Call[ModelsAnswer]:
    """The leaderboard of the last build, and every promotion of a champion."""
    return got("/models", ModelsAnswer, plant=plant)


def drift(*, plant: str | None = None) -> Call[DriftAnswer]:
    """How far the newest days are from the training of the model that answers now, column by column."""
    return got("/drift", DriftAnswer, plant=plant)


def reports(*, plant: str | None = None) -> Call[ReportsAnswer]:
    """Names and titles of the reports for people."""
    return got("/reports", ReportsAnswer, plant=plant)


def report(name: str, *, plant: str | None = None) -> Call[bytes]:
    """One report, a self-contained page of HTML, by its name."""
    return Call("GET", f"/reports/{quote(name, safe='')}", bytes, query=query_of({"plant": plant}))


def quality(
    *,
    start: Moment | None = None,
    end: Moment | None = None,
    by: Literal["day", "month"] = "month",
    rule: str | None = None,
    column: str | None = None,
    limit: int | None = None,
    plant: str | None = None,
) -> Call[QualityAnswer]:
    """What cleaning repaired in ``[start, end)``: counts, gaps, checks, and the newest changes themselves.

    Args:
        start: the start of the known readings if absent.
        end: their end if absent.
        by: what the counts over time are of.
        rule: changes of this rule alone, in the list; the counts stay.
        column: changes of this column alone, in the list.
        limit: most changes in the list.
        plant: its id.
    """
    wanted = {"by": by, "rule": rule, "column": column, "limit": limit}
    return got("/quality", QualityAnswer, **{"from": start, "to": end}, **wanted, plant=plant)


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
    return got("/history", HistoryAnswer, **period, **wanted, plant=plant)


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
    return replace(call, query={**call.query, **query_of({"from": page.from_, "to": page.to, "cursor": page.next})})


def bill(*, start: Moment, end: Moment, tariffs: Iterable[str] = (), plant: str | None = None) -> Call[BillAnswer]:
    """The bill of ``[start, end)``, line by line, under the plant's tariff or each of ``tariffs``, cheapest first."""
    asked = {"from": start, "to": end, "tariffs": list(tariffs), "plant": plant}
    return posted("/bill", BillAnswer, {name: value for name, value in asked.items() if value is not None})


def what_if(
    changes: Iterable[BaseModel | Mapping[str, Any]],
    *,
    load: BaseModel | Mapping[str, Any] | None = None,
    plant: str | None = None,
) -> Call[WhatIfAnswer]:
    """A load against what it becomes by ``changes``, made one after the other: energy, cost, CO2 and peak.

    Args:
        changes: such as ``CloseDay(kind="close_day", day="2019-01-05")``, or the same as a mapping.
        load: a ``MeasuredLoad`` or ``ForecastLoad``; the forecast of the next day if absent.
        plant: its id.
    """
    asked = {"load": load, "changes": list(changes), "plant": plant}
    return posted("/what-if", WhatIfAnswer, {name: value for name, value in asked.items() if value is not None})


def optimize(request: BaseModel | Mapping[str, Any]) -> Call[OptimizeAnswer]:
    """The cheapest schedule of jobs and movable load, and why; ``request`` is an ``OptimizeRequest`` or its mapping."""
    return posted("/optimize", OptimizeAnswer, request)


def explain_interval(
    at: Moment, *, compare: Compare = "earlier", plant: str | None = None
) -> Call[PastExplanationAnswer]:
    """Why an interval took as much energy as it did, against earlier days or, in hindsight, ``all`` other known."""
    return _explain(PastExplanationAnswer, kind="interval", at=at, compare=compare, plant=plant)


def explain_day(
    date: dt.date | str, *, compare: Compare = "earlier", plant: str | None = None
) -> Call[PastExplanationAnswer]:
    """Why a day took as much energy as it did; see ``explain_interval``."""
    return _explain(PastExplanationAnswer, kind="day", date=date, compare=compare, plant=plant)


def explain_peak(
    *, start: Moment, end: Moment, compare: Compare = "earlier", plant: str | None = None
) -> Call[PastExplanationAnswer]:
    """Why the highest demand of ``[start, end)`` came about; see ``explain_interval``."""
    asked = {"from": start, "to": end}
    return _explain(PastExplanationAnswer, kind="peak", compare=compare, plant=plant, **asked)


def explain_forecast(
    *, at: Moment | None = None, horizon: int | None = None, interval: Moment | None = None, plant: str | None = None
) -> Call[ForecastExplanationAnswer]:
    """What drives the forecast that ``forecast`` answers with, as a whole or in the one ``interval`` of that start."""
    asked = {"at": at, "horizon": horizon, "interval": interval, "plant": plant}
    return _explain(ForecastExplanationAnswer, kind="forecast", **asked)


def chat(question: str, *, session_id: str | None = None, plant: str | None = None) -> Call[ChatAnswer]:
    """A question in plain English or Spanish; ``session_id`` is that of an earlier answer, to go on from it."""
    return posted("/copilot/chat", ChatAnswer, {"question": question, "session_id": session_id, "plant": plant})


def feedback(answer: ChatAnswer, rating: Literal["up", "down"], *, comment: str = "") -> Call[FeedbackAnswer]:
    """What somebody thinks of an answer."""
    asked = {"session_id": answer.session_id, "answer_id": answer.answer_id, "rating": rating, "comment": comment}
    return replace(posted("/copilot/feedback", FeedbackAnswer, asked), is_repeatable=False)


def knowledge(query: str, *, language: Language = "en", plant: str | None = None) -> Call[KnowledgeAnswer]:
    """Passages of the plant's notes that fit some words or a question, best first."""
    return got("/knowledge", KnowledgeAnswer, query=query, language=language, plant=plant)


def predict(reading: MeterReading | Mapping[str, Any], *, plant: str | None = None) -> Call[PredictAnswer]:
    """Active energy of one interval from its other readings."""
    return posted("/predict", PredictAnswer, reading, plant=plant)


def predict_batch(
    readings: Iterable[MeterReading | Mapping[str, Any]], *, plant: str | None = None
) -> Call[BatchAnswer]:
    """The same for many intervals: one prediction for each, in their order."""
    return posted("/predict/batch", BatchAnswer, {"rows": list(readings)}, plant=plant)


def predict_onnx(reading: MeterReading | Mapping[str, Any], *, plant: str | None = None) -> Call[PredictAnswer]:
    """As ``predict``, by the model's trees on ONNX Runtime."""
    return posted("/predict_onnx", PredictAnswer, reading, plant=plant)


def post_readings(readings: Iterable[Reading | Mapping[str, Any]], *, plant: str | None = None) -> Call[ReadingsAnswer]:
    """Send new meter readings; the answer tells what became of each row, and sending them twice does no harm."""
    return posted("/readings", ReadingsAnswer, {"readings": list(readings)}, plant=plant)


def post_readings_csv(content: str | bytes, *, plant: str | None = None) -> Call[ReadingsAnswer]:
    """The same from a CSV file: columns as of ``Reading``, or a meter's own export."""
    return posted_text("/readings", ReadingsAnswer, content, media_type="text/csv", plant=plant)


def post_readings_ndjson(content: str | bytes, *, plant: str | None = None) -> Call[ReadingsAnswer]:
    """The same from lines of JSON, one ``Reading`` each."""
    return posted_text("/readings", ReadingsAnswer, content, media_type="application/x-ndjson", plant=plant)


def preview_readings_csv(content: str | bytes, *, plant: str | None = None) -> Call[PreviewAnswer]:
    """What would become of the readings of a CSV file if they were sent; nothing is kept."""
    return posted_text("/readings/preview", PreviewAnswer, content, media_type="text/csv", plant=plant)


def _explain(kind_of_answer: type[RecordT], **asked: Any) -> Call[RecordT]:  # noqa: ANN401 - fields of the request
    return posted("/explain", kind_of_answer, {name: value for name, value in asked.items() if value is not None})
