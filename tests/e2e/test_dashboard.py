"""The forecast page as a visitor meets it; no figure here is other than ``steel_ui.testing`` says."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steel_ui import testing
from steel_ui.testing import ToyService, refusal

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
LONGER_THAN_A_REFRESH_MS = 2500


def card(page: Page, title: str) -> Any:
    return page.get_by_role("article").filter(has_text=title)


def forecast(dashboard: Any) -> str:
    return f"{dashboard.url}?page=forecast"


def chart(page: Page) -> Any:
    return page.locator("canvas").first


def overflow_px(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_the_page_shows_figures_chart_tariff_and_where_they_come_from(up: Any, page: Page) -> None:
    page.goto(forecast(up))

    expect(card(page, "Expected energy")).to_contain_text("1,496kWh")
    expect(card(page, "Energy cost")).to_contain_text("162,800KRW")
    expect(card(page, "Expected peak")).to_contain_text("132kW")
    expect(page.get_by_text("is the end of the known readings: Mon 15 Jan 2018, 00:00.")).to_be_visible()
    expect(page.get_by_text("150.0 KRW/kWh")).to_be_visible()
    expect(page.get_by_text("file meter.csv")).to_be_visible()
    expect(page.get_by_text("LightGBM · abc12345")).to_be_visible()
    expect(chart(page)).to_be_visible()
    expect(page.get_by_text("Simulated data")).to_have_count(0)
    assert overflow_px(page) <= 0


def test_the_pointer_reads_an_interval_of_the_forecast(up: Any, page: Page) -> None:
    page.goto(f"{forecast(up)}&period=1d")
    expect(chart(page)).to_be_visible()
    interval = page.get_by_text(re.compile(r"^Mon 15 Jan 2018, \d\d:\d\d"))

    box = chart(page).bounding_box()

    def pointed_at() -> bool:
        for x in (box["width"] - 150, box["width"] - 140):
            chart(page).hover(position={"x": x, "y": 200}, force=True)
        page.wait_for_timeout(200)
        return bool(interval.is_visible())

    assert any(pointed_at() for _ in range(50))
    expect(page.get_by_text(re.compile(r"80 % band .* kWh · 90 % band"))).to_be_visible()


def test_the_language_switch_translates_the_whole_page(up: Any, page: Page) -> None:
    page.goto(forecast(up))
    expect(card(page, "Expected energy")).to_contain_text("1,496")

    page.get_by_role("button", name="ES", exact=True).click()

    expect(card(page, "Energía prevista")).to_contain_text("1.496kWh")
    expect(page.get_by_role("button", name="14 días")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_url(re.compile("lang=es"))


def test_a_spanish_browser_gets_spanish_at_once(up: Any, page: Page) -> None:
    page.set_extra_http_headers({"Accept-Language": "es-MX,es;q=0.9"})

    page.goto(forecast(up))

    expect(card(page, "Energía prevista")).to_contain_text("+10,0 % frente al mismo día de la semana pasada")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_the_dark_theme_darkens_page_cards_and_text(up: Any, page: Page) -> None:
    page.goto(forecast(up))
    expect(card(page, "Expected energy")).to_contain_text("1,496")
    expect(page.locator("main")).to_have_css("background-color", "rgb(243, 245, 247)")

    page.get_by_label("Light or dark").click()

    expect(card(page, "Expected energy")).to_have_css("background-color", "rgb(24, 33, 42)")
    expect(card(page, "Expected energy")).to_have_css("color", "rgb(230, 236, 241)")
    expect(page.locator("main")).to_have_css("background-color", "rgb(16, 22, 28)")


def test_a_zoom_button_is_remembered_in_the_address(up: Any, page: Page) -> None:
    page.goto(forecast(up))
    expect(chart(page)).to_be_visible()

    page.get_by_role("button", name="24 h", exact=True).click()

    expect(page).to_have_url(re.compile("period=1d"))


def test_an_earlier_moment_is_shown_until_the_reader_goes_back(up: Any, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{forecast(up)}&at=2018-01-13T00:00")
    picker = page.get_by_role("group", name="As of")

    expect(card(page, "Expected energy")).to_contain_text("Measured 1,360 kWh · forecast +10.0")
    expect(card(page, "Expected peak")).to_contain_text("Measured 120 kW, Sat 13, 12:00")
    expect(page.get_by_text("Measured afterwards", exact=True)).to_be_visible()
    expect(page.get_by_text("Mon 8 Jan 2018, 00:00")).to_be_visible()
    expect(picker).to_contain_text("13")
    expect(chart(page)).to_be_visible()
    assert overflow_px(page) <= 0

    page.wait_for_timeout(LONGER_THAN_A_REFRESH_MS)
    expect(card(page, "Expected energy")).to_contain_text("Measured 1,360 kWh")

    page.get_by_role("button", name="Latest readings").click()

    expect(page).to_have_url(re.compile("at=latest"))
    expect(page.get_by_text("is the end of the known readings: Mon 15 Jan 2018, 00:00.")).to_be_visible()
    expect(page.get_by_text("Measured afterwards", exact=True)).to_have_count(0)


def test_a_moment_typed_into_the_picker_is_in_the_address_and_one_without_readings_is_an_alert(
    up: Any, page: Page
) -> None:
    page.goto(f"{forecast(up)}&at=2018-01-13T00:00")
    expect(card(page, "Expected energy")).to_contain_text("Measured 1,360 kWh")

    page.get_by_role("spinbutton", name="Day").first.click()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("at=2018-01-12T00%3A00"))
    expect(card(page, "Expected peak")).to_contain_text("Measured 120 kW, Fri 12, 12:00")

    page.goto(f"{forecast(up)}&at=2019-11-07T09:00")
    alert = page.get_by_role("alert").filter(has_text="This moment cannot be shown")
    expect(alert).to_contain_text("after the end of the known readings, Mon 15 Jan 2018, 00:00.")
    expect(page.get_by_role("button", name="Latest readings")).to_be_visible()


def test_a_phone_needs_no_sideways_scrolling(up: Any, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{forecast(up)}&lang=es")
    expect(chart(page)).to_be_visible()
    box = chart(page).bounding_box()

    assert overflow_px(page) <= 0
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_simulated_readings_have_a_banner(up: Any, toy: ToyService, page: Page) -> None:
    toy.answers["/health"] = testing.health(simulated=True)

    page.goto(forecast(up))

    expect(page.get_by_text("These readings come from a simulated plant")).to_be_visible()


def test_without_a_champion_the_readings_are_shown_and_the_remedy_is_named(
    up: Any, toy: ToyService, page: Page
) -> None:
    problem = {"what": "there is no champion yet", "remedy": "run make build"}
    toy.answers["/health"] |= {"status": "degraded", "champion": None, "problems": [problem]}
    toy.refusals |= dict.fromkeys(("/forecast", "/model/info"), (503, refusal(*problem.values())))

    page.goto(forecast(up))

    expect(page.get_by_role("alert").filter(has_text="There is no champion yet. Run make build.")).to_be_visible()
    expect(page.get_by_text("no model yet")).to_be_visible()
    expect(chart(page)).to_be_visible()


def test_a_missing_service_is_named_and_the_page_fills_by_itself_when_it_comes_up(
    dashboard: Any, start_service: Callable[[], AbstractContextManager[None]], page: Page
) -> None:
    page.goto(forecast(dashboard))
    notice = page.get_by_role("alert").filter(has_text=f"http://127.0.0.1:{dashboard.service_port}")
    expect(notice.filter(has_text="make up").first).to_be_visible()
    expect(card(page, "Expected energy")).to_have_attribute("aria-busy", "true")

    with start_service():
        expect(card(page, "Expected energy")).to_contain_text("1,496kWh")
        expect(chart(page)).to_be_visible()
        expect(notice).to_have_count(0)

    stale = notice.filter(has_text="may be out of date")  # parts that were still asking have a notice of their own
    expect(stale.first).to_be_visible()
    expect(card(page, "Expected energy")).to_contain_text("1,496kWh")
