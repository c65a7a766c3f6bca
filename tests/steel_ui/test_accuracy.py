from __future__ import annotations

from dataclasses import replace

import pytest
from bokeh.models import FactorRange, GlyphRenderer
from bokeh.plotting import figure

from steel_client.models import ModelsAnswer
from steel_ui import testing_answers as answers
from steel_ui.expected import Data
from steel_ui.figures import Look
from steel_ui.lead_times import Lead, lead_chart, leads_of
from steel_ui.theme import LIGHT
from steel_ui.views.accuracy import accuracy_html
from steel_ui.words import Words


@pytest.fixture
def models() -> ModelsAnswer:
    """LightGBM is off by 2 kWh a quarter of an hour ahead and 4 a day ahead; the naive forecast by twice as much."""
    return ModelsAnswer.model_validate(answers.models())


def test_each_lead_stands_beside_the_naive_forecast(models: ModelsAnswer) -> None:
    assert leads_of(models) == (
        Lead("15min", 2.0, 4.0, 0.82),
        Lead("24h", 4.0, 8.0, 0.82),
        Lead("over_24h", 5.0, 10.0, 0.82),
    )


def test_a_naive_champion_is_not_compared_with_itself(models: ModelsAnswer) -> None:
    assert models.serving is not None
    serving = models.serving.model_copy(update={"model": "seasonal_naive"})

    assert [lead.naive_kwh for lead in leads_of(models.model_copy(update={"serving": serving}))] == [None] * 3


def test_without_a_serving_model_there_are_no_leads(models: ModelsAnswer) -> None:
    assert leads_of(models.model_copy(update={"serving": None})) == leads_of(None) == ()


def test_the_sentence_tells_the_nearest_and_the_farthest_lead(
    data: Data, models: ModelsAnswer, english: Words, spanish: Words
) -> None:
    told = replace(data, models=models)

    assert (
        "A day ahead it is off by 4.0 kWh on average, the naive forecast by 8.0 kWh, and 82 % of the readings lie in "
        "the 80 % band." in accuracy_html(told, words=english)
    )
    assert "Con un cuarto de hora de adelanto se equivoca en 2,0 kWh" in accuracy_html(told, words=spanish)


def test_a_model_without_scores_says_so(data: Data, english: Words) -> None:
    html = accuracy_html(data, words=english)

    assert "has no scores of its own" in html
    assert "ahead" not in html


def test_the_chart_draws_both_lines_over_the_leads_and_all_together_apart(models: ModelsAnswer, english: Words) -> None:
    plot = lead_chart(leads_of(models), look=Look(english, LIGHT))

    assert isinstance(plot, figure)
    assert isinstance(plot.x_range, FactorRange)
    assert plot.x_range.factors == ["15 min", "24 h", "all up to 24 h"]
    drawn = [one.data_source.data for one in plot.renderers if isinstance(one, GlyphRenderer)]
    assert [list(one["y"]) for one in drawn[::2]] == [[4.0, 8.0], [2.0, 4.0]]
    assert [list(one["kwh"]) for one in drawn[1::2]] == [[4.0, 8.0, 10.0], [2.0, 4.0, 5.0]]
