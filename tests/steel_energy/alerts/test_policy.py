"""When a channel is told of something: laws over any course of events, and the cases by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.alerts.alert import SEVERITIES, Alert, Severity
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.policy import Notice, Told, due, told_after

HOUR = dt.timedelta(hours=1)
START = dt.datetime(2018, 12, 10, tzinfo=dt.UTC)
SEEN = frozenset({("toy", "drift")})
MakeAlert = Callable[..., Alert]


class Step(NamedTuple):
    """A look: hours after the one before, the severity of each key that it finds, and what these are about."""

    hours: float
    found: dict[str, Severity]
    about: frozenset[str]

    def alerts(self, make_alert: MakeAlert, *, lasting: bool = True) -> list[Alert]:
        about = tuple(sorted(self.about))
        return [
            make_alert(key=key, severity=severity, about=about, is_lasting=lasting)
            for key, severity in self.found.items()
        ]


STEPS = st.lists(
    st.builds(
        Step,
        hours=st.floats(0.01, 60),
        found=st.dictionaries(st.sampled_from(["toy/a", "toy/b", "toy/c"]), st.sampled_from(SEVERITIES)),
        about=st.frozensets(st.sampled_from(["usage", "co2"])),
    ),
    max_size=40,
)


class Channel:
    """A channel that takes everything, and what it was told so far."""

    def __init__(self, params: AlertParams, least: Severity = "info") -> None:
        self.params, self.least, self.now = params, least, START
        self.told: dict[str, Told] = {}
        self.log: list[tuple[dt.datetime, Notice]] = []

    def look(self, alerts: Iterable[Alert], *, hours: float = 0.0, seen: frozenset = SEEN) -> list[Notice]:
        self.now += hours * HOUR
        notices = due(alerts, self.told, seen=seen, least=self.least, now=self.now, params=self.params)
        for notice in notices:
            self.told[notice.alert.key] = told_after(self.told.get(notice.alert.key), notice, self.now)
            self.log.append((self.now, notice))
        return notices


def run(steps: list[Step], params: AlertParams, make_alert: MakeAlert, *, lasting: bool = True) -> Channel:
    channel = Channel(params)
    for step in steps:
        channel.look(step.alerts(make_alert, lasting=lasting), hours=step.hours)
    return channel


def rank_of(notice: Notice) -> int:
    """All clear lies below every severity."""
    return -1 if notice.change == "over" else notice.alert.rank


@given(steps=STEPS)
def test_a_key_is_never_told_twice_within_its_cool_down_unless_it_got_worse(
    steps: list[Step], params: AlertParams, make_alert: MakeAlert
):
    channel = run(steps, params, make_alert)

    for key in ("toy/a", "toy/b", "toy/c"):
        own = [(at, notice) for at, notice in channel.log if notice.alert.key == key]
        for (before_at, before), (at, notice) in itertools.pairwise(own):
            got_worse = rank_of(notice) > rank_of(before)
            assert got_worse or at - before_at >= params.cool_down_hours.of(before.alert.severity)


@given(steps=STEPS)
def test_what_is_worse_than_the_last_message_said_is_told_at_once(
    steps: list[Step], params: AlertParams, make_alert: MakeAlert
):
    channel = Channel(params)
    for step in steps:
        before = dict(channel.told)
        notices = channel.look(step.alerts(make_alert), hours=step.hours)
        told = {notice.alert.key for notice in notices}
        for key, severity in step.found.items():
            last = before.get(key)
            if last is None or SEVERITIES.index(severity) > rank_of(last.notice):
                assert key in told


@given(steps=STEPS)
def test_nothing_is_lost_in_the_end_each_key_stands_as_it_was_last_found(
    steps: list[Step], params: AlertParams, make_alert: MakeAlert
):
    channel = run(steps, params, make_alert)
    last = steps[-1].found if steps else {}
    alerts = [make_alert(key=key, severity=severity) for key, severity in last.items()]

    channel.look(alerts, hours=params.longest_pause_hours + 1)

    standing = {key: told.notice.alert.severity for key, told in channel.told.items() if told.is_open}
    assert standing == last


@given(steps=STEPS)
def test_an_event_is_told_once_and_again_only_when_it_gets_worse(
    steps: list[Step], params: AlertParams, make_alert: MakeAlert
):
    channel = run(steps, params, make_alert, lasting=False)

    for key in ("toy/a", "toy/b", "toy/c"):
        ranks = [rank_of(notice) for _, notice in channel.log if notice.alert.key == key]
        assert ranks == sorted(set(ranks))


@given(steps=STEPS)
def test_a_channel_for_critical_things_alone_is_first_told_of_something_critical(
    steps: list[Step], params: AlertParams, make_alert: MakeAlert
):
    channel = Channel(params, least="critical")
    for step in steps:
        channel.look(step.alerts(make_alert), hours=step.hours)

    for key in {notice.alert.key for _, notice in channel.log}:
        (_, first), *_ = [entry for entry in channel.log if entry[1].alert.key == key]
        assert (first.change, first.alert.severity) == ("new", "critical")


def test_what_lasts_is_recalled_ever_less_often(params: AlertParams, make_alert: MakeAlert):
    channel, alert = Channel(params), make_alert(severity="critical")

    told_h = [hour for hour in range(500) if channel.look([alert], hours=1)]

    assert told_h == [0, 8, 24, 56, 120, 248, 416]  # 8 hours, doubled each time, then once a week (168)


def test_something_more_waits_for_the_cool_down_and_not_for_the_next_reminder(
    params: AlertParams, make_alert: MakeAlert
):
    channel = Channel(params)
    usage, both = (
        make_alert(severity="critical", about=("usage",)),
        make_alert(severity="critical", about=("co2", "usage")),
    )

    looks = [(usage, 0), (usage, 8), (usage, 16), (both, 7), (both, 1), (usage, 8), (both, 8)]
    changes = [[notice.change for notice in channel.look([alert], hours=hours)] for alert, hours in looks]

    assert changes == [["new"], ["still"], ["still"], [], ["more"], ["still"], ["more"]]


def test_what_gets_better_is_told_after_the_cool_down_and_what_is_over_too(params: AlertParams, make_alert: MakeAlert):
    channel, critical, warning = Channel(params), make_alert(severity="critical"), make_alert(severity="warning")

    changes = [
        [notice.change for notice in channel.look(found, hours=hours)]
        for found, hours in [
            ([critical], 0),
            ([warning], 7.9),  # within the 8 hours of a critical one
            ([warning], 0.2),
            ([], 23.9),  # within the 24 hours of a warning
            ([], 0.2),
            ([], 100),
            ([warning], 1),
        ]
    ]

    assert changes == [["new"], [], ["less"], [], ["over"], [], ["new"]]


def test_what_was_not_looked_at_is_not_over(params: AlertParams, make_alert: MakeAlert):
    channel = Channel(params)
    channel.look([make_alert()])

    assert channel.look([], hours=100, seen=frozenset({("toy", "peak"), ("other", "drift")})) == []
    assert [notice.change for notice in channel.look([], hours=1)] == ["over"]


@pytest.mark.parametrize(("severity", "told"), [("info", 0), ("warning", 1), ("critical", 1)])
def test_a_channel_is_told_what_it_is_for(params: AlertParams, make_alert: MakeAlert, severity: Severity, told: int):
    assert len(Channel(params, least="warning").look([make_alert(severity=severity)])) == told


def test_a_channel_that_is_told_of_the_worst_alone_hears_once_that_it_is_less(
    params: AlertParams, make_alert: MakeAlert
):
    channel = Channel(params, least="critical")
    channel.look([make_alert(severity="critical")])

    later = [[notice.change for notice in channel.look([make_alert()], hours=hours)] for hours in (1, 8, 500)]

    assert later == [[], ["less"], []]


def test_of_two_alerts_with_one_key_the_worse_counts(params: AlertParams, make_alert: MakeAlert):
    found = [make_alert(severity="critical"), make_alert(severity="info")]

    assert [notice.alert.severity for notice in Channel(params).look(found)] == ["critical"]


def test_a_clock_that_was_years_ahead_keeps_nothing_back(params: AlertParams, make_alert: MakeAlert):
    channel, alert = Channel(params), make_alert()
    channel.look([alert], hours=24 * 3650)
    channel.now = START

    assert [notice.change for notice in channel.look([alert])] == ["still"]


def test_the_worst_comes_first_and_what_is_over_last(params: AlertParams, make_alert: MakeAlert):
    channel = Channel(params)
    channel.look([make_alert(key="toy/d", severity="critical")])

    found = [make_alert(key=f"toy/{name}", severity=one) for name, one in zip("abc", SEVERITIES, strict=True)]
    notices = channel.look(found, hours=9)

    assert [notice.alert.key for notice in notices] == ["toy/c", "toy/b", "toy/a", "toy/d"]
    assert notices[-1].change == "over"
