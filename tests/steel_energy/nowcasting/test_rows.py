from __future__ import annotations

import polars as pl

from steel_energy.nowcasting.rows import nowcast_rows
from steel_energy.sources.raw import RAW_SCHEMA
from steel_energy.testing import toy_plant


def raw_row(**cells: str | None) -> pl.DataFrame:
    triangle = {
        "lagging_reactive_kvarh": "4",
        "leading_reactive_kvarh": "0",
        "lagging_power_factor": "60",
        "leading_power_factor": "100",
        "co2_t": "0",
    }
    row = dict.fromkeys(RAW_SCHEMA) | {"source_row": 0} | triangle | cells
    return pl.DataFrame(row, schema=RAW_SCHEMA)


def test_the_usage_is_carried_along_and_never_read() -> None:
    truthful, lying, silent = (nowcast_rows(raw_row(usage_kwh=u), toy_plant()) for u in ("3", "999", None))

    assert lying["usage_kwh"].to_list() == [999.0]
    for nowcast in (truthful, lying, silent):
        assert nowcast["predicted_usage_kwh"].to_list() == [3.0]


def test_rows_keep_their_order_and_number() -> None:
    rows = pl.concat([raw_row(usage_kwh="2"), raw_row(usage_kwh="1"), raw_row(usage_kwh="2")])

    assert nowcast_rows(rows, toy_plant())["usage_kwh"].to_list() == [2.0, 1.0, 2.0]


def test_an_unreadable_cell_leaves_its_relation_out() -> None:
    nowcast = nowcast_rows(raw_row(co2_t="error"), toy_plant())

    assert nowcast["co2_t"].to_list() == [None]
    assert nowcast["predicted_usage_kwh"].to_list() == [3.0]
