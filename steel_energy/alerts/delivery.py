"""Sending: every channel gets what is due in it, once more where that failed, and what arrived is recorded.

Channels are served side by side, so one that is down or slow keeps no other back. What a channel did not take is not
recorded as told: it is due again at the next look, after a pause that grows while the channel stays down.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import tenacity

from steel_energy.alerts.alert import Alert, Scope
from steel_energy.alerts.channels import Channel, LogChannel
from steel_energy.alerts.ledger import Failed, Ledger, Sent
from steel_energy.alerts.mail import MailChannel
from steel_energy.alerts.message import Message, message_of
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.policy import due
from steel_energy.alerts.settings import AlertSettings
from steel_energy.alerts.webhook import WebhookChannel
from steel_energy.errors import DeliveryError, SteelError, StorageError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """What became of a look in one channel.

    Attributes:
        channel: its name.
        target: where it goes, without secrets.
        message: what was to be told; None where nothing was due, or where the channel is left alone for now.
        complaints: what went wrong although the message was taken, such as a refused recipient.
        error: why it was not taken.
        waits_until: when a channel that failed before is tried again; None where it is not left alone.
    """

    channel: str
    target: str
    message: Message | None = None
    complaints: tuple[str, ...] = ()
    error: SteelError | None = None
    waits_until: dt.datetime | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether there was a message and the channel took it."""
        return self.message is not None and self.error is None

    @property
    def problem(self) -> str | None:
        """What went wrong, in words without secrets."""
        return str(self.error) if self.error else "; ".join(self.complaints) or None


def channels_of(settings: AlertSettings, *, logs_dir: Path) -> list[Channel]:
    """The channels that are set; the log always."""
    channels: list[Channel] = [LogChannel(logs_dir / "alerts.jsonl")]
    if settings.smtp_host is not None:
        channels.append(MailChannel(settings))
    if settings.webhook_url is not None:
        channels.append(WebhookChannel(settings))
    return channels


def dispatch(
    alerts: Iterable[Alert],
    *,
    seen: frozenset[Scope],
    channels: Sequence[Channel],
    ledger: Ledger,
    params: AlertParams,
    now: dt.datetime,
) -> list[Delivery]:
    """Tell each channel what is due in it, in one message, and record what arrived.

    Args:
        alerts: everything that was found.
        seen: what the look covered.
        channels: where to.
        ledger: what was told.
        params: cool-downs and patience.
        now: the present, with a zone.

    Raises:
        StorageError: the ledger cannot be read or written.
    """
    found = list(alerts)
    with ledger.held(), ThreadPoolExecutor(max_workers=max(1, len(channels))) as side_by_side:
        asked = [_Asked(channel, ledger, params, now) for channel in channels]
        waiting = [side_by_side.submit(one.deliver, one.message(found, seen)) for one in asked]
        unwritten = [
            error
            for done in as_completed(waiting)
            if (error := _recorded(done.result(), ledger, params=params, now=now)) is not None
        ]
    if unwritten:
        raise unwritten[0]
    return [done.result() for done in waiting]


def send(channel: Channel, message: Message, params: AlertParams) -> Sequence[str]:
    """Hand a message to a channel, again while that may help, as long as ``patience_s`` lasts.

    Returns:
        What went wrong although it arrived.

    Raises:
        DeliveryError: it did not arrive; the last reason.
        StorageError: the log cannot be written.
    """
    deadline = time.monotonic() + params.patience_s

    def attempt() -> Sequence[str]:
        left_s = max(deadline - time.monotonic(), 0.1)
        return channel.send(message, timeout_s=min(params.attempt_timeout_s, left_s))

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, DeliveryError) and error.may_pass),
        stop=tenacity.stop_after_attempt(params.attempts) | tenacity.stop_before_delay(params.patience_s),
        wait=_Wait(params.pause_s),
        reraise=True,
    )
    return retrying(attempt)


class _Wait(tenacity.wait.wait_base):
    """Pauses that double, or what the receiver asks for where that is longer."""

    def __init__(self, pause_s: float) -> None:
        self._growing = tenacity.wait_exponential(multiplier=pause_s)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, DeliveryError) else None
        return max(self._growing(retry_state), asked_s or 0.0)


@dataclass(frozen=True)
class _Asked:
    """One channel at one look. The ledger is read before any channel is asked, in one thread."""

    channel: Channel
    ledger: Ledger
    params: AlertParams
    now: dt.datetime

    def message(self, alerts: list[Alert], seen: frozenset[Scope]) -> Message | None:
        if self._waits_until():
            return None
        name, told = self.channel.name, self.ledger.told(self.channel.name)
        notices = due(alerts, told, seen=seen, least=self.channel.least, now=self.now, params=self.params)
        return message_of(notices, channel=name, told=told, at=self.now) if notices else None

    def deliver(self, message: Message | None) -> Delivery:
        name, target = self.channel.name, self.channel.target
        if message is None:
            return Delivery(name, target, waits_until=self._waits_until())
        try:
            complaints = send(self.channel, message, self.params)
        except SteelError as error:
            return Delivery(name, target, message, error=error)
        return Delivery(name, target, message, tuple(complaints))

    def _waits_until(self) -> dt.datetime | None:
        failed = self.ledger.failed(self.channel.name)
        return failed.not_before if failed is not None and failed.at <= self.now < failed.not_before else None


def _recorded(delivery: Delivery, ledger: Ledger, *, params: AlertParams, now: dt.datetime) -> StorageError | None:
    """Record what became of a channel; the error where that cannot be written, which no other channel suffers from."""
    try:
        _record(delivery, ledger, params=params, now=now)
    except StorageError as error:
        return error
    return None


def _record(delivery: Delivery, ledger: Ledger, *, params: AlertParams, now: dt.datetime) -> None:
    name, message, error = delivery.channel, delivery.message, delivery.error
    if message is None:
        return
    if error is None:
        ledger.record(Sent(at=now, channel=name, message_id=message.message_id, notices=message.notices))
        return
    log.error("an alert did not arrive and is tried again: %s", error)
    before = ledger.failed(name)
    times = before.times + 1 if before else 1
    asked_s = error.retry_after_s if isinstance(error, DeliveryError) else None
    pause_s = min(max(params.pause_s * 2.0 ** min(times, 30), asked_s or 0.0), params.longest_channel_pause_s)
    not_before = now + dt.timedelta(seconds=pause_s)
    ledger.record(Failed(at=now, channel=name, reason=str(error), not_before=not_before, times=times))
