"""A plan as JSON values: times in ISO 8601, frames as rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl

from steel_energy.billing import Bill
from steel_energy.planning.result import Plan


def plan_record(made: Plan) -> dict[str, Any]:
    """All of a plan; bills with their amounts, savings with their sum."""
    record = {field.name: _value(getattr(made, field.name)) for field in dataclasses.fields(made)}
    return {**record, "savings": {**record["savings"], "total_krw": made.savings.total_krw}}


def _value(value: Any) -> Any:  # noqa: ANN401 - any field of a plan
    if isinstance(value, Bill):
        lines = [{**dataclasses.asdict(line), "amount_krw": line.amount_krw} for line in value.lines]
        return {**_fields(value), "lines": lines, "total_krw": value.total_krw}
    if isinstance(value, pl.DataFrame):
        return [_fields_of_row(row) for row in value.iter_rows(named=True)]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if dataclasses.is_dataclass(value):
        return _fields(value)
    return dict(value) if isinstance(value, dict) else value


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {field.name: _value(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _fields_of_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}
