"""The plan page in a real browser: a plan, a refusal at its input, a what-if by the keyboard, in two languages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui import testing_plans
from steel_ui.testing import ToyService

pytestmark = pytest.mark.e2e


def test_a_plan_is_found_refused_and_kept_in_the_other_language(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=plan&lang=en")
    main = page.locator("main")
    expect(page.get_by_role("button", name="Remove")).to_have_count(2)

    page.get_by_role("button", name="Add a job").click()
    expect(page.get_by_role("button", name="Remove")).to_have_count(3)
    page.get_by_role("button", name="Find the cheapest plan").click()
    expect(main).to_contain_text("16,000KRW")
    expect(main).to_contain_text("Nothing is switched")

    toy.refusals["/optimize"] = (HTTPStatus.CONFLICT, testing_plans.infeasible())
    page.get_by_role("button", name="Find the cheapest plan").click()
    expect(main).to_contain_text("No plan keeps to all of this")
    expect(page.get_by_text("leaves 1 h").first).to_be_visible()

    toy.refusals.clear()
    page.get_by_role("button", name="ES", exact=True).click()
    page.get_by_role("button", name="Buscar el plan más barato").click()
    expect(main).to_contain_text("16.000KRW")
    expect(page.get_by_role("button", name="Quitar")).to_have_count(3)


def test_a_slider_moved_by_the_keyboard_asks_what_would_be(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=plan&lang=en&task=what-if")
    main = page.locator("main")
    expect(main).to_contain_text("Nothing is changed yet")

    page.locator("input[type=range]:visible").nth(1).focus()
    page.keyboard.press("ArrowLeft")

    expect(main).to_contain_text("15,000KRW")
    asked = [body for path, body in toy.queries if path == "/what-if"]
    assert asked[-1]["changes"] == [{"kind": "scale_production", "factor": 0.95}]
