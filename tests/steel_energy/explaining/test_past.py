"""Intervals, days and peaks of the past: hand-checked on the toy plant, and laws on readings drawn at random.

The toy plant takes 2, 10 or 20 kWh an interval in its three bands, at 1, 2 and 3 KRW/kWh and 10 KRW/kW of demand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.billing import bill
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.explaining.days import explain_day
from steel_energy.explaining.intervals import explain_interval, explain_peak
from steel_energy.explaining.past import PastLoad, past_load
from steel_energy.explaining.records import Compare, PastExplanation
from steel_energy.tariff import DemandCharge, Tariff
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings

SEOUL, MADRID = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Madrid")
NOON = dt.datetime(2018, 2, 1, 12, tzinfo=SEOUL)  # a Thursday, usually 20 kWh in the maximum band
DAYS = 59


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, zone: ZoneInfo = SEOUL) -> dt.datetime:
    """A moment of a plant's clock."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=zone)


def past_with(changed: dict[dt.datetime, float] | None = None, *, tariff: Tariff | None = None) -> PastLoad:
    """January and February 2018 with the energy of some intervals changed; the last known moment is 1 March."""
    readings, usage = toy_readings(days=DAYS), pl.col("usage_kwh")
    for start, usage_kwh in (changed or {}).items():
        usage = pl.when(pl.col("interval_start") == start).then(usage_kwh).otherwise(usage)
    return past_load(readings.with_columns(usage_kwh=usage), plant=toy_plant(), tariff=tariff or toy_tariff())


@pytest.fixture(scope="module")
def varied() -> PastLoad:
    return past_load(varied_readings(days=DAYS, plant=toy_plant()), plant=toy_plant(), tariff=toy_tariff())


