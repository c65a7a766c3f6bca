"""The data quality page as the toy service tells it: 54 of 10,752 cells were repaired, two hours were missing."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from typing import Any

import pytest
from bokeh.models import ColumnDataSource

from steel_client.models import QualityAnswer
from steel_ui import testing_quality
from steel_ui.figures import Look
from steel_ui.frame import Frame
from steel_ui.quality_bars import LEAST_PERCENT, repaired_bars
from steel_ui.state import ADDRESS, Session
from steel_ui.testing import ToyService
from steel_ui.theme import palette
from steel_ui.views.quality import QualityView
from steel_ui.views.quality_tables import cards_html, changes_html, checks_html, rules_html
from steel_ui.words import LANGUAGES, Words, words


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture
def answer() -> QualityAnswer:
    return QualityAnswer.model_validate(testing_quality.quality())


def shown(session: Session) -> Any:
    session.page = "quality"
    frame = Frame(session)
    asyncio.run(frame.start())
    return frame.current


def quiet() -> dict[str, Any]:
    """A period in which nothing was repaired."""
    none = {"repaired_cells": 0, "repaired_share": 0.0, "rows_removed": 0, "intervals_inserted": 0}
    parts = [part | none for part in testing_quality.quality()["parts"]]
    lists = {"rules": [], "columns": [], "gaps": [], "repairs": [], "repairs_total": 0, "parts": parts}
    return testing_quality.quality() | none | lists


def test_the_cards_tell_share_gaps_removed_rows_and_freshness(
    answer: QualityAnswer, english: Words, spanish: Words
) -> None:
    text = plain(cards_html(answer, words=english))

    assert "Repaired 0.50 % 54 of 10,752 cells wrong or missing 1 more only written otherwise" in text
    assert "Intervals filled in 8 longest gap 2.0 h, from Tue 9 Jan 2018, 14:00" in text
    assert "Readings until 15 Jan 2018 Mon 15, 00:00 96 posted readings in use" in text
    assert "54 de 10.752 celdas" in plain(cards_html(answer, words=spanish))


def test_readings_that_wait_are_said_and_stand_out(answer: QualityAnswer, english: Words) -> None:
    posted = answer.posted.model_copy(update={"rows_waiting": 5, "waiting_from": answer.to})

    html = cards_html(answer.model_copy(update={"posted": posted}), words=english)

    assert "5 posted readings wait, from Mon 15 Jan 2018" in plain(html)
    assert 'class="card warn"' in html


def test_a_rule_is_told_with_its_reason_and_one_that_is_new_in_the_services_words(
    answer: QualityAnswer, english: Words
) -> None:
    html = rules_html(answer, words=english)

    assert "From the rows around it Nothing in the row determines it" in plain(html)
    assert "moon_phase<small>A &lt;rule&gt; that is new to this page.</small>" in html


def test_a_check_that_fails_says_what_was_found(answer: QualityAnswer, english: Words) -> None:
    text = plain(checks_html(answer, words=english))

    assert "holds One reading for every interval fails Energies, power factors and CO₂ agree 2 % broken" in text
    assert "Tue 9 Jan 2018, 14:00 to Tue 9 Jan 2018, 16:00 8 intervals" in text


def test_a_change_shows_what_stood_there_and_no_markup_of_the_source(answer: QualityAnswer, english: Words) -> None:
    html = changes_html(answer, words=english)

    assert "Sun 14 Jan 2018, 10:00 Usage, kWh 2500 2.5 Wh for kWh 99 %" in plain(html)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_where_nothing_was_repaired_the_page_says_so(session: Session, toy: ToyService, english: Words) -> None:
    toy.answers["/quality"] = quiet()

    data = shown(session).data

    assert "No interval was missing" in plain(cards_html(data, words=english))
    assert plain(rules_html(data, words=english)) == "Nothing had to be repaired."
    assert plain(changes_html(data, words=english)) == "Nothing had to be repaired."


def test_a_filter_asks_again_for_its_own_changes(session: Session, toy: ToyService) -> None:
    async def visit() -> QualityView:
        session.page = "quality"
        frame = Frame(session)
        await frame.start()
        view = frame.current
        assert isinstance(view, QualityView)
        session.param.update(span="30d", rule="wh_for_kwh")
        await view.refresh()
        return view

    asyncio.run(visit())

    asked = [query for path, query in toy.queries if path == "/quality"]
    assert asked[0] == {"by": "month", "limit": "1000"}
    assert asked[-1] == {"from": "2017-12-16T00:00:00+09:00", "by": "day", "rule": "wh_for_kwh", "limit": "1000"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filters_offer_what_there_is_and_keep_what_was_chosen(session: Session, language: str) -> None:
    async def visit() -> Any:
        session.page = "quality"
        frame = Frame(session)
        await frame.start()
        view = frame.current
        assert isinstance(view, QualityView)
        panel = view.build()
        selects = {select.label: select for select in panel.select(lambda part: type(part).__name__ == "Select")}
        selects["Rule"].value = "between_neighbours"
        session.language = language
        return selects["Rule"]

    rule = asyncio.run(visit())

    say = words(language)
    assert list(rule.options) == [say("quality_rule_all"), say("rule_between_neighbours"), "moon_phase"]
    assert (rule.value, session.rule) == ("between_neighbours", "between_neighbours")
    rule.value = ""
    assert session.rule == ""


def test_a_link_opens_the_page_as_narrowed_as_it_was(session: Session, toy: ToyService) -> None:
    session.param.update(span="90d", column="co2_t")

    data = shown(session).data

    assert data is not None
    assert {"span", "rule", "column"} <= set(ADDRESS.values())
    asked = [query for path, query in toy.queries if path == "/quality"]
    assert asked == [{"from": "2017-10-17T00:00:00+09:00", "by": "day", "column": "co2_t", "limit": "1000"}]


def test_the_table_to_save_holds_every_change_as_the_source_wrote_it(session: Session) -> None:
    rows = list(csv.DictReader(io.StringIO(shown(session)._changes_table())))

    assert [row["rule"] for row in rows] == ["wh_for_kwh", "duplicate", "co2_of_usage"]
    assert rows[1]["before"] == "row 12: 12/01/2018, <b>;20"
    assert (rows[2]["before"], rows[2]["after"]) == ("", "0.01")


def test_the_bars_are_percents_and_one_cell_does_not_fill_the_axis(answer: QualityAnswer, english: Words) -> None:
    look = Look(words=english, colours=palette(dark=False))

    drawn = repaired_bars(answer.parts, look=look, are_days=False)
    still = repaired_bars(QualityAnswer.model_validate(quiet()).parts, look=look, are_days=False)

    (source,) = drawn.select({"type": ColumnDataSource})
    assert source.data["percent"] == [pytest.approx(100 * 54 / 10_752)]
    assert source.data["when"] == ["Jan 2018"]
    assert still.y_range.end >= LEAST_PERCENT
