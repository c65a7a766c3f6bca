from __future__ import annotations

import asyncio

from steel_ui.bar import account
from steel_ui.client import EnergyService
from steel_ui.state import Session
from steel_ui.testing import ToyService


def shown(service: EnergyService, *, signs_in: bool, language: str = "en") -> str:
    session = Session(service, retry_s=3, refresh_s=60, signs_in=signs_in, language=language)
    pane = account(session)
    asyncio.run(session.look())
    session.page = "models"
    text: str = pane.object
    return text


def test_who_came_with_a_key_sees_their_name_and_role_and_the_way_out(service: EnergyService, toy: ToyService) -> None:
    toy.answers["/whoami"] |= {"name": "<ana>", "role": "viewer", "means": "key"}

    text = shown(service, signs_in=True, language="es")

    assert "<b>&lt;ana&gt;</b>lector" in text
    assert 'href="logout?next=.%2F%3Fpage%3Dmodels%26lang%3Des' in text


def test_who_came_without_one_sees_the_way_in(service: EnergyService) -> None:
    assert 'href="login?next=.%2F%3Fpage%3Dmodels' in shown(service, signs_in=True)


def test_where_everybody_has_one_key_nobody_is_named(service: EnergyService) -> None:
    assert shown(service, signs_in=False) == ""
