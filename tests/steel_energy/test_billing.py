"""Bills that a person can compute on paper, and the published year against sums made another way."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.billing import Bill, bill, compare, power_factor_percent
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.tariff import DemandCharge, PowerFactorClause
from steel_energy.testing import toy_plant, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")
JANUARY, FEBRUARY, MARCH = (dt.datetime(2018, month, 1, tzinfo=SEOUL) for month in (1, 2, 3))
CLAUSE = PowerFactorClause(
    reactive="lagging", from_hour=9, to_hour=23, limit_percent=90, credit_until_percent=95, share_per_point=0.002
)


def flat(usage_kwh: float, *, start: dt.datetime, end: dt.datetime, reactive_kvarh: float = 0.0) -> pl.DataFrame:
    """The same energies in every interval."""
    grid = pl.datetime_range(start, end, "15m", closed="left", time_unit="us", time_zone="Asia/Seoul", eager=True)
    return pl.DataFrame(
        {
            "interval_start": grid,
            "usage_kwh": [usage_kwh] * grid.len(),
            "lagging_reactive_kvarh": [reactive_kvarh] * grid.len(),
            "leading_reactive_kvarh": [0.0] * grid.len(),
        }
    )


def with_peak(readings: pl.DataFrame, at: dt.datetime, usage_kwh: float) -> pl.DataFrame:
    is_peak = pl.col("interval_start") == at
    return readings.with_columns(usage_kwh=pl.when(is_peak).then(usage_kwh).otherwise("usage_kwh"))


def lines(made: Bill, kind: str) -> list[tuple[float, float, float]]:
    return [(line.quantity, line.price_krw, line.amount_krw) for line in made.lines if line.kind == kind]


def test_a_week_by_hand():
    """10 kWh in each interval from Monday the 8th to Sunday the 14th; 12 light, 8 medium, 4 maximum hours a day."""
    start, end = dt.datetime(2018, 1, 8, tzinfo=SEOUL), dt.datetime(2018, 1, 15, tzinfo=SEOUL)
    made = bill(flat(10, start=start, end=end), plant=toy_plant(), tariff=toy_tariff(), start=start, end=end)

    # hours: light 6 days of 12 and Sunday's 24; medium 6 of 8 and Saturday's maximum hours; maximum 5 of 4
    assert lines(made, "energy") == [(96 * 40, 1, 3840), (52 * 40, 2, 4160), (20 * 40, 3, 2400)]
    assert lines(made, "demand") == [(40, pytest.approx(10 * 7 / 31), pytest.approx(400 * 7 / 31))]
    assert made.total_krw == pytest.approx(3840 + 4160 + 2400 + 400 * 7 / 31)
    assert (made.usage_kwh, made.peak_kw) == (6720, 40)
    assert made.lines[-1].rule == "highest demand of the month; 22.6% of the month"


def test_a_month_bears_its_whole_demand_charge_and_each_line_says_why():
    made = bill(flat(10, start=JANUARY, end=MARCH), plant=toy_plant(), tariff=toy_tariff(), start=JANUARY, end=FEBRUARY)

    (demand,) = [line for line in made.lines if line.kind == "demand"]
    assert (demand.amount_krw, demand.rule, demand.source) == (400, "highest demand of the month", "made up for tests")


def test_an_earlier_month_of_the_ratchet_goes_on_counting():
    charge = DemandCharge(krw_per_kw=10, ratchet_months={1})
    readings = with_peak(flat(10, start=JANUARY, end=MARCH), JANUARY, 50)
    tariff = toy_tariff().model_copy(update={"demand": charge})
    made = bill(readings, plant=toy_plant(), tariff=tariff, start=FEBRUARY, end=MARCH)

    (demand,) = [line for line in made.lines if line.kind == "demand"]
    assert (demand.quantity, demand.rule) == (200, "highest demand of 2018-01 (ratchet)")


def test_without_the_ratchet_an_earlier_month_does_not_count():
    readings = with_peak(flat(10, start=JANUARY, end=MARCH), JANUARY, 50)
    made = bill(readings, plant=toy_plant(), tariff=toy_tariff(), start=FEBRUARY, end=MARCH)

    assert [quantity for quantity, _, _ in lines(made, "demand")] == [40]


def test_a_share_of_the_contract_is_billed_at_least():
    tariff = toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=10, min_contract_share=0.3)})
    made = bill(flat(10, start=JANUARY, end=FEBRUARY), plant=toy_plant(), tariff=tariff, start=JANUARY, end=FEBRUARY)

    assert lines(made, "demand") == [(120, 10, 1200)]  # 30 % of 400 kW


@pytest.mark.parametrize(
    ("reactive_kvarh", "points"),
    [
        pytest.param(7.5, 10, id="power factor 80, ten points below the limit"),
        pytest.param(0, -5, id="power factor 100, credit up to 95"),
    ],
)
def test_the_power_factor_costs_or_earns_a_share_of_the_demand_charge(reactive_kvarh, points):
    readings = flat(10, start=JANUARY, end=FEBRUARY, reactive_kvarh=reactive_kvarh)
    tariff = toy_tariff().model_copy(update={"power_factor": (CLAUSE,)})
    made = bill(readings, plant=toy_plant(), tariff=tariff, start=JANUARY, end=FEBRUARY)

    assert lines(made, "power_factor") == [(pytest.approx(points), pytest.approx(0.8), pytest.approx(points * 0.8))]


def test_only_the_clauses_hours_count_also_over_midnight():
    night = CLAUSE.model_copy(update={"from_hour": 23, "to_hour": 9})
    readings = flat(10, start=JANUARY, end=FEBRUARY).with_columns(
        lagging_reactive_kvarh=pl.when(pl.col("interval_start").dt.hour().is_between(9, 22)).then(7.5).otherwise(0.0)
    )

    assert power_factor_percent(readings, CLAUSE) == pytest.approx(80)
    assert power_factor_percent(readings, night) == 100


def test_co2_is_charged_where_it_has_a_price():
    tariff = toy_tariff().model_copy(update={"co2_krw_per_t": 1000})
    made = bill(flat(10, start=JANUARY, end=FEBRUARY), plant=toy_plant(), tariff=tariff, start=JANUARY, end=FEBRUARY)

    assert lines(made, "co2") == [(pytest.approx(29.76), 1000, pytest.approx(29760))]  # 29,760 kWh at 1 kg


def test_the_same_load_under_several_tariffs_comes_cheapest_first():
    dear = toy_tariff().model_copy(update={"id": "dear", "demand": DemandCharge(krw_per_kw=20)})
    readings = flat(10, start=JANUARY, end=FEBRUARY)
    bills = compare(readings, plant=toy_plant(), tariffs=[dear, toy_tariff()], start=JANUARY, end=FEBRUARY)

    assert [one.tariff for one in bills] == ["toy", "dear"]
    assert bills[1].total_krw - bills[0].total_krw == pytest.approx(400)


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        pytest.param(FEBRUARY, JANUARY, InputError, id="reversed"),
        pytest.param(JANUARY, JANUARY, InputError, id="empty"),
        pytest.param(JANUARY, MARCH, NotEnoughDataError, id="readings end before"),
    ],
)
def test_a_period_that_cannot_be_billed_is_refused(start, end, error):
    with pytest.raises(error, match=r"before|known"):
        bill(flat(10, start=JANUARY, end=FEBRUARY), plant=toy_plant(), tariff=toy_tariff(), start=start, end=end)


def test_notes_say_what_the_bill_cannot_know():
    charge = DemandCharge(krw_per_kw=10, ratchet_months={12})
    tariff = toy_tariff().model_copy(update={"demand": charge, "valid_to": dt.date(2018, 1, 15)})
    made = bill(flat(10, start=JANUARY, end=FEBRUARY), plant=toy_plant(), tariff=tariff, start=JANUARY, end=FEBRUARY)

    in_force, known = made.notes
    assert "in force from 2018-01-01 to 2018-01-15" in in_force
    assert "known from 2018-01-01 on" in known


@settings(deadline=None, max_examples=20)
@given(cut=st.integers(1, 58))
def test_energy_of_two_parts_is_energy_of_the_whole(cut):
    readings, middle = flat(10, start=JANUARY, end=MARCH), JANUARY + dt.timedelta(days=cut)

    def energy_krw(start: dt.datetime, end: dt.datetime) -> float:
        return bill(readings, plant=toy_plant(), tariff=toy_tariff(), start=start, end=end).amount_krw("energy")

    assert energy_krw(JANUARY, middle) + energy_krw(middle, MARCH) == pytest.approx(energy_krw(JANUARY, MARCH))
