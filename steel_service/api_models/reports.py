"""The JSON of /reports."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from steel_service.api_models.fields import AnswerModel


class Report(AnswerModel):
    """One report that can be opened."""

    name: str = Field(description="Its name in /reports/{name}.", examples=["quality.html"])
    kind: str = Field(description="What it is about.", examples=["quality"])
    title: str = Field(description="What the page calls itself.", examples=["Toy plant: what cleaning changed"])
    created_at: dt.datetime = Field(description="When it was written, UTC.")
    size_bytes: int = Field(examples=[512_000])
    media_type: str = Field(examples=["text/html"])
    link: str = Field(description="Where to open it.", examples=["/reports/quality.html?plant=toy"])


class ReportsAnswer(AnswerModel):
    """The reports of a plant, by name."""

    plant: str
    reports: list[Report]
