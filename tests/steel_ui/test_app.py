from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import panel as pn
import pytest
from tornado.websocket import WebSocketClosedError

from steel_ui.__main__ import is_news, main
from steel_ui.app import build_page, build_session, handler
from steel_ui.frame import Frame
from steel_ui.login.door import Door
from steel_ui.login.visitor import Visitor
from steel_ui.settings import UiSettings
from steel_ui.state import Session
from steel_ui.testing import health


def record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "never retrieved", (), sys.exc_info())


def session_of(settings: UiSettings, **options: Any) -> Session:
    door = Door(settings, **options)
    return build_session(door, Visitor(settings.ui_api_key))


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_API_URL", "http://plant:9000")
    monkeypatch.setenv("STEEL_UI_PORT", "5999")

    settings = UiSettings()

    assert (settings.api_url, settings.ui_port, settings.ui_host) == ("http://plant:9000", 5999, "127.0.0.1")
    assert session_of(settings).service.url == "http://plant:9000"


@pytest.mark.parametrize("key", ["k-1", ""], ids=["key", "no-key"])
def test_the_key_of_the_environment_is_sent_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("STEEL_UI_API_KEY", key)
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Authorization"))
        return httpx.Response(200, json=health())

    settings = UiSettings()
    session = session_of(settings, transport=httpx.MockTransport(answer))
    asyncio.run(session.service.health())

    assert sent == [f"Bearer {key}" if key else None]
    assert "k-1" not in repr(settings)


def test_a_key_that_cannot_be_sent_is_one_line_without_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEEL_UI_API_KEY", "k 1")

    code = main()

    line = capsys.readouterr().err
    assert code == 2
    assert line.startswith("error: STEEL_UI_API_KEY: Value error, the API key")
    assert "k 1" not in line


@pytest.mark.parametrize(
    ("name", "value"), [("STEEL_UI_PORT", "abc"), ("STEEL_UI_PORT", "70000"), ("STEEL_API_URL", "plant:9000")]
)
def test_a_wrong_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    code = main()

    line = capsys.readouterr().err
    assert code == 2
    assert line.startswith(f"error: {name}: ")
    assert line.count("\n") == 1


def test_a_taken_port_is_one_line_that_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        started = subprocess.run(
            [sys.executable, "-m", "steel_ui"],
            env=os.environ | {"STEEL_UI_PORT": str(port), "STEEL_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert started.returncode == 2
    assert started.stderr == f"error: cannot listen on 127.0.0.1:{port}: Address already in use (set STEEL_UI_PORT)\n"


def test_the_page_follows_theme_and_language_of_its_session(frame: Frame) -> None:
    page, session = build_page(frame), frame.session

    session.theme, session.language = "dark", "es"

    assert page.dark_theme
    assert page.title == "Copiloto energético"


def test_a_page_is_not_told_of_the_callbacks_of_other_visits(frame: Frame) -> None:
    followers = len(pn.state.param.watchers.get("busy", {}).get("value", []))

    page = build_page(frame)

    assert not page.busy
    assert len(pn.state.param.watchers.get("busy", {}).get("value", [])) == followers


def test_what_goes_wrong_in_a_callback_is_shown_on_the_page_while_there_is_one(frame: Frame, session: Session) -> None:
    ended = handler(Frame(session))
    gc.collect()

    ended(ValueError("too late"))
    nothing = session.faults
    handler(frame)(ValueError("lost"))

    assert nothing == ()
    assert [fault.code for fault in session.faults] == ["fault"]


def test_only_messages_to_closed_tabs_are_kept_out_of_the_log() -> None:
    assert not is_news(record(WebSocketClosedError()))
    assert is_news(record(ValueError("a real fault")))
