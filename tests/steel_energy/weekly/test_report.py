"""A week of the toy plant by hand: what it used, what it cost, its peaks, its power factor, its gaps and repairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.params import load_params
from steel_energy.schema import repairs_schema
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.tariff import DemandCharge, PowerFactorClause
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.weekly import Context, Missing, PlanAhead, WeeklyReport

Make = Callable[..., WeeklyReport]
SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2018, 1, 15, tzinfo=SEOUL)


def at(day: int, hour: int, minute: int = 0, *, month: int = 1) -> dt.datetime:
    return dt.datetime(2018, month, day, hour, minute, tzinfo=SEOUL)


def with_usage(readings: pl.DataFrame, changes: dict[dt.datetime, float]) -> pl.DataFrame:
    start = pl.col("interval_start")
    changed = pl.col("usage_kwh")
    for moment, usage_kwh in changes.items():
        changed = pl.when(start == moment).then(usage_kwh).otherwise(changed)
    return readings.with_columns(usage_kwh=changed)


def test_a_week_by_hand(make: Make) -> None:
    """Six days of 48 light, 32 medium and 16 maximum intervals with 2, 10 and 20 kWh; Sunday 96 with 2 kWh."""
    used = make().consumption

    assert used.usage_kwh == 6 * 736 + 192
    assert used.co2_t == pytest.approx(4.608)
    assert [day.usage_kwh for day in used.days] == [736] * 6 + [192]
    assert [day.is_closed for day in used.days] == [False] * 6 + [True]
    assert [day.energy_krw for day in used.days] == [96 + 640 + 960] * 5 + [96 + 640 + 640] + [192]
    assert {use.band: use.usage_kwh for use in used.bands} == {
        "light": 6 * 96 + 192,
        "medium": 6 * 320 + 320,
        "maximum": 5 * 320,
    }


def test_the_week_is_set_beside_the_one_before_and_the_usual_days_of_its_kinds(make: Make) -> None:
    readings = toy_readings(days=21)
    doubled = pl.col("interval_start") >= MONDAY
    used = make(
        readings.with_columns(usage_kwh=pl.when(doubled).then(2 * pl.col("usage_kwh")).otherwise("usage_kwh"))
    ).consumption

    assert (used.usage_kwh, used.before_kwh, used.usual_kwh) == (9216, 4608, 4608)
    assert [day.usual_kwh for day in used.days] == [736] * 6 + [192]


def test_without_weeks_before_nothing_is_usual(make: Make) -> None:
    report = make(week="2018-W01")

    assert (report.consumption.before_kwh, report.consumption.usual_kwh) == (None, None)
    assert report.cost.before_krw is None  # type: ignore[union-attr]
    assert {(peak.usual_kw, peak.reason) for peak in report.peaks} == {(None, "no_usual")}


def test_later_readings_change_nothing(make: Make) -> None:
    until = toy_readings(days=21)

    early, late = make(until), make(with_usage(toy_readings(days=35), {at(25, 10): 99.0}))

    assert (early.consumption, early.cost, early.peaks) == (late.consumption, late.cost, late.peaks)


def test_the_bill_of_the_week_by_hand(make: Make) -> None:
    cost = make().cost

    assert not isinstance(cost, Missing)
    assert cost.bill.amount_krw("energy") == 5 * 1696 + 1376 + 192
    assert cost.bill.total_krw == pytest.approx(10_048 + 80 * 10 * 7 / 31)
    assert [(one.month, one.peak_kw, one.billed_kw, one.basis) for one in cost.demands] == [
        ("2018-01", 80, 80, "month")
    ]


def test_what_one_event_costs_is_the_demand_above_the_rest_of_the_month(make: Make) -> None:
    """A quarter hour of 100 kWh (400 kW) on the 17th; the rest of the month does not exceed 80 kW, at 10 KRW/kW."""
    peaked = with_usage(toy_readings(days=35), {at(17, 13): 100.0, at(17, 13, 15): 90.0})

    (demand,) = make(peaked).cost.demands  # type: ignore[union-attr]

    assert (demand.peak_kw, demand.peak_at, demand.month_krw) == (400, at(17, 13), 4000)
    assert demand.avoidable_krw == (400 - 80) * 10


def test_an_earlier_month_or_the_contract_may_be_billed_instead(make: Make) -> None:
    ratchet = toy_tariff().model_copy(
        update={"demand": DemandCharge(krw_per_kw=10, ratchet_months=frozenset({1}), min_contract_share=0.1)}
    )
    least = toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=10, min_contract_share=0.5)})
    peaked = with_usage(toy_readings(days=59), {at(3, 10): 50.0})

    (february,) = make(peaked, week="2018-W07", site=Site(toy_plant(), ratchet)).cost.demands  # type: ignore[union-attr]
    (contract,) = make(peaked, week="2018-W07", site=Site(toy_plant(), least)).cost.demands  # type: ignore[union-attr]

    assert (february.basis, february.basis_month, february.billed_kw) == ("earlier_month", "2018-01", 200)
    assert (contract.basis, contract.billed_kw, contract.avoidable_krw) == ("contract", 200, 0)


def test_a_week_in_two_months_has_two_demand_lines_and_each_month_its_peak(make: Make) -> None:
    """Week 5 runs from 29 January to 4 February; January's peak is of the 30th, February's of the 2nd."""
    peaked = with_usage(toy_readings(days=35), {at(30, 10): 40.0, at(2, 10, month=2): 30.0})

    cost = make(peaked, week="2018-W05").cost

    assert [(one.month, one.peak_kw, one.avoidable_krw) for one in cost.demands] == [  # type: ignore[union-attr]
        ("2018-01", 160, 800),
        ("2018-02", 120, 400),
    ]


def test_peaks_are_apart_and_told_against_the_usual(make: Make) -> None:
    """The second highest interval lies beside the first one, so the third counts as the second peak."""
    usual = toy_readings(days=35)
    peaks = make(with_usage(usual, {at(17, 13): 30.0, at(17, 13, 15): 29.0, at(16, 13): 25.0, at(15, 9): 24.0})).peaks

    assert [(peak.start, peak.demand_kw) for peak in peaks] == [(at(17, 13), 120), (at(16, 13), 100), (at(15, 9), 96)]
    assert [peak.usual_kw for peak in peaks] == [80, 80, 40]
    assert [peak.is_month_peak for peak in peaks] == [True, False, False]
    assert [peak.minutes_near for peak in peaks] == [30, 15, 15]
    assert {peak.reason for peak in peaks} == {"above_usual"}


def test_the_parts_of_a_peak_add_up_to_its_difference_from_the_usual(make: Make) -> None:
    peak = make(with_usage(toy_readings(days=35), {at(17, 13): 30.0})).peaks[0]

    assert peak.causes
    assert 4 * sum(cause.kwh for cause in peak.causes) == pytest.approx(peak.demand_kw - peak.usual_kw)  # type: ignore[operator]


def test_the_power_factor_is_told_for_week_and_month_beside_its_clause(make: Make) -> None:
    """Lagging energy is half of the usage: 89.44 %, 0.557 points below 90, each 1 % of the month's 800 KRW."""
    clause = PowerFactorClause(reactive="lagging", from_hour=9, to_hour=23, limit_percent=90, share_per_point=0.01)
    tariff = toy_tariff().model_copy(update={"power_factor": (clause,)})

    (told,) = make(site=Site(toy_plant(), tariff)).power_factors  # type: ignore[misc]

    assert told.week_percent == told.month_percent == pytest.approx(89.4427, abs=1e-4)
    assert told.month_krw == pytest.approx((90 - 89.442719) * 0.01 * 800, abs=1e-4)
    assert make().power_factors == Missing("no_power_factor_clause")


