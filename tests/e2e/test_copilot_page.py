"""The copilot in a real browser: a question typed, its answer, its proof, a thumb, and a service that goes away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui.testing_chat import TEXT

pytestmark = pytest.mark.e2e


def test_a_question_is_answered_with_its_picture_and_its_proof(up: Any, page: Page) -> None:
    _opened(page, up, "en")
    line = page.get_by_role("textbox", name="Ask about energy, cost, peaks, plans")
    line.fill("how much tomorrow?")
    line.press("Enter")

    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(line).to_have_value("")
    expect(page.get_by_text("Expected demand")).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()

    page.get_by_text("Where this comes from").click()
    expect(page.get_by_text("usage_kwh")).to_be_visible()
    page.get_by_role("button", name="This helped").click()
    expect(page.get_by_text("Thank you, it was written down.")).to_be_visible()


def test_a_question_back_offers_its_answers_and_a_suggestion_asks(up: Any, page: Page) -> None:
    _opened(page, up, "es")
    line = page.get_by_role("textbox", name="Pregunte por energía, costo, picos, planes")
    line.fill("which?")
    page.get_by_role("button", name="Preguntar").click()
    page.get_by_role("button", name="tomorrow").click()
    expect(page.get_by_text(TEXT)).to_be_visible()

    page.get_by_role("button", name="Nueva conversación").click()
    expect(page.get_by_text(TEXT)).to_have_count(0)
    page.get_by_role("button", name="El mejor plan para mañana").click()
    expect(page.get_by_text(TEXT)).to_be_visible()


def _opened(page: Page, up: Any, language: str) -> None:
    """The page once it says who answers: until all is drawn, Material UI may miss that the line is emptied."""
    page.goto(f"{up.url}?page=copilot&lang={language}")
    expect(page.locator("header.heading .chip")).to_be_visible()
