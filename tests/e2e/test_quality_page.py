"""The data quality page in a real browser: a file is looked at before it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui.testing import ToyService

pytestmark = pytest.mark.e2e

FILE = {"name": "readings.csv", "mimeType": "text/csv", "buffer": b"interval_start,usage_kwh\n2018-01-15T00:00,5\n"}


def test_a_file_is_looked_at_then_accepted_and_what_was_kept_is_said(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=quality")
    expect(page.locator("main")).to_contain_text("54 of 10,752 cells")

    page.locator("input[type=file]").set_input_files(FILE)
    expect(page.locator("main")).to_contain_text("Nothing in the row tells its interval.")
    assert "/readings" not in toy.asked
    page.get_by_role("button", name="Accept 2 readings").click()

    expect(page.locator("main")).to_contain_text("2 readings were kept.")
    assert ("/readings", {"csv": FILE["buffer"].decode()}) in toy.queries
