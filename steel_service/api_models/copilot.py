"""The JSON of /copilot/chat, /copilot/feedback and /knowledge: questions in plain language, answers with proof."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi.openapi.models import Example
from pydantic import Field

from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Intent
from steel_service.agent.events import Mode
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, ErrorDetail, PlantId, RequestModel

MAX_QUESTION = 2000
MAX_COMMENT = 1000
NOT_BLANK = r"\S"
ID = "^[0-9a-f]{32}$"
SessionId = Annotated[str, Field(pattern=ID, examples=[None])]
Kind = Literal["answer", "clarify", "refusal"]
FallbackReason = Literal[
    "down",
    "model_missing",
    "no_tools",
    "slow",
    "broken",
    "too_long",
    "too_many_steps",
    "refused",
    "malformed",
    "cut_short",
    "empty",
    "call_as_text",
    "not_grounded",
    "tool_failed",
    "no_result",
    "failed",
]
RefusalReason = Literal["off_topic", "hostile", "command", "help", "unknown", "tool"]
EXAMPLES: dict[str, Example] = {
    "forecast": {"summary": "What is coming", "value": {"question": "How much will we use tomorrow?"}},
    "bill": {"summary": "What it cost", "value": {"question": "¿Cuánto costó la semana pasada?"}},
    "what if": {"summary": "What would change", "value": {"question": "What if we close next Saturday?"}},
}
"""Requests that /docs offers to try."""


class ChatRequest(RequestModel):
    """A question, and the conversation it goes on with."""

    question: str = Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=NOT_BLANK,
        description="In English or Spanish; the answer is in the same language.",
        examples=["How much will we use tomorrow?"],
    )
    session_id: SessionId | None = Field(
        default=None, description="That of an earlier answer, to go on from it; a new conversation if absent."
    )
    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)


class ChatFallback(AnswerModel):
    """Why no language model answered, where one is wanted."""

    reason: FallbackReason = Field(description="Stable name of the kind of failure.")
    because: str = Field(description="The same for people, in the language of the answer.")
    remedy: str = Field(default="", description="What whoever runs the service can do about it, in English.")


class ChatPeriod(AnswerModel):
    """A stretch of time with the plant's offset."""

    start: dt.datetime
    end: dt.datetime = Field(description="Exclusive.")


class ChatEvidence(AnswerModel):
    """One call of a tool: what was asked, and what came of it."""

    tool: Intent = Field(description="What was asked of the service.")
    route: str = Field(description="The route that answered, such as POST /forecast.")
    arguments: dict[str, Any] = Field(description="Body or query of the call.")
    figures: dict[str, Any] = Field(description="The few figures that the answer is made of; names bear the unit.")
    result: dict[str, Any] | None = Field(
        description="The whole answer of the route; null where it is too long to repeat, or the route refused."
    )
    period: ChatPeriod | None = Field(description="What the figures are about; null where no time matters.")
    model_version: str | None = Field(description="Of the model behind them; null if there is none.")
    error: ErrorDetail | None = Field(default=None, description="Why the route refused; null where it answered.")


class Citation(AnswerModel):
    """Where a passage stands that the answer repeats."""

    number: int = Field(ge=1, description="The [1] of the answer.")
    title: str
    source: str = Field(description="Which of the notes, such as tariff or runbook.")
    anchor: str


class ChatSeries(AnswerModel):
    """A line, a band or a row of bars; a value for each `x`."""

    name: str = Field(description="For the legend.")
    values: list[float | None] = Field(description="Null where there is none.")
    lower: list[float] | None = Field(description="Of a band; null if it is none.")
    upper: list[float] | None = Field(description="Likewise.")


class ChatChart(AnswerModel):
    """A small picture, to be drawn by whoever shows the answer; its words are in the answer's language."""

    kind: Literal["line", "band", "bar"] = Field(description="A band is a line with `lower` and `upper`.")
    title: str
    unit: str = Field(description="Of the values.")
    x: list[str] = Field(description="Times with the plant's offset, or names of categories.")
    x_kind: Literal["time", "category"]
    series: list[ChatSeries]


class ChatAnswer(AnswerModel):
    """The answer, each number of it proved by the evidence or said in the question."""

    session_id: str = Field(description="To be sent with the next question of the conversation.")
    answer_id: str = Field(description="To be sent with feedback.")
    plant: str
    language: Language
    kind: Kind = Field(description="`clarify` asks back what is missing; `refusal` says what can be asked.")
    answer: str = Field(description="Plain text with line breaks.")
    mode: Mode = Field(description="Who answered: a language model with tools, or the planner, which needs none.")
    fallback: ChatFallback | None = Field(
        description="Why the planner answered for the language model; null where that answered or was not needed."
    )
    reason: RefusalReason | None = Field(description="Why it is a refusal; `tool` where a route refused. Null if none.")
    missing: str | None = Field(description="What a question back asks for; null if it is none.")
    options: list[str] = Field(description="Answers that a question back offers, where they are known.")
    evidence: list[ChatEvidence]
    chart: ChatChart | None = Field(description="A small picture to draw, where it says more than words.")
    citations: list[Citation]
    now: dt.datetime = Field(description="End of the known readings, which is what `now` means in question and answer.")
    took_ms: float = Field(ge=0)


class FeedbackRequest(RequestModel):
    """What somebody thinks of an answer."""

    session_id: Annotated[str, Field(pattern=ID, description="Of the answer.", examples=["0" * 32])]
    answer_id: Annotated[str, Field(pattern=ID, description="Of the answer.", examples=["0" * 32])]
    rating: Literal["up", "down"]
    comment: str = Field(default="", max_length=MAX_COMMENT, examples=["the wrong week"])


class FeedbackAnswer(AnswerModel):
    """Feedback that was written down."""

    session_id: str
    answer_id: str
    rating: Literal["up", "down"]


class KnowledgeQuery(RequestModel):
    """What is looked up."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    query: str = Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=NOT_BLANK,
        description="Words or a question.",
        examples=["demand charge"],
    )
    language: Language = Field(default="en", description="Of the notes.")


class PassageAnswer(AnswerModel):
    """A passage of the notes that fits."""

    title: str
    text: str
    source: str = Field(description="Which of the notes, such as tariff or runbook.")
    anchor: str


class KnowledgeAnswer(AnswerModel):
    """Passages that fit, best first; none where nothing does."""

    passages: list[PassageAnswer]
