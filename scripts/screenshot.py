"""Picture of the running dashboard: ``python scripts/screenshot.py http://127.0.0.1:5006/?lang=en docs/dashboard.png``.

Needs Chromium (``/usr/bin/chromium``, or its path in ``CHROMIUM``). It waits until the forecast is drawn and fails with
one line if it never is, so that no picture of an empty page ends up in the docs.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SETTLE_MS = 1500


def shoot(url: str, out: Path, *, width: int, height: int) -> None:
    """Save a picture of the whole page at ``url`` to ``out``, at two device pixels a point."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
        page.goto(url)
        _wait_until_drawn(page)
        page.screenshot(path=out)
        browser.close()


def _wait_until_drawn(page: Page) -> None:
    page.locator("article.card:not([aria-busy])").first.wait_for(timeout=60_000)
    page.locator("canvas").first.wait_for(timeout=30_000)
    page.wait_for_timeout(SETTLE_MS)


def main() -> None:
    """Parse the command line and take the picture."""
    parser = argparse.ArgumentParser(description="Picture of the running dashboard.")
    parser.add_argument("url")
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--height", type=int, default=900)
    options = parser.parse_args()
    try:
        shoot(options.url, options.out, width=options.width, height=options.height)
    except Error as error:
        sys.exit(f"no picture taken: {error.message.splitlines()[0]}")


if __name__ == "__main__":
    main()
