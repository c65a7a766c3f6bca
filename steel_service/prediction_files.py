"""A BentoML monitor whose lines of JSON go to files of limited size, the oldest of which are dropped.

BentoML's own monitor writes all monitors of a process into the file of the one that came last, begins a new file each
day whatever its size, never drops one, sets up logging anew for everybody and takes a microsecond for each value; hence
this one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
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
    it ``.2``, and so on. A value that is None is left out of its line. To be used by one thread at a time.

    Raises:
        OSError: the folder cannot be made, or a line not be written.
    """

    def __init__(self, name: str, *, worker: int, rotation: Rotation) -> None:
        super().__init__(name)
        self._folder = Path(name)
        self._values: dict[str, list[Any]] = {}
        self._schema: dict[str, dict[str, str]] = {}
        self._is_schema_told = False
        data = self._folder / "data" / f"data.{worker}.log"
        data.parent.mkdir(parents=True, exist_ok=True)
        self._file = _StrictFile(
            data, maxBytes=rotation.file_bytes, backupCount=rotation.kept_files, encoding="utf-8", delay=True
        )

    def start_record(self) -> None:
        """Begin a record, whatever became of the one before."""
        self._values = {}

    def log(self, data: Any, name: str, role: str, data_type: str) -> None:  # noqa: ANN401 - what JSON can hold
        """Take the value of a record of one line."""
        self.log_batch([data], name, role, data_type)

    def log_batch(self, data_batch: Iterable[Any], name: str, role: str, data_type: str) -> None:
        """Take a column of a record: a value for each line."""
        self._values[name] = list(data_batch)
        self._schema[name] = {"name": name, "role": role, "type": data_type}

    def stop_record(self) -> None:
        """Write the record, and before the first one the role and type of each column."""
        if not self._is_schema_told:
            self.export_schema(self._schema)
            self._is_schema_told = True
        self.export_data(self._values)

    def export_schema(self, columns_schema: Mapping[str, Mapping[str, str]]) -> None:
        """Write role and type of each column."""
        text = json.dumps(list(columns_schema.values()), indent=1)
        (self._folder / "schema.json").write_text(text + "\n", encoding="utf-8")

    def export_data(self, datas: Mapping[str, Sequence[Any]]) -> None:
        """Write the lines."""
        rows = zip(*datas.values(), strict=True)
        told = [{name: value for name, value in zip(datas, row, strict=True) if value is not None} for row in rows]
        lines = [orjson.dumps(line).decode() for line in told]
        self._file.handle(logging.makeLogRecord({"msg": "\n".join(lines)}))


class _StrictFile(RotatingFileHandler):
    """Raises what goes wrong, where a handler would print it and go on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - the library's
        """Raise the error that is being handled."""
        raise  # noqa: PLE0704 - called inside of the handler's ``except``
