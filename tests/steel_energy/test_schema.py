"""The column contract: what it demands of a frame and how it says no."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.errors import SchemaError
from steel_energy.schema import READINGS, readings_schema, repairs_schema, require_schema

SEOUL = "Asia/Seoul"


def empty_readings(zone=SEOUL):
    return pl.DataFrame(schema=readings_schema(zone))


def test_times_carry_the_plants_zone():
    assert readings_schema("Europe/Madrid")["interval_start"] == pl.Datetime("us", "Europe/Madrid")
    assert repairs_schema("Europe/Madrid")["interval_start"] == pl.Datetime("us", "Europe/Madrid")


def test_every_column_has_a_meaning_and_a_name_of_its_own():
    assert len({column.name for column in READINGS}) == len(READINGS) == 9
    assert all(column.meaning for column in READINGS)


def test_columns_come_back_in_the_contracts_order_without_others():
    expected = readings_schema(SEOUL)
    shuffled = empty_readings().select(reversed(expected.names())).with_columns(extra=pl.lit(1))

    assert require_schema(shuffled, expected).columns == expected.names()


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="co2_t is missing instead of Float64") as caught:
        require_schema(empty_readings().drop("co2_t"), readings_schema(SEOUL))

    assert caught.value.field == "co2_t"


def test_all_columns_of_another_type_are_named():
    frame = empty_readings().cast({"usage_kwh": pl.String, "load_type": pl.String})

    with pytest.raises(SchemaError) as caught:
        require_schema(frame, readings_schema(SEOUL))

    assert "usage_kwh is String instead of Float64" in caught.value.message
    assert "load_type is String instead of Enum" in caught.value.message


def test_a_naive_time_or_another_zone_is_refused():
    naive = empty_readings().with_columns(interval_start=pl.lit(dt.datetime.fromisoformat("2018-01-01")))

    for frame in (naive, empty_readings("Europe/Madrid")):
        with pytest.raises(SchemaError, match="interval_start is Datetime"):
            require_schema(frame, readings_schema(SEOUL))
