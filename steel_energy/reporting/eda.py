"""The exploratory report: what a year of readings looks like, as one page that a person reads from top to bottom.

Here the page is put together and its headline computed; the sections live in the modules ``eda_*``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from steel_energy.config import Record
from steel_energy.history import readings_end
from steel_energy.plant import Plant
from steel_energy.reporting import eda_distributions, eda_drivers, eda_series, eda_tariff, eda_usage
from steel_energy.reporting.eda_data import EdaData, prepare
from steel_energy.reporting.page import Page, Section, Tile, write_page
from steel_energy.reporting.wording import (
    count,
    day,
    describe_source,
    energy,
    moment,
    money,
    number,
    percent,
    simulated_notice,
)
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.sources.raw import Origin
from steel_energy.tariff import Tariff

IDLE_SHARE_OF_CONTRACT = 0.1
"""An interval is idle below this share of the contracted demand: in the published year the emptiest stretch between the
two heaps of the demand's distribution (idle around 15 kW, production above 100 kW) lies around 10 % of 700 kW."""

SECTIONS: Final[tuple[Callable[[EdaData], Section], ...]] = (
    eda_usage.usage_over_time,
    eda_usage.profiles,
    eda_usage.load_duration,
    eda_tariff.tariff_bands,
    eda_tariff.power_factor,
    eda_tariff.emissions,
    eda_distributions.distributions,
    eda_series.correlation,
    eda_series.decomposition,
    eda_series.autocorrelation,
    eda_drivers.drivers,
)


class EdaSummary(Record):
    """The headline of the exploratory report.

    ``first`` is the start of the first interval, ``last`` the end of the last, ``peak_at`` the start of the highest.
    """

    intervals: int
    days: int
    closed_days: int
    first: dt.datetime
    last: dt.datetime
    usage_kwh: float
    mean_kwh_per_day: float
    peak_kw: float
    peak_at: dt.datetime
    idle_share: float
    co2_t: float
    energy_charge_krw: float
    source: str
    left_out: tuple[str, ...]


def write_eda_report(
    readings: pl.DataFrame, path: Path, *, plant: Plant, tariff: Tariff, origin: Origin | None = None
) -> EdaSummary:
    """Write the exploratory report of cleaned ``readings`` to ``path``: one self-contained HTML file.

    Args:
        readings: data contract, no nulls, one row for each interval; one day suffices, sections that need more say so.
        path: the file to replace; its folder is made.
        plant: the plant of the readings: name, zone, contracted demand, closed days.
        tariff: bands and prices that the readings are billed under.
        origin: where the readings came from; None is shown as not stated.

    Raises:
        SchemaError: the columns are not those of the data contract.
        NotEnoughDataError: there is no row.
        InputError: a cell is null.
    """
    data = prepare(readings, plant=plant, tariff=tariff)
    sections = [section(data) for section in SECTIONS]
    summary = summarise(data, sections, origin)
    write_page(_page(summary, sections, data, origin), path)
    return summary


def summarise(data: EdaData, sections: list[Section], origin: Origin | None) -> EdaSummary:
    """The headline figures of prepared readings."""
    frame = data.frame
    peak = frame.row(int(frame["demand_kw"].to_numpy().argmax()), named=True)
    usage = float(frame["usage_kwh"].sum())
    return EdaSummary(
        intervals=frame.height,
        days=data.days,
        closed_days=data.daily.filter("is_closed").height,
        first=frame["interval_start"][0],
        last=readings_end(frame),
        usage_kwh=usage,
        mean_kwh_per_day=usage / data.days,
        peak_kw=peak["demand_kw"],
        peak_at=peak["interval_start"],
        idle_share=float((frame["demand_kw"] < IDLE_SHARE_OF_CONTRACT * data.plant.contract_kw).to_numpy().mean()),
        co2_t=usage * data.plant.meter.emission_factor_t_per_kwh,  # the meter rounds an idle interval to none
        energy_charge_krw=float((frame["usage_kwh"] * frame["energy_krw_per_kwh"]).sum()),
        source=describe_source(origin),
        left_out=tuple(section.title for section in sections if section.is_left_out),
    )


def _page(summary: EdaSummary, sections: list[Section], data: EdaData, origin: Origin | None) -> Page:
    return Page(
        kicker="Exploratory report",
        title=f"{data.plant.name}: 15-minute energy readings",
        lead=(
            f"From {day(summary.first)} to {day(data.frame['date'][-1])}, {count(summary.intervals, 'interval')} of "
            f"{INTERVAL_MINUTES} minutes. Times are the plant's ({data.plant.zone}) and name the start of an interval. "
            f"Source: {summary.source}."
        ),
        notice=simulated_notice(origin),
        tiles=_tiles(summary, data.plant),
        sections=sections,
        footer="Every number here is computed from the readings. The file works without a network.",
    )


def _tiles(summary: EdaSummary, plant: Plant) -> list[Tile]:
    idle_kw = IDLE_SHARE_OF_CONTRACT * plant.contract_kw
    return [
        Tile("Period", count(summary.days, "day"), f"{count(summary.closed_days, 'closed day')} among them"),
        Tile("Energy", energy(summary.usage_kwh), f"{energy(summary.mean_kwh_per_day)} a day"),
        Tile("Peak demand", f"{number(summary.peak_kw, 1)} kW", moment(summary.peak_at)),
        Tile("Idle", percent(summary.idle_share, 0), f"of the time below {number(idle_kw)} kW, 10 % of contract"),
        Tile("CO2", f"{number(summary.co2_t, 1)} t", f"{number(summary.co2_t / summary.days, 2)} t a day"),
        Tile("Energy charge, KRW", money(summary.energy_charge_krw, unit=""), "without demand charge and taxes"),
    ]