def adds_up(told: PastExplanation) -> bool:
    sums = told.usual.kwh + sum(part.kwh for part in told.contributions)
    usual = told.usual.plant_kwh + sum(part.kwh for part in told.usual.parts)
    return sums == pytest.approx(told.usage_kwh, abs=1e-9) and usual == pytest.approx(told.usual.kwh, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(row=st.integers(0, DAYS * 96 - 1), compare=st.sampled_from(["earlier", "all"]))
def test_contributions_of_an_interval_add_up_to_its_difference(varied: PastLoad, row: int, compare: Compare) -> None:
    start = varied.readings["interval_start"][row]
    try:
        told = explain_interval(varied, start, compare=compare)
    except NotEnoughDataError:
        assert compare == "earlier"  # in hindsight two months are enough
        return

    assert adds_up(told)
    assert told.difference_kwh == pytest.approx(sum(part.kwh for part in told.contributions), abs=1e-9)


@pytest.mark.parametrize("compare", ["earlier", "all"])
def test_contributions_and_hours_of_a_day_add_up_to_its_difference(varied: PastLoad, compare: Compare) -> None:
    for date in (dt.date(2018, 2, 1), dt.date(2018, 2, 26), dt.date(2018, 2, 28)):
        told = explain_day(varied, date, compare=compare)

        assert adds_up(told)
        assert sum(hour.usage_kwh for hour in told.hours) == pytest.approx(told.usage_kwh)
        assert sum(hour.usual_kwh for hour in told.hours) == pytest.approx(told.usual.kwh)


def test_the_usual_value_is_the_median_of_the_same_time_on_earlier_days_of_the_kind(varied: PastLoad) -> None:
    told = explain_interval(varied, NOON)
    weekday, clock = pl.col("interval_start").dt.weekday(), pl.col("interval_start").dt.strftime("%H:%M")
    slow = varied.readings.filter((weekday <= 5) & (clock == "12:00") & (pl.col("interval_start") < NOON))

    assert told.usual.kwh == slow["usage_kwh"].median()
    assert (told.usual.cases, told.usual.day_type) == (slow.height, "open_weekday") == (23, "open_weekday")
    assert (told.usual.first, told.usual.last) == (dt.date(2018, 1, 1), dt.date(2018, 1, 31))


def test_a_day_like_all_others_has_nothing_to_explain() -> None:
    told = explain_day(past_with(), dt.date(2018, 2, 1))

    assert told.usage_kwh == told.usual.kwh == 48 * 2 + 32 * 10 + 16 * 20
    assert [part.kwh for part in told.contributions] == [0.0] * len(told.contributions)
    assert told.bill == ()


def test_the_bill_of_a_peak_is_its_energy_and_what_it_adds_to_the_demand_charge() -> None:
    told = explain_peak(past_with({NOON: 30.0}), at(2018, 2, 1), at(2018, 3, 1))

    assert (told.start, told.usage_kwh, told.usual.kwh, told.difference_kwh) == (NOON, 30.0, 20.0, 10.0)
    energy, demand = told.bill
    assert (energy.code, energy.band, energy.quantity, energy.amount_krw) == ("energy", "all-year maximum", 10.0, 30.0)
    assert (demand.code, demand.quantity, demand.unit, demand.amount_krw) == ("demand", 40.0, "kW", 400.0)
    assert (demand.values["actual"], demand.values["usual"], demand.is_final) == (120.0, 80.0, True)


def test_a_second_peak_leaves_only_the_difference_to_it_to_pay() -> None:
    second = NOON + dt.timedelta(days=1)
    told = explain_interval(past_with({NOON: 30.0, second: 28.0}), NOON)

    assert [(change.code, change.amount_krw) for change in told.bill] == [("energy", 30.0), ("demand", 80.0)]


def test_a_peak_in_a_ratchet_month_is_paid_in_the_months_after_it_too() -> None:
    demand = DemandCharge(krw_per_kw=10, ratchet_months=frozenset({1}))
    january = dt.datetime(2018, 1, 31, 12, tzinfo=SEOUL)
    past = past_with({january: 30.0}, tariff=toy_tariff().model_copy(update={"demand": demand}))
    changes = explain_interval(past, january).bill
    ratchet = [change for change in changes if change.code == "ratchet"]

    assert [change.code for change in changes[:2]] == ["energy", "demand"]
    assert [change.month for change in ratchet] == [f"2018-{month:02}" for month in range(2, 13)]
    assert {change.amount_krw for change in ratchet} == {400.0}
    assert [change.is_final for change in ratchet] == [True] + [False] * 10  # readings end with February


def test_lines_of_the_bill_are_the_difference_of_two_whole_bills(varied: PastLoad) -> None:
    told = explain_day(varied, dt.date(2018, 2, 14))
    month = {"start": at(2018, 2, 1), "end": at(2018, 3, 1)}
    frames = (varied.readings, without(varied, told))
    actual, instead = (bill(frame, plant=varied.plant, tariff=varied.tariff, **month).total_krw for frame in frames)

    assert sum(change.amount_krw for change in told.bill) == pytest.approx(actual - instead, abs=1)
    assert abs(actual - instead) > 100


def without(past: PastLoad, told: PastExplanation) -> pl.DataFrame:
    """Readings with the medians of earlier weekdays, scaled to the usual day, in the day's place: computed slowly."""
    start = pl.col("interval_start")
    earlier = past.readings.filter((start < told.start) & (start.dt.weekday() <= 5))
    usual = earlier.group_by(clock=start.dt.time()).agg(pl.col("usage_kwh").median().alias("usual_kwh"))
    scale = told.usual.kwh / float(usual["usual_kwh"].sum())
    is_replaced = start.is_between(told.start, told.end, closed="left")
    return (
        past.readings.with_columns(clock=start.dt.time())
        .join(usual, on="clock", how="left", maintain_order="left")
        .with_columns(usage_kwh=pl.when(is_replaced).then(pl.col("usual_kwh") * scale).otherwise(pl.col("usage_kwh")))
    )


@pytest.mark.parametrize(
    "explain",
    [
        pytest.param(lambda past: explain_interval(past, NOON), id="interval"),
        pytest.param(lambda past: explain_day(past, NOON.date()), id="day"),
    ],
)
def test_nothing_later_counts_unless_asked_for(
    varied: PastLoad, explain: Callable[[PastLoad], PastExplanation]
) -> None:
    morrow = pl.col("interval_start") >= dt.datetime(2018, 2, 2, tzinfo=SEOUL)
    changed = varied.readings.with_columns(usage_kwh=pl.when(morrow).then(77.0).otherwise(pl.col("usage_kwh")))
    first, second = (
        explain(past_load(frame, plant=varied.plant, tariff=varied.tariff)) for frame in (varied.readings, changed)
    )

    assert (first.usual, first.contributions, first.similar) == (second.usual, second.contributions, second.similar)
    assert first.bill != second.bill  # that of its month is what it came to be


def test_in_hindsight_all_other_days_count() -> None:
    january = dt.datetime(2018, 1, 2, 12, tzinfo=SEOUL)
    with pytest.raises(NotEnoughDataError, match="1 earlier days"):
        explain_interval(past_with(), january)
    told = explain_interval(past_with(), january, compare="all")

    assert (told.usual.compare, told.usual.cases, told.usual.last) == ("all", 42, dt.date(2018, 2, 28))


def test_the_first_interval_is_explained_without_what_nobody_knows_of_it() -> None:
    told = explain_interval(past_with(), at(2018, 1, 1), compare="all")

    assert {part.code for part in told.contributions} == {"tariff_band", "reactive", "remainder"}
    assert adds_up(told)


def test_the_hours_before_pull_the_way_they_ran() -> None:
    random = np.random.default_rng(1)
    factor = np.repeat(random.uniform(0.5, 1.5, DAYS), 96)  # each day runs at a level of its own, from morning on
    readings = toy_readings(days=DAYS).with_columns(usage_kwh=pl.col("usage_kwh") * factor)
    past = past_load(readings, plant=toy_plant(), tariff=toy_tariff())
    for day in range(30, 55):
        told = explain_interval(past, NOON.replace(day=1, month=1) + dt.timedelta(days=day), compare="all")
        parts = {part.code: part.kwh for part in told.contributions}
        if told.usual.day_type == "open_weekday":
            assert parts["recent_level"] * told.difference_kwh >= 0
            assert abs(parts["remainder"]) < 0.2 * abs(told.difference_kwh) + 0.5


def test_the_most_similar_interval_is_its_twin() -> None:
    twin = NOON - dt.timedelta(days=14)
    told = explain_interval(past_with({NOON: 30.0, twin: 29.0}), NOON)

    assert (told.similar[0].start, told.similar[0].usage_kwh) == (twin, 29.0)
    assert len({event.start.date() for event in told.similar}) == 3


def test_the_most_similar_day_runs_alike_hour_by_hour() -> None:
    shift = [dt.timedelta(minutes=15 * quarter) for quarter in range(16)]
    night = {NOON.replace(hour=0) + later: 15.0 for later in shift}
    twin = {start - dt.timedelta(days=9): usage_kwh for start, usage_kwh in night.items()}
    told = explain_day(past_with(night | twin), NOON.date())

    assert told.similar[0].start == dt.datetime(2018, 1, 23, tzinfo=SEOUL)
    assert told.similar[0].values["apart_kwh"] == 0


@pytest.mark.parametrize(
    ("explain", "field"),
    [
        pytest.param(lambda past: explain_interval(past, at(2019, 1, 1)), "at", id="not-known-yet"),
        pytest.param(lambda past: explain_interval(past, at(2018, 2, 1, 0, 7)), "at", id="off-the-grid"),
        pytest.param(lambda past: explain_interval(past, at(2017, 12, 31, 23, 45)), "at", id="before"),
        pytest.param(lambda past: explain_day(past, dt.date(2018, 3, 1)), "date", id="day-not-known"),
        pytest.param(lambda past: explain_day(past, dt.date(1, 1, 1)), "date", id="first-day-of-all"),
        pytest.param(lambda past: explain_peak(past, at(2019, 1, 1), at(2019, 2, 1)), "from", id="no-readings"),
        pytest.param(lambda past: explain_peak(past, at(2018, 2, 2), at(2018, 2, 1)), "from", id="reversed"),
    ],
)
def test_what_is_not_known_is_refused_by_field(explain: Callable[[PastLoad], Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        explain(past_with())

    assert (refused.value.field, bool(refused.value.remedy)) == (field, True)


def test_a_day_that_has_not_ended_is_no_whole_day() -> None:
    readings = toy_readings(days=DAYS)[20:-10]
    past = past_load(readings, plant=toy_plant(), tariff=toy_tariff())
    for date in (dt.date(2018, 1, 1), dt.date(2018, 2, 28)):
        with pytest.raises(InputError, match="not known as a whole"):
            explain_day(past, date)

    assert explain_day(past, dt.date(2018, 2, 27)).usual.first == dt.date(2018, 1, 2)


def test_days_with_a_clock_change_add_up_too() -> None:
    plant = toy_plant(zone="Europe/Madrid")
    past = past_load(varied_readings(days=110, plant=plant), plant=plant, tariff=toy_tariff())
    told = explain_day(past, dt.date(2018, 3, 25), compare="all")
    evening = explain_interval(past, at(2018, 3, 25, 20, 15, zone=MADRID), compare="all")

    assert (told.end - told.start).total_seconds() == 24 * 3600  # on the clock's face; 23 hours have passed
    assert adds_up(told)
    assert told.hours[2].usage_kwh == 0
    assert (evening.start.hour, evening.usual.cases) == (20, 14)
    assert adds_up(evening)


def test_what_lies_before_a_gap_is_not_taken_for_what_lies_just_before() -> None:
    readings = toy_readings(days=DAYS)
    gap = pl.col("interval_start").is_between(at(2018, 1, 20), at(2018, 1, 25, 8), closed="left")
    past = past_load(readings.filter(~gap), plant=toy_plant(), tariff=toy_tariff())
    told = explain_interval(past, at(2018, 2, 1, 8))
    after = past.row_of(at(2018, 1, 25, 8), field="at")

    assert told.start == at(2018, 2, 1, 8)
    assert told.usual.cases == 23 - 3  # of 22, 23 and 24 January nothing is known, of the 25th this time is
    assert np.isnan(past.before_kwh[after])
    assert np.isnan(past.recent_kwh[after + 15])
    assert past.recent_kwh[after + 16] == 10
    with pytest.raises(InputError, match="not known as a whole"):
        explain_day(past, dt.date(2018, 1, 25))
    assert explain_day(past, dt.date(2018, 2, 1)).usual.cases == 23 - 4
