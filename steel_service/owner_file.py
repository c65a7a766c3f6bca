"""A log file that only its owner may read and whose failures are raised."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

OWNER_ONLY = 0o600


class OwnerFile(RotatingFileHandler):
    """Rotates by size; a failure is raised instead of printed, and the file is its owner's alone."""

    def _open(self) -> Any:  # noqa: ANN401 - the base's return type is private
        stream = super()._open()
        Path(self.baseFilename).chmod(OWNER_ONLY)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the base's signature
        """Let the error on, instead of printing it."""
        raise  # noqa: PLE0704 - called from the base's except block
