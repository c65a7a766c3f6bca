"""How the graph is cut: keys, months and what a month needs of the ones before."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from dagster._core.definitions.partitions.context import partition_loading_context

from steel_assets.partitions import (
    PlantMonth,
    PlantWeek,
    months_of_week,
    plant_month_partitions,
    plant_partitions,
    plant_week_partitions,
)
from steel_energy.testing import toy_plant

NOW = dt.datetime(2018, 7, 1, tzinfo=dt.UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def test_a_key_is_read_and_written_as_dagster_joins_it():
    part = PlantMonth.parse("2018-02|toy")

    assert part == PlantMonth(plant="toy", month="2018-02")
    assert part.key == "2018-02|toy"


def test_a_month_lasts_from_its_first_midnight_to_the_next_ones_on_the_plants_clock():
    start, end = PlantMonth("toy", "2018-12").bounds("Asia/Seoul")

    assert (start, end) == (dt.datetime(2018, 12, 1, tzinfo=SEOUL), dt.datetime(2019, 1, 1, tzinfo=SEOUL))


def test_plant_months_span_the_months_of_every_plant():
    late = toy_plant().model_copy(update={"id": "late", "first_month": "2018-02", "open_until": "2018-05"})

    partitions = plant_month_partitions([toy_plant(), late], now=NOW)

    assert partitions.get_partition_keys() == [
        f"2018-{month:02d}|{plant}" for month in range(1, 6) for plant in ("late", "toy")
    ]
    assert plant_partitions([toy_plant(), late]).get_partition_keys() == ["late", "toy"]


@pytest.mark.parametrize(("at", "last"), [("2019-02-28T22:59Z", "2019-02"), ("2019-02-28T23:00Z", "2019-03")])
def test_months_go_on_with_the_clock_of_a_plant_that_is_open_without_end(at: str, last: str):
    """Defined at one moment, asked at another: a code server runs for weeks."""
    live = toy_plant(zone="Europe/Madrid").model_copy(update={"id": "live", "open_until": None})

    partitions = plant_month_partitions([toy_plant(), live], now=NOW)

    with partition_loading_context(effective_dt=dt.datetime.fromisoformat(at)):
        assert partitions.get_partition_keys()[-1] == f"{last}|toy"


def test_plant_weeks_run_from_monday_to_monday_over_the_same_months():
    """2018 begins on a Monday; April ends on one, whose week is the last."""
    weeks = plant_week_partitions([toy_plant()], now=NOW).get_partition_keys()

    assert (weeks[0], weeks[-1], len(weeks)) == ("toy|2018-01-01", "toy|2018-04-30", 18)
    assert PlantWeek.parse(weeks[0]) == PlantWeek("toy", "2018-01-01")


def test_a_week_of_a_clock_change_lasts_from_midnight_to_midnight():
    start, end = PlantWeek("toy", "2018-03-19").bounds("Europe/Madrid")

    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(days=7) - dt.timedelta(hours=1)


def test_a_week_needs_the_months_it_lies_in():
    months, weeks = (
        partitions([toy_plant()], now=NOW) for partitions in (plant_month_partitions, plant_week_partitions)
    )

    needed = {
        week: sorted(
            months_of_week()
            .get_upstream_mapped_partitions_result_for_partitions(
                weeks.empty_subset().with_partition_keys([week]), weeks, months
            )
            .partitions_subset.get_partition_keys()
        )
        for week in ("toy|2018-01-01", "toy|2018-01-29", "toy|2018-04-30")
    }

    assert needed == {
        "toy|2018-01-01": ["2018-01|toy"],
        "toy|2018-01-29": ["2018-01|toy", "2018-02|toy"],
        "toy|2018-04-30": ["2018-04|toy"],
    }


def test_plant_months_sort_by_plant_then_month():
    parts = [PlantMonth("b", "2018-01"), PlantMonth("a", "2018-02"), PlantMonth("a", "2018-01")]

    assert [part.key for part in sorted(parts)] == ["2018-01|a", "2018-02|a", "2018-01|b"]


def test_the_months_behind_a_month_come_oldest_first():
    assert PlantMonth("toy", "2018-01").back_to(2) == ["2017-11", "2017-12", "2018-01"]
