"""A BentoML monitor whose lines of JSON go to files of limited size, the oldest of which are dropped.

BentoML's own monitor writes all monitors of a process into the file of the one that came last, begins a new file each
day whatever its size, never drops one, and sets up logging anew for everybody; hence this one.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import orjson
from bentoml.monitoring import MonitorBase


@dataclass(frozen=True)
class Rotation:
    """When a file is full (give or take what is written at once), and how many full ones are kept beside it."""

    file_bytes: int
    kept_files: int


class RotatingMonitor(MonitorBase[Any]):  # type: ignore[misc] # BentoML ships no types
    """Appends each record to ``<folder>/data/data.<worker>.log``; its columns stand in ``<folder>/schema.json``.

    Lines end up in the same file again after a restart. A full file becomes ``data.<worker>.log.1``, the one before
    it ``.2``, and so on. A column that is None is left out of its line.

    Raises:
        OSError: the folder cannot be made, or a line not be written.
    """

    PRESERVED_COLUMNS = ()

    def __init__(self, name: str, *, worker: int, rotation: Rotation) -> None:
        super().__init__(name)
        self._folder = Path(name)
        data = self._folder / "data" / f"data.{worker}.log"
        data.parent.mkdir(parents=True, exist_ok=True)
        self._file = _StrictFile(
            data, maxBytes=rotation.file_bytes, backupCount=rotation.kept_files, encoding="utf-8", delay=True
        )

    def export_schema(self, columns_schema: dict[str, dict[str, str]]) -> None:
        """Write role and type of each column."""
        text = json.dumps(list(columns_schema.values()), indent=1)
        (self._folder / "schema.json").write_text(text + "\n", encoding="utf-8")

    def export_data(self, datas: dict[str, deque[Any]]) -> None:
        """Write one line for each record."""
        rows = (dict(zip(datas, values, strict=True)) for values in zip(*datas.values(), strict=True))
        lines = [orjson.dumps({key: value for key, value in row.items() if value is not None}).decode() for row in rows]
        self._file.handle(logging.makeLogRecord({"msg": "\n".join(lines)}))


class _StrictFile(RotatingFileHandler):
    """Raises what goes wrong, where a handler would print it and go on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - the library's
        """Raise the error that is being handled."""
        raise  # noqa: PLE0704 - called inside of the handler's ``except``
