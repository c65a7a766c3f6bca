from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
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


def test_they_are_read_again_only_after_a_month_was_replaced(site: Any, known: Any, tmp_path: Path, until: Any) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    readings = LakeReadings(lake)
    first = readings.of(site)
    assert readings.of(site) is first

    lake.write("cleaned_readings", "toy", "2018-01", known.readings.with_columns(usage_kwh=pl.lit(9.0)))

    until(lambda: readings.of(site).readings["usage_kwh"][0] == 9.0)


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


def test_a_month_that_was_damaged_in_place_is_noticed_within_a_second(
    site: Any, known: Any, tmp_path: Path, until: Any
) -> None:
    lake = Lake(tmp_path)
    path = lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    readings = LakeReadings(lake)
    readings.of(site)
    path.write_bytes(b"PAR1")

    def is_noticed() -> bool:
        try:
            readings.of(site)
        except NotReadyError:
            return True
        return False

    until(is_noticed)


def test_while_one_reads_what_is_new_the_others_get_what_was_there(site: Any, known: Any, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    readings = LakeReadings(lake)
    first, reading, go_on = readings.of(site), Event(), Event()

    class SlowLake(Lake):
        def read(self, *arguments: Any, **options: Any) -> pl.DataFrame:
            reading.set()
            go_on.wait(10)
            return super().read(*arguments, **options)

    readings._lake = SlowLake(tmp_path)
    lake.write("cleaned_readings", "toy", "2018-02", known.readings)
    renewal = Thread(target=readings.of, args=(site,))
    renewal.start()
    assert reading.wait(10)

    during = readings.of(site)
    go_on.set()
    renewal.join()

    assert during is first
    assert readings.of(site) is not first
