"""What is due at a plant: which weeks to look at once readings came in, and whether a schedule has anything to do.

Decisions and their reasons, nothing more: clocks, schedules and sensors that ask are the shell's. A reason not to is a
sentence without its subject, which is the plant; None means that it is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import polars as pl

from steel_energy.weekly.week import Week

MOST_WEEKS = 4
"""Weeks that are looked at by themselves after readings came in: the newest; a longer backlog is a run by hand."""

Span = tuple[Week, Week]
"""First and last of weeks that follow on each other."""


def touched_spans(
    posted: pl.DataFrame, *, since: dt.datetime | None, until: dt.datetime, months: Iterable[str], zone: str
) -> list[Span]:
    """The weeks whose readings changed, as few spans as they make; the newest ``MOST_WEEKS`` of them.

    Args:
        posted: ``interval_start`` and ``received_at`` with their zones, as ``Inbox.history`` gives them.
        since: what was received before was looked at already; None where nothing was.
        until: what was received from then on is not in the lake yet.
        months: months of the plant's lake, such as ``2018-01``: nothing can be said of others.
        zone: of the plant.
    """
    received, start = pl.col("received_at"), pl.col("interval_start").dt.convert_time_zone(zone)
    new = posted.filter(received < until) if since is None else posted.filter(received >= since, received < until)
    known = new.filter(start.dt.strftime("%Y-%m").is_in(list(months)))
    days = known.select(start.dt.date().unique().sort()).to_series()
    weeks = sorted({Week.of(day) for day in days})[-MOST_WEEKS:]
    return spans(weeks)


def spans(weeks: Iterable[Week]) -> list[Span]:
    """Weeks as spans of such that follow on each other, oldest first.

    >>> first = Week(dt.date(2018, 12, 3))
    >>> [(a.name, b.name) for a, b in spans([first, first.shifted(1), first.shifted(5)])]
    [('2018-W49', '2018-W50'), ('2019-W02', '2019-W02')]
    """
    found: list[Span] = []
    for week in sorted(set(weeks)):
        if found and found[-1][1].shifted(1) == week:
            found[-1] = (found[-1][0], week)
        else:
            found.append((week, week))
    return found


def week_over(now: dt.datetime, *, zone: str) -> Week:
    """The week that ended last on the clock of ``zone``.

    >>> week_over(dt.datetime(2018, 12, 10, 0, tzinfo=dt.UTC), zone="Asia/Seoul").name
    '2018-W49'
    """
    return Week.of(now.astimezone(ZoneInfo(zone)).date()).shifted(-1)


def why_not_week(week: Week, *, readings_until: dt.datetime | None, zone: str) -> str | None:
    """Why nothing is to be told of a week."""
    if readings_until is None:
        return "has no readings yet"
    if readings_until <= week.bounds(zone)[0]:
        return f"has readings until {readings_until:%Y-%m-%d %H:%M} alone, none of {week.name}"
    return None


def why_not_train(*, readings_until: dt.datetime | None, trained_until: dt.datetime | None) -> str | None:
    """Why training again would bring nothing; without a champion it would."""
    if readings_until is None:
        return "has no readings yet"
    if trained_until is not None and readings_until <= trained_until:
        return f"has no reading that its champion has not seen: both end at {readings_until:%Y-%m-%d %H:%M}"
    return None


def why_not_plan(*, readings_until: dt.datetime | None, planned_from: dt.datetime | None) -> str | None:
    """Why forecasting and planning the next days again would bring nothing."""
    if readings_until is None:
        return "has no readings yet"
    if planned_from is not None and readings_until <= planned_from:
        return f"has a plan from the end of its readings on already ({planned_from:%Y-%m-%d %H:%M})"
    return None
