from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from steel_energy.lake import Lake
from steel_service.errors import NotReadyError
from steel_service.readings import LakeReadings


def test_an_empty_lake_is_said_to_be_empty(site: Any, tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="no readings of toy"):
        LakeReadings(Lake(tmp_path)).of(site)


def test_readings_come_with_their_repairs_and_their_source(site: Any, known: Any, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    lake.write("repairs", "toy", "2018-01", known.repairs)
    lake.write_facts("raw_readings", "toy", known.source)

    found = LakeReadings(lake).of(site)

    assert found.readings.equals(known.readings)
    assert found.repairs.equals(known.repairs)
    assert found.source == known.source


def test_readings_alone_have_no_repairs(site: Any, known: Any, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)

    found = LakeReadings(lake).of(site)

    assert (found.repairs.height, found.source) == (0, None)


def test_they_are_read_again_only_after_a_month_was_replaced(site: Any, known: Any, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    readings = LakeReadings(lake)
    first = readings.of(site)
    assert readings.of(site) is first

    lake.write("cleaned_readings", "toy", "2018-01", known.readings.with_columns(usage_kwh=pl.lit(9.0)))

    assert readings.of(site).readings["usage_kwh"][0] == 9.0


@pytest.mark.parametrize(
    "damaged", ["cleaned_readings/plant=toy/month=2018-01.parquet", "raw_readings/plant=toy/facts.json"]
)
def test_a_damaged_file_is_told_with_its_remedy(site: Any, known: Any, tmp_path: Path, damaged: str) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    lake.write_facts("raw_readings", "toy", known.source)
    (tmp_path / damaged).write_bytes(b"PAR1")

    with pytest.raises(NotReadyError, match=r"the readings of toy cannot be read: .*make build"):
        LakeReadings(lake).of(site)
