"""How the channels stand: which are set, which failed last, and what was told and is not over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from steel_energy.alerts.delivery import channels_of
from steel_energy.alerts.ledger import Failed, Ledger
from steel_energy.alerts.policy import Told
from steel_energy.alerts.settings import AlertSettings

CHANNELS = {
    "log": "",
    "mail": "set STEEL_ALERT_SMTP_HOST, STEEL_ALERT_MAIL_FROM and STEEL_ALERT_MAIL_TO (docs/alerts.md)",
    "webhook": "set STEEL_ALERT_WEBHOOK_URL (docs/alerts.md)",
}
"""Every channel there is, and how it is set."""


@dataclass(frozen=True)
class ChannelState:
    """One channel.

    Attributes:
        name: its name.
        target: where messages go, without secrets; None where it is not set.
        least: the least severity that it is for.
        failed: the last failure, where nothing arrived since.
        remedy: how to set it, where it is not.
    """

    name: str
    target: str | None = None
    least: str = ""
    failed: Failed | None = None
    remedy: str = ""


def channel_states(settings: AlertSettings, *, logs_dir: Path, alerts_dir: Path) -> Iterator[ChannelState]:
    """Every channel there is, set or not.

    Raises:
        StorageError: the ledger cannot be read.
    """
    known, ledger = {one.name: one for one in channels_of(settings, logs_dir=logs_dir)}, Ledger(alerts_dir)
    for name, remedy in CHANNELS.items():
        channel = known.get(name)
        if channel is None:
            yield ChannelState(name, remedy=remedy)
        else:
            yield ChannelState(name, channel.target, channel.least, ledger.failed(name))


def open_alerts(alerts_dir: Path) -> list[Told]:
    """What the log was told that lasts and was not called off, worst first.

    Raises:
        StorageError: the ledger cannot be read.
    """
    told = Ledger(alerts_dir).told("log").values()
    standing = [one for one in told if one.is_open and one.notice.alert.is_lasting]
    return sorted(standing, key=lambda one: (-one.notice.alert.rank, one.notice.alert.key))
