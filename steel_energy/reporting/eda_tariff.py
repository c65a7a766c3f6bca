"""Sections of the exploratory report on what the utility bills and the authority counts: bands, power factor, CO2.

Each function turns the prepared readings into a ``Section``. These are energy charges of the readings under the plant's
tariff, not a bill: demand charge, power-factor clause and taxes are left out.
"""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from steel_energy.reporting import charts
from steel_energy.reporting.eda_data import EdaData
from steel_energy.reporting.page import Section, chart, grid
from steel_energy.reporting.wording import (
    KRW_PER_MILLION,
    KWH_PER_MWH,
    count,
    listing,
    money,
    month,
    month_labels,
    number,
    percent,
)
from steel_energy.schema import HOURS_PER_DAY, LOAD_TYPES

CO2_TOLERANCE_T = 0.0051
"""The meter shows CO2 to 0.01 t: half of that, plus what binary fractions lose."""
KG_PER_T = 1000


def tariff_bands(data: EdaData) -> Section:
    """When each band is billed, and how energy and energy charge divide into them."""
    billed = data.frame.group_by("month", "billing_band").agg(
        pl.col("usage_kwh").sum(), krw=(pl.col("usage_kwh") * pl.col("energy_krw_per_kwh")).sum()
    )
    by_band = billed.group_by("billing_band").agg(pl.col("usage_kwh", "krw").sum()).sort("billing_band")
    kwh, krw = data.total_kwh, float(billed["krw"].sum())
    parts = [
        f"{band} {percent(band_kwh / kwh, 0)} of the energy and {percent(band_krw / krw, 0)} of its cost"
        for band, band_kwh, band_krw in by_band.rows()
        if kwh and krw
    ]
    price = f", on average {number(krw / kwh, 1)} KRW/kWh" if kwh else ""
    shares = f": {listing(parts)}" if parts else ""
    text = (
        f"Under {data.tariff.name} the energy alone costs **{money(krw)}**{price}{shares}. "
        f"Sundays and public holidays are billed as {data.tariff.holiday_as}, a Saturday's maximum band as "
        f"{data.tariff.saturday_maximum_as}.{_validity(data)}"
    )
    blocks = (
        chart(_band_clock(data), "Band and energy price by hour and month"),
        grid(
            chart(_stacked(billed, "usage_kwh", scale=KWH_PER_MWH, unit="MWh"), "Energy by billed band"),
            chart(
                _stacked(billed, "krw", scale=KRW_PER_MILLION, unit="million KRW"),
                "Energy charge",
            ),
        ),
    )
    return Section("tariff", "Tariff bands", text, blocks)


def power_factor(data: EdaData) -> Section:
    """Lagging and leading power factor of each month by day and night, and the reactive energy behind them."""
    energies = pl.col("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh").sum()
    monthly = data.frame.group_by("month", "is_daytime").agg(energies).sort("month")
    factors = monthly.with_columns(
        lagging=_power_factor("lagging_reactive_kvarh"), leading=_power_factor("leading_reactive_kvarh")
    )
    lagging, leading = monthly.select(pl.col("^.*_kvarh$").sum() / KWH_PER_MWH).row(0)
    by_day = factors.filter(pl.col("is_daytime") & pl.col("lagging").is_not_nan())
    text = (
        "A month's power factor follows from its sums of active and reactive energy; day means the hours of the medium "
        f"and maximum bands. {_worst_power_factor(by_day)}Lagging reactive energy comes to "
        f"**{number(lagging, 1)} Mvarh**, leading to {number(leading, 1)} Mvarh."
    )
    blocks = (
        grid(
            chart(_factor_lines(factors, "lagging"), "Lagging power factor"),
            chart(_factor_lines(factors, "leading"), "Leading power factor"),
        ),
        chart(_reactive_energy(data), "Reactive energy"),
    )
    return Section("power-factor", "Power factor and reactive energy", text, blocks)


def emissions(data: EdaData) -> Section:
    """CO2 of each month, and whether the meter's values follow from its emission factor."""
    factor = data.plant.meter.emission_factor_t_per_kwh
    off = (data.frame["co2_t"] - data.frame["usage_kwh"] * factor).abs() > CO2_TOLERANCE_T
    tonnes, exact = float(data.frame["co2_t"].sum()), data.total_kwh * factor
    text = (
        f"The energy times the factor of {number(factor * KG_PER_T, 4)} kg/kWh is **{number(exact, 1)} t CO2**, "
        f"{number(exact / data.days, 2)} t a day. The meter's own values add up to {number(tonnes, 1)} t: it rounds "
        f"each interval to 0.01 t. {count(int(off.sum()), 'interval')} of {off.len():,} differ from that product by "
        "more than the rounding. CO2 is computed from the usage, so it says nothing new about it."
    )
    monthly = data.frame.group_by("month").agg(co2_t=pl.col("usage_kwh").sum() * factor).sort("month")
    shown = charts.bars(
        month_labels(monthly["month"].to_list()), monthly["co2_t"].round(2).to_list(), hover="%{y:,.1f} t"
    )
    figure = charts.styled(shown, y="CO2, t a month", height=300)
    return Section("co2", "CO2", text, (chart(figure, "CO2 of each month"),))


