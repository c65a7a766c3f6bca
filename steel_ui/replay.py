"""The moment the page speaks of: what an address or a picker says, and readings parted at it; nothing is asked here.

A moment is plant wall time without a zone, as the plant's clock showed it.
"""

from __future__ import annotations

import datetime as dt

from steel_ui.client import INTERVAL, History, Problem
from steel_ui.series import wall

LATEST = "latest"
"""In place of a moment: the end of the known readings, whatever it is by then."""


def moment_of(at: object) -> dt.datetime | Problem | None:
    """The moment that ``at`` names, None for the latest readings, or the problem of a text that names none.

    >>> moment_of("2018-11-07T09:00")
    datetime.datetime(2018, 11, 7, 9, 0)
    >>> moment_of("yesterday").code
    'bad_moment'
    """
    text = str(at).strip()
    if text in ("", LATEST):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo or not dt.MINYEAR < moment.year < dt.MAXYEAR:
        return Problem(code="bad_moment", what=text, is_refusal=True)
    return moment


def address_of(moment: dt.datetime | None) -> str:
    """``moment`` as the page's address tells it, back to the quarter of an hour it lies in.

    >>> address_of(dt.datetime(2018, 11, 7, 9, 7))
    '2018-11-07T09:00'
    """
    if moment is None:
        return LATEST
    into_interval = (
        dt.timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond) % INTERVAL
    )
    return (moment - into_interval).isoformat(timespec="minutes")


def parted(history: History, at: dt.datetime) -> tuple[History | None, History | None]:
    """Readings before ``at`` and from it on; None for a part without any."""
    before = tuple(row for row in history.rows if wall(row.interval_start) < at)
    after = history.rows[len(before) :]
    return History(rows=before) if before else None, History(rows=after) if after else None
