"""pandas and DuckDB clean by the same rules, and restore what a person can restore by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from libraries.cleaners import READ, Facts, cleaned_by_duckdb, cleaned_by_pandas

from steel_energy.plant import Plant
from steel_energy.simulation.plant import simulate
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.tariff import Tariff

JANUARY = (dt.date(2018, 1, 1), dt.date(2018, 2, 1))
NOON = 10 * 96 + 48
ZONE = "Asia/Seoul"


@pytest.fixture(scope="module")
def plant(gwangyang: Plant) -> Plant:
    return gwangyang.model_copy(update={"last_month": "2018-01"})


@pytest.fixture(scope="module")
def truth(plant: Plant, kepco: Tariff) -> pl.DataFrame:
    return pl.concat(simulate(plant, kepco, start=JANUARY[0], end=JANUARY[1], seed=1))


@pytest.fixture(params=[cleaned_by_pandas, cleaned_by_duckdb], ids=["pandas", "DuckDB"])
def cleaned(request, plant: Plant, kepco: Tariff, tmp_path: Path) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Raw rows written as a file and cleaned by one of the tools."""

    def written_and_cleaned(rows: pl.DataFrame) -> pl.DataFrame:
        to_published(rows).write_csv(tmp_path / "dirty.csv")
        return request.param(tmp_path / "dirty.csv", Facts.of(plant, kepco))

    return written_and_cleaned


def of_row(raw: pl.DataFrame, row: int, **cells: str) -> pl.DataFrame:
    is_meant = pl.col("source_row") == row
    return raw.with_columns(
        pl.when(is_meant).then(pl.lit(cell)).otherwise(name).alias(name) for name, cell in cells.items()
    )


def test_a_sound_file_stays_as_it_is(cleaned, truth: pl.DataFrame):
    found = cleaned(to_raw(truth, ZONE))

    assert found.select(READ).to_numpy().tolist() == truth.select(READ).to_numpy().tolist()
    assert found["load_type"].to_list() == truth["load_type"].cast(pl.String).to_list()
    assert found["interval_start"].to_list() == truth["interval_start"].dt.replace_time_zone(None).to_list()


@pytest.mark.parametrize(
    "cells",
    [
        {"co2_t": "error"},
        {"lagging_power_factor": "146.2"},
        {"usage_kwh": "9999"},
        {"label": "?"},
        {"usage_kwh": "-3", "co2_t": ""},
    ],
    ids=["junk", "above 100", "too high", "no date", "negative"],
)
def test_a_cell_comes_back_from_the_others(cleaned, cells: dict[str, str], truth: pl.DataFrame):
    found = cleaned(of_row(to_raw(truth, ZONE), NOON, **cells)).row(NOON, named=True)

    true = truth.row(NOON, named=True)
    assert [found[name] for name in READ] == pytest.approx([true[name] for name in READ], abs=0.11)


def test_of_two_rows_of_an_interval_the_more_readable_stands(cleaned, truth: pl.DataFrame):
    raw = to_raw(truth, ZONE)
    worse = of_row(raw, NOON, usage_kwh="", lagging_reactive_kvarh="").slice(NOON, 1)

    found = cleaned(pl.concat([worse, raw]))

    assert found.height == truth.height
    assert found["usage_kwh"][NOON] == truth["usage_kwh"][NOON]
