"""Hands the service's reports to the browser: the reader's machine may reach the dashboard alone, and has no key.

A report is a page of its own, with scripts: it gets the service's own rules, an origin that can reach nothing.
"""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from urllib.parse import quote

import httpx
from tornado.web import RequestHandler

from steel_client import questions
from steel_ui.client import EnergyService, ServiceError
from steel_ui.settings import UiSettings

PATTERN = r"/files/reports/([\w.-]+)"
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


class ReportHandler(RequestHandler):
    """Asks the service for one report and passes it on."""

    def initialize(self, settings: UiSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """``transport`` stands in for the network in tests."""
        self.service_settings = settings
        self.transport = transport

    async def get(self, name: str) -> None:
        """The report ``name``; what the service refuses is told in one line with 404."""
        settings = self.service_settings
        service = EnergyService(
            settings.api_url, timeout_s=settings.ui_timeout_s, api_key=settings.ui_api_key, transport=self.transport
        )
        try:
            content = await service.ask(questions.report(name, plant=self.get_query_argument("plant", None)))
        except ServiceError as error:
            self.set_status(HTTPStatus.NOT_FOUND)
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
