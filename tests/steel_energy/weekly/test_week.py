from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.errors import InputError
from steel_energy.weekly import Week


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_week_is_read_back_from_its_name_and_holds_its_days(day: dt.date) -> None:
    week = Week.of(day)

    assert Week.parse(week.name) == week
    assert week.monday <= day <= week.sunday
    assert len(week.days) == 7
    assert week.shifted(1).shifted(-1) == week


@pytest.mark.parametrize("name", ["2018-W54", "2018-W00", "2018-47", "2018-W7", "2018-W47 ", "", "twelve"])
def test_what_is_no_week_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(InputError, match="2018-W47"):
        Week.parse(name)


def test_a_week_with_a_clock_change_lasts_an_hour_less() -> None:
    start, end = Week.parse("2018-W12").bounds("Europe/Madrid")

    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(days=7, hours=-1)
    assert end == dt.datetime(2018, 3, 26, tzinfo=ZoneInfo("Europe/Madrid"))
