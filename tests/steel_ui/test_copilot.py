"""The copilot's page: its turns as HTML, their pictures, and how the log follows the conversation."""

from __future__ import annotations

import asyncio
from typing import Any

import panel as pn
import pytest
from bokeh.models import HBar, Line, VArea, VBar
from bokeh.plotting import figure

from steel_client.models import ChatAnswer, ChatChart
from steel_ui.chat_charts import chat_chart, table
from steel_ui.client import Problem
from steel_ui.conversation import Turn
from steel_ui.figures import Look
from steel_ui.state import Session
from steel_ui.testing_chat import TEXT, chat
from steel_ui.theme import palette
from steel_ui.views.copilot import SUGGESTIONS, CopilotView
from steel_ui.views.turn import turn_html
from steel_ui.words import LANGUAGES, Words, words


def answered(question: str = "how much?", **changes: Any) -> Turn:
    return Turn(question=question, text=TEXT, answer=ChatAnswer.model_validate(chat(question) | changes))


def texts(view: CopilotView) -> str:
    return " ".join(str(pane.object) for pane in view._log.select(pn.pane.HTML))


def test_an_answer_shows_what_it_is_made_of(english: Words) -> None:
    html = turn_html(answered(), words=english, url="http://toy")

    assert TEXT in html
    assert "POST /forecast" in html
    assert "usage_kwh" in html
    assert "1,496" in html
    assert "without a language model · 0.0 s" in html


def test_what_was_typed_and_answered_is_text_and_no_markup(english: Words) -> None:
    turn = Turn(question="<script>alert(1)</script>", text="<b>bold</b>")

    html = turn_html(turn, words=english, url="http://toy")

    assert "<script>" not in html
    assert "<b>bold" not in html


def test_a_turn_says_that_it_is_being_worked_on_stopped_or_failed(english: Words) -> None:
    turn = Turn(question="how much?")
    assert "Reading the question" in turn_html(turn, words=english, url="")
    turn.steps = ("Asking for the forecast",)
    assert "Asking for the forecast" in turn_html(turn, words=english, url="")

    turn.is_stopped = True
    assert "You stopped this answer." in turn_html(turn, words=english, url="")

    failed = Turn(question="how much?", problem=Problem(what="no model yet", remedy="run make build"))
    assert "No model yet." in turn_html(failed, words=english, url="")


def test_the_log_follows_the_conversation_and_another_plant_begins_anew(session: Session) -> None:
    view = CopilotView(session)
    view.build()

    async def ask() -> None:
        for question in ("first", "which?"):
            view.conversation.start(question)
            await view.conversation.work.wait()

    asyncio.run(ask())
    assert len(view._log) == 2
    assert TEXT in texts(view)
    assert "Which period do you mean?" in texts(view)

    session.plant = "moon"
    assert (len(view._log), view.conversation.turns) == (0, ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_suggestion_stands_in_every_language(language: str) -> None:
    assert all(words(language)(f"ask_{name}") for name in SUGGESTIONS)


def pictured(language: str = "en", **changes: Any) -> tuple[figure, list[type]]:
    chart = ChatChart.model_validate(chat("")["chart"] | changes)
    drawn = chat_chart(chart, look=Look(words=words(language), colours=palette(dark=False)))
    assert isinstance(drawn, figure)
    return drawn, [type(renderer.glyph) for renderer in drawn.renderers]


def test_a_band_is_a_line_over_its_range() -> None:
    drawn, glyphs = pictured()

    assert glyphs == [VArea, Line]
    assert list(drawn.renderers[0].data_source.data["upper"]) == [24.0, 144.0]
    assert drawn.yaxis[0].axis_label == "kW"


def test_bars_over_time_stand_and_bars_by_name_lie() -> None:
    one = {"name": "Energy", "values": [1.5, None], "lower": None, "upper": None}
    two = one | {"name": "Before", "values": [2.0, 3.0]}

    assert pictured(kind="bar", series=[one])[1] == [VBar]
    drawn, glyphs = pictured(kind="bar", x=["peak", "off-peak"], x_kind="category", series=[one, two])
    assert glyphs == [HBar, HBar]
    assert drawn.xaxis[0].axis_label == "kW"
    assert [item.label.value for item in drawn.legend[0].items] == ["Energy", "Before"]


def test_the_saved_table_has_every_value_of_the_picture() -> None:
    assert table(ChatChart.model_validate(chat("")["chart"])) == {
        "time": ["2018-01-15T00:00:00+09:00", "2018-01-15T12:00:00+09:00"],
        "Expected": [20.0, 120.0],
        "Expected (low)": [16.0, 96.0],
        "Expected (high)": [24.0, 144.0],
    }
