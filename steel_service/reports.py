"""The reports of a plant: what there is, and one of them as a file that a browser may show but not trust.

Reports are pages with scripts of their own, so a browser opens them in a sandbox: they can draw, but neither read what
the service's other pages hold nor load or send anything. PDFs and workbooks are handed out to be kept: no browser shows
them in a sandbox.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Message, Receive, Scope, Send

from steel_energy.report_files import MEDIA_TYPES, ReportFile, report_files
from steel_energy.sites import Site
from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.reports import Report, ReportsAnswer
from steel_service.error_shape import error_answer
from steel_service.errors import UnknownReportError
from steel_service.requests import Responses
from steel_service.state import State

SANDBOX = "; ".join(
    (
        "sandbox allow-scripts allow-downloads allow-modals allow-popups",
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
HEADERS = {"Content-Security-Policy": SANDBOX, "Cache-Control": "private, no-cache"}
"""A browser keeps a report and asks each time whether it is still the newest."""
UNUSABLE_RANGE = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}
TAGS: dict[str, Any] = {
    name: {"description": meaning, "schema": {"type": "string"}}
    for name, meaning in {"ETag": "Changes with the file.", "Last-Modified": "When it was written."}.items()
}
FILE_RESPONSES: Responses = {
    200: {
        "description": "The report.",
        "content": {media_type: {"schema": {}} for media_type in MEDIA_TYPES.values()},
        "headers": TAGS,
    },
    206: {"description": "The part that the header `Range` asks for."},
    304: {"description": "The report is the one that the client has, by its ETag or its time."},
    404: {"model": ErrorAnswer, "description": "There is no such plant or report."},
    416: {"model": ErrorAnswer, "description": "The header `Range` asks for nothing of the file."},
}
"""What /docs says of a report; its path and query are checked as everywhere."""


def reports_answer(site: Site, state: State) -> ReportsAnswer:
    """The plant's reports."""
    found = report_files(state.settings.reports_dir, site.plant.id)
    return ReportsAnswer(plant=site.plant.id, reports=[_described(report, site) for report in found])


def report_response(name: str, site: Site, state: State, *, request: Request) -> Response:
    """One of the plant's reports as a file, or that the client has it already.

    Only names of the listing are opened, so none leads out of the folder.

    Raises:
        UnknownReportError: there is none of this name.
    """
    found = {report.name: report for report in report_files(state.settings.reports_dir, site.plant.id)}
    if name not in found:
        known = ", ".join(found) or "none; build them: make build"
        raise UnknownReportError("there is no such report", field="name", remedy=f"known reports: {known}")
    path = found[name].path
    response = _Download(
        path,
        media_type=found[name].media_type,
        headers=HEADERS,
        stat_result=path.stat(),
        filename=None if found[name].is_page else name,
    )
    unchanged = StaticFiles(check_dir=False).is_not_modified(response.headers, request.headers)
    return NotModifiedResponse(response.headers) if unchanged else response


class _Download(FileResponse):
    """A file, whole or in part; a range that cannot be had is answered in the one error shape."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def sending(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status") in UNUSABLE_RANGE
            if not refused:
                await send(message)

        await super().__call__(scope, receive, sending)
        if refused:
            await _range_answer(self.headers["content-length"])(scope, receive, send)


def _range_answer(size_bytes: str) -> Response:
    return error_answer(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        code="range_not_satisfiable",
        message="the range holds nothing of the file",
        field="Range",
        hint=f"ask for bytes from 0 to {int(size_bytes) - 1}, or leave the header out",
        headers={"Content-Range": f"bytes */{size_bytes}"},
    )


def _described(report: ReportFile, site: Site) -> Report:
    link = f"/reports/{quote(report.name)}?{urlencode({'plant': site.plant.id})}"
    return Report.model_validate({**vars(report), "name": report.name, "kind": report.kind, "link": link})
