from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import panel as pn
import pytest
from tornado.web import RequestHandler

from steel_ui.login.door import Door
from steel_ui.login.secret import encryption
from steel_ui.login.visitor import VISITOR, Visitor

SECRET = "s" * 32


@pytest.fixture
def comes(asking: Callable[..., RequestHandler]) -> Callable[..., Visitor | None]:
    def ask(door: Door, **headers: str) -> Visitor | None:
        return asyncio.run(door.visitor(asking(**headers)))

    return ask


def test_where_the_service_wants_no_keys_everybody_comes_in(
    comes: Any, make_door: Callable[..., Door], keyed: Any
) -> None:
    keyed.is_open = True

    assert comes(make_door()) == Visitor()


def test_where_it_wants_keys_nobody_comes_in_without_one(comes: Any, make_door: Callable[..., Door]) -> None:
    assert comes(make_door()) is None


def test_while_the_service_is_away_the_page_itself_explains(
    comes: Any, make_door: Callable[..., Door], keyed: Any
) -> None:
    keyed.is_open, keyed.toy.is_up = True, False

    assert comes(make_door()) == Visitor()


@pytest.mark.parametrize("settings", [{"ui_require_login": True}, {"ui_host": "0.0.0.0"}])  # noqa: S104 - under test
def test_login_may_be_forced_and_is_beyond_this_machine(
    comes: Any, make_door: Callable[..., Door], keyed: Any, settings: dict[str, Any]
) -> None:
    keyed.is_open = True

    assert comes(make_door(**settings)) is None
    assert keyed.sent == []


def test_one_key_of_the_settings_is_everybodys(comes: Any, make_door: Callable[..., Door], keyed: Any) -> None:
    door = make_door(ui_api_key="steel_ana_1")

    visitor = comes(door)

    assert visitor is not None
    assert visitor.key
    assert (visitor.key.get_secret_value(), keyed.sent) == ("steel_ana_1", [])


@pytest.mark.parametrize("cookie", ["", "x", "2|1:0|10:1795322130|12:access_token|4:eHh4|00"])
def test_a_forged_cookie_is_none(
    comes: Any, make_door: Callable[..., Door], monkeypatch: pytest.MonkeyPatch, cookie: str
) -> None:
    monkeypatch.setattr(pn.state, "encryption", encryption(SECRET))

    assert comes(make_door(), Cookie=f"access_token={cookie}") is None


def test_an_address_cannot_name_the_session_that_it_opens(
    asking: Any, make_door: Callable[..., Door], keyed: Any
) -> None:
    keyed.is_open = True
    handler, door = asking("/?bokeh-session-id=mine&bokeh-token=mine&page=models", Bokeh_Session_Id="mine"), make_door()

    async def ask() -> tuple[str | None, Visitor | None]:
        return await door.get_user_async(handler), VISITOR.get()

    user, visitor = asyncio.run(ask())

    assert (user, visitor) == ("anybody", Visitor())
    assert list(handler.request.arguments) == ["page"]
    assert "Bokeh-Session-Id" not in handler.request.headers


def test_a_visitor_shows_no_key() -> None:
    from pydantic import SecretStr  # noqa: PLC0415 - of this test alone

    assert "steel_ana" not in repr(Visitor(SecretStr("steel_ana_1"), "login"))
