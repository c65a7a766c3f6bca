"""Pictures of the running dashboard for the docs: ``python scripts/screenshots.py http://127.0.0.1:5006``.

One for each of ``SHOTS``, into ``docs/``. Needs Chromium (``/usr/bin/chromium``, or its path in ``CHROMIUM``). It waits
until a page has filled and fails with one line if it never does, so that no picture of an empty page ends up in the
docs.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DOCS = Path(__file__).parents[1] / "docs"
SETTLE_MS = 2500
FILL_MS = 60_000


@dataclass(frozen=True)
class Shot:
    """One picture: its file, what the address asks for, and the window it is taken of."""

    name: str
    address: str
    width: int = 1400
    height: int = 900
    scale: float = 1


SHOTS = (
    Shot("dashboard", "page=forecast&lang=en&theme=light&at=2018-11-07T09:00&period=3d", height=940, scale=1.5),
    Shot("dashboard-overview", "page=overview&lang=en&theme=light"),
    Shot("dashboard-plan", "page=plan&lang=en&theme=light&task=schedule", height=1500),
    Shot("dashboard-models", "page=models&lang=en&theme=light"),
    Shot("dashboard-drift", "page=drift&lang=es&theme=dark"),
    Shot("dashboard-reports", "page=reports&lang=en&theme=light", height=680),
    Shot("dashboard-phone", "page=overview&lang=es&theme=dark", width=390, height=844, scale=1.5),
)


def shoot(browser: Browser, url: str, shot: Shot, *, folder: Path) -> Path:
    """Save one picture; returns where."""
    window = {"width": shot.width, "height": shot.height}
    page = browser.new_page(viewport=window, device_scale_factor=shot.scale)
    page.goto(f"{url.rstrip('/')}/?{shot.address}")
    _wait_until_filled(page)
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path)
    page.close()
    return path


def _wait_until_filled(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for(timeout=FILL_MS)
    page.wait_for_function("document.title.includes('·')", timeout=FILL_MS)
    page.locator(".skeleton").first.wait_for(state="detached", timeout=FILL_MS)
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
