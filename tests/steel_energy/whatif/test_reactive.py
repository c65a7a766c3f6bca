"""Reactive energy from history: on the toy plant, on a plant of known physics, and on the published year."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.billing import power_factor_percent
from steel_energy.errors import NotEnoughDataError
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.whatif.loads import ENERGIES, LOAD_COLUMNS
from steel_energy.whatif.reactive import ReactiveHistory, reactive_history


def history_of(readings: pl.DataFrame) -> ReactiveHistory:
    return reactive_history(readings.select(LOAD_COLUMNS), plant=toy_plant(), tariff=toy_tariff())


@pytest.fixture(scope="module")
def with_a_bank() -> pl.DataFrame:
    """Motors that lag by 0.7 kvarh a kWh, and a bank of 8 kvarh from 8 to 20 h."""
    bank = pl.when(pl.col("interval_start").dt.hour().is_between(8, 19)).then(8.0).otherwise(0.0)
    net = 0.7 * pl.col("usage_kwh") - bank
    spread = 1 + pl.int_range(pl.len()) % 7 / 10  # so that each quarter hour has several usages
    return (
        toy_readings(days=35)
        .with_columns(usage_kwh=pl.col("usage_kwh") * spread)
        .with_columns(lagging_reactive_kvarh=net.clip(0), leading_reactive_kvarh=(-net).clip(0))
    )


def test_each_further_kwh_brings_the_motors_part_whatever_the_banks_do(with_a_bank):
    assert history_of(with_a_bank).kvarh_per_kwh() == pytest.approx(0.7)


def test_a_usage_goes_with_the_reactive_energy_of_its_like_in_the_same_hour(with_a_bank):
    """At noon 20 kWh lag by 6 kvarh and 2.6 lead by 6.18; at midnight, where no bank is on, 3 kWh lag by 2.1."""
    lagging, leading = history_of(with_a_bank).beside(np.array([20.0, 2.6, 3.0]), np.array([12, 12, 0]))

    assert lagging == pytest.approx([6, 0, 2.1], abs=0.35)
    assert leading == pytest.approx([0, 6.18, 0], abs=0.35)


def test_what_is_known_to_the_digit_comes_back(with_a_bank):
    known = history_of(with_a_bank)
    rows = np.flatnonzero(known.load.grid.hour == 21)  # of one hour, where 28 days have 7 usages each several times
    lagging, _ = known.beside(known.load.usage_kwh[rows], known.load.grid.hour[rows])

    np.testing.assert_allclose(lagging, known.load.lagging_kvarh[rows], rtol=0.05)


def test_only_the_newest_days_count(with_a_bank):
    older = with_a_bank.head(7 * 96).with_columns(lagging_reactive_kvarh=pl.lit(1000.0))
    changed = pl.concat([older, with_a_bank.tail(28 * 96)])

    assert history_of(changed).kvarh_per_kwh() == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("usage_kwh", "expected"),
    [pytest.param(8.0, 0.75, id="the-plants-own-ratio"), pytest.param(0.0, 0.0, id="none-without-usage")],
)
def test_a_usage_that_never_varies_has_no_slope(usage_kwh, expected):
    flat = toy_readings(days=7).with_columns(usage_kwh=pl.lit(usage_kwh), lagging_reactive_kvarh=pl.lit(6.0))

    assert history_of(flat).kvarh_per_kwh() == expected


def test_an_hour_that_was_never_seen_is_refused():
    morning = history_of(toy_readings(days=1).head(8))

    with pytest.raises(NotEnoughDataError, match="no reading of the hour 5 is known"):
        morning.beside(np.array([1.0]), np.array([5]))


def test_nothing_known_is_refused():
    with pytest.raises(NotEnoughDataError, match="no readings are known before the period"):
        history_of(toy_readings(days=1).head(0))


@pytest.mark.real_data
def test_the_published_plants_power_factor_of_a_week_is_met_to_about_a_point(
    real_csv: Path, gwangyang: Plant, kepco: Tariff
) -> None:
    """Each week from April on, its usage known and its reactive energies estimated from the four weeks before."""
    published = pl.read_csv(real_csv, infer_schema_length=None)[:, 1:4].rename(
        lambda name: dict(zip(("Usage", "Lagging", "Leading"), ENERGIES, strict=True))[name.split("_")[0]]
    )
    first = dt.datetime(2018, 1, 1)  # noqa: DTZ001 - on the plant's clock
    starts = pl.datetime_range(first, first + dt.timedelta(days=365), "15m", closed="left", time_unit="us", eager=True)
    known = published.select(starts.dt.replace_time_zone(gwangyang.zone).alias("interval_start"), pl.all())
    errors = []
    for week in range(13, 52):
        measured = known[week * 672 : (week + 1) * 672]
        history = reactive_history(known[: week * 672], plant=gwangyang, tariff=kepco)
        hour = measured["interval_start"].dt.hour().cast(pl.Int64).to_numpy()
        lagging, leading = history.beside(measured["usage_kwh"].to_numpy(), hour)
        estimated = measured.with_columns(
            lagging_reactive_kvarh=pl.Series(lagging), leading_reactive_kvarh=pl.Series(leading)
        )
        errors.append([power_factor_percent(one, kepco.power_factor[0]) for one in (estimated, measured)])
    apart = np.diff(np.array(errors), axis=1)

    assert np.abs(apart).mean() < 1.3
    assert np.abs(apart.mean()) < 0.3
