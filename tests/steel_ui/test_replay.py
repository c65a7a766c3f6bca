"""The page as of an earlier moment of the toy's fortnight: forecast 10 % more than what came, 1,496 for 1,360 kWh."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

import pytest
from bokeh.models import Label, Span, Step

from steel_ui import series
from steel_ui.charts import forecast_chart
from steel_ui.client import Problem
from steel_ui.expected import Data
from steel_ui.figures import Look
from steel_ui.frame import Frame
from steel_ui.outlook import outcome
from steel_ui.replay import LATEST, address_of, moment_of
from steel_ui.state import Session
from steel_ui.testing import ToyService
from steel_ui.theme import LIGHT
from steel_ui.views.cards import cards_html
from steel_ui.views.heading import heading_html
from steel_ui.views.legend import chart_head_html, legend_html
from steel_ui.views.parts.notices import forecast_notices_html, notices_html
from steel_ui.views.replay import latest_button, moment_picker, replay_html
from steel_ui.words import Words

SATURDAY = dt.datetime(2018, 1, 13)  # noqa: DTZ001 - plant wall time
FRIDAY_OF_WEEK_ONE = "2018-01-05T00:00"


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def look_at(frame: Frame, at: object) -> Data:
    frame.session.at = at
    asyncio.run(frame.tick())
    data: Data = frame.current.data
    return data


@pytest.fixture
def then(frame: Frame) -> Data:
    return look_at(frame, "2018-01-13T00:00")


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        pytest.param("2018-11-07T09:00", dt.datetime(2018, 11, 7, 9), id="as the page writes it"),  # noqa: DTZ001
        pytest.param("2018-11-07", dt.datetime(2018, 11, 7), id="a day starts at midnight"),  # noqa: DTZ001
        pytest.param(20181107, dt.datetime(2018, 11, 7), id="an address of digits arrives as a number"),  # noqa: DTZ001
        pytest.param(LATEST, None, id="latest"),
    ],
)
def test_an_address_names_a_moment_on_the_plants_clock(at: object, moment: dt.datetime | None) -> None:
    assert moment_of(at) == moment


@pytest.mark.parametrize("at", ["yesterday", "2018-13-01T00:00", "2018-11-07T09:00+09:00", "0001-01-01", True, 7.5])
def test_what_names_no_moment_of_the_plant_is_a_problem_with_its_own_words(at: object) -> None:
    problem = moment_of(at)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.what, problem.is_refusal) == ("bad_moment", str(at), True)


def test_the_readings_are_parted_at_the_moment(then: Data) -> None:
    assert then.history is not None
    assert then.afterwards is not None
    assert len(then.history.rows) == 12 * 96
    assert series.wall(then.history.rows[-1].interval_start) == SATURDAY - dt.timedelta(minutes=15)
    assert [series.wall(row.interval_start) for row in then.afterwards.rows[::95]] == [
        SATURDAY,
        SATURDAY + dt.timedelta(hours=23, minutes=45),
    ]


def test_the_forecast_is_asked_for_that_moment_and_says_what_its_fit_had_seen(then: Data, english: Words) -> None:
    assert then.forecast is not None
    assert series.wall(then.forecast.origin) == SATURDAY
    assert not then.forecast.is_in_sample
    assert plain(replay_html(then, words=english)).endswith("had seen readings until Mon 8 Jan 2018, 00:00")
    assert forecast_notices_html(then.forecast, words=english) == ""


def test_the_cards_set_what_was_expected_beside_what_came(then: Data, english: Words, spanish: Words) -> None:
    text = plain(cards_html(then, words=english))

    assert "1,496 kWh Measured 1,360 kWh · forecast +10.0 %" in text
    assert "132 kW Measured 120 kW, Sat 13, 12:00 · forecast +10.0 %" in text
    assert "Medido 1.360 kWh · previsión +10,0 %" in plain(cards_html(then, words=spanish))


def test_a_day_that_is_not_over_is_not_compared(frame: Frame, english: Words) -> None:
    half_known = look_at(frame, "2018-01-14T12:00")

    assert half_known.afterwards is not None
    assert len(half_known.afterwards.rows) == 48
    assert plain(cards_html(half_known, words=english)).count("These 24 hours are not fully measured yet") == 2


def test_at_the_end_of_the_readings_nothing_came_yet(frame: Frame, english: Words) -> None:
    now = look_at(frame, "2018-01-15T00:00")

    assert now.afterwards is None
    assert "Measured afterwards" not in legend_html(now, words=english)


def test_what_came_is_the_energy_and_the_highest_interval_of_the_forecasts_hours(then: Data) -> None:
    assert then.forecast is not None
    came = outcome(then.forecast, then.afterwards)

    assert came is not None
    assert (came.usage_kwh, came.peak_kw) == (1360, 120)
    assert series.wall(came.peak_at) == SATURDAY + dt.timedelta(hours=12)


def test_what_came_is_drawn_dashed_and_thinner_from_the_marker_on(then: Data, english: Words) -> None:
    look = Look(words=english, colours=LIGHT)
    chart = forecast_chart(
        then.history, then.forecast, look=look, window="1d", afterwards=then.afterwards, now="as_of_mark"
    )
    main = chart.layout.children[0]
    dashed = [r for r in main.renderers if isinstance(r.glyph, Step) and r.glyph.line_dash == [5, 2]]
    others = [r.glyph.line_width for r in main.renderers if isinstance(r.glyph, Step) and r not in dashed]

    (span,), (label,), (came,) = main.select({"type": Span}), main.select({"type": Label}), dashed
    assert (span.location, label.text) == (SATURDAY, "as of")
    assert came.data_source.data["time"][0] == SATURDAY
    assert came.glyph.line_width < min(others)
    assert "Measured afterwards" in legend_html(then, words=english)
    assert "Sat 13 Jan 2018, 00:00" in chart_head_html(then, words=english)


def test_the_chart_is_high_enough_for_what_came(then: Data, english: Words) -> None:
    assert then.afterwards is not None
    rows = tuple(row.model_copy(update={"usage_kwh": 100.0}) for row in then.afterwards.rows)
    surprise = then.afterwards.model_copy(update={"rows": rows})

    look = Look(words=english, colours=LIGHT)
    chart = forecast_chart(then.history, then.forecast, look=look, window="1d", afterwards=surprise)

    assert chart.layout.children[0].y_range.end == pytest.approx(110)


def test_the_pointer_reads_what_came_before_the_bands(then: Data, english: Words) -> None:
    assert then.forecast is not None
    columns = series.hover_columns(then.forecast.intervals[48:49], words=english, afterwards=then.afterwards)

    assert str(columns["note"][0]).startswith("Measured afterwards 30.00 kWh · 80 % band 29.7")


def test_a_fit_that_had_seen_what_came_is_warned_of(frame: Frame, english: Words) -> None:
    first_week = look_at(frame, FRIDAY_OF_WEEK_ONE)

    assert first_week.forecast is not None
    assert first_week.forecast.is_in_sample
    text = plain(forecast_notices_html(first_week.forecast, words=english))
    assert text.startswith("This forecast is in-sample Its fit had seen readings until Mon 8 Jan 2018, 00:00")


def test_a_moment_outside_of_the_readings_is_one_alert_in_the_readers_language(
    frame: Frame, english: Words, spanish: Words
) -> None:
    refused = look_at(frame, "2019-11-07T09:00")

    html = notices_html(frame.current.problems, words=english, url="http://toy", refused="moment_refused")
    assert html.count('role="alert"') == 1
    after = "This moment lies after the end of the known readings, Mon 15 Jan 2018, 00:00."
    assert f"This moment cannot be shown {after} Choose an earlier moment, or the latest readings." in plain(html)
    html = notices_html(frame.current.problems, words=spanish, url="http://toy", refused="moment_refused")
    assert "después del final de las lecturas conocidas, lun 15 ene 2018, 00:00." in plain(html)
    assert "As of Thu 7 Nov 2019, 09:00" in plain(heading_html(refused, words=english))
    assert 'aria-busy="true"' not in cards_html(refused, words=english)


def test_too_little_history_keeps_the_readings_before_and_says_why_there_is_no_forecast(frame: Frame) -> None:
    early = look_at(frame, "2018-01-02T00:00")

    assert early.history is not None
    assert (len(early.history.rows), early.forecast, early.afterwards) == (96, None, None)
    assert [problem.what for problem in frame.current.problems] == ["a forecast needs 3 days of readings"]


def test_an_address_that_names_no_moment_is_said_and_the_latest_readings_are_shown(
    frame: Frame, spanish: Words
) -> None:
    data = look_at(frame, "ayer")

    assert data.at is None
    assert data.is_complete
    assert "«ayer» no es una fecha y hora" in notices_html(frame.current.problems, words=spanish, url="http://toy")


def test_the_periodic_look_stays_at_the_moment_even_when_newer_readings_come(frame: Frame, toy: ToyService) -> None:
    look_at(frame, "2018-01-13T00:00")
    toy.answers["/health"]["readings_until"] = "2018-01-15T06:00:00+09:00"

    for _ in range(30):
        asyncio.run(frame.tick())

    data = frame.current.data
    assert frame.session.news == 2
    assert data.at == SATURDAY
    assert series.wall(data.forecast.origin) == SATURDAY


def test_a_refused_moment_is_not_asked_for_again_every_few_seconds(frame: Frame, toy: ToyService) -> None:
    look_at(frame, "2019-11-07T09:00")
    toy.asked.clear()

    asyncio.run(frame.tick())

    assert toy.asked == []


def test_a_moment_chosen_while_another_is_fetched_is_the_one_shown(frame: Frame) -> None:
    async def choose_twice() -> None:
        frame.session.at = "2018-01-12T00:00"
        first = asyncio.create_task(frame.current.refresh())
        await asyncio.sleep(0)
        frame.session.at = "2018-01-13T00:00"
        await frame.current.refresh()
        await first

    asyncio.run(choose_twice())

    assert frame.current.data.at == SATURDAY


def test_back_to_latest_shows_the_latest_readings(frame: Frame, english: Words) -> None:
    look_at(frame, "2018-01-13T00:00")
    latest = look_at(frame, LATEST)

    assert latest.at is None
    assert latest.afterwards is None
    assert "“Now” is the end of the known readings" in chart_head_html(latest, words=english)


def test_picker_and_session_follow_each_other(session: Session) -> None:
    picker, button = moment_picker(session), latest_button(session)
    assert (picker.value, button.visible) == (None, False)

    session.at = "2018-01-13T00:00"
    assert (picker.value, button.visible) == (SATURDAY, True)

    picker.value = dt.datetime(2018, 1, 12, 9, 20)  # noqa: DTZ001 - plant wall time
    assert session.at == "2018-01-12T09:15"
    assert picker.value == dt.datetime(2018, 1, 12, 9, 15)  # noqa: DTZ001

    button.clicks += 1
    assert (session.at, picker.value, button.visible) == (LATEST, None, False)


def test_a_cleared_picker_is_the_latest_readings() -> None:
    assert address_of(None) == LATEST
