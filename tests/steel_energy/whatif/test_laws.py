"""What holds of every load and scenario: loads are drawn at random, one seed a load."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings
from steel_energy.whatif import ChangeLoadType, CloseDay, CorrectPowerFactor, Hours, MoveLoad, ScaleProduction
from steel_energy.whatif.applying import Knowledge, apply, apply_all
from steel_energy.whatif.loads import LOAD_COLUMNS, Load, grid_of, load_of
from steel_energy.whatif.typical import TypicalHistory

DAYS = [dt.date(2018, 1, day) for day in range(1, 9)]
seeds = st.integers(0, 1000)
shares = st.floats(0, 1)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    first = draw(st.integers(0, 23))
    return Hours(from_hour=first, to_hour=draw(st.integers(0, 24).filter(lambda last: last != first)))


@st.composite
def apart(draw: st.DrawFn) -> tuple[Hours, Hours]:
    """Two stretches of a day that share no hour."""
    cuts = sorted(draw(st.lists(st.integers(0, 24), min_size=4, max_size=4, unique=True)))
    pair = Hours(from_hour=cuts[0], to_hour=cuts[1]), Hours(from_hour=cuts[2], to_hour=cuts[3])
    return pair if draw(st.booleans()) else pair[::-1]


def toy_load(seed: int) -> tuple[Load, Knowledge]:
    """A week and a day drawn at random, and what is learnt from it."""
    readings = varied_readings(days=8, plant=toy_plant(), seed=seed)
    grid = grid_of(readings["interval_start"], plant=toy_plant(), tariff=toy_tariff())
    load = load_of(readings.select(LOAD_COLUMNS), grid)
    return load, Knowledge(TypicalHistory(grid, load.usage_kwh), kvarh_per_kwh=0.7)


def madrid_load() -> tuple[Load, Knowledge]:
    """Two weeks on the clock of Madrid; the 25th of March has 23 hours."""
    plant = toy_plant(zone="Europe/Madrid")
    readings = toy_readings(days=14, plant=plant, first=dt.date(2018, 3, 19))
    grid = grid_of(readings["interval_start"], plant=plant, tariff=toy_tariff())
    load = load_of(readings.select(LOAD_COLUMNS), grid)
    return load, Knowledge(TypicalHistory(grid, load.usage_kwh), kvarh_per_kwh=0.5)


def energies(load: Load) -> np.ndarray:
    return np.stack([load.usage_kwh, load.lagging(), load.leading()])


@settings(deadline=None, max_examples=30)
@given(seed=seeds, share=shares, pair=apart())
def test_moving_load_conserves_its_energy_day_by_day(seed, share, pair):
    load, knowledge = toy_load(seed)
    after = apply(MoveLoad(share=share, from_hours=pair[0], to_hours=pair[1]), load, knowledge).load

    for day in np.unique(load.grid.day):
        of_day = load.grid.day == day
        assert after.usage_kwh[of_day].sum() == pytest.approx(load.usage_kwh[of_day].sum())
    assert (after.usage_kwh >= 0).all()


@settings(deadline=None, max_examples=30)
@given(seed=seeds, share=shares, days=st.permutations(DAYS))
def test_moving_load_between_days_conserves_its_energy(seed, share, days):
    load, knowledge = toy_load(seed)
    after = apply(MoveLoad(share=share, from_day=days[0], to_day=days[1]), load, knowledge).load

    assert after.usage_kwh.sum() == pytest.approx(load.usage_kwh.sum())


@settings(deadline=None, max_examples=30)
@given(seed=seeds, factor=st.floats(0.34, 3))
def test_scaling_by_a_factor_and_by_its_inverse_returns(seed, factor):
    load, knowledge = toy_load(seed)
    scaled = [ScaleProduction(factor=factor), ScaleProduction(factor=1 / factor)]

    np.testing.assert_allclose(energies(apply_all(scaled, load, knowledge)[-1].load), energies(load), atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(seed=seeds, share=st.floats(0, 0.9), pair=apart())
def test_moving_there_and_back_returns_where_hours_are_even(seed, share, pair):
    """What was spread evenly comes back whole if the load of each of the hours was even before."""
    load, knowledge = toy_load(seed)
    even = load.drawing(np.full(load.usage_kwh.size, 10.0), kvarh_per_kwh=0.7)
    there = apply(MoveLoad(share=share, from_hours=pair[0], to_hours=pair[1]), even, knowledge).load
    at_target = pair[1].counts(load.grid.hour)
    back_share = 1 - 10.0 / there.usage_kwh[at_target][0]
    back = apply(MoveLoad(share=back_share, from_hours=pair[1], to_hours=pair[0]), there, knowledge).load

    np.testing.assert_allclose(energies(back), energies(even), atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(seed=seeds, window=hours())
def test_what_changes_nothing_leaves_every_bit(seed, window):
    load, knowledge = toy_load(seed)
    idle = [
        ScaleProduction(factor=1),
        MoveLoad(share=0, from_hours=Hours(to_hour=5), to_hours=Hours(from_hour=9)),
        CorrectPowerFactor(capacitor_kvar=0, hours=window),
        CorrectPowerFactor(capacitor_kvar=0, control="automatic"),
    ]

    assert np.array_equal(energies(apply_all(idle, load, knowledge)[-1].load), energies(load))


def test_a_day_whose_clock_skips_an_hour_is_a_day_as_any_other():
    load, knowledge = madrid_load()
    short_day = load.grid.on_days([dt.date(2018, 3, 25)])
    moved = apply(MoveLoad(share=0.5, from_hours=Hours(to_hour=3), to_hours=Hours(from_hour=20)), load, knowledge).load
    skipped = Hours(from_hour=2, to_hour=3)
    left = apply(MoveLoad(share=1, from_hours=skipped, to_hours=Hours(from_hour=20)), load, knowledge)

    assert short_day.sum() == 92
    assert moved.usage_kwh[short_day].sum() == pytest.approx(92 * 2)  # a closed Sunday of 2 kWh
    assert "stay as they are: 1" in left.words


@settings(deadline=None, max_examples=20)
@given(seed=seeds)
def test_closing_days_never_draws_more_in_any_interval(seed):
    load, knowledge = toy_load(seed)
    closed = apply_all([CloseDay(day=day) for day in DAYS], load, knowledge)[-1].load
    price = toy_tariff().billed(load.grid.interval_start)["energy_krw_per_kwh"].to_numpy()

    assert (closed.usage_kwh <= load.usage_kwh).all()
    assert closed.usage_kwh @ price <= load.usage_kwh @ price


@settings(deadline=None, max_examples=30)
@given(seed=seeds, kvar=st.floats(0, 400), window=hours())
def test_a_bank_lowers_lagging_and_raises_leading_by_its_energy_together(seed, kvar, window):
    load, knowledge = toy_load(seed)
    after = apply(CorrectPowerFactor(capacitor_kvar=kvar, hours=window), load, knowledge).load
    bank = np.where(window.counts(load.grid.hour), kvar / 4, 0)

    less_lagging, more_leading = load.lagging() - after.lagging(), after.leading() - load.leading()
    np.testing.assert_allclose(less_lagging + more_leading, bank, atol=1e-9)
    assert (less_lagging >= 0).all()
    assert (more_leading >= -1e-12).all()


@settings(deadline=None, max_examples=30)
@given(seed=seeds, kvar=st.floats(0, 400))
def test_an_automatic_bank_never_leads_and_never_takes_more_than_a_fixed_one(seed, kvar):
    load, knowledge = toy_load(seed)
    automatic, fixed = (
        apply(CorrectPowerFactor(capacitor_kvar=kvar, control=control), load, knowledge).load
        for control in ("automatic", "fixed")
    )

    np.testing.assert_allclose(automatic.leading(), load.leading(), atol=1e-12)
    np.testing.assert_allclose(automatic.lagging(), fixed.lagging(), atol=1e-9)


@settings(deadline=None, max_examples=20)
@given(seed=seeds, window=hours(), load_type=st.sampled_from(["light", "medium", "maximum"]))
def test_hours_beside_those_that_change_keep_every_bit(seed, window, load_type):
    load, knowledge = toy_load(seed)
    after = apply(ChangeLoadType(load_type=load_type, hours=window), load, knowledge).load
    beside = ~window.counts(load.grid.hour)

    assert np.array_equal(energies(after)[:, beside], energies(load)[:, beside])