def _validity(data: EdaData) -> str:
    dates = data.frame["date"]
    outside = int((~dates.is_between(data.tariff.valid_from, data.tariff.valid_to)).sum())
    return f" {count(outside, 'interval')} outside the tariff's validity are priced all the same." if outside else ""


def _band_clock(data: EdaData) -> go.Figure:
    bands = data.tariff.priced_bands()
    labels = [month(key) for key in data.months]
    rows = [bands.filter(pl.col("month") == int(key[-2:])).sort("hour") for key in data.months]
    codes = [part["band"].to_physical().to_list() for part in rows]
    prices = [part.select(pl.format("{}:00, {}, {} KRW/kWh", "hour", "band", "energy_krw_per_kwh")) for part in rows]
    colours = list(charts.LOAD_COLOURS.values())
    steps = [[edge / 3, colour] for place, colour in enumerate(colours) for edge in (place, place + 1)]
    shown = charts.heatmap(
        [hour + 0.5 for hour in range(HOURS_PER_DAY)], labels, codes, unit="", scale=steps, zmin=-0.5, zmax=2.5,
        customdata=[part.to_series().to_list() for part in prices], hover="%{y} %{customdata}", xgap=1, ygap=1,
    ).update(colorbar={"tickvals": [0, 1, 2], "ticktext": list(LOAD_TYPES)})  # fmt: skip
    figure = charts.styled(shown, x="hour of the day", height=110 + 22 * len(labels))
    return figure.update_xaxes(range=[0, HOURS_PER_DAY], dtick=3).update_yaxes(autorange="reversed", showgrid=False)


def _stacked(billed: pl.DataFrame, column: str, *, scale: float, unit: str) -> go.Figure:
    months = billed["month"].unique().sort().to_list()
    traces = []
    for band, colour in charts.LOAD_COLOURS.items():
        part = dict(billed.filter(pl.col("billing_band") == band).select("month", pl.col(column) / scale).rows())
        heights = [round(part.get(key, 0), 3) for key in months]
        traces.append(charts.bars(month_labels(months), heights, name=band, colour=colour, hover=f"%{{y:,.1f}} {unit}"))
    return charts.styled(*traces, y=unit, barmode="stack")


def _power_factor(reactive: str) -> pl.Expr:
    active, other = pl.col("usage_kwh"), pl.col(reactive)
    return 100 * active / (active**2 + other**2).sqrt()


def _worst_power_factor(by_day: pl.DataFrame) -> str:
    if by_day.is_empty():
        return ""
    if by_day.height == 1:
        return f"By day the lagging power factor is **{number(by_day['lagging'][0], 1)} %**. "
    worst, best = by_day.sort("lagging").row(0, named=True), by_day.sort("lagging").row(-1, named=True)
    return (
        f"By day the lagging power factor is between **{number(worst['lagging'], 1)} %** ({month(worst['month'])}) and "
        f"{number(best['lagging'], 1)} % ({month(best['month'])}). "
    )


def _factor_lines(factors: pl.DataFrame, kind: str) -> go.Figure:
    traces = []
    for daytime, name, colour in ((True, "day", charts.CONTRAST), (False, "night", charts.ACCENT)):
        part = factors.filter((pl.col("is_daytime") == daytime) & pl.col(kind).is_not_nan())
        line = charts.lines(
            month_labels(part["month"].to_list()),
            part[kind].round(2).to_list(),
            name=name,
            colour=colour,
            hover="%{y:.1f} %",
        )
        traces.append(line.update(mode="lines+markers", marker={"size": 7}))
    return charts.styled(*traces, y="power factor, %", height=290)


def _reactive_energy(data: EdaData) -> go.Figure:
    monthly = data.frame.group_by("month").agg(pl.col("^.*_kvarh$").sum() / KWH_PER_MWH).sort("month")
    labels = month_labels(monthly["month"].to_list())
    traces = [
        charts.bars(
            labels,
            monthly[f"{kind}_reactive_kvarh"].round(3).to_list(),
            name=kind,
            colour=colour,
            hover="%{y:,.1f} Mvarh",
        )
        for kind, colour in (("lagging", charts.CONTRAST), ("leading", charts.ACCENT))
    ]
    return charts.styled(*traces, y="reactive energy, Mvarh", height=290, barmode="group")
