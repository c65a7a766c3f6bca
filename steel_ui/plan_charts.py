"""The charts of the plan page: the load before and after over the tariff bands with each job's runs, and the front.

Records in, Bokeh figures out; no request, no session and no Panel here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.core.properties import value
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, HoverTool, LayoutDOM, Range1d, Span
from bokeh.plotting import figure

from steel_client.models import FrontPoint, JobRun, OptimizeAnswer, PlannedJob
from steel_ui import series
from steel_ui.charts import dress_time_axis
from steel_ui.client import INTERVAL
from steel_ui.figures import Look, dress_axes, frame, number_ticks, tooltip
from steel_ui.planning import LoadRow
from steel_ui.series import wall
from steel_ui.theme import FONT
from steel_ui.words import DASH, Words

LOAD_PX = 320
JOB_PX = 44
FRONT_PX = 280
HEADROOM = 1.12
NEAR = 1.3
"""Times the highest load: a limit beyond it would only press the load together."""
SIDE_PX = 68
"""Room for the numbers beside both drawings, so that their hours stand under each other."""


def load_chart(
    rows: Sequence[LoadRow], *, look: Look, limit_kw: float | None, jobs: Sequence[PlannedJob] = ()
) -> LayoutDOM:
    """The load in kW before and after the plan, and under it when each job runs.

    Args:
        rows: the intervals, at least one; those without a plan have no load after it.
        look: language and colours.
        limit_kw: what is contracted; drawn where it is near the load.
        jobs: as planned.
    """
    starts, ends = wall(rows[0].interval_start), wall(rows[-1].interval_start) + INTERVAL
    span = Range1d(starts, ends)
    top = max(max(row.before_kw, row.after_kw or 0) for row in rows)
    is_near = limit_kw is not None and limit_kw < NEAR * top
    height = max(top, limit_kw if is_near and limit_kw else 0) * HEADROOM or 1
    plot = frame(look, height=LOAD_PX, x_axis_type="datetime", x_range=span, y_range=Range1d(0, height))
    _draw_bands(plot, rows, look)
    _draw_load(plot, rows, look)
    if is_near:
        plot.add_layout(Span(location=limit_kw, dimension="width", line_color=look.colours.bad, line_dash=[5, 3]))
    _add_hover(plot, rows, look)
    dress_time_axis(plot, look)
    plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit="kW")
    plot.min_border_left = SIDE_PX
    parts = [plot] if not jobs else [plot, _runs(jobs, rows, span, look)]
    return column(*parts, sizing_mode="stretch_width", spacing=4)


def _draw_bands(plot: figure, rows: Sequence[LoadRow], look: Look) -> None:
    runs = series.band_runs(rows)
    columns = {
        "start": [run.start for run in runs],
        "end": [run.end for run in runs],
        "colour": [look.colours.band(run.band) for run in runs],
    }
    source = ColumnDataSource(columns)
    plot.vstrip(x0="start", x1="end", fill_color="colour", line_color=None, level="underlay", source=source)


def _draw_load(plot: figure, rows: Sequence[LoadRow], look: Look) -> None:
    is_planned = rows[0].after_kw is not None
    before = ColumnDataSource(series.stepped(rows, kw=[row.before_kw for row in rows]))
    if not is_planned:
        plot.step("time", "kw", mode="after", color=look.colours.expected, width=2.2, source=before)
        return
    after = ColumnDataSource(series.stepped(rows, kw=[row.after_kw or 0 for row in rows]))
    plot.varea_step("time", 0, "kw", step_mode="after", color=look.colours.expected, alpha=0.12, source=after)
    plot.step("time", "kw", mode="after", color=look.colours.expected, width=2.2, source=after)
    plot.step("time", "kw", mode="after", color=look.colours.measured, width=1.5, line_dash=[5, 3], source=before)


def _add_hover(plot: figure, rows: Sequence[LoadRow], look: Look) -> None:
    say, is_planned = look.words, rows[0].after_kw is not None
    columns = {
        "left": [wall(row.interval_start) for row in rows],
        "right": [wall(row.interval_start) + INTERVAL for row in rows],
        "top": [max(row.before_kw, row.after_kw or 0) for row in rows],
        "when": [f"{say.moment(row.interval_start)}{DASH}{row.interval_start + INTERVAL:%H:%M}" for row in rows],
        "before": [f"{say.number(row.before_kw)} kW" for row in rows],
        "after": [f"{say.number(row.after_kw or 0)} kW" for row in rows],
        "band": [say(f"band_{row.band}") for row in rows],
    }
    boxes = plot.quad(
        left="left",
        right="right",
        bottom=0,
        top="top",
        fill_alpha=0,
        line_alpha=0,
        hover_fill_alpha=0.2,
        hover_fill_color=look.colours.expected,
        hover_line_alpha=0,
        source=ColumnDataSource(columns),
    )
    after = [(say("plan_after"), "after")] if is_planned else []
    lines = [(say("plan_before"), "before"), *after, (say("bands"), "band")]
    plot.add_tools(HoverTool(renderers=[boxes], mode="vline", tooltips=tooltip(look, *lines), attachment="horizontal"))


def _runs(jobs: Sequence[PlannedJob], rows: Sequence[LoadRow], span: Range1d, look: Look) -> figure:
    """A lane for each job, the first on top: its name, its runs as planned and, thin, as they would be."""
    lanes = len(jobs)
    plot = frame(look, height=JOB_PX * lanes + 8, x_axis_type="datetime", x_range=span, y_range=Range1d(lanes, 0))
    plot.min_border_left = SIDE_PX
    _draw_bands(plot, rows, look)
    drawn = [
        _bars(plot, [(n, run) for n, job in enumerate(jobs) for run in job.runs], (0.5, 0.82), look, is_planned=True),
        _bars(
            plot,
            [(n, run) for n, job in enumerate(jobs) for run in job.baseline_runs],
            (0.86, 0.95),
            look,
            is_planned=False,
        ),
    ]
    labels = {
        "x": [span.start] * lanes,
        "y": [n + 0.26 for n in range(lanes)],
        "text": [job.name for job in jobs],
    }
    plot.text(
        "x",
        "y",
        "text",
        x_offset=6,
        text_baseline="middle",
        text_color=look.colours.ink,
        text_font=value(FONT),
        text_font_size="13px",
        source=ColumnDataSource(labels),
    )
    hover = HoverTool(renderers=drawn, tooltips=tooltip(look, (look.words("plan_energy"), "energy"), foot="@kind"))
    plot.add_tools(hover)
    plot.axis.visible = False
    return plot


def _bars(
    plot: figure, runs: Sequence[tuple[int, JobRun]], edges: tuple[float, float], look: Look, *, is_planned: bool
) -> object:
    say = look.words
    kind = say("plan_after" if is_planned else "plan_before")
    columns = {
        "left": [wall(run.start) for _, run in runs],
        "right": [wall(run.end) for _, run in runs],
        "top": [lane + edges[0] for lane, _ in runs],
        "bottom": [lane + edges[1] for lane, _ in runs],
        "when": [f"{say.moment(run.start)}{DASH}{run.end:%H:%M}" for _, run in runs],
        "energy": [f"{say.number(run.energy_kwh, digits=1)} kWh" for _, run in runs],
        "kind": [kind] * len(runs),
    }
    colour = look.colours.expected if is_planned else look.colours.measured
    return plot.quad(
        left="left",
        right="right",
        top="top",
        bottom="bottom",
        fill_color=colour,
        fill_alpha=0.85 if is_planned else 0.6,
        line_color=None,
        source=ColumnDataSource(columns),
    )


def front_chart(front: Sequence[FrontPoint], *, look: Look, answer: OptimizeAnswer) -> LayoutDOM:
    """Cost against the highest demand of each plan of the front, and doing nothing beside them.

    Args:
        front: plans of which none is better than another in cost, CO2 and peak; at least one.
        look: language and colours.
        answer: the plan that they stand beside.
    """
    say = look.words
    costs = [point.cost_krw for point in front]
    nothing = (answer.baseline_peak_kw, costs[0] + answer.savings.total_krw)
    peaks = [*(point.peak_kw for point in front), nothing[0]]
    plot = frame(look, height=FRONT_PX, x_range=_around(peaks), y_range=_around([*costs, nothing[1]]))
    plot.min_border_left = SIDE_PX
    points = [(point.peak_kw, point.cost_krw, point.co2_t) for point in front]
    source = _points(points, named="front_plan", say=say, currency=answer.currency)
    plot.line("peak", "cost", color=look.colours.expected, width=1.5, source=source)
    drawn = plot.scatter(
        "peak", "cost", size=11, color=look.colours.expected, line_color=look.colours.surface, source=source
    )
    before = plot.scatter(
        "peak",
        "cost",
        size=11,
        marker="diamond",
        color=look.colours.measured,
        source=_points([(*nothing, answer.baseline_co2_t)], named="plan_before", say=say, currency=answer.currency),
    )
    lines = ((say("plan_cost"), "cost_text"), (say("plan_peak"), "peak_text"), ("CO₂", "co2_text"))
    plot.add_tools(HoverTool(renderers=[drawn, before], tooltips=tooltip(look, *lines)))
    plot.xaxis.formatter = plot.yaxis.formatter = number_ticks(look)
    dress_axes(plot, look, unit=answer.currency)
    plot.xaxis.axis_label = f"{say('plan_peak')}, kW"
    return plot


def _points(points: Sequence[tuple[float, float, float]], *, named: str, say: Words, currency: str) -> ColumnDataSource:
    """Peak (kW), cost and CO2 (t) of each point, with the texts of its tooltip."""
    peaks, costs, emissions = (list(values) for values in zip(*points, strict=True))
    return ColumnDataSource(
        {
            "peak": peaks,
            "cost": costs,
            "when": [say(named)] * len(peaks),
            "cost_text": [f"{say.number(cost)} {currency}" for cost in costs],
            "peak_text": [f"{say.number(peak)} kW" for peak in peaks],
            "co2_text": [f"{say.number(co2, digits=3)} t" for co2 in emissions],
        }
    )


def _around(values: Sequence[float]) -> Range1d:
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or max(abs(high) * 0.05, 1.0)
    return Range1d(low - room, high + room)
