"""Hands the service's reports to the browser: the reader's machine may reach the dashboard alone, and has no key.

A report is a page of its own, with scripts: it gets the service's own rules, an origin that can reach nothing.
"""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from urllib.parse import quote

from steel_client import questions
from steel_ui.client import ServiceError
from steel_ui.login.door import Door
from steel_ui.login.handlers import AtTheDoor
from steel_ui.login.sheet import target

PATTERN = r"/files/reports/(\w[\w.-]*)"
SANDBOX = (
    "sandbox allow-scripts allow-downloads allow-modals allow-popups; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)


def report_address(name: str, *, plant: str | None, download: bool = False) -> str:
    """Where the dashboard hands out the report ``name``, relative to its page."""
    query = [f"plant={quote(plant, safe='')}"] if plant else []
    query += ["download=1"] if download else []
    return f"files/reports/{quote(name, safe='')}" + (f"?{'&'.join(query)}" if query else "")


class ReportHandler(AtTheDoor):
    """Asks the service for one report, with the reader's key, and passes it on."""

    def initialize(self, door: Door) -> None:
        """``door`` says who asks."""
        self._door = door

    @property
    def door(self) -> Door:
        """Who is let in."""
        return self._door

    async def get(self, name: str) -> None:
        """The report ``name``; what the service refuses is told in one line with 404, and who must sign in gets 403."""
        visitor = await self.door.visitor(self)
        if visitor is None:
            self.show(target(self.request.uri or ""), status=HTTPStatus.FORBIDDEN)
            return
        service = self.door.service(visitor)
        try:
            content = await service.ask(questions.report(name, plant=self.get_query_argument("plant", None)))
        except ServiceError as error:
            self.set_status(HTTPStatus.FORBIDDEN if error.problem.is_of_key else HTTPStatus.NOT_FOUND)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(error.problem.what)
            return
        finally:
            await service.close()
        self._describe(name)
        self.finish(content)

    def _describe(self, name: str) -> None:
        as_file = "attachment" if self.get_query_argument("download", "") else "inline"
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
        self.set_header("Content-Disposition", f"{as_file}; filename*=UTF-8''{quote(name, safe='')}")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "private, no-cache")
        if not name.endswith(".pdf"):  # a browser's own viewer of PDF needs an origin
            self.set_header("Content-Security-Policy", SANDBOX)
