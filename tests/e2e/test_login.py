"""Signing in, over a real service that wants keys: it has no readings, which the pages say, and one report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from steel_energy.ports import free_port
from steel_service.security import Role
from steel_service.security.key_file import create_key, revoke_key, utc_now
from steel_service.testing import running_service

pytestmark = pytest.mark.e2e

REPORT = "files/reports/example.html?plant=gwangyang"
TITLE = "A report for people"


@dataclass(frozen=True)
class Place:
    """The service's data, its keys, and where dashboard and service answer."""

    folder: Path
    keys: dict[str, str]
    url: str
    service: ExitStack
    start_service: Callable[[], Any]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A dashboard as a user starts it, and the service that it asks."""
    folder: Path = tmp_path_factory.mktemp("login")
    report = folder / "reports" / "plant=gwangyang" / "example.html"
    report.parent.mkdir(parents=True)
    report.write_text(f"<title>{TITLE}</title><h1>{TITLE}</h1>")
    people = {"ana": Role.VIEWER, "ben": Role.OPERATOR, "doomed": Role.ADMIN}
    file = folder / "keys.json"
    keys = {name: create_key(file, name, role=role, days=1, now=utc_now())[1] for name, role in people.items()}
    service_port, port = free_port(), free_port()
    service = {"STEEL_DATA_DIR": str(folder), "STEEL_API_REQUIRE_KEYS": "true", "STEEL_COPILOT_LLM": "off"}
    dashboard = {
        "STEEL_API_URL": f"http://127.0.0.1:{service_port}",
        "STEEL_DATA_DIR": str(folder),
        "STEEL_UI_PORT": str(port),
        "STEEL_UI_RETRY_S": "0.5",
        "STEEL_UI_REFRESH_S": "1",
    }
    log = folder / "ui.log"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "steel_ui"], env=os.environ | dashboard, stderr=output)

    def start_service() -> Any:
        return running_service(folder / "api.log", environment=service, port=service_port)

    url = f"http://127.0.0.1:{port}/"
    with ExitStack() as running:
        running.enter_context(start_service())
        _wait_for(url)
        yield Place(folder, keys, url, running, start_service)
    process.terminate()
    assert process.wait(timeout=60) == 0
    assert [name for name, key in keys.items() if key in log.read_text()] == []


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    """Somebody who has never been here, in a browser profile of their own."""
    assert browser.browser
    own = browser.browser.new_context(viewport={"width": 1400, "height": 900})
    yield own.new_page()
    own.close()


def sign_in(page: Page, key: str, *, button: str = "Sign in", label: str = "API key") -> None:
    page.get_by_label(label).fill(key)
    page.get_by_role("button", name=button).click()


def test_nobody_sees_anything_before_signing_in(up: Place) -> None:
    answers = {
        path: httpx.get(up.url + path) for path in ("?page=models", "autoload.js?bokeh-autoload-element=1", REPORT)
    }

    assert [(path, answer.status_code) for path, answer in answers.items()] == [
        ("?page=models", 302),
        ("autoload.js?bokeh-autoload-element=1", 302),
        (REPORT, 403),
    ]
    assert answers["?page=models"].headers["Location"] == "./login?next=%2F%3Fpage%3Dmodels"
    assert TITLE not in answers[REPORT].text


def test_a_viewer_signs_in_gets_what_they_asked_for_and_signs_out_of_every_tab(up: Place, page: Page) -> None:
    page.goto(f"{up.url}?page=quality&lang=es&theme=dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(16, 22, 28)")
    sign_in(page, "steel_00000000_wrong", button="Entrar", label="Clave de API")
    expect(page.get_by_role("alert")).to_contain_text("no conoce esta clave")

    sign_in(page, up.keys["ana"], button="Entrar", label="Clave de API")

    expect(page.locator(".account")).to_contain_text("analector")
    expect(page).to_have_url(re.compile(r"page=quality.*lang=es.*theme=dark"))
    expect(page.get_by_role("note")).to_have_text(
        "Cambiar algo aquí requiere el rol operador; su clave tiene el rol lector."
    )
    assert up.keys["ana"] not in page.content()
    assert up.keys["ana"] not in page.url

    other = page.context.new_page()
    other.goto(f"{up.url}?page=models")
    expect(other.locator(".account")).to_contain_text("ana")
    page.get_by_role("link", name="Salir").click()
    expect(page.get_by_role("status")).to_have_text("Ha salido.")
    expect(other).to_have_url(re.compile("login"))
    assert page.request.get(up.url + REPORT).status == 403


def test_an_operator_is_not_told_off_and_reads_a_report(up: Place, page: Page) -> None:
    page.goto(f"{up.url}{REPORT}")
    sign_in(page, up.keys["ben"])
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()

    page.goto(f"{up.url}?page=quality")

    expect(page.locator(".account")).to_contain_text("benoperator")
    expect(page.get_by_role("heading", name="Send readings")).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)
    assert page.request.get(f"{up.url}files/reports/..%2F..%2Fkeys.json").status == 404


def test_a_key_that_is_revoked_while_the_page_is_open_is_explained_and_another_leads_back(
    up: Place, page: Page
) -> None:
    page.goto(f"{up.url}?page=drift")
    sign_in(page, up.keys["doomed"])
    expect(page.locator(".account")).to_contain_text("doomed")

    revoke_key(up.folder / "keys.json", "doomed", now=utc_now())

    notice = page.get_by_role("alert").filter(has_text="no longer accepts your key").first
    notice.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("status")).to_contain_text("no longer accepts the key you signed in with")
    sign_in(page, up.keys["ana"])
    expect(page.locator(".account")).to_contain_text("ana")
    expect(page).to_have_url(re.compile("page=drift"))


def test_a_service_that_stops_and_comes_back_finds_the_reader_still_signed_in(up: Place, page: Page) -> None:
    page.goto(f"{up.url}?page=reports")
    sign_in(page, up.keys["ana"])
    expect(page.get_by_role("cell", name=TITLE)).to_be_visible()
    away = page.get_by_role("alert").filter(has_text="does not answer")

    up.service.close()
    expect(away.first).to_be_visible()  # a part that was still asking has a notice of its own
    expect(page.get_by_role("cell", name=TITLE)).to_be_visible()

    up.service.enter_context(up.start_service())
    expect(away).to_have_count(0)
    expect(page.locator(".account")).to_contain_text("ana")
    expect(page).to_have_url(re.compile("page=reports"))


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            httpx.get(url)
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
