"""The bill of a period under a tariff, line by line: quantity, price, rule and source of each.

Bills are by calendar month, as utilities bill. A month that the period holds only in part bears that share of its
demand charge. Taxes, funds and meter rent are not billed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.meter import FULL_PERCENT
from steel_energy.months import MONTH_FORMAT, month_of, month_start, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.tariff import Band, PowerFactorClause, Tariff, require_same_carrier

Kind = Literal["energy", "demand", "power_factor", "co2"]
RATCHET_MONTHS_BACK = 11
UNITS: dict[Kind, str] = {"demand": "kW", "power_factor": "points", "co2": "t"}


@dataclass(frozen=True)
class BillLine:
    """One line of a bill: ``amount_krw`` is ``quantity`` times ``price_krw``, a credit if it is negative.

    Attributes:
        month: the calendar month it is of, such as ``2018-01``.
        kind: what is charged.
        season: of the tariff, for energy.
        band: billing band, for energy.
        quantity: in ``unit``.
        unit: kWh, L (litres of a fuel), kW, points (percent of power factor) or t.
        price_krw: for one unit.
        amount_krw: what it comes to, not rounded.
        rule: how quantity and price came about, in words.
        source: who publishes the price.
    """

    month: str
    kind: Kind
    season: str | None
    band: Band | None
    quantity: float
    unit: str
    price_krw: float
    rule: str
    source: str

    @property
    def amount_krw(self) -> float:
        """What the line comes to."""
        return self.quantity * self.price_krw


@dataclass(frozen=True)
class Bill:
    """The lines of a period, by month, and what they add up to.

    Attributes:
        start: first moment, plant zone.
        end: last moment, exclusive.
        lines: at least one.
        usage_kwh: energy of the period.
        peak_kw: highest demand of the period.
        notes: what a reader must know, such as a period that the tariff was not in force in.
    """

    plant: str
    tariff: str
    start: dt.datetime
    end: dt.datetime
    lines: tuple[BillLine, ...]
    usage_kwh: float
    peak_kw: float
    notes: tuple[str, ...]

    @property
    def total_krw(self) -> float:
        """The sum of all lines, not rounded."""
        return sum(line.amount_krw for line in self.lines)

    def amount_krw(self, kind: Kind) -> float:
        """The sum of the lines of one kind."""
        return sum(line.amount_krw for line in self.lines if line.kind == kind)


@dataclass(frozen=True)
class _Month:
    """A calendar month's part of the period, and what is known before its end."""

    month: str
    readings: pl.DataFrame
    known: pl.DataFrame
    share: float


def bill(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, start: dt.datetime, end: dt.datetime) -> Bill:
    """The bill of ``[start, end)``.

    Args:
        readings: ``interval_start`` (plant zone), ``usage_kwh`` and both reactive energies of one plant, sorted. What
            lies before ``start`` counts for the demand of begun months and of those the ratchet looks back on.
        plant: gives zone, contracted demand and emission factor.
        tariff: which need not be the plant's own.
        start: first moment; a naive one is plant time.
        end: last moment, exclusive.

    Raises:
        InputError: the period is empty or reversed, or the tariff is of another carrier than the plant.
        NotEnoughDataError: an interval of the period is not among the readings.
    """
    require_same_carrier(plant, tariff)
    first, last = in_zone(start, plant.zone), in_zone(end, plant.zone)
    period = readings.filter(pl.col("interval_start").is_between(first, last, closed="left"))
    _require_all(period, first, last)
    months = list(_months(readings, first, last, plant))
    return Bill(
        plant=plant.id,
        tariff=tariff.id,
        start=first,
        end=last,
        lines=tuple(line for month in months for line in _lines(month, plant, tariff)),
        usage_kwh=float(period["usage_kwh"].sum()),
        peak_kw=float(period["usage_kwh"].to_numpy().max()) * INTERVALS_PER_HOUR,
        notes=tuple(_notes(months, tariff, known_since=readings["interval_start"][0])),
    )


