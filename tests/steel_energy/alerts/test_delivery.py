"""Telling every channel: what fails keeps no other back, is tried again, and arrives in the end exactly once."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from steel_energy.alerts.alert import Alert
from steel_energy.alerts.channels import Channel, LogChannel
from steel_energy.alerts.delivery import Delivery, channels_of, dispatch, send
from steel_energy.alerts.ledger import Ledger
from steel_energy.alerts.mail import MailChannel
from steel_energy.alerts.message import Message
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.settings import AlertSettings
from steel_energy.alerts.webhook import WebhookChannel
from steel_energy.errors import DeliveryError, StorageError

MakeAlert = Callable[..., Alert]
Tell = Callable[..., dict[str, Delivery]]
SEEN = frozenset({("toy", "drift")})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "alerts")


@pytest.fixture
def tell(ledger: Ledger, params: AlertParams, now: dt.datetime) -> Tell:
    """Looks ``minutes`` after the beginning and tells; another process has another ledger over the same folder."""

    def look(*alerts: Alert, channels: list[Channel], minutes: float = 0.0, by: Ledger | None = None) -> dict:
        at = now + dt.timedelta(minutes=minutes)
        found = dispatch(alerts, seen=SEEN, channels=channels, ledger=by or ledger, params=params, now=at)
        return {delivery.channel: delivery for delivery in found}

    return look


def test_a_plant_with_five_problems_is_one_message_in_each_channel(
    tell: Tell, make_alert: MakeAlert, mail_server: Any, receiver: Any, tmp_path: Path
):
    server = mail_server("none")
    settings = server.settings("none", webhook_url=receiver.url)
    problems = [make_alert(key=str(number), title=f"problem {number}") for number in range(5)]

    told = tell(*problems, channels=channels_of(settings, logs_dir=tmp_path))

    (line,) = (tmp_path / "alerts.jsonl").read_text().splitlines()
    assert (len(server.mails), len(receiver.got), len(json.loads(line)["alerts"])) == (1, 1, 5)
    assert [delivery.has_arrived for delivery in told.values()] == [True, True, True]


def test_a_channel_that_is_down_keeps_no_other_back_and_gets_it_later(
    tell: Tell, make_alert: MakeAlert, mail_server: Any, receiver: Any, answer: Any
):
    server = mail_server("none")
    receiver.answers = [answer(status=500)]
    channels = [MailChannel(server.settings("none")), WebhookChannel(receiver.settings())]

    first = tell(make_alert(), channels=channels)
    receiver.answers = [answer()]
    second = tell(make_alert(), channels=channels, minutes=5)
    third = tell(make_alert(), channels=channels, minutes=10)

    assert (first["mail"].has_arrived, "answers 500" in (first["webhook"].problem or "")) == (True, True)
    assert (second["mail"].message, second["webhook"].has_arrived) == (None, True)
    assert (third["mail"].message, third["webhook"].message) == (None, None)
    assert (len(server.mails), len(receiver.got)) == (1, 1)


def test_a_failure_that_passes_within_a_look_is_none(
    tell: Tell, make_alert: MakeAlert, mail_server: Any, receiver: Any, answer: Any
):
    server = mail_server("none")
    server.answers = ["451 try later", "250 OK"]
    receiver.answers = [answer(status=503), answer(raw=b"nonsense"), answer()]
    channels = [MailChannel(server.settings("none")), WebhookChannel(receiver.settings())]

    told = tell(make_alert(), channels=channels)

    assert [delivery.problem for delivery in told.values()] == [None, None]
    assert (len(server.mails), len(receiver.got), server.attempts, len(receiver.times)) == (1, 1, 2, 3)


def test_a_receiver_that_asks_for_a_second_gets_it(params: AlertParams, receiver: Any, answer: Any, make_message: Any):
    receiver.answers = [answer(status=429, headers={"retry-after": "1"}), answer()]

    send(WebhookChannel(receiver.settings()), make_message(), params)

    first, second = receiver.times
    assert second - first >= 1.0


def test_a_receiver_that_asks_for_ten_minutes_is_left_alone_for_them(
    tell: Tell, make_alert: MakeAlert, receiver: Any, answer: Any
):
    receiver.answers = [answer(status=429, headers={"retry-after": "600"}), answer()]
    channels = [WebhookChannel(receiver.settings())]
    began = time.monotonic()

    refused = tell(make_alert(), channels=channels)["webhook"]
    waits = tell(make_alert(), channels=channels, minutes=9)["webhook"]
    later = tell(make_alert(), channels=channels, minutes=11)["webhook"]

    assert time.monotonic() - began < 60  # and not the 600 seconds that were asked for
    assert (refused.has_arrived, waits.message, later.has_arrived) == (False, None, True)
    assert waits.waits_until is not None
    assert len(receiver.times) == 2


def test_a_channel_that_stays_down_is_tried_ever_less_often_but_never_given_up(
    tell: Tell, make_alert: MakeAlert, receiver: Any, answer: Any, params: AlertParams
):
    receiver.answers = [answer(status=403)]
    channels = [WebhookChannel(receiver.settings())]

    for minute in range(120):
        tell(make_alert(), channels=channels, minutes=minute)

    hour_before_last = [tell(make_alert(), channels=channels, minutes=120 + minute) for minute in range(30)]
    tried = [told["webhook"].message is not None for told in hour_before_last]
    assert 1 <= sum(tried) <= 60 * 30 / params.longest_channel_pause_s
    assert len(receiver.times) < 40


def test_a_refused_recipient_is_told_once_and_the_others_get_nothing_twice(
    tell: Tell, make_alert: MakeAlert, mail_server: Any
):
    server = mail_server("none")
    server.refused = {"energy@plant.example"}
    channels = [MailChannel(server.settings("none"))]

    first, second = (tell(make_alert(), channels=channels, minutes=minute)["mail"] for minute in (0, 1))

    assert "no such mailbox" in (first.problem or "")
    assert (second.problem, len(server.mails)) == (None, 1)


def test_what_a_channel_missed_while_it_was_down_is_in_its_next_message(
    tell: Tell, make_alert: MakeAlert, receiver: Any, answer: Any
):
    receiver.answers = [answer(status=500)]
    channels = [WebhookChannel(receiver.settings())]
    for found in (("one",), ("one", "two"), ("one", "two", "three")):
        tell(*(make_alert(key=key, title=key) for key in found), channels=channels)
    receiver.answers = [answer()]

    tell(*(make_alert(key=key, title=key) for key in ("one", "two", "three")), channels=channels, minutes=60)

    (body,) = receiver.got
    assert [key in body["text"] for key in ("one", "two", "three")] == [True] * 3


def test_many_that_look_at_the_same_time_tell_a_thing_once(
    tell: Tell, make_alert: MakeAlert, receiver: Any, ledger: Ledger
):
    channels, alert = [WebhookChannel(receiver.settings())], make_alert()

    with ThreadPoolExecutor(8) as side_by_side:
        looks = [side_by_side.submit(tell, alert, channels=channels, by=Ledger(ledger.folder)) for _ in range(16)]
        told = [look.result()["webhook"] for look in looks]

    assert sum(delivery.has_arrived for delivery in told) == len(receiver.got) == 1


def test_a_message_that_was_sent_and_not_recorded_comes_again_under_its_id(
    tell: Tell, make_alert: MakeAlert, mail_server: Any, ledger: Ledger
):
    server = mail_server("none")
    channels = [MailChannel(server.settings("none"))]
    tell(make_alert(), channels=channels)
    for path in ledger.folder.glob("*.jsonl"):
        path.write_bytes(path.read_bytes()[:-20])  # killed while the line was written

    tell(make_alert(), channels=channels, minutes=1, by=Ledger(ledger.folder))

    first, second = (mail["Message-ID"] for mail in server.mails)
    assert first == second


class Sleepy:
    """Takes a message, says so on the disk, and then takes its time."""

    name, least, target = "sleepy", "info", "nowhere"

    def __init__(self, took: Path, sleep_s: float) -> None:
        self.took, self.sleep_s = took, sleep_s

    def send(self, message: Message, *, timeout_s: float) -> tuple[str, ...]:  # noqa: ARG002
        with self.took.open("a") as file:
            file.write(f"{message.message_id}\n")
        time.sleep(self.sleep_s)
        return ()


def _look_in_another_process(folder: Path, took: Path, alert: Alert, params: AlertParams, now: dt.datetime) -> None:
    dispatch([alert], seen=SEEN, channels=[Sleepy(took, 30)], ledger=Ledger(folder), params=params, now=now)


def test_a_process_killed_between_sending_and_recording_loses_nothing(
    make_alert: MakeAlert, params: AlertParams, now: dt.datetime, tmp_path: Path
):
    took, folder, alert = tmp_path / "took", tmp_path / "alerts", make_alert()
    spawned = multiprocessing.get_context("fork").Process(
        target=_look_in_another_process, args=(folder, took, alert, params, now)
    )
    spawned.start()
    while not took.exists() or not took.read_text():
        time.sleep(0.02)
    assert spawned.pid is not None
    spawned.kill()
    spawned.join()

    for minute in (1, 2):
        at = now + dt.timedelta(minutes=minute)
        dispatch([alert], seen=SEEN, channels=[Sleepy(took, 0)], ledger=Ledger(folder), params=params, now=at)

    assert spawned.exitcode == -signal.SIGKILL
    first, second = took.read_text().splitlines()  # at least once, under one id, and no third time
    assert first == second


def test_a_full_disk_is_told_and_makes_no_stream_of_messages(
    tell: Tell, make_alert: MakeAlert, mail_server: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
):
    server = mail_server("none")
    channels = [MailChannel(server.settings("none")), WebhookChannel(receiver.settings())]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("steel_energy.journals._write_through", full)
        with pytest.raises(StorageError, match="No space left"):
            tell(make_alert(), channels=channels)
        tell(make_alert(), channels=channels, minutes=1)

    assert (len(receiver.got), len(server.mails)) == (1, 1)


def test_a_log_that_cannot_be_written_is_a_problem_and_keeps_no_other_back(
    tell: Tell, make_alert: MakeAlert, receiver: Any, tmp_path: Path
):
    (tmp_path / "logs").write_text("a file in the place of the folder")

    told = tell(make_alert(), channels=channels_of(receiver.settings(), logs_dir=tmp_path / "logs"))

    assert "alerts.jsonl" in (told["log"].problem or "")
    assert (told["webhook"].problem, len(receiver.got)) == (None, 1)


def test_the_log_has_one_line_of_json_a_message(params: AlertParams, make_message: Any, tmp_path: Path):
    for _ in range(2):
        send(LogChannel(tmp_path / "alerts.jsonl"), make_message(), params)

    lines = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text().splitlines()]
    assert [(line["severity"], line["alerts"][0]["key"]) for line in lines] == [("warning", "toy/drift")] * 2


def test_what_will_not_pass_is_tried_once(params: AlertParams, receiver: Any, answer: Any, make_message: Any):
    receiver.answers = [answer(status=404)]

    with pytest.raises(DeliveryError):
        send(WebhookChannel(receiver.settings()), make_message(), params)

    assert len(receiver.times) == 1


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, ["log"]),
        ({"webhook_url": "http://hooks.example/a"}, ["log", "webhook"]),
        ({"smtp_host": "mail", "mail_from": "a@b.example", "mail_to": "c@b.example"}, ["log", "mail"]),
    ],
)
def test_the_log_is_always_a_channel(values: dict, names: list[str], tmp_path: Path):
    assert [channel.name for channel in channels_of(AlertSettings(**values), logs_dir=tmp_path)] == names
