from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from steel_energy.months import first_day, month_of, month_start, shift_month


def test_months_roll_over_the_year():
    assert shift_month("2018-12", 1) == "2019-01"
    assert shift_month("2018-01", -13) == "2016-12"


@given(st.dates(dt.date(1970, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_lies_between_the_first_days_of_its_month_and_of_the_next(day):
    month = month_of(day)

    assert first_day(month) <= day < first_day(shift_month(month, 1))


def test_a_month_begins_at_midnight_on_the_plants_clock():
    assert month_start("2018-07", zone="Europe/Madrid").isoformat() == "2018-07-01T00:00:00+02:00"
