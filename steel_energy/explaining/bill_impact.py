"""What an event changed in the bills: its month's bill as it was, less the same bill with the usual in its place.

Both are `billing`'s own bills, so energy is at the price of its band, demand with its ratchet, and the power factor by
its clauses. A month counts as far as it is known. Where a peak goes on counting in later months, what it adds to their
demand charges is told as well; their power-factor clauses, shares of that charge, are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.billing import RATCHET_MONTHS_BACK, BillLine, bill, billing_demand, monthly_peaks_kw
from steel_energy.explaining.past import PastLoad
from steel_energy.explaining.records import BillChange
from steel_energy.history import readings_end
from steel_energy.months import MONTH_FORMAT, month_start, shift_month

BILLED = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
LEAST_KRW = 0.5
"""A change that is smaller rounds to nothing and is not told."""


@dataclass(frozen=True)
class UsualEnergies:
    """What stands in the place of an event's intervals in the bill that it is compared with, shape ``(rows,)`` each."""

    usage_kwh: FloatArray
    lagging_kvarh: FloatArray
    leading_kvarh: FloatArray


def bill_changes(past: PastLoad, rows: IntArray, usual: UsualEnergies) -> tuple[BillChange, ...]:
    """What the intervals ``rows``, all of one month, cost more than ``usual`` would have, line by line.

    Args:
        past: known readings, tariff and plant.
        rows: places of the intervals.
        usual: energies to compare with.
    """
    columns = past.readings.select("interval_start", *BILLED)
    replaced = _replaced(columns, rows, usual)
    month = columns["interval_start"][int(rows[0])].strftime(MONTH_FORMAT)
    actual, instead = (_lines(past, frame, month) for frame in (columns, replaced))
    changes = [_change(past, month, *pair) for pair in zip(actual, instead, strict=True)]
    return (
        *(one for one in changes if abs(one.amount_krw) >= LEAST_KRW),
        *_ratchet(past, month, replaced),
    )


def _replaced(columns: pl.DataFrame, rows: IntArray, usual: UsualEnergies) -> pl.DataFrame:
    values = (usual.usage_kwh, usual.lagging_kvarh, usual.leading_kvarh)
    replaced = {}
    for name, instead in zip(BILLED, values, strict=True):
        replaced[name] = columns[name].to_numpy(writable=True)
        replaced[name][rows] = instead
    return columns.with_columns(pl.Series(name, column) for name, column in replaced.items())


def _lines(past: PastLoad, readings: pl.DataFrame, month: str) -> tuple[BillLine, ...]:
    """The month's bill; two of the same intervals have the same lines in the same order."""
    start, end, _ = _known_part(past, month)
    since = month_start(shift_month(month, -RATCHET_MONTHS_BACK), zone=past.plant.zone)
    counted = readings.filter(pl.col("interval_start").is_between(since, end, closed="left"))
    return bill(counted, plant=past.plant, tariff=past.tariff, start=start, end=end).lines


def _known_part(past: PastLoad, month: str) -> tuple[dt.datetime, dt.datetime, bool]:
    """First and last known moment of a month, and whether it is known to its end."""
    zone, starts = past.plant.zone, past.readings["interval_start"]
    closing, known_until = month_start(shift_month(month, 1), zone=zone), readings_end(past.readings)
    return max(month_start(month, zone=zone), starts[0]), min(closing, known_until), known_until >= closing


def _change(past: PastLoad, month: str, actual: BillLine, instead: BillLine) -> BillChange:
    _, _, is_final = _known_part(past, month)
    return BillChange(
        month=month,
        kind=actual.kind,
        band=f"{actual.season} {actual.band}" if actual.kind == "energy" else None,
        quantity=actual.quantity - instead.quantity,
        unit=actual.unit,
        price_krw=actual.price_krw,
        amount_krw=actual.amount_krw - instead.amount_krw,
        code=actual.kind,
        is_final=is_final,
        values={"actual": actual.quantity, "usual": instead.quantity, "rule": actual.rule},
    )


def _ratchet(past: PastLoad, month: str, replaced: pl.DataFrame) -> Iterator[BillChange]:
    """Later months whose demand charge the event's month raises or lowers."""
    if int(month[-2:]) not in past.tariff.demand.ratchet_months:
        return
    actual_kw, usual_kw = past.peaks_kw, monthly_peaks_kw(replaced)
    if actual_kw[month] == usual_kw[month]:
        return
    for later in (shift_month(month, ahead) for ahead in range(1, RATCHET_MONTHS_BACK + 1)):
        billed_kw, _ = billing_demand(later, actual_kw, plant=past.plant, tariff=past.tariff)
        instead_kw, _ = billing_demand(later, usual_kw, plant=past.plant, tariff=past.tariff)
        if billed_kw == instead_kw:
            continue
        yield BillChange(
            month=later,
            kind="demand",
            band=None,
            quantity=billed_kw - instead_kw,
            unit="kW",
            price_krw=past.tariff.demand.krw_per_kw,
            amount_krw=(billed_kw - instead_kw) * past.tariff.demand.krw_per_kw,
            code="ratchet",
            is_final=_known_part(past, later)[2],
            values={"actual": billed_kw, "usual": instead_kw, "because_of": month},
        )


def usual_energies(past: PastLoad, cases: IntArray) -> UsualEnergies:
    """The medians of an interval's comparable ones."""
    usage, lagging, leading = (
        np.array([np.median(values[cases])]) for values in (past.usage_kwh, past.lagging_kvarh, past.leading_kvarh)
    )
    return UsualEnergies(usage, lagging, leading)