def compare(
    readings: pl.DataFrame, *, plant: Plant, tariffs: Iterable[Tariff], start: dt.datetime, end: dt.datetime
) -> list[Bill]:
    """The same load under several tariffs, cheapest first; see `bill`."""
    bills = [bill(readings, plant=plant, tariff=tariff, start=start, end=end) for tariff in tariffs]
    return sorted(bills, key=lambda one: one.total_krw)


def _require_all(period: pl.DataFrame, first: dt.datetime, last: dt.datetime) -> None:
    wanted = round(_hours(first, last) * INTERVALS_PER_HOUR)
    if wanted <= 0:
        raise InputError("must lie before the end of the period", field="from", remedy="swap from and to")
    if period.height != wanted:
        raise NotEnoughDataError(
            f"of {wanted} intervals from {first.isoformat()} to {last.isoformat()}, {period.height} are known",
            field="from",
            remedy="name a period that the readings cover",
        )


def _months(readings: pl.DataFrame, first: dt.datetime, last: dt.datetime, plant: Plant) -> Iterator[_Month]:
    month = first.strftime(MONTH_FORMAT)
    while (opening := month_start(month, zone=plant.zone)) < last:
        closing = month_start(shift_month(month, 1), zone=plant.zone)
        since, until = max(first, opening), min(last, closing)
        known = readings.filter(pl.col("interval_start") < until)
        yield _Month(
            month=month,
            readings=known.filter(pl.col("interval_start") >= since),
            known=known,
            share=_hours(since, until) / _hours(opening, closing),
        )
        month = shift_month(month, 1)


def _hours(since: dt.datetime, until: dt.datetime) -> float:
    """Hours between two moments, clock changes counted."""
    return (until.astimezone(dt.UTC) - since.astimezone(dt.UTC)) / dt.timedelta(hours=1)


def _lines(month: _Month, plant: Plant, tariff: Tariff) -> Iterator[BillLine]:
    yield from _energy(month, tariff)
    if not tariff.is_fuel:
        demand = _demand(month, plant, tariff)
        yield demand
        for clause in tariff.power_factor:
            yield _power_factor(month, clause, tariff, demand_krw=demand.amount_krw)
    if tariff.co2_krw_per_t:
        yield _co2(month, plant, tariff)


def _energy(month: _Month, tariff: Tariff) -> Iterator[BillLine]:
    billed = tariff.billed(month.readings["interval_start"]).with_columns(month.readings["usage_kwh"])
    by_band = billed.group_by("season", "billing_band", "energy_krw_per_kwh").agg(pl.col("usage_kwh").sum())
    for season, band, price, usage_kwh in by_band.sort("season", "billing_band").iter_rows():
        yield BillLine(
            month=month.month,
            kind="energy",
            season=season,
            band=band,
            quantity=usage_kwh / tariff.measure.kwh_per_unit,
            unit=tariff.measure.energy_unit,
            price_krw=price * tariff.measure.kwh_per_unit,
            rule=f"{'fuel' if tariff.is_fuel else 'energy'} in the {band} band of {season}",
            source=tariff.source,
        )


def _demand(month: _Month, plant: Plant, tariff: Tariff) -> BillLine:
    peaks_kw = monthly_peaks_kw(month.known)
    demand_kw, why = billing_demand(month.month, peaks_kw, plant=plant, tariff=tariff)
    part = "" if month.share == 1 else f"; {month.share:.1%} of the month"
    return BillLine(
        month=month.month,
        kind="demand",
        season=None,
        band=None,
        quantity=demand_kw,
        unit=UNITS["demand"],
        price_krw=tariff.demand.krw_per_kw * month.share,
        rule=why + part,
        source=tariff.source,
    )


