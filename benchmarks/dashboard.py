"""How fast the dashboard is for a person, and what each visit costs in memory.

Starts service and dashboard over the data folder and opens them in headless Chromium (``CHROMIUM``, else
``/usr/bin/chromium``): the first paint and the Overview's first figures with an empty and with a warm cache, what a
click takes where nothing is asked of the service, and the dashboard's memory with 20 visits open and after they are
closed. Another program on the machine's cores shows in every time; the least is the one that it disturbed least.
Needs readings and a champion: run ``make build`` first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from steel_service.testing import free_port, running_service

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
VISITS = 6
CLICKS = 12
OPEN = 20
START_S = 60
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


def paints(browser: Browser, url: str) -> None:
    """Print first paint and first figures, with an empty cache and with that of the visit before."""
    cold, warm = [], []
    for _ in range(VISITS):
        context = browser.new_context()
        cold.append(visit(context, url)[1:])
        warm.append(visit(context, url)[1:])
        context.close()
    for name, found in (("empty cache", cold), ("warm cache", warm)):
        for what, seconds in zip(("first paint", "Overview's figures"), zip(*found, strict=True), strict=True):
            tell(f"{what}, {name}", seconds, unit="s", digits=2)


def clicks(browser: Browser, url: str) -> None:
    """Print what a click takes where nothing is asked of the service."""
    context = browser.new_context()
    page = visit(context, f"{url}?page=overview&lang=en&theme=light")[0]
    for key in ("drift", "models", "overview"):
        page.evaluate(CLICK_JS, [f'a[data-key="{key}"]', "title"])
        page.wait_for_function("() => !seen('.skeleton').length", timeout=300_000)
    page.wait_for_timeout(2000)
    for name, selector, what in TURNS:
        tell(name, [page.evaluate(CLICK_JS, [selector, what]) for _ in range(CLICKS)])
    menu = [page.evaluate(CLICK_JS, [f'a[data-key="{key}"]', "title"]) for key in ("drift", "models", "overview") * 4]
    tell("menu, to a page seen before", menu)
    context.close()


def memory(browser: Browser, dashboard: Dashboard) -> None:
    """Print the dashboard's memory before, with visits open, and after they were closed, twice."""
    print(f"memory at first {dashboard.memory_mib:.0f} MiB")
    for turn in ("first", "second"):
        context = browser.new_context()
        before = dashboard.memory_mib
        for _ in range(OPEN):
            visit(context, dashboard.url)
        is_open = dashboard.memory_mib
        context.close()
        time.sleep(FORGOTTEN_S)
        each = (is_open - before) / OPEN
        print(f"{turn} {OPEN} visits: {is_open:.0f} MiB open ({each:.1f} each), {dashboard.memory_mib:.0f} MiB closed")


def tell(name: str, found: list[float] | tuple[float, ...], *, unit: str = "ms", digits: int = 0) -> None:
    """Print median and 95th percentile."""
    p50, p95 = np.percentile(found, [50, 95])
    print(
        f"{name:34} p50 {p50:7.{digits}f} {unit}   p95 {p95:7.{digits}f} {unit}   least {min(found):.{digits}f} {unit}"
    )


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_service(Path(scratch) / "api.log", environment={}) as service,
        running_dashboard(service.url) as dashboard,
        sync_playwright() as play,
    ):
        health = httpx.get(f"{service.url}/health").json()
        if health["status"] != "ok":
            print(f"cannot measure: {health['problems']}", file=sys.stderr)
            return 2
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        paints(browser, dashboard.url)
        clicks(browser, dashboard.url)
        memory(browser, dashboard)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
