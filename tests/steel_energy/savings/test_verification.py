"""Savings that were put there by hand are found; where there are none, none is claimed more often than promised."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.billing import bill
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.savings import Verification, VerificationParams, verify
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

DAYS, BASELINE = 112, 84
START, END = dt.date(2018, 3, 26), dt.date(2018, 4, 23)  # 28 days, Monday to Sunday
PARAMS = VerificationParams(baseline_days=BASELINE, confidence=0.90)
SEOUL = ZoneInfo("Asia/Seoul")
SEEDS = 60


def since_start() -> pl.Expr:
    return pl.col("interval_start") >= dt.datetime.combine(START, dt.time(), tzinfo=SEOUL)


def less(readings: pl.DataFrame, share: float) -> pl.DataFrame:
    """The readings with ``share`` saved from ``START`` on."""
    kept = pl.when(since_start()).then(1 - share).otherwise(1.0)
    return readings.with_columns(pl.col("usage_kwh") * kept)


def used_kwh(readings: pl.DataFrame) -> float:
    """All of the period, which ends with the readings."""
    return readings.filter(since_start())["usage_kwh"].sum()


def verified(readings: pl.DataFrame, *, start: dt.date = START, end: dt.date = END, **options) -> Verification:
    given = {"plant": toy_plant(), "tariff": toy_tariff(), "params": PARAMS} | options
    return verify(readings, start=start, end=end, **given)


def test_a_tenth_less_by_hand():
    """A working day is 96 + 320 + 320 kWh at 1, 2 and 3 KRW: 736 kWh and 1,696 KRW."""
    made = verified(less(toy_readings(days=DAYS), 0.1), start=START, end=START + dt.timedelta(days=1))

    assert made.energy.counterfactual == pytest.approx(736)
    assert made.energy.saving == pytest.approx(73.6)
    assert made.cost.saving == pytest.approx(169.6)
    assert made.energy.uncertainty == pytest.approx(0, abs=1e-9)
    assert made.is_verified
    assert made.baseline == (dt.date(2018, 1, 1), dt.date(2018, 3, 25))


def test_measured_cost_is_the_bills_energy_and_co2():
    tariff = toy_tariff().model_copy(update={"co2_krw_per_t": 1000})
    readings = toy_readings(days=DAYS)
    made = verified(readings, tariff=tariff)

    start, end = (dt.datetime.combine(date, dt.time(), tzinfo=SEOUL) for date in (START, END))
    billed = bill(readings, plant=toy_plant(), tariff=tariff, start=start, end=end)
    assert made.cost.measured == pytest.approx(billed.amount_krw("energy") + billed.amount_krw("co2"))


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_over_many_plants_the_interval_holds_the_true_saving_as_often_as_it_promises(wandering, share):
    missed = claimed = 0
    for seed in range(SEEDS):
        readings = wandering(DAYS, seed=seed)
        made = verified(less(readings, share))
        low, high = made.energy.interval
        missed += not low <= used_kwh(readings) - made.energy.measured <= high
        claimed += made.cost.verdict != "not shown"

    assert missed <= SEEDS * (1 - PARAMS.confidence) + 4  # 10 promised; more than 10 of 60 by chance: 4 %
    if share:
        assert claimed >= 0.8 * SEEDS
    else:
        assert claimed <= SEEDS * (1 - PARAMS.confidence) + 4


def test_what_is_not_shown_says_so_and_after_how_long_it_would_be(wandering):
    made = verified(less(wandering(DAYS, seed=1), 0.1))

    assert made.cost.verdict == "not shown"
    assert not made.is_verified
    assert made.cost.days_to_show > made.cost.days
    assert "Not shown: the interval holds zero; at this rate it would take about" in made.cost.words


def test_a_promise_is_held_against_the_interval():
    saved = less(toy_readings(days=DAYS), 0.1)
    true_krw = verified(saved).cost.saving

    kept, broken = (" ".join(verified(saved, promised_krw=krw).words) for krw in (true_krw, 2 * true_krw))
    assert "lies within the interval; its saving is verified" in kept
    assert "lies outside the interval" in broken


def test_more_used_is_told_as_such():
    made = verified(less(toy_readings(days=DAYS), -0.2))

    assert made.cost.verdict == "used more"
    assert made.cost.fractional_uncertainty is None
    assert not made.is_verified


def test_days_that_cannot_be_compared_are_left_out_and_named():
    lost = pl.col("interval_start").dt.date() == dt.date(2018, 3, 28)
    readings = less(toy_readings(days=DAYS).filter(~lost), 0.1)
    open_sunday = dt.date(2018, 4, 1)
    calendar = toy_plant().calendar.model_copy(update={"open_days": frozenset({open_sunday})})
    plant = toy_plant().model_copy(update={"calendar": calendar})
    made = verified(readings, plant=plant)

    assert dict(made.left_out) == {
        dt.date(2018, 3, 28): "not all of it is known",
        open_sunday: "the baseline has too few of its kind (open Sunday)",
    }
    assert made.energy.days == 26
    assert made.energy.saving == pytest.approx(0.1 * made.energy.counterfactual)


def test_the_model_tries_itself_on_its_own_baseline(wandering):
    made = verified(wandering(DAYS, seed=1), end=START + dt.timedelta(days=7))

    assert made.placebos == 6
    assert {fit.resolution for fit in made.fits} == {"hour", "day", "four_weeks"}
    assert verified(wandering(DAYS, seed=1)).placebos == 1
    assert any("too short to try the method on itself" in text for text in verified(wandering(DAYS, seed=1)).words)


@pytest.mark.parametrize(
    ("start", "end", "error", "match"),
    [
        pytest.param(END, START, InputError, "before the end", id="reversed"),
        pytest.param(dt.date(2018, 1, 2), dt.date(2018, 1, 5), NotEnoughDataError, "3 days", id="no baseline"),
        pytest.param(dt.date(2018, 4, 23), dt.date(2018, 4, 30), NotEnoughDataError, "no day", id="not known yet"),
    ],
)
def test_a_period_that_cannot_be_verified_is_refused(start, end, error, match):
    with pytest.raises(error, match=match):
        verified(toy_readings(days=DAYS), start=start, end=end)


@pytest.mark.real_data
def test_a_year_without_any_plan_seldom_shows_savings(real_readings, gwangyang, kepco):
    weeks = [dt.date(2018, 3, 26) + dt.timedelta(weeks=week) for week in range(40)]
    made = [
        verify(real_readings, plant=gwangyang, tariff=kepco, start=week, end=week + dt.timedelta(days=7), params=PARAMS)
        for week in weeks
    ]

    assert sum(one.cost.verdict != "not shown" for one in made) <= 4  # a tenth of 40
