"""Sections of the exploratory report on structure: correlation, decomposition, autocorrelation.

Each function turns the prepared readings into a ``Section``, or into one that says what it would need.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots
from statsmodels.tsa.seasonal import STL, DecomposeResult
from statsmodels.tsa.stattools import acf, pacf

from steel_energy.reporting import charts
from steel_energy.reporting.eda_data import EdaData
from steel_energy.reporting.page import Section, chart, grid, left_out
from steel_energy.reporting.wording import COLUMN_LABELS, listing, number
from steel_energy.schema import (
    DAYS_PER_WEEK,
    HOURS_PER_DAY,
    INTERVALS_PER_DAY,
    INTERVALS_PER_HOUR,
    INTERVALS_PER_WEEK,
    MEASURED,
)

DAYS_FOR_WEEKLY_STL, DAYS_FOR_DAILY_STL = 4 * DAYS_PER_WEEK, 3
CLOCK_CHANGE_INTERVALS = 4
"""A day of a clock change is one hour shorter or longer."""
ACF_LAGS, PACF_LAGS = INTERVALS_PER_WEEK + INTERVALS_PER_DAY, INTERVALS_PER_DAY + INTERVALS_PER_HOUR
MATRIX_PX = 560
CONFIDENCE_Z = 1.96
"""95 % of the autocorrelations of white noise lie within this many times 1/sqrt(n)."""


def correlation(data: EdaData) -> Section:
    """Pearson correlation of the measured columns that vary."""
    names = [column.name for column in MEASURED]
    varying = [name for name in names if data.frame[name].n_unique() > 1]
    constant = [COLUMN_LABELS[name] for name in names if name not in varying]
    remark = f" Constant here and left out: {listing(constant)}." if constant else ""
    if len(varying) < 2 or "usage_kwh" not in varying:  # noqa: PLR2004 - a correlation has two sides
        return left_out("correlation", "Correlation", f"Correlation needs usage and another column to vary.{remark}")
    matrix = np.corrcoef(data.frame.select(varying).to_numpy(), rowvar=False)
    usage = sorted(zip(varying[1:], matrix[0, 1:], strict=True), key=lambda pair: -abs(pair[1]))
    ranked = [f"{COLUMN_LABELS[name]} {number(r, 2)}" for name, r in usage]
    text = (
        f"Correlation with usage: **{listing(ranked)}**. CO2 and the power factors "
        "are computed by the meter from the energies, so a high value there is arithmetic, not insight."
        f"{remark}"
    )
    figure = _matrix([COLUMN_LABELS[name] for name in varying], matrix)
    return Section(
        "correlation",
        "Correlation",
        text,
        (chart(figure, "Pearson correlation of the measured columns", least_px=MATRIX_PX),),
    )


def decomposition(data: EdaData) -> Section:
    """STL: daily energy with a weekly season, or hourly energy with a daily one where there are few days."""
    title = "Trend and season (STL)"
    whole = data.daily.filter(pl.col("intervals") >= INTERVALS_PER_DAY - CLOCK_CHANGE_INTERVALS)
    if whole.height < DAYS_FOR_DAILY_STL:
        needs = f"A decomposition needs at least {DAYS_FOR_DAILY_STL} whole days; these readings have {whole.height}."
        return left_out("stl", title, needs)
    is_weekly = whole.height >= DAYS_FOR_WEEKLY_STL
    times, values, period = _daily(whole) if is_weekly else _hourly(data)
    parts = STL(values, period=period, robust=True).fit()
    what = ("daily energy", "weekly", "kWh a day") if is_weekly else ("hourly energy", "daily", "kWh an hour")
    swing = float(np.ptp(parts.seasonal[-period:]))
    trend, season = _strength(parts.trend, parts.resid), _strength(parts.seasonal, parts.resid)
    text = (
        f"Robust STL of the {what[0]} with a {what[1]} season. The trend moves between "
        f"**{number(parts.trend.min())} and {number(parts.trend.max())} {what[2]}**; the latest {what[1]} season "
        f"swings by {number(swing)} {what[2]}. On a scale from 0 to 1 the strength of the trend is {trend:.2f} and "
        f"that of the season **{season:.2f}**: what neither explains is the remainder."
    )
    return Section(
        "stl", title, text, (chart(_stl_figure(times, values, parts, what[2]), f"STL of the {what[0]}, {what[2]}"),)
    )


def autocorrelation(data: EdaData) -> Section:
    """How much of an interval's usage is known from earlier intervals."""
    usage = data.frame["usage_kwh"].to_numpy()
    title = "Autocorrelation"
    if np.ptp(usage) == 0 or usage.size < INTERVALS_PER_DAY:
        return left_out(
            "acf", title, f"Autocorrelation needs a whole day of usage that varies; there are {usage.size} intervals."
        )
    longest = usage.size // 2 - 1
    total, partial = (
        acf(usage, nlags=min(ACF_LAGS, longest), fft=True),
        pacf(usage, nlags=min(PACF_LAGS, longest), method="ywm"),
    )
    bound = CONFIDENCE_Z / float(np.sqrt(usage.size))
    marks = {1: "15 minutes", INTERVALS_PER_HOUR: "1 hour", INTERVALS_PER_DAY: "1 day", INTERVALS_PER_WEEK: "7 days"}
    known = [f"{total[lag]:.2f} after {name}" for lag, name in marks.items() if lag < total.size]
    beyond, largest = int((np.abs(partial[1:]) > bound).sum()), 1 + int(np.abs(partial[1:]).argmax())
    text = (
        f"Autocorrelation of the 15-minute usage: **{listing(known)}**. Of {partial.size - 1} partial autocorrelations "
        f"{beyond} lie outside the band of white noise (±{bound:.3f}, 95 %); the largest is {partial[largest]:.2f}, "
        f"{number(largest / INTERVALS_PER_HOUR, 2)} h before."
    )
    figures = (
        chart(_acf_figure(total, bound, in_days=True), "Autocorrelation (ACF)"),
        chart(_acf_figure(partial, bound, in_days=False), "Partial autocorrelation (PACF)"),
    )
    return Section("acf", title, text, (grid(*figures),))


