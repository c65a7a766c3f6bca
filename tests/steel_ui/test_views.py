from __future__ import annotations

import re
from dataclasses import replace

import pytest

from steel_ui import testing
from steel_ui.client import Forecast, Health, Problem, Source
from steel_ui.expected import Data
from steel_ui.state import Session
from steel_ui.views.cards import cards_html
from steel_ui.views.forecast import ForecastView
from steel_ui.views.heading import heading_html, source_name
from steel_ui.views.legend import chart_head_html, legend_html
from steel_ui.views.parts.notices import forecast_notices_html, notices_html
from steel_ui.words import Words

DOWN = (Problem(code="unreachable", what="cannot reach http://toy"),)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def with_source(data: Data, **source: object) -> Data:
    health = Health.model_validate(testing.health() | {"source": source})
    return replace(data, health=health)


def test_the_cards_show_the_toy_day_with_units(data: Data, english: Words) -> None:
    text = plain(cards_html(data, words=english))

    assert "1,496 kWh" in text
    assert "162,800 KRW" in text
    assert "0.75 tCO₂ 0.500 kg CO₂ per kWh" in text
    assert "132 kW Mon 15, 12:00 · 80 % band 119\N{EN DASH}145 kW" in text
    assert "+10.0 % vs same day last week (1,360 kWh)" in text


def test_the_cards_speak_spanish(data: Data, spanish: Words) -> None:
    text = plain(cards_html(data, words=spanish))

    assert "1.496 kWh +10,0 % frente al mismo día de la semana pasada (1.360 kWh)" in text


def test_without_a_forecast_the_cards_are_shapes_without_a_figure(english: Words) -> None:
    html = cards_html(Data(), words=english)

    assert html.count('aria-busy="true"') == 4
    assert re.search(r"\d", plain(html).replace("CO₂", "")) is None


def test_a_week_that_is_not_known_is_said_and_not_compared(data: Data, english: Words) -> None:
    text = plain(cards_html(replace(data, history=None), words=english))

    assert "Same day last week is not in the known readings" in text
    assert "%" not in text.replace("80 % band", "")


def test_the_heading_names_period_plant_source_and_model(data: Data, english: Words) -> None:
    text = plain(heading_html(data, words=english))

    assert "Mon 15 Jan 2018, 00:00 to Tue 16 Jan 2018, 00:00 (Asia/Seoul time)" in text
    assert "Plant toy Source file meter.csv Model LightGBM · abc12345" in text


def test_a_model_is_named_with_how_it_came_to_be(data: Data, english: Words) -> None:
    champion = {"model": "chronos", "version": "abc12345", "label": "trained from scratch"}
    health = Health.model_validate(testing.health() | {"champion": champion})

    html = heading_html(replace(data, health=health), words=english)

    assert "Model chronos · abc12345" in plain(html)
    assert 'title="trained from scratch; trained on Mon 1 Jan 2018 to Mon 15 Jan 2018"' in html


def test_a_missing_model_is_said(data: Data, english: Words) -> None:
    health = Health.model_validate(testing.health() | {"champion": None})

    assert "no model yet" in plain(heading_html(replace(data, health=health), words=english))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        pytest.param(
            Source(kind="file", location="/data/raw/meter.csv", is_simulated=False), "file meter.csv", id="file"
        ),
        pytest.param(Source(kind="uci", location="https://archive", is_simulated=False), "UCI archive", id="uci"),
        pytest.param(Source(kind="simulated", location="toy", is_simulated=True), "simulated plant", id="simulated"),
    ],
)
def test_a_source_has_a_name_a_person_knows(source: Source, name: str, english: Words) -> None:
    assert source_name(source, words=english) == name


def test_simulated_data_has_a_banner_and_measured_data_has_none(data: Data, english: Words) -> None:
    simulated = with_source(data, kind="simulated", location="toy", is_simulated=True)
    where = {"words": english, "url": "http://toy"}

    assert "Simulated data" in notices_html((), health=simulated.health, **where)
    assert notices_html((), health=data.health, **where) == ""


@pytest.mark.parametrize(
    ("step", "said_in_english", "said_in_spanish"),
    [
        pytest.param("previous champion", "the model that served before", "el modelo que servía antes", id="previous"),
        pytest.param("seasonal naive", "repeats the newest similar day", "repite el día parecido", id="naive"),
    ],
)
def test_a_forecast_that_is_not_the_champions_says_so_in_both_languages(
    english: Words, spanish: Words, step: str, said_in_english: str, said_in_spanish: str
) -> None:
    because = "champion: model.txt: <b>was altered</b>"
    answer = testing.forecast() | {"fallback": {"step": step, "because": because}}
    stepped = Forecast.model_validate(answer)

    html = {words.language: forecast_notices_html(stepped, words=words) for words in (english, spanish)}

    assert "This forecast is not the champion's" in plain(html["en"]).replace("&#x27;", "'")
    assert said_in_english in plain(html["en"])
    assert "Esta previsión no es del modelo campeón" in plain(html["es"])
    assert said_in_spanish in plain(html["es"])
    assert "champion: model.txt: &lt;b&gt;was altered&lt;/b&gt;" in html["es"]
    assert all('role="alert"' in text for text in html.values())


def test_the_champions_own_forecast_has_no_such_notice(data: Data, english: Words) -> None:
    assert forecast_notices_html(data.forecast, words=english) == ""


def test_a_missing_service_is_named_with_its_remedy_and_says_it_keeps_trying(spanish: Words) -> None:
    text = plain(notices_html(DOWN, words=spanish, url="http://toy"))

    assert "no responde en http://toy" in text
    assert "make up" in text
    assert "lo reintenta por sí sola" in text


def test_old_figures_are_called_old_while_the_service_is_away(english: Words) -> None:
    assert "out of date" in notices_html(DOWN, words=english, url="http://toy", is_stale=True)


def test_what_the_service_says_is_text_and_never_markup(data: Data, english: Words) -> None:
    evil = "<script>alert(1)</script>"
    problems = (Problem(what=evil, remedy=evil),)
    health = Health.model_validate(testing.health() | {"plant": evil})

    html = notices_html(problems, words=english, url="http://toy")
    html += heading_html(replace(data, health=health), words=english)

    assert "<script>" not in html


def test_the_legend_prices_the_bands_and_counts_the_repairs(data: Data, english: Words) -> None:
    text = plain(legend_html(data, words=english))

    assert "Off-peak 50.0 KRW/kWh Mid-peak 100.0 KRW/kWh Peak 150.0 KRW/kWh" in text
    assert "Repaired reading (1)" in text


def test_the_legend_of_readings_alone_has_no_forecast_and_no_price(data: Data, english: Words) -> None:
    text = plain(legend_html(replace(data, forecast=None), words=english))

    assert "Forecast" not in text
    assert "KRW" not in text


def test_now_is_explained_in_words(data: Data, english: Words) -> None:
    text = plain(chart_head_html(data, words=english))

    assert "is the end of the known readings: Mon 15 Jan 2018, 00:00." in text


def test_a_zoom_button_moves_the_chart_even_when_pressed_twice(session: Session, data: Data) -> None:
    view = ForecastView(session)
    view.data = data
    view.build()
    assert view.chart is not None
    shown = view.chart.x_range

    view.show("1d")
    moved = shown.start
    shown.start = shown.end
    view.show("1d")

    assert shown.start == moved
    assert session.window == "1d"
