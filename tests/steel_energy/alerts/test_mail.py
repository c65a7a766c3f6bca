"""E-mail through a real mail server: plain, STARTTLS and TLS, with and without a login, and every way it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from steel_energy.alerts.mail import MailChannel
from steel_energy.alerts.message import Message
from steel_energy.alerts.settings import AlertSettings
from steel_energy.errors import DeliveryError

USER, PASSWORD = "alerts", "correct-horse-battery"
StartServer = Callable[..., Any]
MakeMessage = Callable[..., Message]


def failure(settings: AlertSettings, message: Message, *, timeout_s: float = 5.0) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        MailChannel(settings).send(message, timeout_s=timeout_s)
    return raised.value


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_message_arrives_as_text_and_html(mail_server: StartServer, make_message: MakeMessage, security: str):
    server, message = mail_server(security), make_message()

    complaints = MailChannel(server.settings(security)).send(message, timeout_s=5)

    (mail,) = server.mails
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert list(complaints) == []
    assert mail["Subject"] == "[warning] toy: readings drifted (severe): usage_kwh"
    assert (mail["From"], mail["To"]) == (
        "Steel alerts <steel@plant.example>",
        "operator@plant.example, energy@plant.example",
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert plain.get_content().splitlines() == message.text.splitlines()
    assert "<h2" in html.get_content()
    assert "PSI 0.43" in html.get_content()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's: it is TLS all along
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_login_is_made_over_an_encrypted_connection(
    mail_server: StartServer, make_message: MakeMessage, security: str
):
    server = mail_server(security, login=True)
    settings = server.settings(security, smtp_user=USER, smtp_password=SecretStr(PASSWORD))

    MailChannel(settings).send(make_message(), timeout_s=5)

    assert (server.logins, len(server.mails)) == ([USER], 1)


def test_a_wrong_password_is_told_without_it_and_not_tried_again(
    mail_server: StartServer, make_message: MakeMessage, caplog: pytest.LogCaptureFixture
):
    server = mail_server("starttls", login=True)
    wrong = "wrong-secret-battery"
    settings = server.settings("starttls", smtp_user=USER, smtp_password=SecretStr(wrong))

    with caplog.at_level(logging.DEBUG):
        error = failure(settings, make_message())

    assert not error.may_pass
    assert "535" in str(error)
    assert wrong not in "".join((str(error), repr(error), repr(settings), repr(MailChannel(settings)), caplog.text))


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_message(
    mail_server: StartServer, make_message: MakeMessage
):
    server = mail_server("starttls", login=True)
    settings = server.settings("starttls", smtp_user=USER, smtp_password=SecretStr(PASSWORD), smtp_ca_file=None)

    error = failure(settings, make_message())

    assert "certificate" in str(error)
    assert (error.may_pass, server.logins, server.mails) == (False, [], [])


def test_a_server_without_starttls_gets_nothing_readable(mail_server: StartServer, make_message: MakeMessage):
    server = mail_server("none")

    error = failure(server.settings("starttls"), make_message())

    assert (error.may_pass, server.mails) == (False, [])
    assert "STARTTLS" in str(error)


@pytest.mark.parametrize(("answer", "may_pass"), [("451 try later", True), ("554 no", False)])
def test_only_what_a_server_calls_temporary_may_pass(
    mail_server: StartServer, make_message: MakeMessage, answer: str, *, may_pass: bool
):
    server = mail_server("none")
    server.answers = [answer]

    error = failure(server.settings("none"), make_message())

    assert (error.may_pass, answer in str(error)) == (may_pass, True)


def test_a_recipient_that_is_refused_keeps_the_others_from_nothing(mail_server: StartServer, make_message: MakeMessage):
    server = mail_server("none")
    server.refused = {"energy@plant.example"}

    complaints = MailChannel(server.settings("none")).send(make_message(), timeout_s=5)

    assert len(server.mails) == 1
    assert ["energy@plant.example: 550 no such mailbox" in said for said in complaints] == [True]


def test_where_every_recipient_is_refused_nothing_arrived(mail_server: StartServer, make_message: MakeMessage):
    server = mail_server("none")
    server.refused = {"operator@plant.example", "energy@plant.example"}

    error = failure(server.settings("none"), make_message())

    assert (error.may_pass, server.mails) == (False, [])


def test_a_server_that_is_down_or_slow_may_pass(mail_server: StartServer, make_message: MakeMessage):
    slow, down = mail_server("none"), mail_server("none").settings("none", smtp_port=1)
    slow.delay_s = 0.5

    errors = [failure(slow.settings("none"), make_message(), timeout_s=0.2), failure(down, make_message())]

    assert [error.may_pass for error in errors] == [True, True]


def test_the_same_news_has_the_same_message_id(mail_server: StartServer, make_message: MakeMessage):
    server = mail_server("none")
    for _ in range(2):
        MailChannel(server.settings("none")).send(make_message(), timeout_s=5)

    first, second = (mail["Message-ID"] for mail in server.mails)

    assert first == second
    assert first.endswith("@plant.example>")


def test_words_of_an_error_cannot_add_a_header(mail_server: StartServer, make_message: MakeMessage, make_alert: Any):
    server = mail_server("none")
    message = make_message(make_alert(title="failed\r\nBcc: everyone@plant.example", facts=("a\r\n.\r\nb",)))

    MailChannel(server.settings("none")).send(message, timeout_s=5)

    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "[warning] toy: failed Bcc: everyone@plant.example"
    assert "- a . b" in mail.get_body(("plain",)).get_content()