def test_a_week_with_a_gap_is_told_but_not_billed(make: Make) -> None:
    gap = pl.col("interval_start").is_between(at(17, 8), at(17, 9), closed="left")
    report = make(toy_readings(days=35).filter(~gap))

    assert (report.quality.known, report.quality.expected, report.is_whole) == (668, 672, False)
    assert report.cost == Missing("gaps")
    assert report.consumption.usage_kwh == 4608 - 40
    assert report.peaks[0].causes == ()


def test_a_week_that_has_begun_is_billed_as_far_as_it_is_known(make: Make) -> None:
    report = make(toy_readings(days=16))

    assert (report.start, report.end, report.is_whole) == (at(15, 0), at(17, 0), False)
    assert report.cost.bill.usage_kwh == 2 * 736  # type: ignore[union-attr]
    assert report.consumption.before_kwh == 2 * 736
    assert [day.usage_kwh for day in report.consumption.days] == [736, 736, None, None, None, None, None]


def test_a_week_without_readings_has_no_report(make: Make) -> None:
    with pytest.raises(NotEnoughDataError, match="2018-W20"):
        make(week="2018-W20")


def test_repairs_are_counted_by_rule_within_the_week(make: Make) -> None:
    rows = [
        ("toy", at(15, 0), "usage_kwh", "0,5", "0.5", "notation", 1.0),
        ("toy", at(15, 1), "co2_t", None, "0.01", "co2_of_usage", 0.99),
        ("toy", at(15, 2), "row", None, "inserted", "missing_interval", 1.0),
        ("toy", at(15, 2), "usage_kwh", None, "2", "between_neighbours", 0.4),
        ("toy", at(15, 3), "row", "copy", None, "duplicate", 1.0),
        ("toy", at(22, 0), "co2_t", None, "0.01", "co2_of_usage", 0.99),
    ]
    repairs = pl.DataFrame(rows, schema=repairs_schema("Asia/Seoul"), orient="row")

    quality = make(repairs=repairs).quality

    assert (quality.repaired, quality.inserted) == (2, 1)
    assert quality.by_rule == dict.fromkeys(
        ["between_neighbours", "co2_of_usage", "duplicate", "missing_interval", "notation"], 1
    )
    assert quality.by_column == {"co2_t": 1, "usage_kwh": 1}


def test_drift_is_of_the_weeks_readings_against_the_training_before_them(make: Make) -> None:
    params = load_params(PROJECT_ROOT / "params.yaml").drift
    tripled = pl.when(pl.col("interval_start") >= MONDAY).then(3 * pl.col("usage_kwh")).otherwise("usage_kwh")
    context = Context(trained=(at(1, 0), at(1, 0, month=3)), drift_params=params)

    report = make(toy_readings(days=21).with_columns(usage_kwh=tripled), context=context)

    assert report.drift.newest_from == MONDAY  # type: ignore[union-attr]
    moved = {one.column for one in report.drift.columns if one.verdict == "severe"}  # type: ignore[union-attr]
    assert moved == {"usage_kwh"}
    assert make().drift == Missing("no_champion")
    assert make(week="2018-W01", context=context).drift == Missing("too_few_readings")


def test_a_plan_is_told_in_the_report_that_ends_where_it_begins(make: Make) -> None:
    plan = PlanAhead(at(22, 0), at(24, 0), 100, 90, 80, 70)

    assert make(context=Context(plan=plan)).plan == plan
    assert make(week="2018-W02", context=Context(plan=plan)).plan == Missing("no_plan")
