"""The way of somebody who sees the dashboard for the first time, by what can be read alone: tonight's peak, its reason,
what moving a job saves, and last week's report. Five clicks from the first page.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

pytestmark = pytest.mark.e2e

DESK: ViewportSize = {"width": 1400, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SAID = {
    "en": {
        "peak": "Expected peak, next 24 h",
        "why": "Why?",
        "reasons": "Its peak, Mon 15",
        "plan": "Plan",
        "saves": "This plan saves 16,000 KRW.",
        "jobs": "See when each job runs",
        "moves": "Moves: energy at 50.0 instead of 150.0 KRW/kWh.",
        "reports": "Reports",
        "week": "Mon 8 Jan 2018 to Sun 14 Jan 2018",
        "look": "Look at weekly-2018-W02-en.pdf",
    },
    "es": {
        "peak": "Pico previsto, próximas 24 h",
        "why": "¿Por qué?",
        "reasons": "Su pico, lun 15",
        "plan": "Plan",
        "saves": "Este plan ahorra 16.000 KRW.",
        "jobs": "Ver cuándo se hace cada trabajo",
        "moves": "Se mueve: energía a 50,0 en lugar de 150,0 KRW/kWh.",
        "reports": "Informes",
        "week": "lun 8 ene 2018 a dom 14 ene 2018",
        "look": "Ver weekly-2018-W02-es.pdf",
    },
}


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("es", PHONE)], ids=["english desk", "spanish phone"])
def test_a_newcomer_finds_the_peak_its_reason_what_moving_a_job_saves_and_last_weeks_report(
    up: Any, page: Page, language: str, size: ViewportSize
) -> None:
    say = SAID[language]
    page.set_viewport_size(size)
    page.goto(f"{up.url}?lang={language}")

    card = page.get_by_role("article").filter(has_text=say["peak"])
    expect(card).to_contain_text(re.compile(r"\d+\s*kW"))
    card.get_by_role("link", name=say["why"]).click()

    reasons = page.get_by_text(say["reasons"])
    expect(reasons).to_be_in_viewport()

    menu = page.get_by_role("navigation")
    menu.get_by_role("link", name=say["plan"], exact=True).click()
    expect(page.get_by_text(say["saves"])).to_be_in_viewport()
    page.get_by_role("link", name=say["jobs"]).click()
    expect(page.get_by_text(say["moves"])).to_be_in_viewport()

    menu.get_by_role("link", name=say["reports"], exact=True).click()
    expect(page.get_by_text(say["week"]).first).to_be_in_viewport()
    report = page.get_by_role("link", name=say["look"]).first
    expect(report).to_be_in_viewport()
    address = report.get_attribute("href")
    assert page.request.get(f"{up.url}{address}").ok  # a browser without a head shows no PDF
