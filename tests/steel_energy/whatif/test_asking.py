"""Scenarios on the toy plant's week, whose numbers a person can check, and on its forecast.

An open day draws 96 kWh at 1 KRW (20-08 h), 320 at 2 (08-12, 16-20 h) and 320 at 3 (12-16 h); Saturday's 3 is 2, and
Sunday's 192 kWh cost 1. The week has 7 of January's 31 days.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.billing import bill
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.tariff import DemandCharge
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.whatif import (
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
    forecast_load,
    wording,
)
from steel_energy.whatif.result import AMOUNTS, Amounts, Range

SATURDAY, SUNDAY = dt.date(2018, 1, 13), dt.date(2018, 1, 14)
WEEK_KRW = 5 * (96 + 640 + 960) + (96 + 640 + 640) + 192
DEMAND_KRW = 80 * 10 * 7 / 31
NOON = Hours(from_hour=12, to_hour=14)


def test_the_baseline_is_the_bill(week):
    made = week.ask()
    billed = bill(week.known, plant=toy_plant(), tariff=toy_tariff(), start=made.start, end=made.end)

    assert made.baseline.energy_krw == WEEK_KRW
    assert made.baseline.demand_krw == pytest.approx(DEMAND_KRW)
    assert made.baseline.cost_krw == pytest.approx(billed.total_krw)
    assert (made.baseline.usage_kwh, made.baseline.peak_kw, made.baseline.co2_t) == (4608, 80, pytest.approx(4.608))


def test_without_changes_nothing_differs(week, forecast_week, clause):
    for toy in (week, forecast_week):
        made = toy.ask(tariff=clause)

        assert made.difference == Amounts(**dict.fromkeys(AMOUNTS, 0.0))
        assert all(line.difference_krw == 0 for line in made.lines)
    assert made.range == Range(made.difference, made.difference)


def test_load_moved_to_cheaper_hours_saves_the_difference_of_the_prices(week):
    """A quarter of 160 kWh leaves 12-14 h for the night: 40 kWh a day, 2 KRW cheaper, on Saturday 1, on Sunday none."""
    made = week.ask(MoveLoad(share=0.25, from_hours=NOON, to_hours=Hours(from_hour=23, to_hour=1)))

    assert made.difference.energy_krw == pytest.approx(5 * -80 - 40)
    assert made.difference.cost_krw == pytest.approx(-440)
    assert (made.difference.usage_kwh, made.difference.co2_t, made.difference.peak_kw) == (0, 0, 0)
    assert made.changes[0].startswith(
        "25% of the load of 12-14 h, 244.0 kWh, spread evenly over 23-01 h of the same day"
    )


def test_load_may_move_to_another_day(week):
    """All of Friday's 12-16 h, 320 kWh at 3 KRW, goes to Sunday's 12-16 h at 1 KRW."""
    hours = Hours(from_hour=12, to_hour=16)
    friday = dt.date(2018, 1, 12)
    made = week.ask(MoveLoad(share=1, from_hours=hours, to_hours=hours, from_day=friday, to_day=SUNDAY))

    assert made.difference.energy_krw == pytest.approx(-640)
    assert made.difference.peak_kw == pytest.approx(4 * 22 - 80)  # Sunday's 2 kWh and Friday's 20


def test_a_closed_day_draws_what_closed_days_draw(week):
    """Saturday's 736 kWh become 192: 96 at 1 KRW and 96 at 2."""
    made = week.ask(CloseDay(day=SATURDAY))

    assert made.difference.usage_kwh == pytest.approx(192 - 736)
    assert made.difference.energy_krw == pytest.approx(96 + 2 * 96 - 1376)
    assert made.difference.co2_t == pytest.approx(-0.544)


def test_production_is_what_lies_above_the_idle_load(week):
    """Half the production: 10 kWh become 6 and 20 become 11, 2 stay; by day -128 kWh at 2 KRW and -144 at 3."""
    made = week.ask(ScaleProduction(factor=0.5))

    assert made.difference.energy_krw == pytest.approx(-5 * (256 + 432) - 2 * 272)
    assert made.difference.peak_kw == pytest.approx(44 - 80)
    assert made.difference.demand_krw == 0  # the week before had its 80 kW in the same month
    assert "3,264.0 kWh lie above the mean of each quarter hour on closed days" in made.changes[0]


