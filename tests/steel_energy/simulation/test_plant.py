"""Laws of the simulated plant for any size, pulse, zone and seed, and its averages against hand arithmetic."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.calendar import known_ahead
from steel_energy.errors import InputError
from steel_energy.meter import virtual_meter
from steel_energy.plant import WEEKDAYS, CapacitorBank, LoadProfile, Meter, ProductionCalendar, Shift
from steel_energy.schema import readings_schema
from steel_energy.simulation.plant import months_of, simulate
from steel_energy.testing import toy_plant, toy_tariff

JUNE = (dt.date(2018, 6, 1), dt.date(2018, 7, 1))
YEAR = (dt.date(2018, 1, 1), dt.date(2019, 1, 1))
ZONES = ("Asia/Seoul", "Europe/Madrid", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC")
EVERY_DAY = frozenset(WEEKDAYS)
OPEN_DAILY = ProductionCalendar(closed_weekdays=frozenset())
STEADY = {"idle_spread": 0, "run_spread": 0, "day_spread": 0, "shift_spread": 0, "capacitors": ()}

plants = st.builds(
    lambda zone, pulse_kwh, factor, contract_kw: toy_plant(zone=zone).model_copy(
        update={"contract_kw": contract_kw, "meter": Meter(pulse_kwh=pulse_kwh, emission_factor_t_per_kwh=factor)}
    ),
    zone=st.sampled_from(ZONES),
    pulse_kwh=st.sampled_from((0.036, 0.1, 0.5, 1.0, 7.2)),
    factor=st.floats(0.0001, 0.002),
    contract_kw=st.floats(100, 50_000),
)
months = st.builds(dt.date, st.integers(2000, 2040), st.integers(1, 12), st.just(1))


def simulated(plant, start, end, *, seed=1):
    return pl.concat(simulate(plant, toy_tariff(), start=start, end=end, seed=seed))


def one_month(plant, first, *, seed):
    return simulated(plant, first, (first + dt.timedelta(days=31)).replace(day=1), seed=seed)


def profile(*shifts, **fields):
    """The toy plant (400 kW, so 100 kWh an interval), open daily, with these shifts."""
    load = LoadProfile(shifts=shifts, **fields)
    return toy_plant(pulse_kwh=0.036).model_copy(update={"load": load, "calendar": OPEN_DAILY})


def with_clock(readings):
    start = pl.col("interval_start")
    return readings.with_columns(date=start.dt.date(), hour=start.dt.hour())


def arrays(readings, *columns):
    return [readings[column].to_numpy() for column in columns]


@settings(max_examples=25, deadline=None)
@given(plant=plants, first=months, seed=st.integers(0, 2**32))
def test_every_month_obeys_the_meter_and_the_grid(plant, first, seed):
    readings = one_month(plant, first, seed=seed)
    usage, lagging, leading = arrays(readings, "usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")

    assert readings.schema == readings_schema(plant.zone)
    assert readings.null_count().sum_horizontal().item() == 0
    assert set(readings["interval_start"].diff().drop_nulls()) == {dt.timedelta(minutes=15)}
    for energy in (usage, lagging, leading):
        pulses = np.rint(energy / plant.meter.pulse_kwh)
        assert (energy == np.round(pulses * plant.meter.pulse_kwh, 2)).all()
        assert (energy >= 0).all()
    for reactive, shown in ((lagging, "lagging_power_factor"), (leading, "leading_power_factor")):
        apparent = np.hypot(usage, reactive)
        expected = np.where(apparent > 0, 100 * usage / np.where(apparent > 0, apparent, 1), 0)
        assert (np.round(expected, 2) == readings[shown].to_numpy()).all()
    assert (readings["co2_t"].to_numpy() == np.round(usage * plant.meter.emission_factor_t_per_kwh, 2)).all()
    assert usage.max() <= plant.contract_kw / 4 + plant.meter.pulse_kwh


@settings(max_examples=10, deadline=None)
@given(first=months, seed=st.integers(0, 2**32))
def test_a_month_begins_and_ends_with_the_plants_month(first, seed):
    readings = one_month(toy_plant(zone="Europe/Madrid"), first, seed=seed)
    following = one_month(toy_plant(zone="Europe/Madrid"), (first + dt.timedelta(days=31)).replace(day=1), seed=seed)

    assert readings["interval_start"][0].date() == first
    assert following["interval_start"][0] - readings["interval_start"][-1] == dt.timedelta(minutes=15)


@settings(max_examples=10, deadline=None)
@given(first=months, seed=st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_month_and_others_give_others(first, seed):
    plant = toy_plant(pulse_kwh=0.036)
    readings = one_month(plant, first, seed=seed)

    assert readings.equals(one_month(plant, first, seed=seed))
    assert not readings["usage_kwh"].equals(one_month(plant, first, seed=seed + 1)["usage_kwh"])
    twin = plant.model_copy(update={"id": "twin"})
    assert not readings["usage_kwh"].equals(one_month(twin, first, seed=seed)["usage_kwh"])


def test_june_is_the_same_in_whatever_period_it_is_asked_for(gwangyang, kepco):
    year = list(simulate(gwangyang, kepco, start=YEAR[0], end=YEAR[1], seed=7))
    (june,) = simulate(gwangyang, kepco, start=JUNE[0], end=JUNE[1], seed=7)
    (week,) = simulate(gwangyang, kepco, start=dt.date(2018, 6, 9), end=dt.date(2018, 6, 16), seed=7)

    assert len(year) == 12
    assert year[5].equals(june)
    assert week.equals(june[8 * 96 : 15 * 96])


def test_a_closed_day_is_light_and_idle(gwangyang, kepco):
    readings = pl.concat(simulate(gwangyang, kepco, start=YEAR[0], end=YEAR[1], seed=1))
    closed = with_clock(readings).filter(
        known_ahead(readings["interval_start"], plant=gwangyang, tariff=kepco)["is_closed"]
    )

    assert closed["date"].n_unique() == 62
    assert set(closed["load_type"]) == {"light"}
    assert closed.filter(pl.col("hour") >= 8)["usage_kwh"].max() < 8  # before that, a night shift may still run
    assert closed["usage_kwh"].median() == pytest.approx(3.5, abs=1)


def test_the_load_type_is_what_is_known_ahead(gwangyang, kepco):
    (readings,) = simulate(gwangyang, kepco, start=JUNE[0], end=JUNE[1], seed=1)

    known = known_ahead(readings["interval_start"], plant=gwangyang, tariff=kepco)

    assert readings["load_type"].equals(known["load_type"])


def test_the_virtual_meter_finds_every_simulated_usage_possible(gwangyang, kepco):
    (readings,) = simulate(gwangyang, kepco, start=JUNE[0], end=JUNE[1], seed=1)

    found = virtual_meter(readings.drop("usage_kwh"), gwangyang).with_columns(readings["usage_kwh"])

    assert found["consistent"].all()
    assert found.select((pl.col("usage_kwh").is_between("lower_kwh", "upper_kwh")).all()).item()


@pytest.mark.parametrize(
    ("start", "end", "zone", "intervals"),
    [
        pytest.param(dt.date(2018, 3, 1), dt.date(2018, 4, 1), "Europe/Madrid", 31 * 96 - 4, id="spring"),
        pytest.param(dt.date(2018, 10, 1), dt.date(2018, 11, 1), "Europe/Madrid", 31 * 96 + 4, id="autumn"),
        pytest.param(dt.date(2018, 11, 4), dt.date(2018, 11, 5), "America/Sao_Paulo", 92, id="midnight is skipped"),
        pytest.param(dt.date(2020, 2, 1), dt.date(2020, 3, 1), "Asia/Seoul", 29 * 96, id="leap year"),
    ],
)
def test_every_interval_of_the_period_comes_once(start, end, zone, intervals):
    readings = simulated(toy_plant(zone=zone), start, end)

    assert readings.height == intervals
    assert readings["interval_start"].n_unique() == intervals


def test_shifts_keep_their_hours_when_the_clock_changes():
    plant = profile(
        Shift(weekdays=EVERY_DAY, start_hour=8, end_hour=12, spread_hours=0, parallel_runs=0, base_share=0.5)
    )
    madrid = plant.model_copy(update={"zone": "Europe/Madrid"})

    days = with_clock(simulated(madrid, dt.date(2018, 3, 24), dt.date(2018, 3, 27)))

    running = days.filter(pl.col("usage_kwh") > 30)
    assert running.group_by("date").len().sort("date")["len"].to_list() == [16, 16, 16]
    assert set(running["hour"]) == {8, 9, 10, 11}


def test_a_steady_shift_uses_its_power_for_its_hours():
    plant = profile(
        Shift(weekdays=EVERY_DAY, start_hour=8, end_hour=12, spread_hours=0, parallel_runs=0, base_share=0.5),
        idle_share=0,
        **STEADY,
    )

    energy = simulated(plant, *JUNE)["usage_kwh"].sum()

    assert energy == pytest.approx(30 * 4 * 200, rel=0.02)  # 30 days of 4 h at 200 kW


def test_poisson_runs_draw_their_mean_number_times_their_power():
    shift = Shift(weekdays=EVERY_DAY, start_hour=0, end_hour=24, spread_hours=0, base_share=0, parallel_runs=4)
    plant = profile(shift, run_share=0.05, run_hours=0.75, idle_share=0, **STEADY)

    usage = simulated(plant, *YEAR)["usage_kwh"]

    assert usage.mean() == pytest.approx(4 * 0.05 * 100, rel=0.05)
    none_starts = np.exp(-4 * 0.25 / 0.75)
    assert (usage == 0).mean() == pytest.approx(np.exp(-4) * none_starts, rel=0.4)  # none under way, none starts


def test_shifts_are_worked_on_their_share_of_the_days():
    plant = profile(Shift(weekdays=EVERY_DAY, start_hour=8, end_hour=12, worked_share=0.25, base_share=0.5))

    noon = with_clock(simulated(plant, *YEAR)).filter(pl.col("hour") == 10)
    worked = noon.group_by("date").agg(pl.col("usage_kwh").mean() > 20)["usage_kwh"].mean()

    assert worked == pytest.approx(0.25, abs=0.08)


def test_a_night_shift_runs_on_into_the_next_month_but_not_from_a_closed_day():
    night = Shift(weekdays=EVERY_DAY, start_hour=22, end_hour=30, spread_hours=0, base_share=0.5, parallel_runs=0)
    closed = ProductionCalendar(closed_weekdays=frozenset(), closed_days=frozenset({dt.date(2018, 6, 1)}))
    plant = profile(night).model_copy(update={"calendar": closed})

    hours = with_clock(simulated(plant, dt.date(2018, 5, 31), dt.date(2018, 6, 3)))
    usage = dict(
        hours.group_by("date", "hour")
        .agg(pl.col("usage_kwh").mean())
        .select(
            pl.struct("date", "hour").map_elements(
                lambda at: f"{at['date']:%m-%d} {at['hour']:02}", return_dtype=pl.String
            ),
            "usage_kwh",
        )
        .iter_rows()
    )

    assert min(usage["05-31 23"], usage["06-01 00"], usage["06-01 05"]) > 30
    assert max(usage["06-01 23"], usage["06-02 00"], usage["06-02 05"]) < 5
    assert usage["06-02 23"] > 30


def test_capacitors_lead_while_they_are_on_and_the_plant_is_idle():
    bank = CapacitorBank(power_share=0.1, on_hours=((9, 18),))
    plant = profile(idle_share=0.02, idle_reactive_share=0.025, capacitors=(bank,), ripple_share=0)

    readings = with_clock(simulated(plant, *JUNE))
    means = readings.group_by(on=pl.col("hour").is_between(9, 17)).agg(
        pl.col("lagging_reactive_kvarh", "leading_reactive_kvarh").mean()
    )

    assert means.filter(pl.col("on")).row(0)[1:] == pytest.approx((0, 10 - 2.5), abs=0.1)
    assert means.filter(~pl.col("on")).row(0)[1:] == pytest.approx((2.5, 0), abs=0.1)


def test_the_simulated_gwangyang_resembles_the_published_year(gwangyang, kepco):
    readings = pl.concat(simulate(gwangyang, kepco, start=YEAR[0], end=YEAR[1], seed=1))
    usage = readings["usage_kwh"].to_numpy()

    # published: 959,637 kWh, 59 % of the intervals below 8 kWh, 628.7 kW, autocorrelations 0.91, 0.61 and 0.68
    assert usage.sum() == pytest.approx(959_637, rel=0.1)
    assert (usage < 8).mean() == pytest.approx(0.59, abs=0.04)
    assert usage.max() * 4 == pytest.approx(628.7, rel=0.05)
    for lag, published in ((1, 0.91), (96, 0.61), (672, 0.68)):
        assert np.corrcoef(usage[:-lag], usage[lag:])[0, 1] == pytest.approx(published, abs=0.06)


def test_busy_months_use_more():
    levels = (2.0,) + (0.5,) * 11
    plant = profile(Shift(weekdays=EVERY_DAY, start_hour=0, end_hour=24, base_share=0), production_by_month=levels)

    january, june = (simulated(plant, *period)["usage_kwh"].mean() for period in months_of(*YEAR)[0:6:5])

    assert january > 2 * june


def test_the_demand_limit_holds_however_much_is_wanted():
    shift = Shift(weekdays=EVERY_DAY, start_hour=0, end_hour=24, base_share=1, parallel_runs=50)
    plant = profile(shift, demand_limit_share=0.8)

    assert simulated(plant, *JUNE)["usage_kwh"].max() <= 0.8 * 100 + 0.036


@pytest.mark.parametrize(
    ("start", "end", "seed", "field"),
    [
        pytest.param(dt.date(2018, 1, 2), dt.date(2018, 1, 2), 1, "period", id="an empty period"),
        pytest.param(dt.date(2018, 1, 2), dt.date(2018, 1, 1), 1, "period", id="backwards"),
        pytest.param(dt.date(1, 1, 1), dt.date(2018, 1, 1), 1, "period", id="before 1970"),
        pytest.param(dt.date(2018, 1, 1), dt.date(9999, 1, 1), 1, "period", id="after 2100"),
        pytest.param(dt.date(2018, 1, 1), dt.date(2018, 1, 2), -1, "seed", id="a negative seed"),
    ],
)
def test_what_cannot_be_simulated_is_refused_before_the_first_month(start, end, seed, field):
    with pytest.raises(InputError) as caught:
        simulate(toy_plant(), toy_tariff(), start=start, end=end, seed=seed)

    assert caught.value.field == field
