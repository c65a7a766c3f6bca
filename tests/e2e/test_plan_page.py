"""The plan page in a real browser: a plan, a refusal at its input, a what-if by the keyboard, in two languages."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from steel_ui import testing_plans
from steel_ui.testing import ToyService

pytestmark = pytest.mark.e2e


SLOW_S = 3
"""Longer than the page waits between two looks at the service."""


def test_a_plan_is_found_refused_and_kept_in_the_other_language(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=plan&lang=en")
    main, jobs = page.locator("main"), page.locator(".job")
    expect(main).to_contain_text("This plan saves 16,000 KRW.")
    expect(jobs).to_have_count(2)

    page.get_by_role("button", name="Add a job").click()
    expect(jobs).to_have_count(3)
    page.keyboard.type("Pickling")
    page.keyboard.press("Tab")
    page.get_by_label("Would start at: Annealing").select_option("09:15")
    page.get_by_label("Finished by: Annealing").select_option("24:00")
    page.get_by_role("button", name="Remove: Scrap shredder").click()
    toy.refusals["/optimize"] = (HTTPStatus.CONFLICT, testing_plans.infeasible())
    page.get_by_role("button", name="Find the cheapest plan").click()
    expect(main).to_contain_text("No plan keeps to all of this")
    expect(page.get_by_label("Finished by: Annealing")).to_have_attribute("aria-invalid", "true")
    asked = [body for path, body in toy.queries if path == "/optimize"][-1]["jobs"]
    assert [job["name"] for job in asked] == ["Annealing", "Pickling"]
    assert asked[0]["planned_start"] == "2018-01-15T09:15:00"
    assert asked[0]["windows"][0]["end"] == "2018-01-16T00:00:00"

    toy.refusals.clear()
    page.get_by_role("button", name="ES", exact=True).click()
    page.get_by_role("button", name="Buscar el plan más barato").click()
    expect(main).to_contain_text("Este plan ahorra 16.000 KRW.")
    expect(page.get_by_role("button", name="Quitar: Pickling")).to_be_visible()
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)


def test_a_page_that_is_drawn_slowly_is_filled_too(up: Any, page: Page) -> None:
    """What is sent to a page between its way to the browser and its drawing there would be lost."""

    def slowly(route: Route) -> None:
        time.sleep(SLOW_S)
        route.continue_()

    page.route("**/panel-material-ui.bundle.js*", slowly)
    page.goto(f"{up.url}?page=plan&lang=en&task=schedule")

    expect(page.locator("main")).to_contain_text("This plan saves 16,000 KRW.")
    expect(page.locator(".job")).to_have_count(2)
    expect(page.get_by_label("Job: Annealing")).to_have_value("Annealing")


def test_a_slider_moved_by_the_keyboard_asks_what_would_be(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=plan&lang=en&task=what-if")
    main = page.locator("main")
    expect(main).to_contain_text("Nothing is changed yet")

    page.locator("input[type=range]:visible").nth(1).focus()
    page.keyboard.press("ArrowLeft")

    expect(main).to_contain_text("15,000KRW")
    asked = [body for path, body in toy.queries if path == "/what-if"]
    assert asked[-1]["changes"] == [{"kind": "scale_production", "factor": 0.95}]
