"""Every page in a real browser: both languages, both themes, desk and phone; the way from page to page; a service that
dies and comes back. The figures are those of ``steel_ui.testing``."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from steel_ui.testing import ToyService, refusal
from steel_ui.views import VIEWS

pytestmark = pytest.mark.e2e

PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1400, "height": 900}
OVERFLOW_PX = "document.documentElement.scrollWidth - window.innerWidth"
GROUND = {"light": "rgb(243, 245, 247)", "dark": "rgb(16, 22, 28)"}
SHOWN = {
    "overview": {"en": "19,040kWh", "es": "19.040kWh"},
    "forecast": {"en": "1,496kWh", "es": "1.496kWh"},
    "plan": {"en": "Expected load", "es": "Carga esperada"},
    "copilot": {"en": "The language model cannot be reached. Start Ollama with", "es": "No se puede contactar"},
    "quality": {"en": "54 of 10,752 cells", "es": "54 de 10.752 celdas"},
    "models": {"en": "Leaderboard", "es": "Clasificación"},
    "drift": {"en": "worked otherwise", "es": "se trabajan de otro modo"},
    "reports": {"en": "Newest weekly report", "es": "Informes semanales más recientes"},
}
NAMES = {
    "en": ["Overview", "Forecast", "Plan", "Copilot", "Data quality", "Models", "Drift", "Reports"],
    "es": ["Resumen", "Previsión", "Plan", "Copiloto", "Calidad de datos", "Modelos", "Deriva", "Informes"],
}


def overflow_px(page: Page) -> int:
    return int(page.evaluate(OVERFLOW_PX))


def content(page: Page) -> Any:
    return page.locator("main")


@pytest.mark.parametrize(
    ("language", "theme", "sizes"),
    [
        pytest.param("en", "light", (WIDE, PHONE), id="english light desk and phone"),
        pytest.param("es", "dark", (PHONE, WIDE), id="spanish dark phone and desk"),
    ],
)
def test_every_page_fills_fits_and_speaks_the_language(
    up: Any, page: Page, language: str, theme: str, sizes: tuple[ViewportSize, ViewportSize]
) -> None:
    """It is loaded in the first size and then changed to the other."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)

    for view, name in zip(VIEWS, NAMES[language], strict=True):
        page.set_viewport_size(sizes[0])
        page.goto(f"{up.url}?page={view.key}&lang={language}&theme={theme}")
        expect(content(page)).to_contain_text(SHOWN[view.key][language])
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page).to_have_title(re.compile(f"^{name} · "))
        expect(page.locator("html")).to_have_attribute("lang", language)
        here = page.get_by_role("navigation").get_by_role("link", name=name, exact=True)
        expect(here).to_have_attribute("aria-current", "page")
        assert overflow_px(page) <= 0, view.key

        page.set_viewport_size(sizes[1])
        page.wait_for_function(f"window.innerWidth === {sizes[1]['width']} && ({OVERFLOW_PX}) <= 0")
        expect(here).to_have_attribute("aria-current", "page")

    expect(content(page)).to_have_css("background-color", GROUND[theme])
    assert wrong == []


def test_the_menu_leads_from_page_to_page_by_keyboard_and_back_is_at_once(up: Any, page: Page) -> None:
    page.goto(f"{up.url}?page=overview")
    expect(content(page)).to_contain_text("19,040kWh")

    page.get_by_role("navigation").get_by_role("link", name="Drift").focus()
    page.keyboard.press("Enter")
    expect(content(page)).to_contain_text("worked otherwise")
    expect(page).to_have_url(re.compile("page=drift"))

    with up.held():  # the browser turns back alone
        page.get_by_role("navigation").get_by_role("link", name="Overview").click()
        expect(page.get_by_text("19,040")).to_be_visible()


def test_a_link_of_an_alert_leads_to_its_page_without_loading_anew(up: Any, page: Page) -> None:
    page.goto(up.url)
    page.evaluate("window.stays = true")

    page.get_by_role("listitem").get_by_role("link", name="Drift").click()

    expect(content(page)).to_contain_text("worked otherwise")
    assert page.evaluate("window.stays") is True