def test_a_lower_peak_lowers_the_demand_charge_where_nothing_before_was_as_high(week):
    alone = type(week)(week.load.head(0), week.load)

    made = alone.ask(ScaleProduction(factor=0.5))

    assert made.difference.demand_krw == pytest.approx(-36 * 10 * 7 / 31)


def test_some_days_only_may_be_scaled(week):
    made = week.ask(ScaleProduction(factor=0.5, days=(SATURDAY,)))

    assert made.difference.energy_krw == pytest.approx(-2 * 272)


def test_hours_may_run_as_under_another_load_type(week):
    """Monday's 12-16 h as when light: 2 kWh instead of 20, as Sundays show."""
    made = week.ask(
        ChangeLoadType(load_type="light", hours=Hours(from_hour=12, to_hour=16), days=(dt.date(2018, 1, 8),))
    )

    assert made.difference.usage_kwh == pytest.approx(16 * -18)
    assert made.difference.energy_krw == pytest.approx(16 * -18 * 3)
    assert "theirs never was" not in made.changes[0]


def test_a_load_type_that_a_quarter_hour_never_had_is_taken_from_others_and_says_so(week):
    """No night was ever maximum: 0-1 h gets the mean of all maximum intervals, 20 kWh instead of 2."""
    made = week.ask(ChangeLoadType(load_type="maximum", hours=Hours(to_hour=1), days=(dt.date(2018, 1, 8),)))

    assert made.difference.usage_kwh == pytest.approx(4 * 18)
    assert "4 intervals have the mean of all quarter hours, as theirs never was maximum" in made.changes[0]


def test_a_capacitor_bank_lowers_the_charge_and_pays_back(week, clause):
    """The toy plant's power factor is 89.44 %: 0.56 points are charged, and 5 credited without lagging energy."""
    points = 90 - 100 * 2 / 5**0.5
    saving_krw = (points + 5) * 0.002 * DEMAND_KRW
    made = week.ask(CorrectPowerFactor(capacitor_kvar=40, control="automatic", investment_krw=100), tariff=clause)

    assert made.baseline.power_factor_krw == pytest.approx(points * 0.002 * DEMAND_KRW)
    assert made.difference.cost_krw == pytest.approx(-saving_krw)
    (factor,) = made.power_factors
    assert (factor.baseline_percent, factor.scenario_percent) == (pytest.approx(89.4427, abs=1e-4), 100)
    (bank,) = made.capacitor_banks
    assert bank.saving_krw == pytest.approx(saving_krw)
    assert bank.payback_years == pytest.approx(100 / (saving_krw * 365 / 7))


def test_a_bank_in_full_takes_lagging_energy_first_and_then_leads(week, clause):
    """8 kvar are 2 kvarh: of the 10, 5 and 1 kvarh that lag, 8, 3 and 0 are left, and 1 leads."""
    made = week.ask(CorrectPowerFactor(capacitor_kvar=8), tariff=clause)

    light = 6 * 48 + 96
    compensated = 6 * (16 + 32) * 2 + light * 1
    assert made.changes[0] == (
        f"8 kvar in 00-24 h, fixed: takes {compensated:,.1f} kvarh of lagging reactive energy away and adds "
        f"{light:,.1f} kvarh of leading"
    )


def test_a_bank_that_makes_the_bill_dearer_never_comes_back(week):
    leading = clause_of_night()
    made = week.ask(CorrectPowerFactor(capacitor_kvar=100, investment_krw=1), tariff=leading)
    (bank,) = made.capacitor_banks

    assert bank.saving_krw < 0
    assert bank.payback_years is None
    assert bank.derivation.endswith("1 KRW never come back")


def clause_of_night():
    clause = {"reactive": "leading", "from_hour": 23, "to_hour": 9, "limit_percent": 95, "share_per_point": 0.002}
    return toy_tariff().model_validate({**toy_tariff().model_dump(), "power_factor": (clause,)})


