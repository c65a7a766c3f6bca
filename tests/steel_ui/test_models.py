"""The models page: versions beside the champion, the way to another one, and charts that hold what was answered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import panel as pn
import panel_material_ui as pmui
import pytest
from bokeh.models import ColumnDataSource, Plot

from steel_ui.feature_names import feature_name
from steel_ui.figures import Look
from steel_ui.frame import Frame
from steel_ui.model_charts import density, driver_bars, error_bars, promises
from steel_ui.model_facts import ModelFacts
from steel_ui.state import Session
from steel_ui.swarm import swarm
from steel_ui.testing import ToyService, refusal
from steel_ui.testing_models import VERSIONS, importance
from steel_ui.theme import palette
from steel_ui.views.champions import champions_html, versions_html
from steel_ui.views.model_change import Change, meant_html
from steel_ui.views.models import ModelsView
from steel_ui.words import LANGUAGES, Words

LIGHTGBM, NAIVE, XGBOOST = VERSIONS.values()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def columns(layout: Any, name: str) -> list[Any]:
    """A column of the source that has it."""
    assert isinstance(layout, Plot)
    (found,) = [one.data[name] for one in layout.select({"type": ColumnDataSource}) if name in one.data]
    return list(found)


@pytest.fixture
def admin(toy: ToyService, session: Session) -> Session:
    toy.answers["/whoami"] = {"name": "ana", "role": "admin", "means": "key", "plants": ["toy"]}
    session.page = "models"
    return session


async def opened(session: Session) -> ModelsView:
    frame = Frame(session)
    frame.panel()
    await frame.start()
    assert isinstance(frame.current, ModelsView)
    return frame.current


def run(visit: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(visit)


@pytest.fixture
def facts(admin: Session) -> ModelFacts:
    data = run(opened(admin)).data
    assert isinstance(data, ModelFacts)
    return data


@pytest.fixture
def look(english: Words) -> Look:
    return Look(words=english, colours=palette(dark=False))


def test_versions_stand_beside_the_champion_with_their_figures(facts: ModelFacts, english: Words) -> None:
    text = plain(versions_html(facts, words=english))

    assert f"Seasonal naive {NAIVE}" in text
    assert "20.00 +10.00 kWh 81.0 % served before" in text
    assert "9.00 \N{MINUS SIGN}1.00 kWh 81.0 % rolled back" in text
    assert "10.00 \N{EN DASH} 81.0 % serves" in text


def test_versions_of_other_readings_are_not_compared(facts: ModelFacts, english: Words) -> None:
    versions = facts.versions.model_dump(mode="json")
    versions["versions"][1]["is_same_data"] = False
    other = ModelFacts(facts.models, type(facts.versions).model_validate(versions))

    assert "20.00 other readings" in plain(versions_html(other, words=english))


def test_the_history_tells_who_why_and_how_it_went(facts: ModelFacts, english: Words) -> None:
    models = facts.models.model_dump(mode="json")
    models["champions"][-1] |= {"by": "promote", "who": "ana <x>", "version": LIGHTGBM}
    told = ModelFacts(type(facts.models).model_validate(models), facts.versions)

    text = champions_html(told, words=english)

    assert "promoted by hand<small>ana &lt;x&gt;</small>" in text
    assert "test RMSE 10.00 kWh" in text
    assert "looked at again: 24.00 kWh, the one before 20.00 kWh; taken back" in text


def chosen(view: ModelsView, version: str) -> Change:
    change = view.change
    change.chosen = version
    return change


def test_a_version_is_promoted_only_after_it_was_confirmed_with_a_reason(admin: Session, toy: ToyService) -> None:
    async def visit() -> None:
        view = await opened(admin)
        change = chosen(view, XGBOOST)
        change.ask()
        assert change.is_open
        change.confirm()
        assert "/admin/promote" not in toy.asked

        change.ask()
        change.because = "  calmer   nights "
        change.confirm()
        await change.work.wait()

        assert not change.is_open
        assert change.work.result.champion.version == XGBOOST

    run(visit())

    asked = dict(toy.queries)["/admin/promote"]
    assert asked == {"version": XGBOOST, "because": "calmer nights", "expected": LIGHTGBM}


def test_an_earlier_champion_is_gone_back_to(admin: Session, toy: ToyService) -> None:
    async def visit() -> None:
        change = chosen(await opened(admin), NAIVE)
        change.ask()
        change.because = "nights too low"
        change.confirm()
        await change.work.wait()

    run(visit())

    assert dict(toy.queries)["/admin/rollback"] == {"to": NAIVE, "because": "nights too low", "expected": LIGHTGBM}


def test_a_change_is_told_and_the_page_asks_anew(admin: Session, toy: ToyService) -> None:
    async def visit() -> tuple[str, list[str], str]:
        view = await opened(admin)
        page = view.build()
        change = chosen(view, XGBOOST)
        change.ask()
        change.because = "calmer nights"
        toy.asked.clear()
        change.confirm()
        await change.work.wait()
        async with asyncio.timeout(60):
            while "/model/versions" not in toy.asked or change.chosen:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        html = " ".join(str(pane.object) for pane in page.select(pn.pane.HTML))
        return plain(html), toy.asked, change.chosen

    text, asked, choice = run(visit())

    assert f"XGBoost {XGBOOST} answers from now on. The history says that ana did it." in text
    assert asked.index("/admin/promote") < asked.index("/model/versions")
    assert choice == ""


def test_a_refusal_is_shown_in_the_services_words_and_changes_nothing(admin: Session, toy: ToyService) -> None:
    toy.refusals["/admin/promote"] = (409, refusal("the champion of toy stays: was altered", "build it again"))

    async def visit() -> str:
        view = await opened(admin)
        page = view.build()
        change = chosen(view, XGBOOST)
        change.ask()
        change.because = "calmer nights"
        change.confirm()
        await change.work.wait()
        return plain(" ".join(str(pane.object) for pane in page.select(pn.pane.HTML)))

    text = run(visit())

    assert "The champion of toy stays: was altered." in text
    assert "answers from now on" not in text


@pytest.mark.parametrize(("role", "is_open"), [("viewer", False), ("operator", False), ("admin", True)])
def test_only_an_administrator_is_offered_the_change(
    session: Session, toy: ToyService, *, role: str, is_open: bool
) -> None:
    toy.answers["/whoami"] = {"name": "ana", "role": role, "means": "key", "plants": ["toy"]}
    session.page = "models"

    async def visit() -> tuple[bool, bool, str]:
        view = await opened(session)
        page = view.change.build()
        view.change.chosen = XGBOOST
        (choice,) = page.select(pn.widgets.Select)
        (button,) = page.select(pn.widgets.Button)
        return choice.disabled, button.disabled, plain(" ".join(str(p.object) for p in page.select(pn.pane.HTML)))

    is_choice_closed, is_button_closed, text = run(visit())

    assert (is_choice_closed, is_button_closed) == (not is_open, not is_open)
    assert ("This takes" in text or "role" in text.lower()) is not is_open


def test_the_consequence_is_said_in_plain_words(facts: ModelFacts, english: Words, spanish: Words) -> None:
    rejected, earlier = facts.version(XGBOOST), facts.version(NAIVE)
    assert rejected is not None
    assert earlier is not None

    text = plain(meant_html(rejected, facts, words=english))
    back = plain(meant_html(earlier, facts, words=spanish))

    assert text.startswith("Somebody rolled this version back before.")
    assert f"will answer every forecast from now on, in place of LightGBM {LIGHTGBM}" in text
    assert "Its error on unseen days: 9.00 kWh; against the champion: \N{MINUS SIGN}1.00 kWh." in text
    assert f"LightGBM {LIGHTGBM} y lo que sirvió entretanto queda rechazado" in back


def test_the_strongest_driver_is_on_top_with_its_size(facts: ModelFacts, look: Look) -> None:
    assert facts.importance is not None
    sizes = [one for one in facts.importance.drivers if one.lead_range == "over_24h"]

    chart = driver_bars(sizes, look=look)

    assert columns(chart, "kwh") == [2.0, 8.0]
    assert columns(chart, "text") == ["2.00 kWh", "8.00 kWh"]


def test_a_dot_stands_where_the_figure_pushed_and_is_coloured_by_its_rank(facts: ModelFacts, look: Look) -> None:
    assert facts.importance is not None

    chart = swarm([facts.importance.swarms[1]], look=look)

    assert columns(chart, "kwh") == [-2.0, -1.0, 0.0, 1.0, 2.0, 0.0]
    colours = columns(chart, "colour")
    assert (colours[0], colours[4], colours[5]) == (look.colours.expected, look.colours.bad, look.colours.muted)
    assert columns(chart, "added")[4] == "+2.00 kWh"


def test_errors_are_drawn_by_group(facts: ModelFacts, look: Look) -> None:
    assert facts.evaluation is not None
    groups = facts.evaluation.by_hour

    chart = error_bars(groups, [one.name for one in groups], look=look)

    assert columns(chart, "rmse") == [hour + 1.0 for hour in range(24)]
    assert columns(chart, "mae")[-1] == 12.0


def test_promises_are_told_in_points_off(facts: ModelFacts, look: Look) -> None:
    found = facts.evaluation
    assert found is not None

    off = columns(promises(found.levels, found.bands, look=look), "off")

    assert off == pytest.approx([-2.0] * 7 + [1.0] * 3)


def test_the_fullest_cell_is_the_darkest(facts: ModelFacts, look: Look) -> None:
    assert facts.evaluation is not None

    chart = density(facts.evaluation.cells, facts.evaluation.bin_kwh, look=look)

    alpha = columns(chart, "alpha")
    assert alpha[0] == 1.0
    assert 0.1 < alpha[1] < alpha[0]
    assert columns(chart, "forecast")[1] == "4\N{EN DASH}6 kWh"


def test_what_the_build_did_not_keep_is_said_and_nothing_is_drawn(admin: Session, toy: ToyService) -> None:
    for route in ("/model/importance", "/model/evaluation"):
        toy.refusals[route] = (503, refusal("there are no explanations of toy yet", "build them"))

    async def visit() -> tuple[ModelsView, str]:
        view = await opened(admin)
        page = view.build()
        return view, plain(" ".join(str(pane.object) for pane in page.select(pn.pane.HTML)))

    view, text = run(visit())

    assert view.problems == ()
    assert "The last build explained no model." in text
    assert "The last build kept no backtest of this model." in text


def test_each_chart_saves_a_table_of_what_it_shows(admin: Session) -> None:
    async def visit() -> dict[str, str]:
        view = await opened(admin)
        page = view.insight.build()
        view.insight.by = "day"
        saved = page.select(pmui.FileDownload)
        return {one.filename: one.callback().read().decode("utf-8-sig") for one in saved}

    tables = run(visit())

    assert tables["errors.csv"].splitlines()[1] == "weekday,28,14.2,10.0,5.0,-0.5,0.81"
    assert tables["drives.csv"].splitlines()[1] == "over_24h,similar days,8.0"
    assert len(tables["swarm.csv"].splitlines()) == 1 + 6
    assert set(tables) == {"drives.csv", "swarm.csv", "errors.csv", "promises.csv", "density.csv"}


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        ("slot_kind_4_kwh", "Same time, last 4 days of this kind"),
        ("day_open_1_kwh", "Day's energy, newest day open or closed alike"),
        ("usage_2_back_kwh", "Usage 30 min back"),
        ("mean_7d_kwh", "Mean of the last 7 d"),
        ("weekday", "Weekday"),
        ("phase_of_the_moon", "what the service calls it"),
    ],
)
def test_features_have_names_in_plain_words(feature: str, name: str, english: Words) -> None:
    assert feature_name(feature, "what the service calls it", words=english) == name


def test_every_feature_of_the_models_has_a_name_in_every_language() -> None:
    from steel_ui.words import words  # noqa: PLC0415 - beside what it tests

    known = [one["feature"] for one in importance()["swarms"]]

    assert all(feature_name(one, "", words=words(language)) for one in known for language in LANGUAGES)
