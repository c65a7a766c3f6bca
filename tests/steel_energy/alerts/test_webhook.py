"""A webhook over real HTTP: a receiver that takes it, fails, asks for patience, is slow, down or no webhook at all."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from steel_energy.alerts.message import Message
from steel_energy.alerts.settings import AlertSettings
from steel_energy.alerts.webhook import WebhookChannel, retry_after_s
from steel_energy.errors import DeliveryError

MakeMessage = Callable[..., Message]
Secrets = ("T0SECRET", "B0SECRET", "xyzzySECRET")


def failure(settings: AlertSettings, message: Message, *, timeout_s: float = 3.0) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        WebhookChannel(settings).send(message, timeout_s=timeout_s)
    return raised.value


def test_a_message_arrives_as_text_and_blocks(receiver: Any, make_message: MakeMessage):
    message = make_message()

    WebhookChannel(receiver.settings()).send(message, timeout_s=3)

    (body,), (headers,) = receiver.got, receiver.headers
    assert body["text"].startswith("[warning] toy: readings drifted (severe): usage_kwh\n\nWARNING, toy (new)\n")
    assert [block["type"] for block in body["blocks"]] == ["header", "section"]
    assert headers["idempotency-key"] == message.message_id


@pytest.mark.parametrize(
    ("answer_fields", "may_pass", "said"),
    [
        pytest.param({"status": 500, "body": b"oops"}, True, "answers 500 oops", id="broken"),
        pytest.param({"status": 429, "headers": {"retry-after": "30"}}, True, "answers 429", id="too many"),
        pytest.param({"status": 403, "body": b"invalid_token"}, False, "answers 403 invalid_token", id="forbidden"),
        pytest.param({"status": 302, "headers": {"location": "http://other"}}, False, "answers 302", id="moved"),
        pytest.param({"headers": {"content-type": "text/html"}}, False, "web page", id="a login page"),
        pytest.param({"raw": b"\x00\x01 this is no HTTP\r\n\r\n"}, True, "RemoteProtocolError", id="malformed"),
        pytest.param({"raw": b""}, True, "RemoteProtocolError", id="hung up"),
        pytest.param({"delay_s": 0.5}, True, "ReadTimeout", id="slow"),
    ],
)
def test_every_failure_is_told_with_what_was_answered(
    receiver: Any, answer: Any, make_message: MakeMessage, answer_fields: dict, said: str, *, may_pass: bool
):
    receiver.answers = [answer(**answer_fields)]

    error = failure(receiver.settings(), make_message(), timeout_s=0.25 if "delay_s" in answer_fields else 3.0)

    assert (error.may_pass, said in str(error)) == (may_pass, True)
    assert error.remedy


def test_a_receiver_that_is_down_may_come_back(make_message: MakeMessage):
    settings = AlertSettings(webhook_url=SecretStr("http://127.0.0.1:1/services/T0SECRET"))

    assert failure(settings, make_message()).may_pass


def test_the_address_is_in_no_error_log_or_representation(
    receiver: Any, answer: Any, make_message: MakeMessage, caplog: pytest.LogCaptureFixture
):
    path = receiver.url.split("/", 3)[3]
    receiver.answers = [answer(), answer(status=404, body=f"no route /{path}, nor {receiver.url}".encode())]
    settings = receiver.settings()

    with caplog.at_level(logging.DEBUG):
        WebhookChannel(settings).send(make_message(), timeout_s=3)
        error = failure(settings, make_message())

    said = "".join(
        (str(error), repr(error), repr(settings), str(settings), repr(WebhookChannel(settings)), caplog.text)
    )
    assert "answers 404 no route" in said
    assert [secret for secret in Secrets if secret in said] == []
    assert WebhookChannel(settings).target == "127.0.0.1"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("Mon, 10 Dec 2018 09:00:45 GMT", 45.0), ("Mon, 10 Dec 2018 08:00:00 GMT", 0.0), ("-5", None)],
)
def test_a_receiver_may_say_when_to_come_back(header: str, seconds: float | None):
    assert retry_after_s(header, now=dt.datetime(2018, 12, 10, 9, tzinfo=dt.UTC)) == seconds
