"""The dashboard itself is stopped and started again under an open page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

START_MS, STOP_S = 120_000, 60  # on a busy machine


def start(service_port: int, port: int, folder: Path) -> subprocess.Popen[bytes]:
    settings = {"STEEL_API_URL": f"http://127.0.0.1:{service_port}", "STEEL_UI_PORT": str(port)}
    settings |= {"STEEL_DATA_DIR": str(folder)}
    return subprocess.Popen([sys.executable, "-m", "steel_ui"], env=os.environ | settings)


def test_an_open_page_returns_by_itself_with_what_was_chosen(
    up: Any, page: Page, port: int, wait_until_up: Any, tmp_path: Path
) -> None:
    first = start(up.service_port, port, tmp_path)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/", first)
        page.goto(f"http://127.0.0.1:{port}/?page=models&lang=es&theme=dark")
        expect(page.locator("main")).to_contain_text("Clasificación")
    finally:
        first.terminate()
        first.wait(timeout=STOP_S)
    page.evaluate("window.stays = true")

    second = start(up.service_port, port, tmp_path)
    try:
        page.wait_for_function("window.stays === undefined", timeout=START_MS)
        expect(page.locator("main")).to_contain_text("Clasificación")
        expect(page.locator("main")).to_have_css("background-color", "rgb(16, 22, 28)")
    finally:
        second.terminate()
        second.wait(timeout=STOP_S)
