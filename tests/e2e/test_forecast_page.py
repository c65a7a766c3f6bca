"""The forecast page in a real browser: days are closed and kept, and another plant is chosen.

Monday 15 January takes 1,496 kWh, and 528 kWh if the plant is closed on it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui import testing
from steel_ui.testing import ToyService
from steel_ui.testing_calendar import with_closed_days

pytestmark = pytest.mark.e2e

MONDAY = "2018-01-15"


def test_a_closed_day_is_tried_taken_back_and_then_kept(up: Any, toy: ToyService, page: Page) -> None:
    page.goto(f"{up.url}?page=forecast")
    day = page.get_by_role("button", name="Mon 15 Jan")
    expect(day).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("button", name="Sun 21 Jan")).to_have_attribute("aria-pressed", "true")

    day.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="What if closed on Mon 15 Jan?")).to_contain_text("968 kWh")
    page.get_by_role("button", name="Undo").click()
    expect(day).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("What if closed on")).to_have_count(0)
    assert toy.answers["/calendar"] == {}

    day.click()
    page.get_by_role("button", name="Keep these days").click()

    expect(page.get_by_text("Kept: closed on Mon 15 Jan.")).to_be_visible()
    expect(page.get_by_text("Marked here: Mon 15 Jan (closed).")).to_be_visible()
    expect(page.get_by_role("button", name="Keep these days")).to_be_hidden()
    assert toy.answers["/calendar"] == {MONDAY: {"day": MONDAY, "state": "closed"}}


def test_another_plant_is_chosen_by_keyboard_and_address_and_figures_follow(
    up: Any, toy: ToyService, page: Page
) -> None:
    mill = ToyService()
    mill.answers["/health"]["plant"] = "mill"
    mill.answers["/forecast"] = with_closed_days(testing.forecast(), {"closed_days": [MONDAY]})
    plants = [testing.plant(), testing.plant(id="mill", name="Rolling mill", is_default=False)]
    toy.answers["/plants"] = {"plants": plants}
    toy.answers["/whoami"]["plants"] = ["toy", "mill"]
    toy.others["mill"] = mill
    page.goto(f"{up.url}?page=forecast")
    expect(page.locator("main")).to_contain_text("1,496kWh")

    plant = page.get_by_role("combobox", name="Plant")
    plant.focus()
    page.keyboard.press("ArrowDown")

    expect(page.locator("main")).to_contain_text("528kWh")
    expect(page).to_have_url(re.compile("plant=mill"))
    expect(plant.locator("option:checked")).to_have_text("Rolling mill")
    page.reload()
    expect(page.locator("main")).to_contain_text("528kWh")
