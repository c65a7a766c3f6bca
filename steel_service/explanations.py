"""From an /explain request about the past to its answer: the domain's figures with their words.

What is explained, and how, is ``steel_energy.explaining``'s to say; forecasts are ``forecast_explanations``'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from steel_energy.errors import InputError
from steel_energy.explaining import words
from steel_energy.explaining.days import explain_day
from steel_energy.explaining.intervals import explain_interval, explain_peak
from steel_energy.explaining.past import PastLoad
from steel_energy.explaining.records import BillChange, Contribution, PastExplanation, Usual, Value
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_service.answers import source_answer
from steel_service.api_models.explain import (
    ExplainBill,
    ExplainBillLine,
    ExplainContribution,
    ExplainDay,
    ExplainHour,
    ExplainInterval,
    ExplainSimilar,
    ExplainUsual,
    PastExplanationAnswer,
    PastRequest,
)
from steel_service.errors import ConflictError
from steel_service.state import State


def past_answer(wanted: PastRequest, state: State) -> PastExplanationAnswer:
    """Why a past interval, day or peak was what it was.

    Raises:
        UnknownPlantError: there is no such plant.
        NotReadyError: no readings yet.
        ConflictError: it is not known, or too little is to say what is usual.
    """
    site = state.site(wanted.plant)
    known = state.readings.of(site)
    with unexplained():
        told = _explained(wanted, state.explained.past(site, known))
    return PastExplanationAnswer(
        kind=told.kind,
        plant=site.plant.id,
        zone=site.plant.zone,
        source=source_answer(known.source),
        start=told.start,
        end=told.end,
        text=words.headline(told),
        usage_kwh=told.usage_kwh,
        demand_kw=None if told.kind == "day" else told.usage_kwh * INTERVALS_PER_HOUR,
        usual=_usual(told.usual),
        difference_kwh=told.difference_kwh,
        contributions=[_contribution(part) for part in told.contributions],
        hours=[ExplainHour.model_validate(hour) for hour in told.hours],
        hours_text=words.hours_sentence(told),
        similar=_similar(told),
        bill=_bill(told.bill),
    )


@contextmanager
def unexplained() -> Iterator[None]:
    """Tell of what cannot be explained as of a conflict with what is known: each value of the request is right."""
    try:
        yield
    except InputError as error:
        raise ConflictError(error.message, field=error.field, remedy=error.remedy) from error


def _explained(wanted: PastRequest, past: PastLoad) -> PastExplanation:
    match wanted:
        case ExplainInterval():
            return explain_interval(past, wanted.at, compare=wanted.compare)
        case ExplainDay():
            return explain_day(past, wanted.date, compare=wanted.compare)
        case _:
            return explain_peak(past, wanted.start, wanted.end, compare=wanted.compare)


def _contribution(part: Contribution) -> ExplainContribution:
    return ExplainContribution(
        code=part.code,
        label=words.LABELS[part.code],
        kwh=part.kwh,
        values=_json(part.values),
        text=words.sentence(part),
    )


def _json(values: Mapping[str, Value]) -> dict[str, Value | None]:
    """Values with null for what is not known: JSON has no NaN."""
    return {name: None if isinstance(one, float) and math.isnan(one) else one for name, one in values.items()}


def _usual(usual: Usual) -> ExplainUsual:
    parts = [_contribution(part) for part in usual.parts]
    return ExplainUsual.model_validate({**vars(usual), "parts": parts, "text": words.usual_sentence(usual)})


def _similar(told: PastExplanation) -> list[ExplainSimilar]:
    return [
        ExplainSimilar(
            start=event.start,
            usage_kwh=event.usage_kwh,
            day_type=event.day_type,
            text=words.similar_sentence(event, told),
        )
        for event in told.similar
    ]


def _bill(changes: tuple[BillChange, ...]) -> ExplainBill:
    return ExplainBill(
        total_krw=sum(change.amount_krw for change in changes),
        lines=[
            ExplainBillLine.model_validate({**vars(change), "text": words.bill_sentence(change)}) for change in changes
        ],
        text=words.bill_summary(changes),
    )
