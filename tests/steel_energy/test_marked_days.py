from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.errors import StorageError
from steel_energy.marked_days import MarkedDay, mark_days, marks_file, plant_as_marked, read_marks, with_marks
from steel_energy.plant import Plant, ProductionCalendar
from steel_energy.settings import SteelSettings
from steel_energy.testing import toy_plant

WEDNESDAY, SUNDAY = dt.date(2018, 1, 3), dt.date(2018, 1, 7)
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2018, 1, 31))


def closed(day: dt.date) -> MarkedDay:
    return MarkedDay(day=day, state="closed")


def opened(day: dt.date) -> MarkedDay:
    return MarkedDay(day=day, state="open")


@pytest.fixture(scope="module")
def plant() -> Plant:
    """Closed on Sundays and on 2 January, but not on Sunday the 14th."""
    calendar = ProductionCalendar(
        closed_weekdays=frozenset({"sunday"}),
        closed_days=frozenset({dt.date(2018, 1, 2)}),
        open_days=frozenset({dt.date(2018, 1, 14)}),
    )
    return toy_plant().model_copy(update={"calendar": calendar})


@pytest.mark.parametrize(
    "day", [SUNDAY, dt.date(2018, 1, 2), WEDNESDAY, dt.date(2018, 1, 14)], ids=["rule", "listed", "open", "listed open"]
)
def test_a_mark_holds_whatever_the_plants_file_says(plant: Plant, day: dt.date) -> None:
    assert with_marks(plant, [closed(day)]).calendar.is_closed(day)
    assert not with_marks(plant, [opened(day)]).calendar.is_closed(day)


@given(marks=st.dictionaries(DAYS, st.sampled_from(["closed", "open"])))
def test_a_day_is_closed_by_its_mark_else_by_the_file(plant: Plant, marks: dict[dt.date, str]) -> None:
    calendar = with_marks(plant, [MarkedDay.model_validate({"day": d, "state": s}) for d, s in marks.items()]).calendar

    for n in range(31):
        day = dt.date(2018, 1, 1) + dt.timedelta(days=n)
        expected = marks[day] == "closed" if day in marks else plant.calendar.is_closed(day)
        assert calendar.is_closed(day) == expected


def test_what_is_marked_comes_back_in_order_of_the_days(tmp_path: Path) -> None:
    holiday = MarkedDay(day=WEDNESDAY, state="closed", reason="holiday")

    assert mark_days(tmp_path, "toy", marks=[opened(SUNDAY), holiday]) == {WEDNESDAY, SUNDAY}
    assert read_marks(tmp_path, "toy") == (holiday, opened(SUNDAY))
    assert read_marks(tmp_path, "other") == ()


def test_marking_the_same_again_changes_neither_days_nor_file(tmp_path: Path) -> None:
    mark_days(tmp_path, "toy", marks=[closed(WEDNESDAY)])
    before = marks_file(tmp_path, "toy").stat().st_ino

    assert mark_days(tmp_path, "toy", marks=[closed(WEDNESDAY)], unmarked=[SUNDAY]) == frozenset()
    assert marks_file(tmp_path, "toy").stat().st_ino == before


def test_a_mark_that_is_taken_away_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    mark_days(tmp_path, "toy", marks=[closed(WEDNESDAY), opened(SUNDAY)])

    assert mark_days(tmp_path, "toy", marks=[], unmarked=[WEDNESDAY]) == {WEDNESDAY}
    assert read_marks(tmp_path, "toy") == (opened(SUNDAY),)


def test_who_marks_at_the_same_time_loses_nothing(tmp_path: Path) -> None:
    days = [dt.date(2018, 1, 1) + dt.timedelta(days=n) for n in range(24)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda day: mark_days(tmp_path, "toy", marks=[closed(day)]), days))

    assert [mark.day for mark in read_marks(tmp_path, "toy")] == days


@pytest.mark.parametrize("content", ["", "{", '{"days": [{"day": "2018-02-30", "state": "closed"}]}'])
def test_a_damaged_file_is_named_and_not_taken_for_no_marks(tmp_path: Path, content: str) -> None:
    marks_file(tmp_path, "toy").write_text(content)

    with pytest.raises(StorageError, match=r"toy\.json: cannot be read"):
        read_marks(tmp_path, "toy")
    with pytest.raises(StorageError, match="cannot be read"):
        mark_days(tmp_path, "toy", marks=[closed(WEDNESDAY)])
    assert marks_file(tmp_path, "toy").read_text() == content


def test_a_plant_is_read_with_its_marks(tmp_path: Path) -> None:
    settings = SteelSettings(data_dir=tmp_path)
    assert not plant_as_marked("gwangyang", settings).calendar.is_closed(dt.date(2019, 1, 3))

    mark_days(settings.calendars_dir, "gwangyang", marks=[closed(dt.date(2019, 1, 3))])

    assert plant_as_marked("gwangyang", settings).calendar.is_closed(dt.date(2019, 1, 3))
