from __future__ import annotations

import datetime as dt

from steel_energy.evaluation.calendars import public_calendar
from steel_energy.testing import toy_plant, toy_readings, toy_tariff


def test_without_its_calendar_a_plant_closes_on_sundays_and_public_holidays_alone():
    shutdown, worked_sunday = dt.date(2018, 1, 10), dt.date(2018, 1, 14)
    listed = toy_plant().calendar.model_copy(
        update={"closed_days": frozenset({shutdown}), "open_days": frozenset({worked_sunday})}
    )
    plant = toy_plant().model_copy(update={"calendar": listed})

    public = public_calendar(plant, tariff=toy_tariff(), readings=toy_readings(days=20)).calendar

    assert (listed.is_closed(shutdown), public.is_closed(shutdown)) == (True, False)
    assert (listed.is_closed(worked_sunday), public.is_closed(worked_sunday)) == (False, True)
    assert public.is_closed(dt.date(2018, 1, 1))  # New Year
    assert public.is_closed(dt.date(2019, 1, 1))  # forecasts look ahead
    assert not public.is_closed(dt.date(2018, 1, 9))
