"""Reports through the dashboard, over real HTTP to it and a stand-in behind it."""

from __future__ import annotations

import asyncio

import httpx
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from steel_ui.handing import PATTERN, ReportHandler, report_address
from steel_ui.login.door import Door
from steel_ui.settings import UiSettings
from steel_ui.testing import ToyService, refusal


def fetch(toy: ToyService, address: str) -> httpx.Response:
    options = {"door": Door(UiSettings(api_url="http://toy"), transport=httpx.MockTransport(toy.handle))}

    async def ask() -> httpx.Response:
        server = HTTPServer(Application([(PATTERN, ReportHandler, options)], cookie_secret="s" * 32))
        socket, port = bind_unused_port()
        server.add_socket(socket)
        try:
            async with httpx.AsyncClient() as client:
                return await client.get(f"http://127.0.0.1:{port}/{address}")
        finally:
            server.stop()

    return asyncio.run(ask())


def test_a_page_is_shown_in_an_origin_that_reaches_nothing(toy: ToyService) -> None:
    answer = fetch(toy, report_address("quality.html", plant="toy"))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert toy.queries == [("/whoami", {}), ("/reports/quality.html", {"plant": "toy"})]


def test_a_report_to_keep_is_an_attachment_with_its_name(toy: ToyService) -> None:
    answer = fetch(toy, report_address("weekly-2018-W02-en.pdf", plant=None, download=True))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''weekly-2018-W02-en.pdf"


def test_a_report_that_the_service_refuses_is_one_line_of_text(toy: ToyService) -> None:
    toy.refusals["/reports/moon.html"] = (404, refusal("there is no report <moon>", "see /reports"))

    answer = fetch(toy, report_address("moon.html", plant=None))

    assert (answer.status_code, answer.text) == (404, "there is no report <moon>")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_name_cannot_leave_the_folder_of_reports(toy: ToyService) -> None:
    answer = fetch(toy, "files/reports/..%2Fadmin%2Freload")

    assert answer.status_code == 404
    assert toy.asked == []
