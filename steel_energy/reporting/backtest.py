"""A backtest as one chart: what was forecast a day ahead, its band, and what came."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from steel_energy.timeline import DEFAULT_HORIZON

DAYS_SHOWN = 14
INK, ACCENT, BAND = "#1f2933", "#c2571a", "rgba(194,87,26,0.22)"


def backtest_page(backtested: pl.DataFrame, *, title: str) -> str:
    """The last two weeks of a backtest as a self-contained HTML page.

    Args:
        backtested: as ``evaluation.backtest`` returns it; one forecast a day is shown.
        title: above the chart.
    """
    frame = _one_forecast_an_interval(backtested)
    time = frame["interval_start"].dt.replace_time_zone(None).to_list()
    figure = go.Figure(
        [
            go.Scatter(x=time, y=frame["q95"], line={"width": 0}, showlegend=False, hoverinfo="skip"),
            go.Scatter(x=time, y=frame["q05"], line={"width": 0}, fill="tonexty", fillcolor=BAND, name="90 % band"),
            go.Scatter(x=time, y=frame["mean_kwh"], line={"color": ACCENT, "width": 2}, name="forecast"),
            go.Scatter(x=time, y=frame["usage_kwh"], line={"color": INK, "width": 1}, name="reading"),
        ]
    )
    figure.update_layout(
        title=title, template="plotly_white", hovermode="x unified", yaxis_title="kWh in 15 minutes", legend_y=1.05
    )
    return str(figure.to_html(include_plotlyjs=True, full_html=True))


def _one_forecast_an_interval(backtested: pl.DataFrame) -> pl.DataFrame:
    newest = backtested["origin"].max()
    spaced = ((pl.lit(newest) - pl.col("origin")).dt.total_minutes() % (24 * 60)) == 0
    return backtested.filter(spaced).sort("interval_start").tail(DAYS_SHOWN * DEFAULT_HORIZON)
