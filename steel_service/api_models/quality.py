"""The JSON of /quality, and what may be asked of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from steel_energy.cleaning.review import Part
from steel_energy.fields import Moment
from steel_service.api_models.fields import OMITTED_NOT_NULL, PLANT_MEANING, AnswerModel, PlantId, RequestModel, Source

DEFAULT_REPAIRS = 100
MAX_REPAIRS = 10_000
MAX_GAPS = 100
Name = Annotated[str, Field(min_length=1, max_length=64)]


class QualityQuery(RequestModel):
    """Which period is looked at, and which of its changes are told one by one."""

    plant: Annotated[PlantId | None, OMITTED_NOT_NULL] = Field(default=None, description=PLANT_MEANING)
    start: Annotated[Moment | None, OMITTED_NOT_NULL] = Field(
        default=None,
        alias="from",
        description="Start; that of the readings if absent. Without an offset it is plant time.",
        examples=["2018-12-01"],
    )
    end: Annotated[Moment | None, OMITTED_NOT_NULL] = Field(
        default=None,
        alias="to",
        description="End, exclusive; the end of the readings if absent.",
        examples=["2019-01-01"],
    )
    by: Part = Field(default="month", description="Counts over time are those of days or of months.")
    rule: Annotated[Name | None, OMITTED_NOT_NULL] = Field(
        default=None, description="List changes of this rule alone; counts stay.", examples=["co2_of_usage"]
    )
    column: Annotated[Name | None, OMITTED_NOT_NULL] = Field(
        default=None, description="List changes of this column alone, `row` for whole rows.", examples=["usage_kwh"]
    )
    limit: int = Field(default=DEFAULT_REPAIRS, ge=0, le=MAX_REPAIRS, description="Most changes in the list.")


class RuleCount(AnswerModel):
    """How often a rule of cleaning was used."""

    rule: str = Field(examples=["co2_of_usage"])
    changes: int
    confidence: float = Field(ge=0, le=1, description="Share of such changes that restore the true value.")
    why: str | None = Field(description="The reason behind the rule; null of one that there is no more.")


class ColumnCount(AnswerModel):
    """How many changes a column had."""

    column: str = Field(description="`row` where a whole row was removed or inserted.", examples=["co2_t"])
    changes: int


class QualityPart(AnswerModel):
    """One day or month of the plant's clock."""

    start: dt.datetime
    intervals: int
    repaired_cells: int = Field(description="Cells that were wrong or missing.")
    repaired_share: float = Field(ge=0, le=1, description="The same as a share of its cells.")
    rows_removed: int
    intervals_inserted: int


class QualityGap(AnswerModel):
    """A stretch of intervals that the source had no row of."""

    start: dt.datetime
    end: dt.datetime = Field(description="End, exclusive.")
    intervals: int


class QualityCheck(AnswerModel):
    """Something that must hold of cleaned readings, and whether it does."""

    check: str = Field(
        description="`complete`, `range`, `grid`, `monotone_time`, `no_duplicates` or `physics`.", examples=["physics"]
    )
    passed: bool
    expected: str = Field(description="What should be, in words.")
    actual: str = Field(description="What is, in words and figures.")


class QualityRepair(AnswerModel):
    """One change."""

    interval_start: dt.datetime
    column: str = Field(description="`row` where a whole row was removed or inserted.")
    before: str | None = Field(description="As the source had it; null where it had nothing.")
    after: str | None = Field(description="As it stands now; null where a row was removed.")
    rule: str
    confidence: float = Field(ge=0, le=1)


class Waiting(AnswerModel):
    """Posted readings and those of them that are not in use yet."""

    rows_posted: int = Field(description="Posted readings in use.")
    posted_until: dt.datetime | None
    rows_waiting: int = Field(description="Posted readings that wait, such as behind a long gap.")
    waiting_from: dt.datetime | None


class QualityAnswer(AnswerModel):
    """What cleaning did to the readings of a period."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    source: Source | None
    start: dt.datetime = Field(serialization_alias="from", description="Start of the period.")
    end: dt.datetime = Field(serialization_alias="to", description="End of the period, exclusive.")
    readings_from: dt.datetime = Field(description="Start of all known readings.")
    readings_until: dt.datetime = Field(description="Their end: how fresh they are.")
    intervals: int = Field(description="Readings of the period.")
    cells: int = Field(description="Their cells, as far as the source has the column at all.")
    repaired_cells: int = Field(description="Cells that were wrong or missing.")
    repaired_share: float = Field(ge=0, le=1, description="The same as a share of the cells.")
    restyled_cells: int = Field(description="Cells that were only written otherwise, such as with a decimal comma.")
    rows_removed: int = Field(description="Duplicates, and rows that fitted nowhere.")
    intervals_inserted: int = Field(description="Intervals that the source had no row of.")
    rules: list[RuleCount] = Field(description="Changes by rule, most first.")
    columns: list[ColumnCount] = Field(description="Changes by column, most first.")
    parts: list[QualityPart] = Field(description="Days or months, oldest first.")
    gaps: list[QualityGap] = Field(description=f"Newest first; at most {MAX_GAPS}.")
    gaps_left_out: int = Field(description="Older ones that are not told.")
    checks: list[QualityCheck] = Field(description="What must hold of cleaned readings.")
    repairs: list[QualityRepair] = Field(description="Changes that were asked for, newest first.")
    repairs_total: int = Field(description="How many there are of them, told or not.")
    posted: Waiting | None = Field(description="Null where nobody wrote it down.")
