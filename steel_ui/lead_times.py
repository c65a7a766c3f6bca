"""How far off a forecast is so long ahead, as a small chart; no request, no session and no Panel here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bokeh.models import ColumnDataSource, FactorRange, HoverTool, LayoutDOM, Range1d
from bokeh.plotting import figure

from steel_client.models import LeadScores, ModelsAnswer, ModelStanding
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.words import DASH, Words

HEIGHT_PX = 220
HEADROOM = 1.15
OVERALL = "over_24h"
NAIVE = "seasonal_naive"
ERROR = "mae_kwh"


@dataclass(frozen=True)
class Lead:
    """One lead time: the mean absolute error of the model and of the naive forecast, and what the model's band held.

    Attributes:
        lead_time: its name, such as ``6h``; ``over_24h`` is all of them up to a day.
        model_kwh: error of the model that answers, per 15 minutes.
        naive_kwh: of the seasonal naive forecast; None where it was not tried out.
        held: share of the readings inside the 80 % band, 0 to 1; None where it is not told.
    """

    lead_time: str
    model_kwh: float
    naive_kwh: float | None
    held: float | None


def leads_of(models: ModelsAnswer | None) -> tuple[Lead, ...]:
    """The lead times of the model that answers, the nearest first; empty where the build kept no scores of it."""
    serving = models.serving.model if models and models.serving else ""
    own, naive = (_by_lead(models, name) for name in (serving, NAIVE))
    return tuple(
        Lead(
            lead_time=lead,
            model_kwh=scores.scores[ERROR],
            naive_kwh=naive[lead].scores.get(ERROR) if lead in naive and serving != NAIVE else None,
            held=scores.scores.get("coverage_80"),
        )
        for lead, scores in own.items()
        if ERROR in scores.scores
    )


def lead_chart(leads: Sequence[Lead], *, look: Look) -> LayoutDOM:
    """Two lines over the lead times, and apart from them a point for all leads together.

    Args:
        leads: at least one.
        look: language and colours.
    """
    errors = [kwh for lead in leads for kwh in (lead.model_kwh, lead.naive_kwh) if kwh is not None]
    names = FactorRange(*(lead_name(lead, look.words) for lead in leads), range_padding=0.08)
    plot = frame(look, height=HEIGHT_PX, x_range=names, y_range=Range1d(0, max(errors) * HEADROOM or 1))
    _draw(plot, leads, "naive_kwh", look.colours.muted, look)
    _draw(plot, leads, "model_kwh", look.colours.expected, look)
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=look.words("axis_energy"))
    return plot


def lead_name(lead: Lead, words: Words) -> str:
    """How long ahead, as short as an axis needs it."""
    return words.label("lead", lead.lead_time)


def _by_lead(models: ModelsAnswer | None, name: str) -> dict[str, LeadScores]:
    rows: Sequence[ModelStanding] = models.leaderboard if models else ()
    standing = next((row for row in rows if row.model == name), None)
    return {scores.lead_time: scores for scores in standing.test_by_lead} if standing else {}


def _draw(plot: figure, leads: Sequence[Lead], error: str, colour: str, look: Look) -> None:
    shown = [lead for lead in leads if getattr(lead, error) is not None]
    source = ColumnDataSource(
        {
            "lead": [lead_name(lead, look.words) for lead in shown],
            "kwh": [getattr(lead, error) for lead in shown],
            **_texts(shown, look.words),
        }
    )
    near = [lead for lead in shown if lead.lead_time != OVERALL]
    points = [lead_name(lead, look.words) for lead in near], [getattr(lead, error) for lead in near]
    plot.line(*points, color=colour, width=2)
    drawn = plot.scatter("lead", "kwh", size=9, color=colour, line_color=look.colours.surface, source=source)
    lines = [(look.words(f"lead_{name}"), name) for name in ("model", "naive", "held")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines, head="@lead"), attachment="horizontal"))


def _texts(leads: Sequence[Lead], words: Words) -> dict[str, list[str]]:
    def kwh(value: float | None) -> str:
        return DASH if value is None else f"{words.number(value, digits=1)} {words.units.energy}"

    return {
        "model": [kwh(lead.model_kwh) for lead in leads],
        "naive": [kwh(lead.naive_kwh) for lead in leads],
        "held": [DASH if lead.held is None else words.percent(lead.held) for lead in leads],
    }
