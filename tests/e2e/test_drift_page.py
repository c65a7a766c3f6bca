"""A week's drift page in a real browser, as the service hands it out: all is drawn, nothing fetched, nothing fails."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from playwright.sync_api import BrowserContext, Route

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.params import load_params
from steel_energy.reporting.drift_data import DayAhead, drift_week, prediction_drift
from steel_energy.reporting.drift_page import drift_page
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_facts, toy_plant, toy_tariff, varied_readings
from steel_energy.weekly import Week
from steel_service.reports import SANDBOX

ADDRESS = "http://reports.test/drift.html"
TIMEOUT_MS = 120_000
CHARTS = 6  # target, prediction, and four of the regression's

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def text() -> str:
    """The page of a week of the toy plant that has forecasts."""
    site, params = Site(toy_plant(), toy_tariff()), load_params(PROJECT_ROOT / "params.yaml")
    readings, until = (
        varied_readings(days=84, plant=site.plant),
        dt.datetime(2018, 2, 12, tzinfo=ZoneInfo("Asia/Seoul")),
    )
    naive = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=params.forecasting)
    fitted = Vintages(naive, site.plant.zone).fit(readings.filter(pl.col("interval_start") < until))
    champion = Manifest(
        **toy_facts(trained_until=until).model_dump(),
        created_at=until,
        libraries={},
        files={},
        code=Code(package="1.2.3"),
    ).named()
    known = DayAhead(fitted, readings, params)
    week = drift_week(readings, Week.parse("2018-W12"), site=site, champion=champion, day_ahead=known)
    return drift_page(
        week,
        plant=site.plant,
        origin=Origin(kind="file", location="toy.csv"),
        params=params.drift,
        prediction=prediction_drift(week, params.drift),
    ).text


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (390, "dark")], ids=["wide and light", "phone and dark"]
)
def test_the_page_works_under_the_services_own_rules_and_asks_for_nothing(
    browser: BrowserContext, text: str, width: int, scheme: Literal["light", "dark"]
):
    asked, failed = [], []

    def hand_out(route: Route) -> None:
        route.fulfill(body=text, content_type="text/html", headers={"Content-Security-Policy": SANDBOX})

    assert browser.browser
    with browser.browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as own:
        page = own.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.route("**/*", hand_out)
        page.goto(ADDRESS)
        page.wait_for_function(
            f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {CHARTS}", timeout=TIMEOUT_MS
        )
        title, said = page.title(), page.locator("body").inner_text()

    assert title == "Toy plant: drift, week 12 of 2018"
    assert failed == []
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [ADDRESS]
    for part in ("What was compared", "Kolmogorov-Smirnov", "Target: usage", "Prediction:", "Regression performance"):
        assert part in said
