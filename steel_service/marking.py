"""What /calendar answers: how days stand, and what becomes of marks that are wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from steel_energy.history import readings_end
from steel_energy.marked_days import MarkedDay, mark_days, read_marks
from steel_energy.sites import Site
from steel_service.api_models.calendar import CalendarAnswer, CalendarDay, CalendarQuery, DaysMarked, MarkRequest
from steel_service.state import State


def calendar_answer(query: CalendarQuery, state: State) -> CalendarAnswer:
    """The days that are asked for.

    Raises:
        UnknownPlantError: there is no such plant.
        NotReadyError: no day is named, and no readings say which day it is.
    """
    site = state.site(query.plant)
    first = query.start or readings_end(state.readings.of(site).readings).date()
    days = [first + dt.timedelta(days=n) for n in range(query.days)]
    return CalendarAnswer(plant=site.plant.id, zone=site.plant.zone, days=_told(days, site, state))


def marked(wanted: MarkRequest, state: State) -> DaysMarked:
    """Keep what is wanted, and tell how those days stand now.

    Raises:
        UnknownPlantError: there is no such plant.
        StorageError: it cannot be kept; then nothing has changed.
    """
    plant_id = state.site(wanted.plant).plant.id
    changed = mark_days(
        state.settings.calendars_dir,
        plant_id,
        marks=[
            MarkedDay(day=one.day, state=one.state, reason=one.reason) for one in wanted.days if one.state != "usual"
        ],
        unmarked=[one.day for one in wanted.days if one.state == "usual"],
    )
    site = state.site(plant_id)
    days = _told(sorted(one.day for one in wanted.days), site, state)
    return DaysMarked(plant=plant_id, changed=len(changed), days=days)


def _told(days: Collection[dt.date], site: Site, state: State) -> list[CalendarDay]:
    """Each day as it stands: by its mark, else by the plant's file."""
    plant_id = site.plant.id
    usual = state.sites[plant_id].plant.calendar
    marks = {mark.day: mark for mark in read_marks(state.settings.calendars_dir, plant_id)}
    public = set(site.tariff.public_holidays({day.year for day in days}))
    return [
        CalendarDay(
            day=day,
            is_closed=site.plant.calendar.is_closed(day),
            is_usually_closed=usual.is_closed(day),
            is_marked=day in marks,
            reason=marks[day].reason if day in marks else None,
            is_public_holiday=day in public,
        )
        for day in days
    ]
