"""What a benchmark needs and a machine may lack: told in one line, and by an exit code that is no failure."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from steel_energy.settings import SteelSettings
from steel_energy.sources import exports
from steel_energy.sources.uci import FILE_NAME

LACKING = 77
"""Exit code of a program that cannot measure here, as test programs have it that were skipped."""


def lacking(reason: str) -> NoReturn:
    """Stop: this machine lacks what is to be measured."""
    print(f"cannot measure: {reason}", file=sys.stderr)
    sys.exit(LACKING)


def published(settings: SteelSettings) -> Path:
    """The published CSV: the file that ``STEEL_SOURCE`` names, or the newest of ``data/raw``; stops without."""
    return found(settings) or lacking("set STEEL_SOURCE to the published CSV, or put it into data/raw")


def found(settings: SteelSettings) -> Path | None:
    """The same where it is there: the file that a build takes, or keeps of the UCI archive."""
    if settings.source != "auto":
        path = Path(settings.source)
        return path if path.is_file() else None
    return next(iter([*exports(settings.raw_dir), *settings.raw_dir.glob(f"*/{FILE_NAME}")]), None)


def require_built(health: Mapping[str, Any]) -> None:
    """Stop unless the service is well, as its /health tells: it needs readings and a champion."""
    if health["status"] != "ok":
        lacking("; ".join(f"{problem['what']} ({problem['remedy']})" for problem in health["problems"]))
