"""A real browser on the real page, in front of a stand-in service over real HTTP.

The page runs as its own process, as a user starts it. A test fails on any request outside this machine and on any
JavaScript error, whatever else it looks at.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect, sync_playwright

from steel_energy.ports import free_port
from steel_ui.testing import ToyService, media_type

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = re.compile(r"(data|blob):|(https?|ws)://127\.0\.0\.1[:/]")
START_S, STOP_S = 120, 60  # on a busy machine; a dashboard that ended is noticed at once
PATIENCE_S = 60
WIDE: ViewportSize = {"width": 1400, "height": 900}


@dataclass(frozen=True)
class Dashboard:
    """A running page, the address its service has, or will have, and its process."""

    url: str
    service_port: int
    process: subprocess.Popen[bytes]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing of the process runs until the end of the ``with``."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def serving(toy: ToyService, *, port: int) -> Iterator[None]:
    """``toy`` over HTTP on ``port``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            path, _, query = self.path.partition("?")
            status, body = toy.answer(path, query, self.rfile.read(length))
            self.send_response(status)
            self.send_header("Content-Type", media_type(path))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def toy() -> ToyService:
    return ToyService()


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """``python -m steel_ui``, asking a service that does not run yet; must stop cleanly on SIGTERM."""
    service_port, port = free_port(), free_port()
    settings = {
        "STEEL_API_URL": f"http://127.0.0.1:{service_port}",
        "STEEL_DATA_DIR": str(tmp_path_factory.mktemp("dashboard")),
        "STEEL_UI_PORT": str(port),
        "STEEL_UI_RETRY_S": "1",
        "STEEL_UI_REFRESH_S": "2",
    }
    process = subprocess.Popen([sys.executable, "-m", "steel_ui"], env=os.environ | settings)
    url = f"http://127.0.0.1:{port}/"
    _wait_for(url, process)
    yield Dashboard(url=url, service_port=service_port, process=process)
    process.terminate()

    assert process.wait(timeout=STOP_S) == 0


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits until something is so that no locator can see."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.1)

    return wait


@pytest.fixture
def wait_until_up() -> Callable[[str, subprocess.Popen[bytes]], None]:
    """Waits until a dashboard answers at an address."""
    return _wait_for


@pytest.fixture
def start_service(dashboard: Dashboard, toy: ToyService) -> Callable[[], AbstractContextManager[None]]:
    """Starts the service where the page looks for it, until the end of the ``with``."""
    return lambda: serving(toy, port=dashboard.service_port)


@pytest.fixture
def up(dashboard: Dashboard, start_service: Callable[[], AbstractContextManager[None]]) -> Iterator[Dashboard]:
    """The page with its service answering."""
    with start_service():
        yield dashboard


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    """One browser profile, so that the page's scripts are loaded once; its clock is far from the plant's.

    It goes with the last test of the file: while it is open no other test of the process can run an event loop.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}; install chromium or set CHROMIUM")
    expect.set_options(timeout=30_000)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium.new_context(timezone_id="America/Mexico_City")
        chromium.close()


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    """An English visitor's empty page; what went wrong in it fails the test at the end."""
    wrong: list[str] = []
    page = browser.new_page()
    page.set_viewport_size(WIDE)
    page.on("request", lambda request: None if LOCAL.match(request.url) else wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.close()

    assert wrong == []


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the dashboard stopped while starting"
        try:
            httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    process.kill()
    pytest.fail(f"no dashboard after {START_S} s")
