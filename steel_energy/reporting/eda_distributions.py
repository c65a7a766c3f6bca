"""Section of the exploratory report on how often each value of each column occurs."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from steel_energy.reporting import charts
from steel_energy.reporting.eda_data import EdaData, mean, quantile
from steel_energy.reporting.page import Section, chart, grid, table
from steel_energy.reporting.wording import COLUMN_LABELS, count, number, percent
from steel_energy.schema import LOAD_TYPES, MEASURED


def distributions(data: EdaData) -> Section:
    """How often each value occurs, for every column of the readings."""
    usage = data.frame["usage_kwh"]
    text = (
        f"Half of the {count(usage.len(), 'interval')} use at most **{number(quantile(usage, 0.5), 2)} kWh**, "
        f"one in a hundred more than **{number(quantile(usage, 0.99), 1)} kWh**; the mean is "
        f"{number(mean(usage), 1)} kWh. Counts are on a logarithmic axis, so that rare values stay visible."
    )
    shown = [
        chart(
            charts.histogram(data.frame[column.name].to_numpy(), unit=column.unit),
            _title(COLUMN_LABELS[column.name]),
        )
        for column in MEASURED
    ]
    shown += [chart(_load_type_shares(data), "Load type"), chart(_usage_by_load_type(data), "Usage by load type")]
    return Section("distributions", "Distributions", text, (grid(*shown, least_rem=13), _quantile_table(data)))


def _quantile_table(data: EdaData) -> str:
    rows = []
    for column in MEASURED:
        values = data.frame[column.name]
        marks = [quantile(values, q) for q in (0, 0.05, 0.5, 0.95, 1)]
        rows.append(
            (
                COLUMN_LABELS[column.name],
                column.unit,
                *(number(v, 2) for v in (*marks, mean(values))),
                percent(mean(values == 0)),
            )
        )
    head = ("column", "unit", "lowest", "5 %", "median", "95 %", "highest", "mean", "zeros")
    return table(head, rows, caption="The columns in numbers", numbers=range(2, len(head)))


def _load_type_shares(data: EdaData) -> go.Figure:
    share = [100 * mean(data.frame["load_type"] == name) for name in LOAD_TYPES]
    colours = list(charts.LOAD_COLOURS.values())
    shown = charts.bars(list(LOAD_TYPES), share, colour=colours, hover="%{y:.1f} % of intervals")
    return charts.styled(shown, x="load type", y="intervals, %", height=230)


def _usage_by_load_type(data: EdaData) -> go.Figure:
    boxes = []
    for name in LOAD_TYPES:
        usage = data.frame.filter(pl.col("load_type") == name)["usage_kwh"]
        if usage.len():
            low, first, middle, third, high = ([quantile(usage, q)] for q in (0.05, 0.25, 0.5, 0.75, 0.95))
            boxes.append(
                go.Box(
                    x=[name], q1=first, median=middle, q3=third, lowerfence=low, upperfence=high, showlegend=False,
                    name=name, fillcolor=charts.LOAD_COLOURS[name], line={"color": charts.INK_SOFT, "width": 1.2},
                )
            )  # fmt: skip
    return charts.styled(*boxes, x="5, 25, 50, 75, 95 %", y="usage, kWh", height=230).update_xaxes(tickangle=0)


def _title(label: str) -> str:
    return label[0].upper() + label[1:]
