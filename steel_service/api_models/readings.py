"""The JSON of /readings: readings as an application posts them, and what became of each row."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from steel_energy.fields import Moment
from steel_energy.posting import Status
from steel_energy.tariff import Band
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, PlantId, RequestModel
from steel_service.api_models.quality import MAX_GAPS, QualityGap, RuleCount

MAX_ROWS_TOLD = 1_000
MEASURED_ABSENT = "Null or left out where it was not measured: it is worked out when the month is built."
EXAMPLE = {
    "interval_start": "2019-01-02T09:00:00+09:00",
    "usage_kwh": 4.0,
    "lagging_reactive_kvarh": 3.02,
    "leading_reactive_kvarh": 0.0,
    "lagging_power_factor": 79.81,
    "leading_power_factor": 100.0,
    "co2_t": 0.0,
    "load_type": "medium",
}


AtLeastZero = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Reading(RequestModel):
    """What a meter shows of one 15-minute interval: usage_kwh, or a reactive energy with its power factor, at least."""

    # The schema of a row and no more: rows are read by the hundred thousand, and judged by ``steel_energy.posting``.

    plant: PlantId | None = Field(default=None, description="Plant id; another than that of the request is refused.")
    interval_start: Moment = Field(
        description="Start of the interval, ISO 8601, at :00, :15, :30 or :45; plant time without an offset."
    )
    usage_kwh: AtLeastZero | None = Field(default=None, description="Active energy in kWh.")
    lagging_reactive_kvarh: AtLeastZero | None = Field(
        default=None, description=f"Lagging reactive energy in kvarh. {MEASURED_ABSENT}"
    )
    leading_reactive_kvarh: AtLeastZero | None = Field(
        default=None, description=f"Leading reactive energy in kvarh. {MEASURED_ABSENT}"
    )
    lagging_power_factor: Percent | None = Field(
        default=None, description=f"Lagging power factor in percent. {MEASURED_ABSENT}"
    )
    leading_power_factor: Percent | None = Field(
        default=None, description=f"Leading power factor in percent. {MEASURED_ABSENT}"
    )
    co2_t: AtLeastZero | None = Field(default=None, description=f"CO2 in tonnes. {MEASURED_ABSENT}")
    load_type: Band | None = Field(default=None, description="Tariff band; worked out where it is left out.")


Row = Annotated[Any | Reading, Field(union_mode="left_to_right")]
"""A row as it comes: the schema shows a reading, yet a row that is none is answered for itself and refuses no other."""
Rows = Annotated[list[Row], Field(min_length=1)]


class ReadingsBody(RequestModel):
    """Readings of one plant."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    readings: Rows = Field(
        description="In any order; at most STEEL_API_MAX_READINGS_ROWS (100,000).", examples=[[EXAMPLE]]
    )


class _InThreeForms:
    """Bytes whose schema is that of the JSON they may hold; what they hold is read in a thread, not while parsing."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return core_schema.bytes_schema()

    def __get_pydantic_json_schema__(self, _core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        forms: TypeAdapter[Any] = TypeAdapter(ReadingsBody | Rows)
        return handler(forms.core_schema)


PostedBytes = Annotated[bytes, _InThreeForms()]
"""A body of readings as it arrives."""


class RowReason(AnswerModel):
    """Why a row was rejected."""

    field: str | None = Field(description="The field it is about; null where it is the row as a whole.")
    code: str = Field(description="Stable name of the kind of reason.", examples=["off_grid"])
    message: str = Field(description="What is wrong.")


class RowRepair(AnswerModel):
    """A cell that cleaning will change, judged by the meter's physics and the readings known so far."""

    column: str
    before: str = Field(description="As sent.", examples=["4250"])
    after: str | None = Field(description="As it would stand.", examples=["4.25"])
    rule: str = Field(description="The rule of cleaning behind it.", examples=["wh_for_kwh"])
    confidence: float = Field(ge=0, le=1, description="Share of such repairs that restore the true value.")


class RowAnswer(AnswerModel):
    """What became of a row that was not plainly accepted."""

    row: int = Field(description="Its place among the rows, from 0; in CSV, lines below the header.")
    interval_start: dt.datetime | None = Field(description="Its interval in the plant's zone; null where unknown.")
    status: Status
    reasons: list[RowReason] = Field(description="Why it was rejected; empty otherwise.")
    repairs: list[RowRepair] = Field(description="What cleaning will change; empty unless repaired.")


class RowCounts(AnswerModel):
    """How many rows came, and what became of them; every row counts once."""

    received: int
    accepted: int = Field(description="Kept as sent.")
    repaired: int = Field(description="Kept as sent too; building the month repairs some of its cells.")
    rejected: int = Field(description="Not kept.")
    unchanged: int = Field(description="Known already with the same values.")


class ReadingsAnswer(AnswerModel):
    """What became of the posted readings."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    is_new: bool = Field(description="Whether anything was kept; then the answer's status is 202, else 200.")
    batch: str | None = Field(description="Name of what was kept; null where nothing was new.")
    counts: RowCounts
    rows: list[RowAnswer] = Field(
        description="Rows that were not plainly accepted: first the rejected ones, then the repaired and the unchanged."
    )
    rows_left_out: int = Field(description=f"How many such rows are not told, for at most {MAX_ROWS_TOLD} are.")
    ignored_columns: list[str] = Field(description="Columns of a CSV that no reading has.")


class PreviewAnswer(AnswerModel):
    """What would become of readings if they were sent; nothing was kept."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    start: dt.datetime | None = Field(
        serialization_alias="from", description="Start of the first row that stands; null where none does."
    )
    end: dt.datetime | None = Field(serialization_alias="to", description="End of the last one, exclusive.")
    replacing: int = Field(description="Rows that would take the place of a known reading.")
    counts: RowCounts
    rules: list[RuleCount] = Field(description="What cleaning would change, by rule, most first.")
    gaps: list[QualityGap] = Field(
        description=f"Stretches between the rows that none of them fills, newest first; at most {MAX_GAPS}."
    )
    gaps_left_out: int = Field(description="Older ones that are not told.")
    rows: list[RowAnswer] = Field(
        description="Rows that would not be plainly accepted: first the rejected, then the repaired, the unchanged."
    )
    rows_left_out: int = Field(description=f"How many such rows are not told, for at most {MAX_ROWS_TOLD} are.")
    ignored_columns: list[str] = Field(description="Columns of a CSV that no reading has.")