def _matrix(labels: list[str], matrix: np.ndarray[Any, Any]) -> go.Figure:
    columns = [label.replace(" ", "<br>") for label in labels]
    shown = charts.heatmap(
        columns, labels, matrix.round(2), unit="r", scale=charts.DIVERGING, zmin=-1, zmax=1, xgap=2, ygap=2,
        texttemplate="%{z:.2f}", hover="%{y} and %{x}<br><b>r = %{z:.2f}</b>",
    )  # fmt: skip
    figure = charts.styled(shown, height=420)
    return figure.update_yaxes(autorange="reversed", showgrid=False)


def _daily(whole: pl.DataFrame) -> tuple[list[Any], np.ndarray[Any, Any], int]:
    return whole["date"].to_list(), whole["usage_kwh"].to_numpy(), DAYS_PER_WEEK


def _hourly(data: EdaData) -> tuple[list[Any], np.ndarray[Any, Any], int]:
    hour = pl.col("interval_start").dt.truncate("1h").dt.replace_time_zone(None)
    hourly = data.frame.group_by(hour=hour).agg(pl.col("usage_kwh").sum()).sort("hour")
    return hourly["hour"].to_list(), hourly["usage_kwh"].to_numpy(), HOURS_PER_DAY


def _strength(part: np.ndarray[Any, Any], remainder: np.ndarray[Any, Any]) -> float:
    """Hyndman's strength: 1 - var(remainder) / var(part + remainder), at least 0; 0 where both are constant."""
    both = float(np.var(part + remainder))
    return max(0.0, 1 - float(np.var(remainder)) / both) if both > 0 else 0.0


def _stl_figure(times: list[Any], values: np.ndarray[Any, Any], parts: DecomposeResult, unit: str) -> go.Figure:
    panels = {"observed": values, "trend": parts.trend, "season": parts.seasonal, "remainder": parts.resid}
    figure = make_subplots(rows=len(panels), shared_xaxes=True, vertical_spacing=0.035)
    for row, (name, series) in enumerate(panels.items(), start=1):
        colour = charts.CONTRAST if name == "trend" else charts.ACCENT
        line = charts.lines(
            times, np.round(series, 1).tolist(), name=name, colour=colour, width=1.4, hover=f"%{{y:,.0f}} {unit}"
        )
        figure.add_trace(line, row=row, col=1)
        figure.update_yaxes(title_text=name, nticks=5, row=row, col=1)
    return figure.update_layout(template=charts.look(), height=560, showlegend=False)


def _acf_figure(values: np.ndarray[Any, Any], bound: float, *, in_days: bool) -> go.Figure:
    per_unit = INTERVALS_PER_DAY if in_days else INTERVALS_PER_HOUR
    lags = (np.arange(1, values.size) / per_unit).round(4).tolist()
    heights = values[1:].round(4).tolist()
    shown = (
        charts.lines(lags, heights, width=1.6, hover="%{y:.2f}")
        if in_days
        else charts.bars(lags, heights, hover="%{y:.2f}")
    )
    figure = charts.styled(shown, x="lag, days" if in_days else "lag, hours", y="correlation", height=290, bargap=0.3)
    figure.add_hrect(y0=-bound, y1=bound, fillcolor=charts.CONTRAST, opacity=0.22, line_width=0)
    return figure.update_yaxes(zeroline=True).update_xaxes(dtick=1 if in_days else 3)
