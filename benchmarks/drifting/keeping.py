"""Results on disk, a file for each cause: a stopped run goes on where it was, and parts can run side by side."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from drifting.causes import Cause
from drifting.judging import Found, Judged
from steel_energy.lake import write_atomically


def kept_found(folder: Path | None, cause: Cause, find: Callable[[], Iterable[Found]]) -> list[Found]:
    """What came of a cause: read where it was kept, else found and kept; without a folder, found."""
    rows = _kept(folder, f"{cause.name} {cause.size}", lambda: [_row(one, without=("cause",)) for one in find()])
    return [
        Found(**{**row, "cause": cause, "start": _time(row["start"]), "first_by": tuple(row["first_by"])})
        for row in rows
    ]


def kept_weeks(folder: Path | None, judge: Callable[[], Iterable[Judged]]) -> list[Judged]:
    """Stable weeks, alike."""
    rows = _kept(folder, "weeks", lambda: [_row(one) for one in judge()])
    names = ("moderate", "severe")
    return [
        Judged(**{**row, "until": _time(row["until"]), **{name: tuple(row[name]) for name in names}}) for row in rows
    ]


def _kept(folder: Path | None, name: str, make: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    if folder is None:
        return make()
    path = folder / f"{name}.json"
    if not path.exists():
        text = json.dumps(make(), default=str)

        def write(scratch: Path) -> None:
            scratch.write_text(text, encoding="utf-8")

        write_atomically(path, write)
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _row(one: Found | Judged, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name not in without}


def _time(text: object) -> dt.datetime:
    return text if isinstance(text, dt.datetime) else dt.datetime.fromisoformat(str(text))
