"""Objects, as JSON knows them, as rows of readings: types, names and times are judged here, values are not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl

from steel_energy.calendar import on_clock
from steel_energy.inbox import POSTED
from steel_energy.plant import Plant
from steel_energy.posting.problems import Problems, Reason, printable
from steel_energy.schema import INTERVAL_START, LOAD_TYPE, LOAD_TYPES, MEASURED, PLANT

TIME = INTERVAL_START.name
NUMBERS = tuple(column.name for column in MEASURED)
FIELDS = frozenset({PLANT.name, *POSTED})
YEARS = (1970, 2200)  # times outside cannot be converted between zones without care, and no meter has them
SENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.UInt32,
    TIME: pl.Datetime("us", "UTC"),
    **dict.fromkeys(NUMBERS, pl.Float64),
    LOAD_TYPE.name: pl.String,
}
"""Readings as sent: ``row`` counts from 0; a cell is null where nothing was sent or where it has a problem."""
T = TypeVar("T")


@dataclass(frozen=True)
class Sent:
    """What a body holds.

    Attributes:
        readings: ``SENT``, one row for each row of the body, in its order.
        problems: what is wrong with them so far.
        unread: ``row``, ``column``, ``text``: cells of a table that are sent, and say nothing that can be read.
        ignored: columns of a table that no reading has.
    """

    readings: pl.DataFrame
    problems: Problems
    unread: pl.DataFrame
    ignored: tuple[str, ...] = ()


def nothing_unread() -> pl.DataFrame:
    """No unreadable cell."""
    return pl.DataFrame(schema={"row": pl.UInt32, "column": pl.String, "text": pl.String})


def read_objects(objects: Sequence[Any], plant: Plant, *, problems: Problems | None = None) -> Sent:
    """Read rows of JSON.

    Args:
        objects: what each row holds, anything at all.
        plant: whose readings they should be; times without an offset are read on its clock.
        problems: those that rows have already, such as not being JSON.
    """
    found = problems or Problems()
    rows = [_fields(row, value, found) for row, value in enumerate(objects)]

    def column(name: str, read: Callable[[Any], T]) -> list[T | None]:
        return [_read(row, name, fields.get(name), read, found) for row, fields in enumerate(rows)]

    column(PLANT.name, lambda value: _plant(value, plant))
    moments = column(TIME, _moment)
    found.add_all((row for row, moment in enumerate(moments) if moment is None), Reason(TIME, "missing", "is missing"))
    cells = {name: column(name, _number) for name in NUMBERS}
    frame = pl.DataFrame(
        {
            "row": range(len(rows)),
            TIME: in_utc(moments, plant.zone),
            **cells,
            LOAD_TYPE.name: column(LOAD_TYPE.name, _load_type),
        },
        schema=SENT,
    )
    return Sent(frame, found, nothing_unread())


def read_times(texts: Sequence[str | None], zone: str) -> tuple[pl.Series, list[int]]:
    """ISO 8601 texts as UTC times, null where there is none or it is unreadable, and which are the unreadable ones."""
    moments: list[dt.datetime | None] = []
    unreadable = []
    for place, text in enumerate(texts):
        try:
            moments.append(None if text is None else _moment(text))
        except _WrongValue:
            moments.append(None)
            unreadable.append(place)
    return in_utc(moments, zone), unreadable


def in_utc(moments: Sequence[dt.datetime | None], zone: str) -> pl.Series:
    """Times in UTC; those without an offset are read on the clock of ``zone``, in their order."""
    frame = pl.DataFrame(
        {
            "offset": [moment.astimezone(dt.UTC) if moment and moment.tzinfo else None for moment in moments],
            "wall": [moment if moment and not moment.tzinfo else None for moment in moments],
        },
        schema={"offset": pl.Datetime("us", "UTC"), "wall": pl.Datetime("us")},
    )
    wall = on_clock(pl.col("wall"), zone).dt.convert_time_zone("UTC")
    return frame.select(pl.coalesce("offset", wall).alias(TIME)).to_series()


class _WrongValue(Exception):  # noqa: N818 - never leaves this module
    """Carries the code and message of a reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def _fields(row: int, value: Any, problems: Problems) -> dict[str, Any]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        problems.add(row, Reason(None, "wrong_type", "should be an object with the fields of a reading"))
        return {}
    for name in value.keys() - FIELDS:
        problems.add(row, Reason(printable(name), "unknown_field", "is no field of a reading"))
    return value


def _read(row: int, name: str, value: Any, read: Callable[[Any], T], problems: Problems) -> T | None:  # noqa: ANN401
    if value is None:
        return None
    try:
        return read(value)
    except _WrongValue as wrong:
        problems.add(row, Reason(name, wrong.code, wrong.message))
        return None


def _number(value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise _WrongValue("wrong_type", "should be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _WrongValue("not_finite", "should be a finite number")
    return number


def _moment(value: Any) -> dt.datetime:  # noqa: ANN401
    if not isinstance(value, str):
        raise _WrongValue("wrong_type", "should be text: an ISO 8601 time, such as 2018-12-01T00:00:00+09:00")
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise _WrongValue("not_a_time", "should be an ISO 8601 time, such as 2018-12-01T00:00:00+09:00") from None
    if not YEARS[0] < moment.year < YEARS[1]:
        raise _WrongValue("outside_months", f"lies outside the years {YEARS[0]} to {YEARS[1]}")
    return moment


def _load_type(value: Any) -> str:  # noqa: ANN401
    if value not in LOAD_TYPES:
        raise _WrongValue("unknown_load_type", f"should be one of {', '.join(LOAD_TYPES)}")
    known: str = value
    return known


def _plant(value: Any, plant: Plant) -> str:  # noqa: ANN401
    if value != plant.id:
        raise _WrongValue("wrong_plant", f"these readings are taken as those of {plant.id}")
    return plant.id
