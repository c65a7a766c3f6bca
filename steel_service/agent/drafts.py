"""An answer in the making, and its proof: from what tools answered to the evidence, the citations and the chart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from steel_energy.asking.grounding import Number, grounded
from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Clarify, OutOfScope, Request
from steel_energy.carrier import NotElectricError
from steel_energy.telling.changing.infeasible import tell_infeasible
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of
from steel_service.agent.asked import Used
from steel_service.agent.events import Mode
from steel_service.agent.toolbox import TOOLS
from steel_service.agent.words import words
from steel_service.api_models.copilot import (
    ChatChart,
    ChatEvidence,
    ChatFallback,
    ChatPeriod,
    Citation,
    Kind,
    RefusalReason,
)
from steel_service.api_models.fields import ErrorDetail
from steel_service.errors import PassedOnError

LONGEST_RESULT_CHARS = 300_000
"""A longer answer of a route is not repeated: whoever wants it asks that route."""


@dataclass(frozen=True)
class Draft:
    """What a turn has come to; the fields are those of ``ChatAnswer``."""

    text: str
    mode: Mode
    kind: Kind = "answer"
    evidence: Sequence[ChatEvidence] = ()
    chart: ChatChart | None = None
    citations: Sequence[Citation] = ()
    fallback: ChatFallback | None = None
    reason: RefusalReason | None = None
    missing: str | None = None
    options: Sequence[str] = field(default=())


def told_draft(used: Used) -> Draft:
    """The planner's answer from what the tools answered."""
    text = used.told.text
    return Draft(
        text, "planner", evidence=evidence_of(used), chart=_chart([used]), citations=citations_of(text, [used])
    )


def model_draft(text: str, used: Sequence[Used]) -> Draft:
    """A language model's answer, to be proved by what the tools answered it."""
    return Draft(
        text,
        "llm",
        evidence=[line for one in used for line in evidence_of(one)],
        chart=_chart(used),
        citations=citations_of(text, used),
    )


def rebuilt_draft(used: Sequence[Used], *, fallback: ChatFallback) -> Draft:
    """What a language model's tools answered, in their own words: its text said a number that none of them did."""
    text = "\n\n".join(one.told.text for one in used)
    return replace(model_draft(text, used), mode="planner", fallback=fallback)


def unproved(text: str, question: str, evidence: Sequence[ChatEvidence], *, language: Language) -> list[Number]:
    """The numbers of a text that stand neither in the figures it was made from nor in the question."""
    passages = [line.result for line in evidence if line.tool == "knowledge"]
    return grounded(text, [[dict(line.figures) for line in evidence], passages, question], language=language)


def clarify_draft(asked: Clarify) -> Draft:
    """A question back."""
    return Draft(asked.question, "planner", "clarify", missing=asked.missing, options=asked.options)


def refusal_draft(refused: OutOfScope) -> Draft:
    """A refusal that says what can be asked."""
    return Draft(refused.text, "planner", "refusal", reason=refused.reason)


def refused_draft(request: Request, call: Call, error: PassedOnError) -> Draft:
    """What a route would not answer, for reasons that lie in the question."""
    said = tell_infeasible(request, code=error.code, message=error.message, hint=error.remedy)
    told = ErrorDetail(code=error.code, message=error.message, field=error.field, hint=error.remedy)
    line = ChatEvidence(
        tool=call.tool,
        route=TOOLS[call.tool].name,
        arguments=call.arguments,
        figures=said.figures if said else {},
        result=None,
        period=_period(said) if said else None,
        model_version=None,
        error=told,
    )
    return Draft(
        said.text if said else _passed_on(error, request), "planner", "refusal", evidence=[line], reason="tool"
    )


def _passed_on(error: PassedOnError, request: Request) -> str:
    """A route's own words, which are English whatever the question's language; of a fuel it is told in ours."""
    if error.code == NotElectricError.code:
        return voice(request.language)("nothing_electrical")
    message = ". ".join(part.rstrip(".") for part in (error.what, error.remedy) if part)
    return words(request.language).tool_refused.format(message=message)


def evidence_of(used: Used) -> list[ChatEvidence]:
    """A line for each call of a request; the figures are made from all of them together."""
    told = used.told
    return [
        ChatEvidence(
            tool=call.tool,
            route=TOOLS[call.tool].name,
            arguments=call.arguments,
            figures=told.figures,
            result=_not_too_long(result),
            period=_period(told),
            model_version=told.model_version,
        )
        for call, result in zip(calls_of(used.request), used.results, strict=True)
    ]


def _chart(used: Sequence[Used]) -> ChatChart | None:
    """The picture of what was asked last."""
    drawn = (ChatChart.model_validate(one.told.chart) for one in reversed(used) if one.told.chart)
    return next(drawn, None)


def _period(told: Told) -> ChatPeriod | None:
    return ChatPeriod(start=told.period.start, end=told.period.end) if told.period else None


def citations_of(text: str, used: Sequence[Used]) -> list[Citation]:
    """The passages whose [1] stands in a text."""
    passages = [
        passage
        for one in used
        for call, result in zip(calls_of(one.request), one.results, strict=True)
        if call.tool == "knowledge"
        for passage in result["passages"]
    ]
    return [
        Citation(number=number, title=passage["title"], source=passage["source"], anchor=passage["anchor"])
        for number, passage in enumerate(passages, start=1)
        if f"[{number}]" in text
    ]


def _not_too_long(result: Mapping[str, Any]) -> dict[str, Any] | None:
    return dict(result) if len(json.dumps(result)) <= LONGEST_RESULT_CHARS else None
