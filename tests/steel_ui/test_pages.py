"""Models, drift and reports as the toy service tells them, and what every page does."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import panel as pn
import pytest

from steel_ui import testing_answers as answers
from steel_ui.app import take_over
from steel_ui.frame import Frame
from steel_ui.state import ADDRESS, Session
from steel_ui.testing import ToyService, plant, refusal
from steel_ui.views import VIEWS
from steel_ui.views.champions import champions_html
from steel_ui.views.copilot import CopilotView
from steel_ui.views.drift import columns_html, figures_html, verdict_html
from steel_ui.views.model_board import cards_html, leaderboard_html
from steel_ui.views.page import View
from steel_ui.views.reports import reports_html
from steel_ui.words import LANGUAGES, Words, words


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def page_of(session: Session, key: str) -> View:
    session.page = key
    frame = Frame(session)
    asyncio.run(frame.start())
    return frame.current


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
def test_every_page_is_laid_out_before_and_after_its_answers_in_every_language(
    session: Session, view: type[View], language: str
) -> None:
    session.language = language
    before = view(session).build()
    shown = page_of(session, view.key)
    after = shown.build()

    assert shown.problems == ()
    assert not any("skeleton" in str(pane.object) for pane in after.select(pn.pane.HTML))
    titles = [re.search(r"<h1>(.*?)</h1>", str(pane.object)) for pane in after.select(pn.pane.HTML)]
    assert len([title for title in titles if title]) == 1
    assert any("skeleton" in str(pane.object) for pane in before.select(pn.pane.HTML))


@pytest.mark.parametrize("view", [view for view in VIEWS if view is not CopilotView], ids=lambda view: view.key)
def test_every_page_says_what_is_missing_and_fills_once_it_is_there(
    session: Session, toy: ToyService, view: type[View]
) -> None:
    routes = ("/history", "/forecast", "/models", "/drift", "/reports", "/model/info", "/quality")
    toy.refusals |= dict.fromkeys(routes, (503, refusal("not built", "run make build")))
    session.page = view.key
    frame = Frame(session)
    asyncio.run(frame.start())
    assert [problem.what for problem in frame.current.problems] == ["not built"]

    toy.refusals.clear()
    asyncio.run(frame.tick())

    assert frame.current.problems == ()
    assert frame.current.data is not None


def test_a_page_is_asked_for_at_its_first_visit_and_not_before(session: Session, toy: ToyService) -> None:
    session.page = "models"
    frame = Frame(session)
    asyncio.run(frame.start())
    assert "/drift" not in toy.asked
    toy.asked.clear()

    session.page = "drift"
    asyncio.run(frame.tick())
    session.page = "models"
    asyncio.run(frame.tick())

    assert toy.asked == ["/drift"]


def test_an_address_that_names_no_page_shows_the_first(session: Session) -> None:
    session.page = "moon"

    assert Frame(session).current.key == VIEWS[0].key


def test_the_pages_have_keys_of_their_own_and_names_in_every_language() -> None:
    keys = [view.key for view in VIEWS]

    assert len(set(keys)) == len(keys)
    assert all(words(language)(f"page_{key}") for key in keys for language in LANGUAGES)


def test_a_wrong_choice_in_an_address_leaves_the_others_in_force(session: Session) -> None:
    take_over(session, {"language": "xx", "theme": "dark", "window": "99d", "page": "drift"})

    assert (session.language, session.theme, session.window, session.page) == ("en", "dark", "3d", "drift")
    assert set(ADDRESS) <= set(session.param)


def test_the_menu_and_the_notices_follow_the_session(session: Session, toy: ToyService) -> None:
    toy.is_up = False

    async def visit() -> list[str]:
        frame = Frame(session)
        panel = frame.panel()
        await frame.start()
        session.language = "es"
        menu, notices = panel[0], panel[1]
        return [menu.active, menu.items[-1]["label"], menu.language, plain(str(notices.object))]

    active, label, language, notice = asyncio.run(visit())

    assert (active, label, language) == ("overview", "Informes", "es")
    assert notice.startswith("Falta algo El servicio de energía no responde en http://toy.")


def test_a_plant_is_chosen_only_where_there_are_several(session: Session, toy: ToyService) -> None:
    from steel_ui.bar import plant_select  # noqa: PLC0415 - beside what it tests

    select = plant_select(session)
    asyncio.run(session.look())
    assert not select.visible

    toy.answers["/plants"] = {"plants": [plant(), plant(id="moon", name="Moon plant", is_default=False)]}
    session.plants = ()
    asyncio.run(session.look())
    assert select.options == {"Toy plant": "toy", "Moon plant": "moon"}
    assert (select.value, select.label, select.visible) == ("toy", "Plant", True)

    select.value = "moon"
    assert session.plant == "moon"


def test_two_plants_of_the_same_name_are_both_there(session: Session, toy: ToyService) -> None:
    from steel_ui.bar import plant_select  # noqa: PLC0415 - beside what it tests

    toy.answers["/plants"] = {"plants": [plant(), plant(id="moon", is_default=False)]}
    select = plant_select(session)
    asyncio.run(session.look())

    assert select.options == {"Toy plant · toy": "toy", "Toy plant · moon": "moon"}


def test_the_model_that_serves_is_told_by_its_figures_on_unseen_data(session: Session, english: Words) -> None:
    data = page_of(session, "models").data

    text = plain(cards_html(data, words=english))
    assert "Model that answers LightGBM abc12345" in text
    assert "10.00 kWh +50 % skill" in text
    assert "81.0 % 90 % inside the 90 % band" in text
    assert "1,000 KRW 250 KRW less than with perfect foresight" in text


def test_the_leaderboard_marks_the_server_and_tells_why_a_model_is_absent(session: Session, english: Words) -> None:
    html = leaderboard_html(page_of(session, "models").data, words=english)

    assert html.count('class="here"') == 1
    assert "1 LightGBM 10.00 10.00 5.00 81.0 % 50.0 % 20.00 1,000 3.0" in plain(html)
    assert "TimesFM: no weights &lt;here&gt;" in plain(html)


def test_the_champions_stand_newest_first_with_their_state(session: Session, english: Words, spanish: Words) -> None:
    data = page_of(session, "models").data

    text = plain(champions_html(data, words=english))
    assert text.index("2 Tue 2 Jan 2018, 00:00 LightGBM") < text.index("1 Mon 1 Jan 2018, 00:00 XGBoost")
    assert text.endswith("rolled back")
    assert "en servicio" in champions_html(data, words=spanish)


def test_what_moved_is_said_in_a_sentence_with_what_to_do(session: Session, english: Words, spanish: Words) -> None:
    data = page_of(session, "drift").data

    text = plain(verdict_html(data, words=english))
    assert text.startswith("moved The readings have begun to differ")
    assert "3.2 h of the day are worked otherwise (from 3.0 h on it has moved). Ask for the shift plan" in text
    assert "3,2 h del día se trabajan de otro modo" in plain(verdict_html(data, words=spanish))
    assert "Repaired readings: CO₂, t 0.1 % 0.0 % 1.4 % 2.0 % as usual" in plain(figures_html(data, words=english))
    assert "Usage, kWh 0.25 0.90 14.2 15.4 as usual" in plain(columns_html(data, words=english))


def test_a_quiet_week_has_no_list_of_what_moved(session: Session, toy: ToyService, english: Words) -> None:
    toy.answers["/drift"] = answers.drift(verdict="none")

    html = verdict_html(page_of(session, "drift").data, words=english)

    assert "<li>" not in html
    assert "as usual" in plain(html)


def test_a_report_is_listed_once_in_the_readers_language_with_every_form(
    session: Session, english: Words, spanish: Words
) -> None:
    data = page_of(session, "reports").data
    html: dict[str, Any] = {say.language: reports_html(data, words=say) for say in (english, spanish)}

    assert plain(html["en"]).startswith(
        "Newest weekly reports Weekly energy report, week 2 of 2018 Mon 8 Jan 2018 to Sun 14 Jan 2018 PDF XLSX"
    )
    assert "Informe semanal de energía, semana 2 de 2018" in html["es"]
    assert "W02-en" not in html["es"]
    assert 'href="files/reports/weekly-2018-W02-en.xlsx?plant=toy&amp;download=1" download' in html["en"]
    assert "1.2 MB" in html["en"]


def test_without_reports_the_page_says_so(session: Session, toy: ToyService, english: Words) -> None:
    toy.answers["/reports"] = {"plant": "toy", "reports": []}

    assert "No report has been written yet" in reports_html(page_of(session, "reports").data, words=english)
