"""The record of what was told: it outlives crashes, and what cannot be read of it counts as never told."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from steel_energy.alerts.alert import Alert
from steel_energy.alerts.ledger import Failed, Ledger, Sent
from steel_energy.alerts.policy import Change, Notice

MakeAlert = Callable[..., Alert]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "alerts"


def sent(at: dt.datetime, *alerts: Alert, channel: str = "mail", change: Change = "new") -> Sent:
    notices = tuple(Notice(alert=alert, change=change) for alert in alerts)
    return Sent(at=at, channel=channel, message_id="1", notices=notices)


def failed(at: dt.datetime, *, times: int = 1) -> Failed:
    return Failed(at=at, channel="mail", reason="down", not_before=at + HOUR, times=times)


def test_another_process_knows_what_was_told(folder: Path, make_alert: MakeAlert, now: dt.datetime):
    Ledger(folder).record(sent(now, make_alert(key="a"), make_alert(key="b")))

    told = Ledger(folder).told("mail")

    assert sorted(told) == ["a", "b"]
    assert told["a"].at == now
    assert Ledger(folder).told("webhook") == {}


def test_messages_in_a_row_of_one_severity_are_counted(folder: Path, make_alert: MakeAlert, now: dt.datetime):
    ledger, warning, critical = Ledger(folder), make_alert(), make_alert(severity="critical")
    steps = [(warning, "new"), (warning, "still"), (critical, "worse"), (critical, "over"), (critical, "new")]

    times = []
    for hours, (alert, change) in enumerate(steps):
        ledger.record(sent(now + hours * HOUR, alert, change=change))
        times.append(ledger.told("mail")["toy/drift"].times)

    assert times == [1, 2, 1, 2, 1]
    assert Ledger(folder).told("mail") == ledger.told("mail")  # counted once, from memory and from disk


def test_lines_of_several_processes_count_in_the_order_of_time(folder: Path, make_alert: MakeAlert, now: dt.datetime):
    first, second = Ledger(folder), Ledger(folder)
    second.record(sent(now + HOUR, make_alert(severity="critical"), change="worse"))
    first.record(sent(now, make_alert()))

    assert Ledger(folder).told("mail")["toy/drift"].notice.alert.severity == "critical"


def test_a_failure_stands_until_something_arrives(folder: Path, make_alert: MakeAlert, now: dt.datetime):
    ledger = Ledger(folder)
    ledger.record(failed(now))
    ledger.record(failed(now + HOUR, times=2))
    stands = Ledger(folder).failed("mail")
    ledger.record(sent(now + 2 * HOUR, make_alert()))

    assert stands is not None
    assert stands.times == 2
    assert Ledger(folder).failed("mail") is None


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_last_line_was_never_told_and_spoils_no_other(
    folder: Path, make_alert: MakeAlert, now: dt.datetime, cut: int
):
    ledger = Ledger(folder)
    ledger.record(sent(now, make_alert(key="a")))
    ledger.record(sent(now, make_alert(key="b")))
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])

    after = Ledger(folder)
    after.record(sent(now, make_alert(key="c")))

    assert sorted(Ledger(folder).told("mail")) == ["a", "c"]


def test_a_line_that_says_nothing_is_told_in_the_log(
    folder: Path, make_alert: MakeAlert, now: dt.datetime, caplog: pytest.LogCaptureFixture
):
    Ledger(folder).record(sent(now, make_alert()))
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(b"\x00\x00\x00\n" + path.read_bytes())

    with caplog.at_level(logging.WARNING):
        told = Ledger(folder).told("mail")

    assert sorted(told) == ["toy/drift"]
    assert "may be sent again" in caplog.text


def test_a_ledger_that_was_moved_away_begins_anew(folder: Path, make_alert: MakeAlert, now: dt.datetime):
    ledger = Ledger(folder)
    ledger.record(sent(now, make_alert(key="a")))
    assert sorted(ledger.told("mail")) == ["a"]
    for path in folder.glob("*.jsonl"):
        path.unlink()

    ledger.record(sent(now, make_alert(key="b")))

    assert sorted(ledger.told("mail")) == ["b"]
