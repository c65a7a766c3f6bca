"""Alerts about readings: none arrive any more, or many were refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert, Severity, local
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.posts import Post
from steel_energy.calendar import in_zone
from steel_energy.plant import Plant

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Arrivals:
    """What is known of a plant's readings.

    Attributes:
        known_until: end of the newest reading in the lake or the inbox; None where there is none.
        is_growing: whether readings were posted or the source is an address, so that more should come.
        waiting: posted readings that are not taken in, because they lie behind too long a gap.
        waiting_from: the first of them.
    """

    known_until: dt.datetime | None
    is_growing: bool
    waiting: int = 0
    waiting_from: dt.datetime | None = None


def stale_data(arrivals: Arrivals, plant: Plant, *, now: dt.datetime, params: AlertParams, links: Links) -> list[Alert]:
    """That no reading arrived for too long; never of a plant whose months are over or whose source is history."""
    until = arrivals.known_until
    if until is None or not arrivals.is_growing or not plant.is_open_at(now, now=now):
        return []
    hours = (now - until) / HOUR
    if hours < params.stale_hours:
        return []
    newest = in_zone(until, plant.zone)
    facts = [f"The newest reading ends {local(newest)}; there should be one every 15 minutes."]
    if arrivals.waiting and arrivals.waiting_from:
        first = local(in_zone(arrivals.waiting_from, plant.zone))
        facts.append(
            f"{arrivals.waiting:,} posted readings from {first} on wait behind a gap that is too long to fill."
        )
    facts.append("Until then forecasts and plans begin where the readings end.")
    return [
        Alert(
            key=f"{plant.id}/stale_data",
            plant=plant.id,
            kind="stale_data",
            severity="critical" if hours >= params.stale_critical_hours else "warning",
            title=f"no reading for {_span(hours)}",
            facts=tuple(facts),
            since=newest,
            zone=plant.zone,
            advice="See that the meter and what posts its readings run, then post what is missing to POST /readings.",
            link=links.dashboard_url,
        )
    ]


def rejected_readings(posts: Iterable[Post], plant: Plant | None, *, params: AlertParams, links: Links) -> list[Alert]:
    """That POST /readings refused many rows, or whole bodies, in the last hours.

    Args:
        posts: of that time, of any plant.
        plant: whose are counted; None for bodies that were refused before their plant was known.
        params: from how many on, and over which hours.
        links: where to look.
    """
    plant_id, zone = (plant.id, plant.zone) if plant else (WHOLE_SYSTEM, "UTC")
    own = [post for post in posts if (post.plant or WHOLE_SYSTEM) == plant_id]
    refused = [post for post in own if post.rejected or post.is_refused]
    rows, received = sum(post.rejected for post in own), sum(post.received for post in own)
    bodies = sum(post.is_refused for post in own)
    if not refused or (rows < params.rejected_rows and not bodies):
        return []
    share = rows / received if received else 1.0
    since = in_zone(min(post.at for post in refused), zone)
    facts = [f"Looked at: {len(own)} posts of the last {params.rejected_hours:g} hours, {received:,} readings in all."]
    if rows:
        facts.append(f"{rows:,} readings were refused ({share:.1%}); the others were kept.")
    if bodies:
        codes = ", ".join(str(code) for code in sorted({post.status for post in own if post.is_refused}))
        facts.append(f"{bodies} bodies were refused as a whole (status {codes}): nothing of them was kept.")
    return [
        Alert(
            key=f"{plant_id}/rejected_readings",
            plant=plant_id,
            kind="rejected_readings",
            severity=_how_bad(share if rows else 0.0, rows, bodies=bodies, params=params),
            title=f"{rows:,} of {received:,} posted readings refused"
            if rows
            else f"refused as a whole: {bodies} of {len(own)} posts",
            facts=tuple(facts),
            since=since,
            zone=zone,
            advice="The answer to each post names row, field and reason. Correct what sends them and send them again: "
            "sending twice changes nothing.",
            link=links.dashboard_url,
        )
    ]


def _how_bad(share: float, rows: int, *, bodies: int, params: AlertParams) -> Severity:
    is_critical = rows >= params.rejected_rows and share >= params.rejected_critical_share
    return "critical" if is_critical or bodies >= params.rejected_rows else "warning"


def _span(hours: float) -> str:
    """Hours, or days from two on.

    >>> _span(5.9), _span(49.5)
    ('5 hours', '2 days')
    """
    return f"{int(hours)} hours" if hours < 48 else f"{int(hours / 24)} days"  # noqa: PLR2004 - two days
