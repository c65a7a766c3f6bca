"""Monday 15 January is open by the toy's calendar: 1,496 kWh and 162,800 KRW; closed, 528 kWh and 44,000 KRW."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from html import unescape

import pytest
from bokeh.models import FactorRange, GlyphRenderer, VBar
from bokeh.plotting import figure

from steel_ui.closed_days import by_day, marks
from steel_ui.day_bars import day_bars
from steel_ui.figures import Look
from steel_ui.frame import Frame
from steel_ui.testing import ToyService, refusal
from steel_ui.theme import LIGHT
from steel_ui.views.closed_days import ClosedDays
from steel_ui.views.closed_days_words import standing_html, tried_html
from steel_ui.views.forecast import ForecastView
from steel_ui.words import Words

MONDAY, SUNDAY, LATE = dt.date(2018, 1, 15), dt.date(2018, 1, 21), dt.date(2018, 1, 26)


def plain(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip())


def editor_of(frame: Frame) -> ClosedDays:
    view = frame.current
    assert isinstance(view, ForecastView)
    return view.closed_days


def chosen(frame: Frame, *closed: dt.date, keeps: bool = False) -> ClosedDays:
    """The editor after the page has filled and its reader has chosen these closed days, and kept them."""

    async def choose() -> ClosedDays:
        await frame.start()
        editor = editor_of(frame)
        await editor.looking.wait()
        editor.choose(frozenset(closed))
        await editor.trying.wait()
        if keeps:
            editor.keep()
            await editor.keeping.wait()
            await editor.looking.wait()
        return editor

    return asyncio.run(choose())


def sent(toy: ToyService) -> list[object]:
    return [asked["days"] for path, asked in toy.queries if path == "/calendar" and isinstance(asked["days"], list)]


def test_the_editor_shows_two_weeks_from_the_origin_as_the_calendar_has_them(frame: Frame) -> None:
    editor = chosen(frame, SUNDAY, dt.date(2018, 1, 28))

    assert editor.calendar is not None
    assert (editor.calendar.days[0].day, len(editor.calendar.days)) == (MONDAY, 14)
    assert editor.tried is None
    assert "Closed by the plant's calendar: Sun 21 Jan, Sun 28 Jan." in plain(standing_html(editor.calendar, "en"))


def test_closing_a_day_tells_energy_money_and_the_peak(frame: Frame) -> None:
    editor = chosen(frame, MONDAY, SUNDAY, dt.date(2018, 1, 28))
    told = plain(tried_html(editor.calendar, editor.tried, "en"))

    assert "What if closed on Mon 15 Jan?" in told
    # 528 - 1,496 kWh is 64.7 % less; 44,000 - 162,800 KRW; 22 - 132 kW
    assert "\N{MINUS SIGN}968 kWh (\N{MINUS SIGN}64.7 %), \N{MINUS SIGN}118,800 KRW" in told
    assert "moves by \N{MINUS SIGN}110 kW" in told
    assert "¿Y si la planta: cierra lun 15 ene?" in plain(tried_html(editor.calendar, editor.tried, "es"))


def test_what_is_only_tried_is_not_sent_and_undo_forgets_it(frame: Frame, toy: ToyService) -> None:
    editor = chosen(frame, MONDAY)

    editor.undo()

    assert editor.tried is None
    assert sent(toy) == []


def test_what_is_kept_is_sent_once_and_the_page_asks_anew(frame: Frame, toy: ToyService) -> None:
    editor = chosen(frame, MONDAY, SUNDAY, dt.date(2018, 1, 28), keeps=True)

    assert sent(toy) == [[{"day": "2018-01-15", "state": "closed"}]]
    assert editor.tried is not None
    assert editor.tried.is_kept
    assert editor.calendar is not None
    assert editor.calendar.changed(editor.closed) == ()
    assert "Marked here: Mon 15 Jan (closed)." in plain(standing_html(editor.calendar, "en"))
    assert "Kept: closed on Mon 15 Jan." in plain(tried_html(editor.calendar, editor.tried, "en"))
    assert frame.session.news == 2  # health, and the marked day


def test_a_viewer_who_may_not_mark_is_told_and_nothing_is_taken_for_kept(frame: Frame, toy: ToyService) -> None:
    async def keep() -> ClosedDays:
        await frame.start()
        editor = editor_of(frame)
        await editor.looking.wait()
        editor.choose(frozenset({MONDAY}))
        await editor.trying.wait()
        toy.refusals["/calendar"] = (403, refusal("this needs the role operator", "ask for a key"))
        editor.keep()
        await editor.keeping.wait()
        return editor

    editor = asyncio.run(keep())

    assert editor.keeping.problem is not None
    assert editor.keeping.problem.code == "forbidden"
    assert editor.tried is not None
    assert not editor.tried.is_kept


def test_a_day_after_the_forecasts_reach_is_said_to_move_nothing_yet(frame: Frame, toy: ToyService) -> None:
    editor = chosen(frame, LATE, SUNDAY, dt.date(2018, 1, 28))
    told = plain(tried_html(editor.calendar, editor.tried, "en"))

    assert "1 of these days lie after the 7 days" in told
    assert "kWh" not in told
    assert not any("closed_days" in asked for _, asked in toy.queries)


def test_another_moment_begins_another_two_weeks(frame: Frame) -> None:
    async def replay() -> ClosedDays:
        await frame.start()
        frame.session.at = "2018-01-10T09:00"
        await frame.current.refresh()
        editor = editor_of(frame)
        await editor.looking.wait()
        return editor

    editor = asyncio.run(replay())

    assert editor.calendar is not None
    assert editor.calendar.days[0].day == dt.date(2018, 1, 10)


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (MONDAY, {"day": "2018-01-15", "state": "closed", "reason": "holiday"}),
        (SUNDAY, {"day": "2018-01-21", "state": "open", "reason": "holiday"}),
    ],
    ids=["closed", "open"],
)
def test_a_mark_says_the_state_that_is_wanted_and_why(frame: Frame, day: dt.date, mark: dict[str, str]) -> None:
    calendar = chosen(frame).calendar
    assert calendar is not None
    day_record = next(one for one in calendar.days if one.day == day)

    assert marks([day_record], reason="holiday") == [mark]
    back = day_record.model_copy(update={"is_closed": not day_record.is_closed, "is_marked": True})
    assert marks([back], reason="") == [{"day": day.isoformat(), "state": "usual"}]


def test_the_chart_sets_the_day_as_it_would_be_beside_the_calendars(frame: Frame, english: Words) -> None:
    editor = chosen(frame, MONDAY)
    assert editor.calendar is not None
    look = Look(english, LIGHT)

    usual = day_bars(by_day(editor.calendar, None), look=look)
    tried = day_bars(by_day(editor.calendar, editor.tried), look=look)

    for plot, heights in ((usual, {"usual": 1496}), (tried, {"usual": 1496, "tried": 528})):
        assert isinstance(plot, figure)
        assert isinstance(plot.x_range, FactorRange)
        assert plot.x_range.factors == ["Mon 15"]
        drawn = [one for one in plot.renderers if isinstance(one, GlyphRenderer) and isinstance(one.glyph, VBar)]
        found = {one.glyph.top: one.data_source.data[one.glyph.top][0] for one in drawn}
        assert found == pytest.approx(heights)
