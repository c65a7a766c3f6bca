"""Pictures of the running dashboard for the docs: ``python scripts/screenshots.py http://127.0.0.1:5006``.

One for each of ``SHOTS``, into ``docs/``. Needs Chromium (``/usr/bin/chromium``, or its path in ``CHROMIUM``). It waits
until a page has filled and fails with one line if it never does, so that no picture of an empty page ends up in the
docs. What a picture needs done first (a question asked, a day closed, a file chosen) is done as a reader does it, and
nothing is sent that the service would keep.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DOCS = Path(__file__).parents[1] / "docs"
SETTLE_MS = 2500
FILL_MS = 120_000
ANSWER_MS = 120_000
UPLOADED = """\
interval_start,usage_kwh,lagging_reactive_kvarh,lagging_power_factor
2019-01-01T00:00,3.46,2.95,76.09
2019-01-01T00:15,3.53,2.99,76.3
2019-01-01T00:30,3530,3.02,76.0
2019-01-01T00:45,-3.49,2.92,76.7
2019-01-01T01:07,3.4,2.9,76.1
2019-01-01T02:00,3.56,?,75.81
yesterday,3.4,2.9,76.1
"""
"""Readings after the end of the published year, with what goes wrong in exports."""


def _ask(page: Page) -> None:
    box = page.get_by_role("textbox").last
    box.fill("Why was the highest peak of November 2018 so high?")
    box.press("Enter")
    page.get_by_text("Where this comes from").last.click(timeout=ANSWER_MS)


def _close_a_day(page: Page) -> None:
    page.get_by_role("button", name="Fri 9 Nov").click()
    page.locator(".trial").wait_for(timeout=ANSWER_MS)
    page.get_by_role("heading", name="Closed days").scroll_into_view_if_needed()


def _look_at_a_file(page: Page) -> None:
    file = {"name": "readings.csv", "mimeType": "text/csv", "buffer": UPLOADED.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".chips").first.wait_for(timeout=ANSWER_MS)


@dataclass(frozen=True)
class Shot:
    """One picture: its file, what the address asks for, the window it is taken of, and what is done first.

    Attributes:
        path: of the page under the dashboard's address.
        top: selector of what stands at the upper edge of the picture; the top of the page if empty.
    """

    name: str
    address: str
    width: int = 1400
    height: int = 900
    scale: float = 1
    path: str = ""
    first: Callable[[Page], None] = lambda _: None
    top: str = ""


SHOTS = (
    Shot("dashboard", "page=forecast&lang=en&theme=light&at=2018-11-07T09:00&period=3d", height=940, scale=1.5),
    Shot("dashboard-overview", "page=overview&lang=en&theme=light"),
    Shot(
        "dashboard-closed-days",
        "page=forecast&lang=en&theme=light&at=2018-11-07T09:00",
        height=640,
        first=_close_a_day,
        top="text=Closed days",
    ),
    Shot("dashboard-copilot", "page=copilot&lang=en&theme=light", height=1000, first=_ask),
    Shot("dashboard-quality", "page=quality&lang=en&theme=light", height=1000),
    Shot(
        "dashboard-upload",
        "page=quality&lang=es&theme=light",
        height=900,
        first=_look_at_a_file,
        top="text=Enviar lecturas",
    ),
    Shot("dashboard-plan", "page=plan&lang=en&theme=light&task=schedule", height=1500),
    Shot("dashboard-models", "page=models&lang=en&theme=light"),
    Shot("dashboard-drift", "page=drift&lang=es&theme=dark"),
    Shot("dashboard-reports", "page=reports&lang=en&theme=light", height=680),
    Shot("dashboard-login", "next=/?page%3Doverview", height=620, path="login"),
    Shot("dashboard-phone", "page=overview&lang=es&theme=dark", width=390, height=844, scale=1.5),
    Shot(
        "dashboard-phone-forecast",
        "page=forecast&lang=en&theme=dark&at=2018-11-07T09:00&period=1d",
        width=390,
        height=844,
        scale=1.5,
    ),
)
"""In the order of docs/dashboard.md."""


def shoot(browser: Browser, url: str, shot: Shot, *, folder: Path) -> Path:
    """Save one picture; returns where."""
    window = {"width": shot.width, "height": shot.height}
    page = browser.new_page(viewport=window, device_scale_factor=shot.scale)
    page.goto(f"{url.rstrip('/')}/{shot.path}?{shot.address}", timeout=FILL_MS)
    _wait_until_filled(page)
    shot.first(page)
    if shot.top:
        page.locator(shot.top).first.evaluate("node => node.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(SETTLE_MS)
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path)
    page.close()
    return path


def _wait_until_filled(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for(timeout=FILL_MS)
    page.wait_for_function("document.title.includes('·')", timeout=FILL_MS)
    page.locator(".skeleton").first.wait_for(state="detached", timeout=FILL_MS)
    page.locator(".working").first.wait_for(state="detached", timeout=FILL_MS)
    page.wait_for_timeout(SETTLE_MS)


def main() -> None:
    """Parse the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of the running dashboard, for the docs.")
    parser.add_argument("url", help="where the dashboard answers")
    parser.add_argument("--folder", type=Path, default=DOCS)
    parser.add_argument("--only", help="take this one alone, such as dashboard-drift")
    options = parser.parse_args()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for shot in SHOTS:
                if options.only in {None, shot.name}:
                    print(shoot(browser, options.url, shot, folder=options.folder))
            browser.close()
    except Error as error:
        sys.exit(f"no picture taken: {error.message.splitlines()[0]}")


if __name__ == "__main__":
    main()