def test_each_of_two_banks_is_worth_what_the_scenario_loses_without_it(week, clause):
    changes = [CorrectPowerFactor(capacitor_kvar=kvar, control="automatic") for kvar in (4, 40)]
    made = week.ask(*changes, tariff=clause)
    without_first, without_second = (week.ask(change, tariff=clause) for change in (changes[1], changes[0]))

    assert [bank.saving_krw for bank in made.capacitor_banks] == pytest.approx(
        [one.scenario.cost_krw - made.scenario.cost_krw for one in (without_first, without_second)]
    )


def test_another_tariff_bills_the_same_load(week):
    dear = toy_tariff().model_copy(update={"id": "dear", "demand": DemandCharge(krw_per_kw=20)})
    made = week.ask(OtherTariff(tariff="dear"), others=[dear])

    assert made.difference.cost_krw == pytest.approx(DEMAND_KRW)
    assert (made.baseline_tariff, made.scenario_tariff) == ("toy", "dear")
    assert sum(line.difference_krw for line in made.lines) == pytest.approx(DEMAND_KRW)


def test_changes_are_made_one_after_the_other(week):
    """Once Saturday is closed there is no production left to double."""
    made = week.ask(CloseDay(day=SATURDAY), ScaleProduction(factor=2, days=(SATURDAY,)))

    assert made.difference == week.ask(CloseDay(day=SATURDAY)).difference


def test_reactive_energy_comes_along_with_load(week, clause):
    """Half a kvarh for each kWh in the toy plant, so the power factor stays where production is scaled."""
    made = week.ask(ScaleProduction(factor=2), tariff=clause)

    (factor,) = made.power_factors
    assert factor.scenario_percent == pytest.approx(factor.baseline_percent)
    assert "each kWh brings 0.500 kvarh along" in made.changes[0]


def test_earlier_readings_go_on_counting_for_the_demand(week, week_of_readings):
    """A peak of 400 kW on the 1st is the month's, whatever happens to the week."""
    is_peak = pl.col("interval_start") == week.known["interval_start"][0]
    known = week.known.with_columns(usage_kwh=pl.when(is_peak).then(100.0).otherwise("usage_kwh"))
    made = week_of_readings(known).ask(ScaleProduction(factor=0.5))

    assert made.difference.demand_krw == 0
    assert made.baseline.demand_krw == pytest.approx(400 * 10 * 7 / 31)


def test_the_lines_add_up_to_the_difference(week, clause):
    made = week.ask(
        MoveLoad(share=0.25, from_hours=NOON, to_hours=Hours(to_hour=5)), CloseDay(day=SATURDAY), tariff=clause
    )

    assert sum(line.difference_krw for line in made.lines) == pytest.approx(made.difference.cost_krw)
    kinds = (made.difference.energy_krw, made.difference.demand_krw, made.difference.power_factor_krw)
    assert sum(kinds) == pytest.approx(made.difference.cost_krw)


def test_a_measured_period_has_no_range_and_says_so(week):
    made = week.ask(CloseDay(day=SATURDAY))

    assert made.range is None
    assert "measured" in made.range_derivation


def test_the_range_of_a_forecast_is_that_of_its_quantiles(forecast_week):
    """What is moved is proportional to the load, and the quantiles are half to double of it."""
    made = forecast_week.ask(MoveLoad(share=0.25, from_hours=NOON, to_hours=Hours(to_hour=2)))

    assert made.difference.energy_krw == pytest.approx(-440)
    assert (made.range.low.energy_krw, made.range.high.energy_krw) == (pytest.approx(-880), pytest.approx(-220))
    assert "outer range" in made.range_derivation


def test_the_difference_lies_in_its_range(forecast_week, clause):
    made = forecast_week.ask(CloseDay(day=SATURDAY), CorrectPowerFactor(capacitor_kvar=20), tariff=clause)

    for name in AMOUNTS:
        low, high = getattr(made.range.low, name), getattr(made.range.high, name)
        assert low <= getattr(made.difference, name) <= high


