"""Which alerts are due in a channel: what is new or worse at once, the rest after its cool-down, and what is over.

A pure decision. Two messages of one key, without a worsening between them, are never closer together than the
cool-down; that holds for the all clear too, so something that comes and goes is no stream of messages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from steel_energy.alerts.alert import SEVERITIES, Alert, Scope, Severity
from steel_energy.alerts.params import AlertParams
from steel_energy.config import Record

Change = Literal["new", "worse", "more", "less", "still", "over"]
"""What a message says of an alert beside the one before it."""


class Notice(Record):
    """One alert in a message, and what changed since the last one of its key."""

    alert: Alert
    change: Change


@dataclass(frozen=True)
class Told:
    """The last that a channel was told of a key.

    Attributes:
        notice: what.
        at: when it arrived.
        times: messages in a row that said the same severity.
    """

    notice: Notice
    at: dt.datetime
    times: int

    @property
    def is_open(self) -> bool:
        """Whether it was not called off yet."""
        return self.notice.change != "over"


def told_after(last: Told | None, notice: Notice, at: dt.datetime) -> Told:
    """What stands after a notice arrived; only plain reminders count towards longer pauses."""
    before = last.notice.alert.severity if last is not None and last.is_open else None
    is_same = last is not None and before == notice.alert.severity and notice.change != "more"
    return Told(notice, at, last.times + 1 if last is not None and is_same else 1)


def due(
    alerts: Iterable[Alert],
    told: Mapping[str, Told],
    *,
    seen: frozenset[Scope],
    least: Severity,
    now: dt.datetime,
    params: AlertParams,
) -> list[Notice]:
    """What a channel is to be told now, worst first.

    Args:
        alerts: everything that was found; of several with one key the worst counts.
        told: the last that the channel was told of each key.
        seen: what the look covered; only what it would have found again can be over.
        least: the least severity that the channel is for; what it was told of is called off or lowered all the same.
        now: the present, with a zone.
        params: cool-downs.
    """
    found = {alert.key: alert for alert in sorted(alerts, key=lambda alert: alert.rank)}
    raised = [_raised(alert, told.get(key), least=least, now=now, params=params) for key, alert in found.items()]
    over = [_over(last, seen, now=now, params=params) for key, last in told.items() if key not in found]
    notices = [notice for notice in (*raised, *over) if notice is not None]
    return sorted(notices, key=lambda one: (one.change == "over", -one.alert.rank, one.alert.plant, one.alert.key))


def _raised(
    alert: Alert, last: Told | None, *, least: Severity, now: dt.datetime, params: AlertParams
) -> Notice | None:
    minimum = SEVERITIES.index(least)
    if last is None or not last.is_open:
        return Notice(alert=alert, change="new") if alert.rank >= minimum else None
    before = last.notice.alert
    if max(alert.rank, before.rank) < minimum:
        return None
    if alert.rank > before.rank:
        return Notice(alert=alert, change="worse")
    is_more = not set(alert.about) <= set(before.about)
    pause = params.pause(before.severity, times=1 if is_more else last.times)
    if not alert.is_lasting or not _has_passed(last, pause, now):
        return None
    return Notice(alert=alert, change="less" if alert.rank < before.rank else "more" if is_more else "still")


def _over(last: Told, seen: frozenset[Scope], *, now: dt.datetime, params: AlertParams) -> Notice | None:
    alert = last.notice.alert
    is_over = last.is_open and alert.is_lasting and alert.scope in seen
    if is_over and _has_passed(last, params.cool_down_hours.of(alert.severity), now):
        return Notice(alert=alert, change="over")
    return None


def _has_passed(last: Told, pause: dt.timedelta, now: dt.datetime) -> bool:
    """Also where the last message lies ahead: a clock that was wrong once must not keep alerts back for years."""
    return last.at > now or now - last.at >= pause
