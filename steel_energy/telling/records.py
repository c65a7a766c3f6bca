"""What a teller is asked and what it gives: calls of tools, and an answer in words with its figures and its picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from steel_energy.asking.outcomes import Intent, Period, Request
from steel_energy.asking.scene import Scene
from steel_energy.config import Record

MAX_POINTS = 200
"""More than these no picture in an answer needs."""


class Call(Record):
    """One tool to be asked.

    Attributes:
        tool: the request whose route answers.
        arguments: JSON of its body or query.
    """

    tool: Intent
    arguments: dict[str, Any] = Field(default_factory=dict)


class Series(Record):
    """A line, a band or a row of bars.

    Attributes:
        name: for the legend, in the reader's language.
        values: one for each ``x``; None where there is none.
        lower: of a band, for each ``x``.
        upper: likewise.
    """

    name: str
    values: tuple[float | None, ...]
    lower: tuple[float, ...] | None = None
    upper: tuple[float, ...] | None = None


class Chart(Record):
    """A small picture, to be drawn by whoever shows the answer.

    Attributes:
        kind: a band is a line with ``lower`` and ``upper``.
        title: in the reader's language.
        unit: of the values.
        x: ISO times with the plant's offset, or names of categories in the reader's language.
        x_kind: which of them.
        series: at least one.
    """

    kind: Literal["line", "band", "bar"]
    title: str
    unit: str
    x: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_POINTS)]
    x_kind: Literal["time", "category"]
    series: Annotated[tuple[Series, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _as_long_as_x(self) -> Self:
        for one in self.series:
            for name in ("values", "lower", "upper"):
                row = getattr(one, name)
                if row is not None and len(row) != len(self.x):
                    raise ValueError(f"{name} of {one.name!r} has {len(row)} points, x has {len(self.x)}")
        return self


class Told(Record):
    """An answer in words.

    Attributes:
        text: plain text with line breaks, short.
        figures: the few that the text is made of, by names with units; every number of the text stands here.
        chart: None where words say it all.
        period: what it is about; None where no time matters.
        model_version: of the model behind it; None if there is none.
    """

    text: str
    figures: dict[str, Any]
    chart: Chart | None = None
    period: Period | None = None
    model_version: str | None = None


Result = Mapping[str, Any]
"""JSON of a route's answer."""
Teller = Callable[[Request, Sequence[Result], Scene], Told]
"""Makes the answer from the results of ``calls_of``, in their order."""
Caller = Callable[[Request], tuple[Call, ...]]
"""Which calls a request needs, where it is not just the one of its own route."""


def moment(text: str, scene: Scene) -> dt.datetime:
    """A time of a result in the plant's zone."""
    return dt.datetime.fromisoformat(text).astimezone(scene.now.tzinfo)
