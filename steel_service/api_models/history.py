"""The JSON of /history, and what may be asked of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Required

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from steel_energy.fields import Moment
from steel_energy.history import COLUMNS, Aggregation
from steel_energy.tariff import Band
from steel_service.api_models.fields import OMITTED_NOT_NULL, PLANT_MEANING, AnswerModel, PlantId, RequestModel, Source

DEFAULT_ROWS = 36_000  # the 35,136 intervals of a leap year come on one page
MAX_ROWS = 100_000
CHOICE = "|".join(COLUMNS)
ColumnNames = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^({CHOICE})(,({CHOICE}))*$"})]


def _known_columns(asked: list[str]) -> list[str]:
    """The columns that are named one by one or with commas between, in the order of ``COLUMNS``."""
    names = [name for some in asked for name in some.split(",")]
    if unknown := [name for name in names if name not in COLUMNS]:
        context = {"unknown": unknown[0], "known": ", ".join(COLUMNS)}
        raise PydanticCustomError("column", "There is no column '{unknown}'; there are {known}", context)
    return [column for column in COLUMNS if column in names]


class HistoryQuery(RequestModel):
    """Which readings are wanted, and how."""

    plant: Annotated[PlantId | None, OMITTED_NOT_NULL] = Field(default=None, description=PLANT_MEANING)
    start: Annotated[Moment | None, OMITTED_NOT_NULL] = Field(
        default=None,
        alias="from",
        description="Start; two weeks before the end if absent. Without an offset it is plant time.",
        examples=["2018-12-01"],
    )
    end: Annotated[Moment | None, OMITTED_NOT_NULL] = Field(
        default=None,
        alias="to",
        description="End, exclusive; the end of the readings if absent.",
        examples=["2019-01-01"],
    )
    aggregation: Aggregation = Field(
        default="15min",
        description="Single intervals, or windows of the plant's clock; a week begins on Monday.",
        examples=["day"],
    )
    columns: Annotated[list[ColumnNames], AfterValidator(_known_columns)] = Field(
        default=[],
        description="Columns that are wanted, with commas between or repeated; all if absent. "
        "`interval_start` is always there.",
        examples=[["usage_kwh,peak_kw"]],
    )
    limit: int = Field(default=DEFAULT_ROWS, ge=1, le=MAX_ROWS, description="Most rows of a page.", examples=[1000])
    cursor: Annotated[Moment | None, OMITTED_NOT_NULL] = Field(
        default=None,
        description="Where the page begins: `next` of the page before. New readings behind it move nothing.",
        examples=["2018-12-11T10:00:00+09:00"],
    )

    @property
    def wanted(self) -> list[str]:
        """The columns of the answer, in their order."""
        return [column for column in COLUMNS if column in {"interval_start", *(self.columns or COLUMNS)}]


class HistoryRow(TypedDict, total=False):
    """One interval or window of known readings, with the columns that were asked for."""

    interval_start: Required[
        Annotated[dt.datetime, Field(description="Start of the interval or window in the plant's zone.")]
    ]
    usage_kwh: Annotated[float, Field(description="Active energy in kWh.")]
    lagging_reactive_kvarh: Annotated[float, Field(description="Lagging reactive energy in kvarh.")]
    leading_reactive_kvarh: Annotated[float, Field(description="Leading reactive energy in kvarh.")]
    lagging_power_factor: Annotated[
        float, Field(description="Percent 0-100: as the meter shows it, of a window as it follows from its energies.")
    ]
    leading_power_factor: Annotated[float, Field(description="Percent 0-100, likewise.")]
    co2_t: Annotated[float, Field(description="CO2 in tonnes.")]
    load_type: Annotated[Band | None, Field(description="Band of the readings; null where a window has several.")]
    billing_band: Annotated[Band | None, Field(description="Band the utility bills; null where a window has several.")]
    peak_kw: Annotated[float, Field(description="Highest 15-minute demand: four times the highest energy.")]
    cost_krw: Annotated[float, Field(description="Energy charge, without demand charge.")]
    repaired: Annotated[bool, Field(description="Whether cleaning changed a cell of it.")]
    intervals: Annotated[int, Field(description="Number of 15-minute intervals in it.")]


class HistoryFacts(AnswerModel):
    """What a page of readings is a page of."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    aggregation: Aggregation
    start: dt.datetime = Field(serialization_alias="from", description="Start of the period.")
    end: dt.datetime = Field(serialization_alias="to", description="End of the period, exclusive.")
    source: Source | None
    total: int = Field(description="Rows of the whole period, on all pages.")
    next: dt.datetime | None = Field(description="The `cursor` of the next page; null on the last one.")


class HistoryAnswer(HistoryFacts):
    """Known readings of a period, oldest first."""

    rows: list[HistoryRow]
