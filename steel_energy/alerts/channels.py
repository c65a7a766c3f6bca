"""What a channel is, and the one that is always on: a line in the log. E-mail and webhooks stand beside."""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from steel_energy.alerts.alert import Severity
from steel_energy.alerts.message import Message
from steel_energy.errors import StorageError

log = logging.getLogger("steel_energy.alerts")

LEVELS: dict[Severity | None, int] = {
    None: logging.INFO,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "critical": logging.ERROR,
}


class Channel(Protocol):
    """Something that takes messages."""

    @property
    def name(self) -> str:
        """Its name in the ledger and in errors."""

    @property
    def least(self) -> Severity:
        """The least severity that it is for."""

    @property
    def target(self) -> str:
        """Where messages go, in words without secrets."""

    def send(self, message: Message, *, timeout_s: float) -> Sequence[str]:
        """Hand a message over.

        Returns:
            What went wrong although the message was taken, such as a refused recipient; empty where all went well.

        Raises:
            DeliveryError: it was not taken.
        """


@dataclass(frozen=True)
class LogChannel:
    """One line of JSON for each message, in a file and in the program's log."""

    file: Path
    name: str = "log"
    least: Severity = "info"

    @property
    def target(self) -> str:
        """The file."""
        return str(self.file)

    def send(self, message: Message, *, timeout_s: float) -> Sequence[str]:  # noqa: ARG002 - a file answers at once
        """Write the line; it is whole, whoever writes beside."""
        line = json.dumps(structured(message), ensure_ascii=False)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _append(self.file, f"{line}\n".encode())
        except OSError as error:
            raise StorageError(
                f"cannot be written: {error.strerror}", field=str(self.file), remedy="see that the disk has room"
            ) from error
        log.log(LEVELS[message.severity], "alert %s", line)
        return ()


def _append(file: Path, line: bytes) -> None:
    """Add a line by one call, so that no other process writes into it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if os.write(descriptor, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def structured(message: Message) -> dict[str, object]:
    """A message as the log has it."""
    notices = [
        {"change": notice.change, **notice.alert.model_dump(mode="json", exclude_none=True)}
        for notice in message.notices
    ]
    return {
        "at": message.at.isoformat(timespec="seconds"),
        "id": message.message_id,
        "severity": message.severity or "all clear",
        "subject": message.subject,
        "alerts": notices,
    }
