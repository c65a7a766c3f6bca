"""Section of the exploratory report on which columns tell most of the usage, and which of them a forecast can use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import polars as pl
from sklearn.feature_selection import mutual_info_regression

from steel_energy.reporting import charts
from steel_energy.reporting.eda_data import EdaData
from steel_energy.reporting.page import Section, chart, left_out
from steel_energy.reporting.wording import listing
from steel_energy.schema import DAYS_PER_WEEK, INTERVALS_PER_DAY, INTERVALS_PER_WEEK

DAYS_FOR_DRIVERS = DAYS_PER_WEEK
MI_ROWS = 4000
MI_SEED = 0
NATS_PER_BIT = float(np.log(2))
CLASSES = {
    "known ahead": charts.ACCENT,
    "past usage": charts.LOAD_COLOURS["medium"],
    "same moment, useless for forecasting": charts.MUTED,
}


@dataclass(frozen=True, eq=False)
class Driver:
    """A candidate input: its values, whether they are categories, and when they are known (a key of ``CLASSES``)."""

    name: str
    values: pl.Expr
    is_discrete: bool
    known: str


AHEAD, PAST, SAME = CLASSES
DRIVERS = (
    Driver("time of day", pl.col("slot"), is_discrete=True, known=AHEAD),
    Driver("load type", pl.col("load_type").to_physical(), is_discrete=True, known=AHEAD),
    Driver("closed day", pl.col("is_closed"), is_discrete=True, known=AHEAD),
    Driver("weekday", pl.col("weekday"), is_discrete=True, known=AHEAD),
    Driver("month", pl.col("interval_start").dt.month(), is_discrete=True, known=AHEAD),
    Driver("usage 15 minutes before", pl.col("usage_kwh").shift(1), is_discrete=False, known=PAST),
    Driver("usage a day before", pl.col("usage_kwh").shift(INTERVALS_PER_DAY), is_discrete=False, known=PAST),
    Driver("usage a week before", pl.col("usage_kwh").shift(INTERVALS_PER_WEEK), is_discrete=False, known=PAST),
    Driver("lagging reactive energy", pl.col("lagging_reactive_kvarh"), is_discrete=False, known=SAME),
    Driver("leading reactive energy", pl.col("leading_reactive_kvarh"), is_discrete=False, known=SAME),
    Driver("lagging power factor", pl.col("lagging_power_factor"), is_discrete=False, known=SAME),
    Driver("leading power factor", pl.col("leading_power_factor"), is_discrete=False, known=SAME),
    Driver("CO2", pl.col("co2_t"), is_discrete=False, known=SAME),
)


def drivers(data: EdaData) -> Section:
    """Mutual information of candidate inputs with usage, split by when they are known."""
    title = "What goes with usage (mutual information)"
    if data.days < DAYS_FOR_DRIVERS or data.frame["usage_kwh"].n_unique() == 1:
        needs = f"Mutual information needs at least {DAYS_FOR_DRIVERS} days of usage that varies."
        return left_out("drivers", title, needs)
    shares = _mutual_information(data)
    best = {
        known: max((d for d in shares if d.known == known), key=lambda d: shares[d], default=None) for known in CLASSES
    }
    parts = [f"{driver.name} ({known}) with {shares[driver]:.2f} bits" for known, driver in best.items() if driver]
    text = (
        "How much knowing one column tells of the usage of an interval, in bits. The first of each kind: "
        f"**{listing(parts)}**. Only calendar and tariff are known ahead; past usage is known up to the moment of the "
        "forecast, so the last quarter hour helps the next interval only. Columns of the same moment are measured "
        "together with the usage: they serve a virtual meter, and **no forecast can use them**."
    )
    return Section("drivers", title, text, (chart(_drivers_figure(shares), "Mutual information with usage"),))


def _mutual_information(data: EdaData) -> dict[Driver, float]:
    usable = [d for d in DRIVERS if data.frame.select(d.values.is_not_null().mean()).item() >= 1 / 2]
    columns = data.frame.select("usage_kwh", *(d.values.cast(pl.Float64).alias(d.name) for d in usable)).drop_nulls()
    table = columns.sample(min(MI_ROWS, columns.height), seed=MI_SEED).to_numpy()
    discrete = np.array([d.is_discrete for d in usable])
    nats = mutual_info_regression(table[:, 1:], table[:, 0], discrete_features=discrete, random_state=MI_SEED)
    return dict(zip(usable, (nats / NATS_PER_BIT).tolist(), strict=True))


def _drivers_figure(shares: dict[Driver, float]) -> go.Figure:
    ranked = sorted(shares, key=lambda driver: shares[driver])
    traces = []
    for known, colour in CLASSES.items():
        part = [driver for driver in ranked if driver.known == known]
        names, values = [d.name for d in part], [round(shares[d], 3) for d in part]
        traces.append(charts.ranking(names, values, name=known, colour=colour, hover="%{x:.2f}"))
    figure = charts.styled(*traces, x="mutual information, bits", height=90 + 28 * len(ranked), barmode="overlay")
    figure.update_xaxes(range=[0, charts.ROOM_FOR_TEXT * max(*shares.values(), 0.1)])
    order = {"categoryorder": "array", "categoryarray": [driver.name for driver in ranked], "showgrid": False}
    return figure.update_yaxes(**order)
