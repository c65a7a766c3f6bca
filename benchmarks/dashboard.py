"""How fast the dashboard is for a person, and what each visit costs in memory; ``--write`` puts it into the docs.

Starts service and dashboard over the data folder and opens them in headless Chromium (``CHROMIUM``, else
``/usr/bin/chromium``): the first paint and the Overview's first figures with an empty and with a warm cache, and what a
click takes where nothing is asked of the service, with a pause after each, as a reader makes one. Then the dashboard's
memory with 20 visits of the Overview open and after they are gone: each is asked for and kept open by the socket, as by
a browser, but nothing draws it, since what is measured is the dashboard's own process and twenty browsers would need
more of the machine than it does. Another program on the machine's cores shows in every time; the least is the one that
it disturbed least. Needs readings and a champion: run ``make build`` first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil
from libraries.lacks import lacking, require_built
from libraries.tables import markdown, put
from libraries.visits import open_visit
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from steel_energy.ports import free_port
from steel_service.testing import running_service

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGE = Path(__file__).parents[1] / "docs/dashboard.md"
SECTION = "speed: benchmarks/dashboard.py --write"
VISITS = 6
CLICKS = 12
OPEN = 20
START_S = 60
PAUSE_MS = 1500
"""After a click."""
FORGOTTEN_S = 45
"""After which Bokeh has given up a visit that was closed: 15 s unused, looked for every 17 s."""
MIB = 1024 * 1024
FIND_JS = """
const within = (one, selector) => (one.shadowRoot ? find(selector, one.shadowRoot) : [])
window.find = (selector, root = document) => [...root.querySelectorAll('*')]
  .flatMap((one) => [...(one.matches(selector) ? [one] : []), ...within(one, selector)])
window.seen = (selector) => find(selector).filter((one) => one.checkVisibility())
"""
"""Elements by a selector, through every shadow root."""
FILLED_JS = "() => document.readyState === 'complete' && seen('.card .value').length > 5 && !seen('.skeleton').length"
CLICK_JS = """
async ([selector, what]) => {
  const title = () => seen('h1')[0]?.textContent, ground = () => getComputedStyle(find('.main')[0]).backgroundColor
  const state = {title, ground}[what]
  const before = state(), start = performance.now()
  seen(selector)[0].click()
  while (state() === before) await new Promise(requestAnimationFrame)
  return performance.now() - start
}
"""
"""Milliseconds from a click until what it changes is seen."""
TURNS = (
    ("language", 'button[aria-pressed="false"]', "title"),
    ("theme", 'input[type="checkbox"]', "ground"),
)


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard."""

    url: str
    process: psutil.Process

    @property
    def memory_mib(self) -> float:
        """Resident."""
        return float(self.process.memory_info().rss) / MIB


@contextmanager
def running_dashboard(api_url: str) -> Iterator[Dashboard]:
    """``python -m steel_ui`` on a free port, asking ``api_url``."""
    port = free_port()
    variables = {**os.environ, "STEEL_API_URL": api_url, "STEEL_UI_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "steel_ui"], env=variables, stderr=subprocess.DEVNULL)
    url, deadline = f"http://127.0.0.1:{port}/", time.monotonic() + START_S
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the dashboard did not start")
            time.sleep(0.1)
        yield Dashboard(url, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def visit(context: BrowserContext, url: str) -> tuple[Page, float, float]:
    """A new page of the Overview; seconds to its first paint and to its figures."""
    page = context.new_page()
    page.add_init_script(FIND_JS)
    page.goto(url)
    page.wait_for_function(FILLED_JS, timeout=300_000)
    filled = page.evaluate("performance.now() / 1000")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000")
    return page, painted, filled


@dataclass(frozen=True)
class Times:
    """What was measured of one thing, in ``unit``."""

    name: str
    found: tuple[float, ...]
    unit: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Name, median, 95th percentile, least."""
        digits = 2 if self.unit == "s" else 0
        p50, p95 = np.percentile(self.found, [50, 95])
        return (self.name, *(f"{value:.{digits}f} {self.unit}" for value in (p50, p95, min(self.found))))


def paints(browser: Browser, url: str) -> Iterator[Times]:
    """First paint and first figures, with an empty cache and with that of the visit before."""
    cold, warm = [], []
    for _ in range(VISITS):
        context = browser.new_context()
        cold.append(visit(context, url)[1:])
        warm.append(visit(context, url)[1:])
        context.close()
    for name, found in (("empty cache", cold), ("warm cache", warm)):
        for what, seconds in zip(("first paint", "the Overview's figures"), zip(*found, strict=True), strict=True):
            yield Times(f"{what}, {name}", seconds, "s")


def clicks(browser: Browser, url: str) -> Iterator[Times]:
    """What a click takes where nothing is asked of the service."""
    context = browser.new_context()
    page = visit(context, f"{url}?page=overview&lang=en&theme=light")[0]
    for key in ("drift", "models", "overview"):
        page.evaluate(CLICK_JS, [f'a[data-key="{key}"]', "title"])
        page.wait_for_function("() => !seen('.skeleton').length", timeout=300_000)
    page.wait_for_timeout(PAUSE_MS)

    def click(selector: str, what: str) -> float:
        took: float = page.evaluate(CLICK_JS, [selector, what])
        page.wait_for_timeout(PAUSE_MS)
        return took

    for name, selector, what in TURNS:
        yield Times(name, tuple(click(selector, what) for _ in range(CLICKS)), "ms")
    keys = ("drift", "models", "overview") * (CLICKS // 3)
    menu = tuple(click(f'a[data-key="{key}"]', "title") for key in keys)
    yield Times("menu, to a page seen before", menu, "ms")
    context.close()


async def memory(dashboard: Dashboard) -> list[tuple[str, ...]]:
    """The dashboard's memory before, with visits open, and after they are gone; a row for each turn."""
    rows = []
    for turn in ("first", "second", "third"):
        before = dashboard.memory_mib
        async with AsyncExitStack() as visits:
            await asyncio.gather(*(visits.enter_async_context(open_visit(dashboard.url)) for _ in range(OPEN)))
            is_open = dashboard.memory_mib
        await asyncio.sleep(FORGOTTEN_S)
        figures = (f"{mib:.0f} MiB" for mib in (before, is_open, dashboard.memory_mib))
        rows.append((f"{turn} {OPEN} visits", *figures, f"{(is_open - before) / OPEN:.1f} MiB"))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast the dashboard is, and what a visit costs.")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/dashboard.md")
    options = parser.parse_args()
    if not Path(CHROMIUM).is_file():
        lacking(f"there is no Chromium at {CHROMIUM}")
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_service(Path(scratch) / "api.log", environment={}) as service,
        running_dashboard(service.url) as dashboard,
    ):
        require_built(httpx.get(f"{service.url}/health").json())
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            times = [*paints(browser, dashboard.url)]
            time.sleep(FORGOTTEN_S)  # until then the visits that were closed still ask for news
            times += clicks(browser, dashboard.url)
            browser.close()
        spent = asyncio.run(memory(dashboard))
    speed = markdown(("", "median", "95th percentile", "least"), [one.cells for one in times])
    tables = f"{speed}\n\n{markdown(('memory', 'before', 'open', 'after', 'each'), spent)}"
    print(tables)
    if options.write:
        put(PAGE, SECTION, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