def test_language_and_theme_change_in_place_and_keep_what_was_chosen(up: Any, page: Page) -> None:
    page.goto(f"{up.url}?page=forecast&at=2018-01-13T00:00&period=1d")
    expect(content(page)).to_contain_text("Measured 1,360 kWh")
    page.evaluate("window.stays = true")

    page.get_by_role("button", name="ES", exact=True).click()
    expect(content(page)).to_contain_text("Medido 1.360 kWh")
    page.get_by_label("Claro u oscuro").click()

    expect(content(page)).to_have_css("background-color", "rgb(16, 22, 28)")
    for chosen in ("page=forecast", "lang=es", "theme=dark", "period=1d", "at=2018-01-13"):
        expect(page).to_have_url(re.compile(chosen))
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert page.evaluate("window.stays") is True


def test_a_chart_is_saved_as_a_picture_and_as_a_table(up: Any, page: Page) -> None:
    page.goto(f"{up.url}?page=forecast")
    expect(page.locator("canvas").first).to_be_visible()

    with page.expect_download() as table:
        page.get_by_role("link", name="CSV").or_(page.get_by_role("button", name="CSV")).first.click()
    with page.expect_download() as picture:
        page.get_by_label("Picture").first.click()

    assert table.value.suggested_filename == "forecast.csv"
    lines = table.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("interval_start,band,measured_kwh,forecast_mean_kwh")
    assert lines[-1].startswith("2018-01-15T23:45:00+09:00,light,,5.5,")
    assert picture.value.suggested_filename == "forecast.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_reasons_follow_the_forecast(up: Any, page: Page) -> None:
    page.goto(f"{up.url}?page=forecast")

    expect(content(page)).to_contain_text("Knowing nothing")
    expect(content(page)).to_contain_text("Its peak, Mon 15, 12:00")


def test_a_week_may_be_looked_ahead(up: Any, toy: ToyService, page: Page, eventually: Any) -> None:
    page.goto(f"{up.url}?page=forecast")
    expect(content(page)).to_contain_text("1,496kWh")

    page.get_by_role("button", name="next 7 days").click()

    expect(page).to_have_url(re.compile("horizon=7d"))
    eventually(lambda: ("/forecast", {"horizon": 672}) in toy.queries)


def test_a_report_is_kept_in_the_readers_language(up: Any, page: Page) -> None:
    page.goto(f"{up.url}?page=reports&lang=es")

    with page.expect_download() as kept:
        page.get_by_role("link", name="Descargar weekly-2018-W02-es.pdf").click()

    assert kept.value.suggested_filename == "weekly-2018-W02-es.pdf"
    assert kept.value.path().read_text() == "<title>/reports/weekly-2018-W02-es.pdf</title>"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(401, "now wants to know who asks", id="no key"),
        pytest.param(403, "may not see this", id="no right"),
        pytest.param(429, "has asked too often", id="too often"),
        pytest.param(503, "Not built yet. Run make build.", id="not ready"),
    ],
)
def test_a_refusal_is_explained_and_the_page_fills_when_it_is_over(
    up: Any, toy: ToyService, page: Page, status: int, said: str
) -> None:
    toy.refusals["/models"] = (status, refusal("not built yet", "run make build"))
    page.goto(f"{up.url}?page=models")
    notice = page.get_by_role("alert").filter(has_text=said)
    expect(notice.first).to_be_visible()

    toy.refusals.clear()

    expect(content(page)).to_contain_text("10.00kWh")
    expect(notice).to_have_count(0)


def test_a_service_that_dies_and_starts_again_leaves_every_page_as_it_was(
    dashboard: Any, start_service: Callable[[], AbstractContextManager[None]], page: Page
) -> None:
    with start_service():
        page.goto(f"{dashboard.url}?page=models")
        expect(content(page)).to_contain_text("10.00kWh")

    expect(page.get_by_role("alert").filter(has_text="may be out of date").first).to_be_visible()
    expect(content(page)).to_contain_text("10.00kWh")

    page.get_by_role("navigation").get_by_role("link", name="Drift").click()
    with start_service():
        expect(content(page)).to_contain_text("worked otherwise")
        expect(page.get_by_role("alert").filter(has_text="does not answer")).to_have_count(0)
