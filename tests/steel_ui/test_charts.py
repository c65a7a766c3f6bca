from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bokeh.document import Document
from bokeh.models import HoverTool, Label, Quad, RangeTool, Span, Step, VAreaStep, VStrip
from bokeh.models import Scatter as Marker

from steel_ui.charts import Chart, forecast_chart
from steel_ui.client import Forecast, History
from steel_ui.figures import Look
from steel_ui.theme import DARK, LIGHT
from steel_ui.words import Words


@pytest.fixture
def look(english: Words) -> Look:
    return Look(words=english, colours=LIGHT)


@pytest.fixture
def chart(history: History, forecast: Forecast, look: Look) -> Chart:
    return forecast_chart(history, forecast, look=look, window="3d")


def glyphs(chart: Chart, kind: type) -> list[Any]:
    main = chart.layout.children[0]
    return [renderer for renderer in main.renderers if isinstance(renderer.glyph, kind)]


def test_readings_forecast_bands_and_tariff_are_all_drawn(chart: Chart) -> None:
    drawn = {kind.__name__: len(glyphs(chart, kind)) for kind in (VStrip, VAreaStep, Step, Marker, Quad)}

    assert drawn == {"VStrip": 1, "VAreaStep": 2, "Step": 2, "Scatter": 1, "Quad": 2}


def test_the_tariff_lies_behind_everything(chart: Chart) -> None:
    (strip,) = glyphs(chart, VStrip)

    assert strip.level == "underlay"
    assert set(strip.data_source.data["colour"]) == {LIGHT.band_light, LIGHT.band_medium, LIGHT.band_maximum}


def test_the_80_percent_band_lies_within_the_lighter_90_percent_band(chart: Chart) -> None:
    outer, inner = glyphs(chart, VAreaStep)

    assert (outer.glyph.y1, outer.glyph.y2) == ("q05", "q95")
    assert (inner.glyph.y1, inner.glyph.y2) == ("q10", "q90")
    assert outer.glyph.fill_alpha < inner.glyph.fill_alpha


def test_now_is_marked_at_the_end_of_the_readings_and_named(chart: Chart) -> None:
    main = chart.layout.children[0]

    (span,), (label,) = main.select({"type": Span}), main.select({"type": Label})
    assert span.location == dt.datetime(2018, 1, 15)  # noqa: DTZ001 - plant wall time
    assert label.text == "now"


def test_the_axis_names_its_unit_and_the_pointer_works_anywhere_in_an_interval(chart: Chart) -> None:
    main = chart.layout.children[0]

    assert main.yaxis[0].axis_label == "kWh per 15 min"
    assert {tool.mode for tool in main.select({"type": HoverTool})} == {"vline"}


def test_the_strip_moves_the_range_of_the_chart(chart: Chart) -> None:
    strip = chart.layout.children[1]

    (tool,) = strip.select({"type": RangeTool})
    assert tool.x_range is chart.x_range


def test_readings_alone_and_a_forecast_alone_can_be_drawn(history: History, forecast: Forecast, look: Look) -> None:
    past = forecast_chart(history, None, look=look, window="1d")
    future = forecast_chart(None, forecast, look=look, window="1d")

    assert (len(glyphs(past, Step)), len(glyphs(past, VAreaStep))) == (1, 0)
    assert (len(glyphs(future, Step)), len(glyphs(future, VAreaStep))) == (1, 2)


def test_a_chart_is_valid_for_bokeh_and_wears_the_dark_palette(
    history: History, forecast: Forecast, spanish: Words
) -> None:
    chart = forecast_chart(history, forecast, look=Look(words=spanish, colours=DARK), window="14d")
    document = Document()
    document.add_root(chart.layout)

    document.validate()
    assert chart.layout.children[0].background_fill_color == DARK.surface
