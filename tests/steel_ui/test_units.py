"""A plant that meters litres, as its pages say it."""

from __future__ import annotations

import asyncio

import pytest

from steel_client import questions
from steel_ui.standing import standing
from steel_ui.state import Session
from steel_ui.testing import ToyService, plant
from steel_ui.units import KWH, Units, counted, units_of
from steel_ui.views.standing_cards import standing_html
from steel_ui.words import words

LITRES = Units("L", "L/h", 10.0)
MINE = {"carrier": "diesel", "energy_unit": "L", "power_unit": "L/h", "kwh_per_unit": 10.0}


@pytest.fixture
def mine(session: Session, toy: ToyService) -> Session:
    toy.answers["/plants"] = {"plants": [plant(**MINE)]}
    asyncio.run(session.look())
    return session


def test_answers_arrive_in_litres(mine: Session, toy: ToyService) -> None:
    rows = asyncio.run(mine.service.history()).rows
    told = [row["usage_kwh"] for row in toy.answers["/history"]["rows"]]

    assert [row.usage_kwh for row in rows] == [pytest.approx(kwh / 10) for kwh in told]
    assert mine.plant_facts is not None
    assert mine.plant_facts.contract_kw == 15  # 150 kW


def test_quantiles_are_counted_and_money_is_not(mine: Session, toy: ToyService) -> None:
    made = asyncio.run(mine.service.forecast())
    told = toy.answers["/forecast"]

    assert made.intervals[0].q05 == pytest.approx(told["intervals"][0]["q05"] / 10)
    assert made.totals.usage_kwh == pytest.approx(told["totals"]["usage_kwh"] / 10)
    assert made.totals.cost_krw == told["totals"]["cost_krw"]


def test_a_factor_of_a_unit_is_that_of_the_litre(mine: Session, toy: ToyService) -> None:
    model, told = asyncio.run(mine.service.ask(questions.model_info())), toy.answers["/model/info"]

    assert model.nowcast.emission_factor_t_per_kwh == pytest.approx(10 * told["nowcast"]["emission_factor_t_per_kwh"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_text_of_a_page_says_kwh(language: str) -> None:
    said = {key: text for key, text in words(language, LITRES).texts.items() if "kWh" in text or " kW" in text}

    assert said.keys() <= {"column_usage_kwh", "rule_wh_for_kwh"}


def test_the_overview_says_litres_and_no_power_factor(mine: Session) -> None:
    assert mine.health is not None
    data, problems = asyncio.run(standing(mine.service, mine.health, mine.plant_facts))

    html = standing_html(data, words=mine.words("en"))

    assert not problems
    assert "L/h" in html
    assert "kWh" not in html
    assert "ower factor" not in html


def test_a_plant_of_kwh_is_left_alone(session: Session) -> None:
    asyncio.run(session.look())
    answer = asyncio.run(session.service.plants())[0]

    assert units_of(answer) == KWH
    assert counted(answer, KWH) is answer
    assert session.words("en") == words("en")
