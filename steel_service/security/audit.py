"""The audit log: who changed something or tried to, one JSON object a line in ``data_dir/logs/audit.jsonl``.

A call is written down before it is let through and again with its outcome. Where the first line cannot be written the
call is refused, so nothing is done unrecorded; a crash in between leaves the first line. No secret gets here, and of a
body only what a route names: whose data it changed, how many rows, which model took whose place and why.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import closing
from typing import Any

from starlette.types import Scope

from steel_service.errors import NotReadyError
from steel_service.owner_file import OwnerFile
from steel_service.security.principals import Principal
from steel_service.security.settings import SecuritySettings

CHANGING = frozenset({"/readings", "/calendar"})
COUNTS, PLANT, CHANGE = "audit_counts", "audit_plant", "audit_change"

log = logging.getLogger(__name__)


def is_audited(scope: Scope) -> bool:
    """Whether a request is one that changes something: admin's, new readings, or marked days."""
    path: str = scope["path"]
    return path.startswith("/admin/") or (path in CHANGING and scope["method"] == "POST")


def count_for_audit(scope: Scope, **counts: int) -> None:
    """Let a route say what it did, such as ``accepted=96, rejected=0``; the line of the outcome holds it."""
    scope.setdefault("state", {}).setdefault(COUNTS, {}).update(counts)


def name_plant_for_audit(scope: Scope, plant_id: str) -> None:
    """Let a route say whose data it changed."""
    scope.setdefault("state", {})[PLANT] = plant_id


def name_change_for_audit(scope: Scope, **change: str | None) -> None:
    """Let a route say what it changed, such as ``was="3fd4884ef36c", now="9a0c11d2e3f4", because="nights too low"``."""
    scope.setdefault("state", {})[CHANGE] = change


class AuditLog:
    """A file that lines are added to; a full one is renamed, and the oldest are removed."""

    def __init__(self, settings: SecuritySettings) -> None:
        self._file = settings.audit_file
        self._handler = OwnerFile(
            self._file,
            maxBytes=settings.api_audit_file_bytes,
            backupCount=settings.api_audit_files,
            encoding="utf-8",
            delay=True,
        )

    def asked(self, scope: Scope, principal: Principal | None) -> None:
        """Write down that a call begins.

        Raises:
            NotReadyError: it cannot be written, so the call must not be let through.
        """
        try:
            self._write(scope, principal, {"event": "asked"})
        except OSError as error:
            log.exception("the audit log cannot be written")
            raise NotReadyError("the audit log cannot be written", remedy="the service's log says why") from error

    def answered(self, scope: Scope, principal: Principal | None, status: int) -> None:
        """Write down how a call ended; that this cannot be done is said in the service's log."""
        state = scope.get("state", {})
        said = {"plant": state.get(PLANT), "counts": state.get(COUNTS, {})}
        said |= {"change": state[CHANGE]} if CHANGE in state else {}
        try:
            self._write(scope, principal, {"event": "answered", "status": status, **said})
        except OSError:
            log.exception("the audit log cannot be written; what is missing in it: status %d of %s", status, _id(scope))

    def _write(self, scope: Scope, principal: Principal | None, what: dict[str, Any]) -> None:
        line = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            **what,
            "method": scope["method"],
            "route": scope["path"],
            "request_id": _id(scope),
            "who": principal.name if principal else None,
            "role": principal.role if principal else None,
            "means": principal.means if principal else None,
            "client": (scope.get("client") or (None,))[0],
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._handler):  # opened for each line, so one that was moved away is made anew
            self._handler.handle(logging.makeLogRecord({"msg": json.dumps(line)}))


def _id(scope: Scope) -> str | None:
    request_id: str | None = scope.get("state", {}).get("request_id")
    return request_id
