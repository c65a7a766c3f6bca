"""How the graph is cut: keys, months and what a month needs of the ones before."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from steel_assets.partitions import PlantMonth, plant_month_partitions, plant_partitions
from steel_energy.testing import toy_plant

SEOUL = ZoneInfo("Asia/Seoul")


def test_a_key_is_read_and_written_as_dagster_joins_it():
    part = PlantMonth.parse("2018-02|toy")

    assert part == PlantMonth(plant="toy", month="2018-02")
    assert part.key == "2018-02|toy"


def test_a_month_lasts_from_its_first_midnight_to_the_next_ones_on_the_plants_clock():
    start, end = PlantMonth("toy", "2018-12").bounds("Asia/Seoul")

    assert (start, end) == (dt.datetime(2018, 12, 1, tzinfo=SEOUL), dt.datetime(2019, 1, 1, tzinfo=SEOUL))


def test_plant_months_span_the_months_of_every_plant():
    late = toy_plant().model_copy(update={"id": "late", "first_month": "2018-02", "last_month": "2018-03"})

    partitions = plant_month_partitions([toy_plant(), late])

    assert partitions.get_partition_keys() == [
        f"{month}|{plant}" for month in ("2018-01", "2018-02", "2018-03") for plant in ("late", "toy")
    ]
    assert plant_partitions([toy_plant(), late]).get_partition_keys() == ["late", "toy"]


def test_plant_months_sort_by_plant_then_month():
    parts = [PlantMonth("b", "2018-01"), PlantMonth("a", "2018-02"), PlantMonth("a", "2018-01")]

    assert [part.key for part in sorted(parts)] == ["2018-01|a", "2018-02|a", "2018-01|b"]


def test_the_months_behind_a_month_come_oldest_first():
    assert PlantMonth("toy", "2018-01").back_to(2) == ["2017-11", "2017-12", "2018-01"]
