"""The one shape of every answer that is not a success, and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi.responses import JSONResponse

MAX_TEXT = 300  # characters of a message or field that an answer repeats


def error_answer(
    status: int,
    *,
    code: str,
    message: str,
    field: str | None = None,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
    reason: str = "",
    values: Mapping[str, str | float] = MappingProxyType({}),
) -> JSONResponse:
    """The one error shape; texts are cut to a readable length and made valid UTF-8."""
    texts = {"code": code, "message": message, "field": field, "hint": hint}
    error: dict[str, Any] = {name: _printable(text) if text is not None else None for name, text in texts.items()}
    if reason:
        error |= {"reason": reason, "values": {name: _shown(value) for name, value in values.items()}}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def _shown(value: str | float) -> str | float:
    return _printable(value) if isinstance(value, str) else value


def _printable(text: str) -> str:
    short = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
    return short.encode("utf-8", errors="replace").decode("utf-8")
