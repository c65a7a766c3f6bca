"""The charges that plans are made with are the bill's: over months, with the ratchet, what was reached, and clauses."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.billing import bill
from steel_energy.calendar import interval_grid
from steel_energy.planning.charges import Load, charges_of
from steel_energy.planning.horizon import horizon_of
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff

SEOUL = ZoneInfo("Asia/Seoul")


def drawn(seed: int, start: dt.datetime, end: dt.datetime, *, scale_kwh: float) -> pl.DataFrame:
    random, grid = np.random.default_rng(seed), interval_grid(start, end, zone="Asia/Seoul")
    usage = random.uniform(0, scale_kwh, grid.len())
    return pl.DataFrame(
        {
            "interval_start": grid,
            "usage_kwh": usage,
            "lagging_reactive_kvarh": usage * random.uniform(0, 1),
            "leading_reactive_kvarh": usage * random.uniform(0, 0.5),
        }
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1000),
    first_day=st.integers(1, 28),
    month=st.sampled_from([2, 6, 8, 12]),
    days=st.integers(1, 10),
    known_kwh=st.sampled_from([20.0, 160.0]),
)
def test_they_come_to_what_the_bill_says(
    *, seed: int, first_day: int, month: int, days: int, known_kwh: float, gwangyang: Plant, kepco: Tariff
) -> None:
    start = dt.datetime(2018, month, first_day, tzinfo=SEOUL)
    end = start + dt.timedelta(days=days)
    tariff = kepco.model_copy(update={"co2_krw_per_t": 20_000.0})
    known = drawn(seed, start - dt.timedelta(days=200), start, scale_kwh=known_kwh)
    period = drawn(seed + 1, start, end, scale_kwh=150)

    horizon = horizon_of(start, end, zone="Asia/Seoul")
    charges = charges_of(horizon, plant=gwangyang, tariff=tariff, known=known)
    load = Load(*(period[name].to_numpy() for name in period.columns[1:]))
    billed = bill(pl.concat([known, period]), plant=gwangyang, tariff=tariff, start=start, end=end)

    assert charges.cost_krw(load) == pytest.approx(billed.total_krw, rel=1e-12)
    demands = [line.quantity for line in billed.lines if line.kind == "demand"]
    assert [month.demand_kw(load.usage_kwh) for month in charges.months] == pytest.approx(demands)
