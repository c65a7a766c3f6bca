"""What goes wrong in the dashboard itself reaches the one session that met it, and the log."""

from __future__ import annotations

import asyncio
from typing import Any

import panel as pn
import pytest

from steel_ui.app import careful
from steel_ui.client import EnergyService, Problem, ServiceError
from steel_ui.faults import problem_of
from steel_ui.frame import Frame
from steel_ui.state import Session
from steel_ui.views.page import View, column
from steel_ui.work import Work


class Faulty(View):
    """A page that may fail to be built or to load."""

    key = "overview"
    icon = ""
    is_built = True
    loads = 0

    def build(self) -> pn.viewable.Viewable:
        if not self.is_built:
            raise KeyError("build")
        return column()

    async def load(self) -> tuple[Any, tuple[Problem, ...]]:
        type(self).loads += 1
        raise ZeroDivisionError("load")


class Sound(View):
    """A page that works."""

    key = "models"
    icon = ""

    def build(self) -> pn.viewable.Viewable:
        return column()

    async def load(self) -> tuple[Any, tuple[Problem, ...]]:
        return "all is well", ()


def frame_of(service: EnergyService) -> Frame:
    frame = Frame(Session(service, retry_s=3, refresh_s=60), views=(Faulty, Sound))
    frame.panel()
    return frame


def go_to(frame: Frame, page: str) -> None:
    async def go() -> None:
        frame.session.page = page
        await asyncio.sleep(0)

    asyncio.run(go())


def notices(frame: Frame) -> str:
    text: str = frame._notices.object
    return text


def test_a_fault_has_a_number_that_its_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    problem = problem_of(KeyError("why"))

    assert (problem.code, problem.is_refusal) == ("fault", True)
    assert f"fault {problem.what}" in caplog.text
    assert "KeyError: 'why'" in caplog.text


def test_what_the_service_said_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    said = Problem(what="no champion yet")

    assert problem_of(ServiceError(said)) is said
    assert caplog.text == ""


def test_a_page_that_fails_says_so_once_and_the_other_pages_and_sessions_go_on(
    service: EnergyService, caplog: pytest.LogCaptureFixture
) -> None:
    mine, other = frame_of(service), frame_of(service)
    Faulty.loads = 0

    async def use() -> None:
        other.session.page = "models"
        await mine.start()
        await mine.tick()
        await mine.tick()
        await other.start()

    asyncio.run(use())

    assert "Something went wrong" in notices(mine)
    assert notices(other) == ""
    assert other.current.data == "all is well"
    assert (Faulty.loads, caplog.text.count("ZeroDivisionError: load")) == (1, 1)

    go_to(mine, "models")
    asyncio.run(mine.start())

    assert (mine.current.data, notices(mine)) == ("all is well", "")


def test_a_page_that_cannot_be_built_leaves_the_menu_and_the_others(
    service: EnergyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Faulty, "is_built", False)

    frame = frame_of(service)
    assert "Something went wrong" in notices(frame)

    go_to(frame, "models")

    assert notices(frame) == ""


def test_a_callback_that_fails_is_shown_until_the_reader_goes_to_another_page(service: EnergyService) -> None:
    frame, other = frame_of(service), frame_of(service)

    async def fail() -> None:
        raise ValueError("tick")

    asyncio.run(careful(fail, frame)())

    assert "Something went wrong" in notices(frame)
    assert notices(other) == ""

    go_to(frame, "models")

    assert "Something went wrong" not in notices(frame)


def test_a_job_that_fails_ends_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    work = Work()

    async def fail() -> None:
        raise ValueError("job")

    async def run() -> None:
        work.start(fail())
        await work.wait()

    asyncio.run(run())

    assert (work.is_running, work.problem and work.problem.code) == (False, "fault")
    assert "ValueError: job" in caplog.text
