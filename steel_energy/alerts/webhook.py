"""An incoming webhook, as Slack, Mattermost and others have it: one POST of JSON. Its address is the secret."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from steel_energy.alerts.alert import Severity, one_line
from steel_energy.alerts.message import Message
from steel_energy.alerts.settings import AlertSettings
from steel_energy.errors import DeliveryError

TOO_MANY_REQUESTS, REQUEST_TIMEOUT = 429, 408
ANSWER_BYTES = 200
"""Of an answer's body, what an error tells."""


@dataclass(frozen=True)
class WebhookChannel:
    """The webhook of the settings, which have an address."""

    settings: AlertSettings = field(repr=False)
    name: str = "webhook"

    @property
    def least(self) -> Severity:
        """The least severity that is posted."""
        return self.settings.webhook_min_severity

    @property
    def target(self) -> str:
        """The host: the rest of the address is what lets anyone post."""
        return urlsplit(self._url).hostname or ""

    def send(self, message: Message, *, timeout_s: float) -> Sequence[str]:
        """Post a message; redirects are not followed, for they would carry the secret elsewhere.

        Raises:
            DeliveryError: it was not taken.
        """
        try:
            response, body = self._post(message, timeout_s)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise self._failed(f"{type(error).__name__} {self._without_secret(str(error))}", may_pass=True) from None
        if not response.is_success:
            status = response.status_code
            raise self._failed(
                f"answers {status} {self._without_secret(body)}",
                may_pass=status in (TOO_MANY_REQUESTS, REQUEST_TIMEOUT) or response.is_server_error,
                retry_after_s=retry_after_s(response.headers.get("retry-after", "")),
            )
        if "html" in response.headers.get("content-type", ""):
            raise self._failed("answers with a web page, so it is no webhook", may_pass=False)
        return ()

    def _post(self, message: Message, timeout_s: float) -> tuple[httpx.Response, str]:
        """By the transport and not by a client, which logs the address of every request."""
        deadline = time.monotonic() + timeout_s
        request = httpx.Request(
            "POST",
            self._url,
            json=message.slack,
            headers={"user-agent": "steel-energy", "idempotency-key": message.message_id},
            extensions={"timeout": httpx.Timeout(timeout_s).as_dict()},
        )
        with httpx.HTTPTransport(proxy=_proxy_for(self._url)) as transport:
            response = transport.handle_request(request)
            said = b""
            for chunk in response.iter_raw():
                said += chunk
                if len(said) >= ANSWER_BYTES or time.monotonic() > deadline:
                    break
            response.close()
        return response, said[:ANSWER_BYTES].decode(errors="replace")

    @property
    def _url(self) -> str:
        return self.settings.webhook_url.get_secret_value() if self.settings.webhook_url else ""

    def _without_secret(self, text: str) -> str:
        """Servers repeat the path that they do not know."""
        parts = urlsplit(self._url)
        for secret in (self._url, parts.path.strip("/"), parts.query, *parts.path.split("/")):
            if len(secret) > len("services"):
                text = text.replace(secret, "…")
        return one_line(text, ANSWER_BYTES)

    def _failed(self, reason: str, *, may_pass: bool, retry_after_s: float | None = None) -> DeliveryError:
        return DeliveryError(
            f"the webhook at {self.target}: {reason.strip()}",
            channel=self.name,
            may_pass=may_pass,
            retry_after_s=retry_after_s,
            remedy="check STEEL_ALERT_WEBHOOK_URL, then: steel alert test",
        )


def retry_after_s(header: str, *, now: dt.datetime | None = None) -> float | None:
    """Seconds that a ``Retry-After`` asks to wait, by number or date; None where it says neither.

    >>> retry_after_s("30"), retry_after_s("soon"), retry_after_s("")
    (30.0, None, None)
    """
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment - (now or dt.datetime.now(dt.UTC))).total_seconds())


def _proxy_for(url: str) -> str | None:
    """The proxy of the environment, which a transport does not look for itself."""
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - only asked for when something is sent

    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
