"""What drives the champion and where it errs, as Bokeh figures; no request, no session and no Panel here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, FactorRange, FixedTicker, HoverTool, LayoutDOM, Range1d, Span
from bokeh.plotting import figure
from bokeh.transform import dodge

from steel_client.models import BandHeld, DensityCell, DriverSize, ErrorGroup, QuantileLevel
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.theme import FONT
from steel_ui.words import DASH

ROW_PX = 46
CHART_PX = 260
TALL_PX = 360
HEADROOM = 1.12
MOST_TICKS = 12
"""As many as a phone has room for."""
BAR_SHARE = 0.36
LEAST_POINTS = 4.0
"""The axis of promises kept reaches this far at least, in percentage points, so that noise does not fill it."""
FAINTEST = 0.12


def driver_bars(drivers: Sequence[DriverSize], *, look: Look) -> LayoutDOM:
    """A lying bar for each driver of one range of leads, the strongest on top, its name above it."""
    ranked = sorted(drivers, key=lambda one: one.mean_abs_kwh)
    places = list(range(len(ranked)))
    plot = frame(
        look, height=ROW_PX * len(ranked) + 50, x_range=_from_zero(ranked), y_range=Range1d(-0.5, len(ranked) - 0.2)
    )
    source = ColumnDataSource(
        {
            "place": places,
            "name_at": [place + 0.25 for place in places],
            "zero": [0] * len(ranked),
            "when": [look.words.label("driver", one.driver.replace(" ", "_")) for one in ranked],
            "kwh": [one.mean_abs_kwh for one in ranked],
            "text": [f"{look.words.number(one.mean_abs_kwh, digits=2)} {look.words.units.energy}" for one in ranked],
        }
    )
    drawn = plot.hbar("place", 0.38, "kwh", color=look.colours.expected, line_color=None, alpha=0.85, source=source)
    label(plot, look, x="zero", y="name_at", text="when", source=source)
    plot.text("kwh", "place", "text", source=source, x_offset=6, text_baseline="middle", **_small(look.colours.muted))
    lines = [(look.words("drives_size"), "text")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines), attachment="horizontal"))
    dress_axes(plot, look, unit="")
    dress_lying(plot, look, unit=look.words("axis_energy"))
    plot.yaxis.visible = False
    return plot


def error_bars(groups: Sequence[ErrorGroup], names: Sequence[str], *, look: Look) -> LayoutDOM:
    """For each group its RMSE and its MAE beside each other."""
    say, places = look.words, list(range(len(groups)))
    top = max(group.rmse_kwh for group in groups) * HEADROOM or 1
    plot = frame(look, height=CHART_PX, x_range=Range1d(-0.6, len(groups) - 0.4), y_range=Range1d(0, top))
    source = ColumnDataSource(
        {
            "place": places,
            "when": list(names),
            "rmse": [group.rmse_kwh for group in groups],
            "mae": [group.mae_kwh for group in groups],
            **_error_texts(groups, look),
        }
    )
    drawn = []
    for name, colour, side in (("rmse", look.colours.expected, -1), ("mae", look.colours.measured, 1)):
        place = dodge("place", side * BAR_SHARE / 2, range=plot.x_range)
        drawn.append(plot.vbar(place, BAR_SHARE, name, color=colour, line_color=None, alpha=0.85, source=source))
    lines = [(say(f"error_{name}"), f"{name}_text") for name in ("rmse", "mae", "bias", "held", "usage", "forecasts")]
    plot.add_tools(HoverTool(renderers=drawn, mode="vline", tooltips=tooltip(look, *lines), attachment="horizontal"))
    shown = places[:: math.ceil(len(places) / MOST_TICKS)]
    plot.xaxis.ticker = FixedTicker(ticks=shown)
    plot.xaxis.major_label_overrides = {place: names[place] for place in shown}
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=say("axis_energy"))
    return plot


def promises(levels: Sequence[QuantileLevel], bands: Sequence[BandHeld], *, look: Look) -> LayoutDOM:
    """How far each quantile and each band is from what it promises, in percentage points."""
    say = look.words
    kept = [(say("promise_quantile", percent=_percent(one.promised)), one.promised, one.seen) for one in levels]
    kept += [(say("promise_band", percent=_percent(one.promised)), one.promised, one.seen) for one in bands]
    off = [100 * (seen - promised) for _, promised, seen in kept]
    reach = max(LEAST_POINTS, *(HEADROOM * abs(points) for points in off))
    names = [name for name, _, _ in kept]
    plot = frame(look, height=TALL_PX, y_range=FactorRange(*reversed(names)), x_range=Range1d(-reach, reach))
    of_band = [False] * len(levels) + [True] * len(bands)
    source = ColumnDataSource(
        {
            "when": names,
            "off": off,
            "zero": [0] * len(kept),
            "colour": [look.colours.attention if is_band else look.colours.expected for is_band in of_band],
            "promised": [say.percent(promised) for _, promised, _ in kept],
            "seen": [say.percent(seen, digits=1) for _, _, seen in kept],
        }
    )
    plot.add_layout(Span(location=0, dimension="height", line_color=look.colours.ink, line_width=1))
    plot.segment("zero", "when", "off", "when", line_color="colour", line_width=2.5, source=source)
    drawn = plot.scatter("off", "when", size=11, color="colour", line_color=look.colours.surface, source=source)
    lines = [(say("promised"), "promised"), (say("kept"), "seen")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines), attachment="horizontal"))
    dress_axes(plot, look, unit="")
    dress_lying(plot, look, unit=say("axis_points"))
    return plot


def density(cells: Sequence[DensityCell], bin_kwh: float, *, look: Look) -> LayoutDOM:
    """Forecasts against the readings that came: the darker a cell, the more of them; on the line they are the same."""
    say = look.words
    top = max(max(cell.forecast_kwh, cell.usage_kwh) for cell in cells) + bin_kwh
    most = math.log1p(max(cell.forecasts for cell in cells))
    plot = frame(look, height=TALL_PX, x_range=Range1d(0, top), y_range=Range1d(0, top))
    source = ColumnDataSource(
        {
            "left": [cell.forecast_kwh for cell in cells],
            "right": [cell.forecast_kwh + bin_kwh for cell in cells],
            "bottom": [cell.usage_kwh for cell in cells],
            "top": [cell.usage_kwh + bin_kwh for cell in cells],
            "alpha": [FAINTEST + (1 - FAINTEST) * math.log1p(cell.forecasts) / most for cell in cells],
            "when": [say("density_cell", n=say.number(cell.forecasts)) for cell in cells],
            "forecast": [_range(cell.forecast_kwh, bin_kwh, look) for cell in cells],
            "usage": [_range(cell.usage_kwh, bin_kwh, look) for cell in cells],
        }
    )
    drawn = plot.quad(
        "left",
        "right",
        "top",
        "bottom",
        fill_color=look.colours.expected,
        fill_alpha="alpha",
        line_color=None,
        source=source,
    )
    plot.line([0, top], [0, top], color=look.colours.attention, line_width=1.5)
    lines = [(say("density_forecast"), "forecast"), (say("density_usage"), "usage")]
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=tooltip(look, *lines), attachment="horizontal"))
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=say("axis_came"))
    dress_lying(plot, look, unit=say("axis_forecast"))
    plot.ygrid.grid_line_color = look.colours.line
    return plot


def _from_zero(drivers: Sequence[DriverSize]) -> Range1d:
    """Room beside the longest bar for its figure."""
    return Range1d(0, max([one.mean_abs_kwh for one in drivers], default=0) * 1.25 or 1)


def label(plot: figure, look: Look, *, x: str, y: str, text: str, source: ColumnDataSource) -> None:
    """Names of rows inside the chart, where there is room for them on a phone too; above what they name."""
    plot.text(x, y, text, source=source, text_baseline="bottom", x_offset=2, **_small(look.colours.ink))


def _small(colour: str) -> dict[str, Any]:
    return {"text_color": colour, "text_font_size": "12px", "text_font": value(FONT)}  # a bare text names a column


def dress_lying(plot: figure, look: Look, *, unit: str) -> None:
    """A quiet axis of numbers below rows."""
    plot.xaxis.axis_label = unit
    plot.xaxis.formatter = number_ticks(look)
    plot.xaxis.ticker.update(desired_num_ticks=5, num_minor_ticks=0)
    plot.xgrid.grid_line_color = look.colours.line
    plot.ygrid.grid_line_color = None


def _error_texts(groups: Sequence[ErrorGroup], look: Look) -> dict[str, list[str]]:
    say = look.words
    return {
        "rmse_text": [f"{say.number(group.rmse_kwh, digits=2)} {say.units.energy}" for group in groups],
        "mae_text": [f"{say.number(group.mae_kwh, digits=2)} {say.units.energy}" for group in groups],
        "bias_text": [f"{say.number(group.bias_kwh, digits=2, signed=True)} {say.units.energy}" for group in groups],
        "held_text": [say.percent(group.coverage_80, digits=1) for group in groups],
        "usage_text": [f"{say.number(group.usage_kwh, digits=1)} {say.units.energy}" for group in groups],
        "forecasts_text": [say.number(group.forecasts) for group in groups],
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _range(start: float, bin_kwh: float, look: Look) -> str:
    return f"{look.words.number(start)}{DASH}{look.words.number(start + bin_kwh)} {look.words.units.energy}"