def billing_demand(month: str, peaks_kw: Mapping[str, float], *, plant: Plant, tariff: Tariff) -> tuple[float, str]:
    """The demand that is billed, and why it is that one: the month's, an earlier month's, or the contract's least.

    Args:
        month: which is billed, such as ``2018-11``.
        peaks_kw: highest demand of each month that is known, also of others than count here.
        plant: gives the contracted demand.
        tariff: gives ratchet and least share.
    """
    looked_back = (shift_month(month, -back) for back in range(1, RATCHET_MONTHS_BACK + 1))
    ratchet = [earlier for earlier in looked_back if int(earlier[-2:]) in tariff.demand.ratchet_months]
    least_kw = tariff.demand.min_contract_share * plant.contract_kw
    candidates = [
        (least_kw, f"at least {tariff.demand.min_contract_share:.0%} of the contracted {plant.contract_kw:g} kW")
    ]
    for one in (month, *ratchet):
        if one in peaks_kw:
            why = "highest demand of the month" if one == month else f"highest demand of {one} (ratchet)"
            candidates.append((peaks_kw[one], why))
    return max(candidates, key=lambda candidate: candidate[0])


def monthly_peaks_kw(readings: pl.DataFrame) -> dict[str, float]:
    """The highest demand of each month of ``readings`` (``interval_start``, ``usage_kwh``)."""
    start = pl.col("interval_start")
    peaks = readings.group_by(start.dt.year().alias("year"), start.dt.month().alias("month")).agg(
        pl.col("usage_kwh").max() * INTERVALS_PER_HOUR
    )
    return {month_of(dt.date(year, month, 1)): peak_kw for year, month, peak_kw in peaks.iter_rows()}


def _power_factor(month: _Month, clause: PowerFactorClause, tariff: Tariff, *, demand_krw: float) -> BillLine:
    percent = power_factor_percent(month.readings, clause)
    hours = f"{clause.from_hour:02}-{clause.to_hour:02} h"
    return BillLine(
        month=month.month,
        kind="power_factor",
        season=None,
        band=None,
        quantity=clause.points(percent),
        unit=UNITS["power_factor"],
        price_krw=clause.share_per_point * demand_krw,
        rule=f"{clause.reactive} power factor {percent:.2f} % in {hours}, limit {clause.limit_percent:g} %; "
        f"a point is {clause.share_per_point:.1%} of the demand charge",
        source=tariff.source,
    )


def power_factor_percent(readings: pl.DataFrame, clause: PowerFactorClause) -> float:
    """The power factor of a clause: of the sums of its hours' active and reactive energy; 100 without any energy."""
    counted = readings.filter(clause.counts(pl.col("interval_start").dt.hour()))
    active_kwh = float(counted["usage_kwh"].sum())
    reactive_kvarh = float(counted[f"{clause.reactive}_reactive_kvarh"].sum())
    apparent_kvah = float((active_kwh**2 + reactive_kvarh**2) ** 0.5)
    return FULL_PERCENT * active_kwh / apparent_kvah if apparent_kvah else float(FULL_PERCENT)


def _co2(month: _Month, plant: Plant, tariff: Tariff) -> BillLine:
    per_unit = plant.meter.emission_factor_t_per_kwh * plant.measure.kwh_per_unit
    return BillLine(
        month=month.month,
        kind="co2",
        season=None,
        band=None,
        quantity=float(month.readings["usage_kwh"].sum()) * plant.meter.emission_factor_t_per_kwh,
        unit=UNITS["co2"],
        price_krw=tariff.co2_krw_per_t,
        rule=f"CO2 of the energy at {per_unit:g} t/{plant.measure.energy_unit}",
        source=tariff.source,
    )


def _notes(months: list[_Month], tariff: Tariff, *, known_since: dt.datetime) -> Iterator[str]:
    first, last = months[0].readings["interval_start"][0], months[-1].readings["interval_start"][-1]
    if first.date() < tariff.valid_from or last.date() > tariff.valid_to:
        yield f"the tariff was in force from {tariff.valid_from} to {tariff.valid_to}; its prices are used beyond"
    looks_back_to = shift_month(months[0].month, -RATCHET_MONTHS_BACK)
    if tariff.demand.ratchet_months and known_since.strftime(MONTH_FORMAT) > looks_back_to:
        yield f"readings are known from {known_since:%Y-%m-%d} on; a higher demand before would raise the demand charge"
