from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import replace

import pytest
from bokeh.models import Span

from steel_ui.alerts import alerts
from steel_ui.client import Problem
from steel_ui.expected import Data
from steel_ui.outlook import outlook
from steel_ui.standing import Standing
from steel_ui.state import Session
from steel_ui.testing import ORIGIN, ToyService, plant, refusal
from steel_ui.views.overview import OverviewView
from steel_ui.views.standing_cards import standing_html
from steel_ui.words import Words

SOON = ORIGIN + dt.timedelta(hours=1)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def loaded(session: Session) -> tuple[OverviewView, Standing]:
    view = OverviewView(session)

    async def ask() -> None:
        await session.look()
        await view.refresh()

    asyncio.run(ask())
    assert isinstance(view.data, Standing)
    return view, view.data


@pytest.fixture
def standing(session: Session) -> Standing:
    return loaded(session)[1]


def test_now_today_and_the_month_are_those_of_the_toy(standing: Standing, english: Words) -> None:
    text = plain(standing_html(standing, words=english))

    assert "Now 20 kW Sun 14, 23:45\N{EN DASH}00:00 · Off-peak power factor 89.4 % lagging" in text
    assert "Today · Sun 14 1,360 kWh +0.0 % vs same day last week (1,360 kWh)" in text
    assert "148,000 KRW · 0.68 tCO₂ · peak 120 kW at 12:00" in text
    assert "This month · Jan 2018 19,040 kWh" in text
    assert "2,171,000 KRW energy 2,072,000, demand 100,000, power factor \N{MINUS SIGN}1,000" in text


def test_the_peak_stands_against_the_contract_and_the_factor_beside_what_it_saves(
    standing: Standing, english: Words, spanish: Words
) -> None:
    html = standing_html(standing, words=english)

    assert "120 kW 80 % of 150 kW" in plain(html)
    assert "width:80.0%" in html
    assert "89.4 % saves 1,000 KRW" in plain(html)
    assert "80 % de 150 kW" in plain(standing_html(standing, words=spanish))


def test_a_month_that_is_not_known_for_a_week_compares_nothing(standing: Standing, english: Words) -> None:
    text = plain(standing_html(replace(standing, week_ago=None), words=english))

    assert "The same day last week is not comparable yet" in text


def test_what_cannot_be_had_leaves_its_card_blank_and_the_rest_stands(session: Session, toy: ToyService) -> None:
    toy.refusals |= dict.fromkeys(("/forecast", "/bill", "/drift"), (503, refusal("no champion yet", "run make build")))
    view, standing = loaded(session)

    assert (standing.ahead, standing.bill, standing.drift) == (None, None, None)
    assert standing.month.usage_kwh == 19_040
    assert [problem.what for problem in view.problems] == ["no champion yet"]
    assert view.is_due  # it may be there at the next try


def test_without_readings_there_is_nothing_and_the_remedy_is_named(session: Session, toy: ToyService) -> None:
    toy.answers["/health"]["readings_until"] = None
    view = OverviewView(session)

    async def ask() -> None:
        await session.look()
        await view.refresh()

    asyncio.run(ask())

    assert view.data is None
    assert view.problems == (Problem(code="no_readings", what="the service has no readings"),)


def test_a_quiet_plant_has_one_alert_of_its_drift(standing: Standing) -> None:
    assert [(alert.key, alert.tone, alert.page) for alert in alerts(standing, clock=SOON)] == [
        ("alert_ahead_highest", "warn", "forecast"),
        ("alert_drift_moderate", "warn", "drift"),
    ]


@pytest.mark.parametrize(("contract_kw", "tone"), [(130.0, "warn"), (119.0, "bad")], ids=["close", "above"])
def test_a_peak_close_to_the_contract_is_an_alert_and_one_above_it_a_worse_one(
    session: Session, toy: ToyService, contract_kw: float, tone: str
) -> None:
    toy.answers["/plants"] = {"plants": [plant(contract_kw=contract_kw)]}
    _, standing = loaded(session)

    found = {alert.key: alert.tone for alert in alerts(standing, clock=SOON)}

    assert found["alert_contract"] == tone
    assert found["alert_ahead_contract"] == "bad"


def test_old_readings_are_called_history(standing: Standing) -> None:
    (age,) = (a for a in alerts(standing, clock=ORIGIN + dt.timedelta(days=10)) if a.key == "alert_age")

    assert age.values == {"days": 10}


def test_nothing_to_look_at_is_said_as_well(standing: Standing, data: Data) -> None:
    assert data.forecast is not None
    calm = replace(outlook(data.forecast, None), peak_kw=100.0, peak_high_kw=110.0)

    assert alerts(replace(standing, drift=None, ahead=calm), clock=SOON) == []


def test_the_contract_is_a_line_over_the_daily_peaks_and_the_table_has_every_day(session: Session) -> None:
    view, _ = loaded(session)
    page = view.build()

    figures = [pane.object for pane in page.select() if type(pane).__name__ == "Bokeh"]
    energy, peak = sorted(figures, key=lambda drawn: drawn.name)
    assert (energy.name, peak.name) == ("month-energy", "month-peak")
    assert energy.select({"type": Span}) == []
    assert [line.location for line in peak.select({"type": Span})] == [150.0]
