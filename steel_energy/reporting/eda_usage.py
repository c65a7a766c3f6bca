"""Sections of the exploratory report on how much is used and when: the period, profiles, load duration.

Each function turns the prepared readings into a ``Section``; every number in its text is computed from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go
import polars as pl

from steel_energy.plant import WEEKDAYS
from steel_energy.reporting import charts
from steel_energy.reporting.eda_data import EdaData, mean, quantile
from steel_energy.reporting.page import Section, chart, grid
from steel_energy.reporting.wording import count, day, energy, listing, number, percent
from steel_energy.schema import DAYS_PER_WEEK, HOURS_PER_DAY, INTERVALS_PER_HOUR

DURATION_POINTS = 400
PEAK_SHARE = 0.01
BAND_QUANTILES = (0.1, 0.9)
OPEN_DAYS, CLOSED_DAYS = "operating days", "closed days"


def usage_over_time(data: EdaData) -> Section:
    """Energy of each day, and demand by hour and day."""
    daily = data.daily
    text = (
        f"The plant used **{energy(data.total_kwh)}** in {count(data.days, 'day')}: {_by_kind_of_day(daily)}."
        f"{_extreme_days(daily)}{_busy_hours(data)}"
    )
    blocks = (chart(_daily_energy(daily), "Energy of each day"), chart(_calendar(data), "Demand by hour and day"))
    return Section("usage", "Usage over time", text, blocks)


def profiles(data: EdaData) -> Section:
    """The usual day and week: by quarter hour, by hour and load type, by weekday."""
    by_type = data.open_days.group_by("load_type").agg(pl.col("demand_kw").mean()).sort("load_type")
    parts = [f"{name} {number(mean)} kW" for name, mean in by_type.rows()]
    on_open = f"Mean demand on operating days by load type: **{listing(parts)}**. " if parts else ""
    closed = data.frame.filter("is_closed")["demand_kw"]
    on_closed = (
        f"On closed days it is {number(mean(closed), 1)} kW on average."
        if closed.len()
        else "There is no closed day in these readings."
    )
    blocks = (
        chart(_quarter_hours(data), "Demand through the day"),
        grid(
            chart(_hours_by_load_type(data), "Mean demand by hour and load type"),
            chart(_weekdays(data), "Mean daily energy by weekday"),
        ),
    )
    return Section("profiles", "Daily and weekly profiles", on_open + on_closed, blocks)


def load_duration(data: EdaData) -> Section:
    """Demand sorted from the highest interval to the lowest."""
    demand = data.frame["demand_kw"].sort(descending=True)
    peak, knee = float(demand[0]), quantile(demand, 1 - PEAK_SHARE)
    hours = PEAK_SHARE * demand.len() / INTERVALS_PER_HOUR
    text = (
        f"The top {percent(PEAK_SHARE, 0)} of the time ({number(hours, 1)} h) holds the last "
        f"**{number(peak - knee)} kW** of the {number(peak, 1)} kW peak. The demand charge of "
        f"{number(data.tariff.demand.krw_per_kw)} KRW for each kW follows the highest intervals. Over the whole period "
        f"the mean demand is {percent(mean(demand) / peak if peak else 0, 0)} of the peak (load factor)."
    )
    return Section(
        "load-duration", "Load duration", text, (chart(_duration_curve(demand, knee), "Load duration curve"),)
    )


def _by_kind_of_day(daily: pl.DataFrame) -> str:
    means = daily.group_by("is_closed").agg(pl.col("usage_kwh").mean(), pl.len()).sort("is_closed")
    return listing(
        [
            f"{energy(kwh)} a day on {count(days, 'closed day' if closed else 'operating day')}"
            for closed, kwh, days in means.rows()
        ]
    )


def _extreme_days(daily: pl.DataFrame) -> str:
    if daily.height == 1:
        return ""
    least, *_, most = daily.sort("usage_kwh", "date").select("date", "usage_kwh").rows()
    return (
        f" The highest day was {day(most[0])} with **{energy(most[1])}**, "
        f"the lowest {day(least[0])} with {energy(least[1])}."
    )


def _by_day_kind(frame: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, str, str]]:
    """The rows of operating and of closed days, each with name and colour; a kind without rows is left out."""
    for is_closed, name, colour in ((False, OPEN_DAYS, charts.ACCENT), (True, CLOSED_DAYS, charts.MUTED)):
        part = frame.filter(pl.col("is_closed") == is_closed)
        if not part.is_empty():
            yield part, name, colour


def _busy_hours(data: EdaData) -> str:
    hourly = (
        data.open_days.group_by(hour=pl.col("interval_start").dt.hour()).agg(pl.col("demand_kw").mean()).sort("hour")
    )
    if hourly.height < HOURS_PER_DAY:
        return ""
    half = float(hourly["demand_kw"].to_numpy().max()) / 2
    busy = hourly.filter(pl.col("demand_kw") > half)["hour"].to_list()
    starts = [hour for hour in busy if hour - 1 not in busy]
    ends = [hour + 1 for hour in busy if hour + 1 not in busy]
    spans = [f"{start:02d}:00 to {end:02d}:00" for start, end in zip(starts, ends, strict=True)]
    return (
        f" On operating days the mean demand is above half of its hourly maximum from {listing(spans)}." if busy else ""
    )


def _daily_energy(daily: pl.DataFrame) -> go.Figure:
    hover = "%{y:,.0f} kWh"
    traces = [
        charts.bars(part["date"].to_list(), part["usage_kwh"].round(1).to_list(), name=name, colour=colour, hover=hover)
        for part, name, colour in _by_day_kind(daily)
    ]
    if daily.height >= 2 * DAYS_PER_WEEK:
        smooth = daily["usage_kwh"].rolling_mean(DAYS_PER_WEEK, center=True).round(1).to_list()
        dates = daily["date"].to_list()
        traces.append(charts.lines(dates, smooth, name="mean of 7 days", colour=charts.CONTRAST, hover=hover))
    return charts.styled(*traces, y="energy, kWh a day", height=330, barmode="overlay", bargap=0.1)


def _calendar(data: EdaData) -> go.Figure:
    wide = data.frame.pivot("date", index="slot", values="demand_kw", aggregate_function="mean").sort("slot")
    dates = sorted(dt.date.fromisoformat(name) for name in wide.columns if name != "slot")
    demand = wide.select(str(date) for date in dates).to_numpy().astype(np.float32).round(1)
    shown = charts.heatmap(
        dates,
        (wide["slot"] / INTERVALS_PER_HOUR).to_list(),
        demand,
        unit="kW",
        hover="%{x|%a %e %b %Y}, hour %{y:.2f}<br><b>%{z:,.0f} kW</b>",
    )
    return charts.styled(shown, y="hour of the day", height=380).update_yaxes(
        dtick=3, range=[0, HOURS_PER_DAY], showgrid=False
    )


def _quarter_hours(data: EdaData) -> go.Figure:
    low, high = BAND_QUANTILES
    demand = pl.col("demand_kw")
    profile = data.frame.group_by("is_closed", "slot").agg(
        mean=demand.mean(), low=demand.quantile(low, "linear"), high=demand.quantile(high, "linear")
    )
    traces: list[go.Scatter] = []
    for part, name, colour in _by_day_kind(profile.sort("slot")):
        hour = (part["slot"] / INTERVALS_PER_HOUR).to_list()
        if name == OPEN_DAYS:
            traces += charts.band(hour, part["low"].to_list(), part["high"].to_list(), name=f"80 % of {name}")
        middle = part["mean"].round(1).to_list()
        traces.append(charts.lines(hour, middle, name=f"mean of {name}", colour=colour, hover="%{y:,.0f} kW"))
    figure = charts.styled(*traces, x="hour of the day", y="demand, kW", height=340)
    return figure.update_xaxes(dtick=3, range=[0, HOURS_PER_DAY]).update_yaxes(rangemode="tozero")


def _hours_by_load_type(data: EdaData) -> go.Figure:
    kind = pl.when("is_closed").then(pl.lit("closed day")).otherwise(pl.col("load_type").cast(pl.String))
    means = data.frame.group_by(kind=kind, hour=pl.col("interval_start").dt.hour()).agg(pl.col("demand_kw").mean())
    traces = []
    for name, colour in {**charts.LOAD_COLOURS, "closed day": charts.MUTED}.items():
        part = pl.DataFrame({"hour": range(HOURS_PER_DAY)}, schema={"hour": pl.Int8}).join(
            means.filter(pl.col("kind") == name), on="hour", how="left", maintain_order="left"
        )
        if part["demand_kw"].count():
            line = charts.lines(
                part["hour"].to_list(),
                part["demand_kw"].round(1).to_list(),
                name=name,
                colour=colour,
                hover="%{y:,.0f} kW",
            )
            traces.append(line.update(mode="lines+markers", marker={"size": 7}))
    figure = charts.styled(*traces, x="hour of the day", y="demand, kW", height=310)
    return figure.update_xaxes(dtick=3, range=[-0.6, HOURS_PER_DAY - 0.4]).update_yaxes(rangemode="tozero")


def _weekdays(data: EdaData) -> go.Figure:
    means = data.daily.group_by("is_closed", "weekday").agg(pl.col("usage_kwh").mean(), pl.len())
    traces = []
    for part, name, colour in _by_day_kind(means.sort("weekday")):
        labels = [WEEKDAYS[place - 1][:3].capitalize() for place in part["weekday"]]
        heights = part["usage_kwh"].round(0).to_list()
        traces.append(charts.bars(labels, heights, name=name, colour=colour, hover="%{y:,.0f} kWh"))
    order = [name[:3].capitalize() for name in WEEKDAYS]
    return charts.styled(*traces, x="weekday", y="mean energy, kWh a day", height=310, barmode="group").update_xaxes(
        categoryorder="array", categoryarray=order
    )


def _duration_curve(demand: pl.Series, knee: float) -> go.Figure:
    places = np.unique(np.linspace(0, demand.len() - 1, DURATION_POINTS).round().astype(int))
    share = 100 * (places + 1) / demand.len()
    curve = charts.lines(
        share.round(2).tolist(), demand.gather(places).round(1).to_list(), hover="exceeded or met: %{y:,.0f} kW"
    )
    figure = charts.styled(
        curve.update(fill="tozeroy", fillcolor=charts.ACCENT_SOFT), x="share of the time, %", y="demand, kW"
    )
    figure.add_hline(
        y=knee, line={"color": charts.CONTRAST, "width": 1.2, "dash": "dash"},
        annotation={"text": f"top {percent(PEAK_SHARE, 0)}: above {number(knee)} kW", "font_color": charts.INK_SOFT},
    )  # fmt: skip
    return figure.update_xaxes(range=[0, 100]).update_yaxes(rangemode="tozero")
