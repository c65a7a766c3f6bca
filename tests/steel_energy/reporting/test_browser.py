"""The pages in a real browser: every chart is drawn, nothing is fetched, nothing fails, nothing sticks out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from steel_energy.reporting.eda import write_eda_report
from steel_energy.testing import toy_plant, toy_tariff

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
DRAWN = "document.documentElement.dataset.charts === 'drawn'"
TIMEOUT_MS = 60_000

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (390, "dark")], ids=["wide and light", "phone and dark"]
)
def test_every_chart_is_drawn_offline_at_any_width(tmp_path, toy_readings, width, scheme):
    path = tmp_path / "eda.html"
    write_eda_report(toy_readings(days=30), path, plant=toy_plant(), tariff=toy_tariff())
    asked, failed = [], []

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function(DRAWN, timeout=TIMEOUT_MS)
        charts, drawn = (page.locator(name).count() for name in (".chart", ".chart:has(.main-svg)"))
        sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        browser.close()

    assert (drawn, sticks_out, failed) == (charts, False, [])
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert charts > 15