def test_a_forecast_is_billed_after_the_readings_before_it(forecast_week):
    made = forecast_week.ask()

    assert made.baseline.energy_krw == WEEK_KRW
    assert any("Reactive energy is not forecast" in note for note in made.notes)


def test_a_forecast_becomes_a_load_with_typical_reactive_energy(forecast_week):
    forecast = forecast_week.load.rename({"usage_kwh": "mean_kwh"}).drop(
        "lagging_reactive_kvarh", "leading_reactive_kvarh"
    )
    load = forecast_load(forecast, toy_readings(days=28), plant=toy_plant(), tariff=toy_tariff())

    assert load.columns == forecast_week.load.columns
    assert load["lagging_reactive_kvarh"].to_list() == (load["usage_kwh"] / 2).to_list()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param(CloseDay(day=dt.date(2018, 1, 15)), "close_day.day", id="closed day outside"),
        pytest.param(ScaleProduction(factor=1, days=(dt.date(2018, 1, 7),)), "scale_production.days", id="day outside"),
        pytest.param(
            MoveLoad(share=1, from_day=dt.date(2018, 1, 7), to_day=SUNDAY), "move_load.from_day", id="move from outside"
        ),
        pytest.param(
            MoveLoad(share=1, from_day=SUNDAY, to_day=dt.date(2018, 1, 15)), "move_load.to_day", id="move to outside"
        ),
        pytest.param(OtherTariff(tariff="moon"), "tariff.tariff", id="unknown tariff"),
    ],
)
def test_a_change_that_does_not_fit_names_its_field(week, change, field):
    with pytest.raises(InputError) as raised:
        week.ask(ScaleProduction(factor=1), change)

    assert raised.value.field == f"changes.1.{field}"
    assert raised.value.remedy


def test_hours_that_the_period_has_not_are_refused(week):
    morning = type(week)(week.known, week.load.head(8))
    with pytest.raises(InputError, match="no such hours"):
        morning.ask(ChangeLoadType(load_type="light", hours=Hours(from_hour=5)))
    with pytest.raises(InputError, match="no day of the period has both"):
        morning.ask(MoveLoad(share=1, from_hours=Hours(to_hour=1), to_hours=Hours(from_hour=5)))


def test_a_day_that_the_period_holds_in_part_may_lack_the_hours(week):
    cut = type(week)(week.known, week.load.head(96 + 8))
    monday, tuesday = dt.date(2018, 1, 8), dt.date(2018, 1, 9)
    with pytest.raises(InputError, match=r"2018-01-09 has no 12-14 h in the period") as raised:
        cut.ask(MoveLoad(share=1, to_hours=NOON, from_day=monday, to_day=tuesday))

    assert raised.value.field == "changes.0.move_load.to_hours"


def test_days_without_the_hours_stay_as_they_are_and_are_counted(week):
    cut = type(week)(week.known, week.load.head(96 + 8))
    made = cut.ask(MoveLoad(share=1, from_hours=NOON, to_hours=Hours(to_hour=1)))

    assert "; days without such hours in the period, which stay as they are: 1" in made.changes[0]


def test_without_a_closed_day_nobody_knows_the_idle_load(week):
    monday = type(week)(week.load.head(0), week.load.head(96))
    with pytest.raises(NotEnoughDataError, match=r"changes.0.scale_production: no closed day is known"):
        monday.ask(ScaleProduction(factor=0.5))


def test_a_peak_that_later_months_look_back_on_is_noted(week):
    ratchet = toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=10, ratchet_months={1})})
    lower, same = (week.ask(change, tariff=ratchet) for change in (ScaleProduction(factor=0.5), CloseDay(day=SATURDAY)))

    assert lower.notes[-1] == wording.LATER_MONTHS
    assert wording.LATER_MONTHS not in same.notes


def test_a_scenario_above_the_contract_is_noted(week):
    made = week.ask(ScaleProduction(factor=3), ScaleProduction(factor=3))

    assert made.notes[-1] == "the scenario draws up to 656.0 kW, more than the contracted 400 kW"
