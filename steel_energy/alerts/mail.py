"""E-mail: a message as plain text and HTML, through the plant's mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from steel_energy.alerts.alert import Severity, one_line
from steel_energy.alerts.message import Message
from steel_energy.alerts.settings import AlertSettings, mail_address
from steel_energy.errors import DeliveryError

TEMPORARY = range(400, 500)
"""Answers of a mail server after which the same may work a little later (RFC 5321)."""


@dataclass(frozen=True)
class MailChannel:
    """The mail server of the settings, which have a host, a sender and a recipient."""

    settings: AlertSettings = field(repr=False)
    name: str = "mail"

    @property
    def least(self) -> Severity:
        """The least severity that is mailed."""
        return self.settings.mail_min_severity

    @property
    def target(self) -> str:
        """Server and recipients."""
        return f"{', '.join(self.settings.mail_to)} by {self.settings.smtp_host}:{self.settings.port}"

    def send(self, message: Message, *, timeout_s: float) -> Sequence[str]:
        """Hand a message to the mail server.

        Returns:
            The recipients that the server refused while it took others.

        Raises:
            DeliveryError: it took none, or could not be spoken to.
        """
        try:
            refused = self._hand_over(as_mail(message, self.settings), timeout_s)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise self._failed(_refusals(error.recipients), may_pass=any(code in TEMPORARY for code in codes)) from None
        except smtplib.SMTPResponseException as error:
            may_pass = error.smtp_code in TEMPORARY or error.smtp_code < 0
            raise self._failed(f"answers {_answer(error.smtp_code, error.smtp_error)}", may_pass=may_pass) from None
        except ssl.SSLCertVerificationError as error:
            raise self._failed(f"has no certificate to trust ({error.verify_message})", may_pass=False) from None
        except smtplib.SMTPNotSupportedError as error:
            raise self._failed(str(error), may_pass=False) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._failed(str(error) or type(error).__name__, may_pass=True) from None
        return [f"{self.settings.smtp_host} refused {_refusals(refused)}"] if refused else ()

    def _hand_over(self, mail: EmailMessage, timeout_s: float) -> dict[str, tuple[int, bytes]]:
        settings, host = self.settings, self.settings.smtp_host or ""
        trusted = ssl.create_default_context(cafile=settings.smtp_ca_file)
        with (
            smtplib.SMTP_SSL(host, settings.port, timeout=timeout_s, context=trusted)
            if settings.smtp_security == "tls"
            else smtplib.SMTP(host, settings.port, timeout=timeout_s)
        ) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=trusted)
            if settings.smtp_user is not None and settings.smtp_password is not None:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            return server.send_message(mail)

    def _failed(self, reason: str, *, may_pass: bool) -> DeliveryError:
        return DeliveryError(
            f"the mail server {self.settings.smtp_host}:{self.settings.port}: {one_line(reason)}",
            channel=self.name,
            may_pass=may_pass,
            remedy="check STEEL_ALERT_SMTP_* and STEEL_ALERT_MAIL_*, then: steel alert test",
        )


def as_mail(message: Message, settings: AlertSettings) -> EmailMessage:
    """A message as an e-mail; the same news has the same Message-ID."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = message.subject
    mail["From"], mail["To"] = mail_address(settings.mail_from or ""), [mail_address(to) for to in settings.mail_to]
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.message_id}@{mail['From'].addresses[0].domain or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.severity == "critical":
        mail["Importance"] = "high"
    mail.set_content(message.text + "\n")
    mail.add_alternative(message.html, subtype="html")
    return mail


def _refusals(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {_answer(code, said)}" for address, (code, said) in refused.items())


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
