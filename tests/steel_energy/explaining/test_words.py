"""Sentences about the past: what happened, what is usual, and the unit of both."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.explaining import words
from steel_energy.explaining.days import explain_day
from steel_energy.explaining.intervals import explain_interval, explain_peak
from steel_energy.explaining.past import STATES, PastLoad, past_load
from steel_energy.explaining.records import Contribution, PastExplanation
from steel_energy.tariff import DemandCharge, PowerFactorClause
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings

SEOUL = ZoneInfo("Asia/Seoul")
NOON = dt.datetime(2018, 2, 1, 12, tzinfo=SEOUL)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment of the plant's clock."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=SEOUL)


@pytest.fixture(scope="module")
def toy() -> PastLoad:
    is_noon = pl.col("interval_start") == NOON
    readings = toy_readings(days=59).with_columns(usage_kwh=pl.when(is_noon).then(30.0).otherwise(pl.col("usage_kwh")))
    return past_load(readings, plant=toy_plant(), tariff=toy_tariff())


@pytest.fixture(scope="module")
def varied() -> PastLoad:
    return past_load(varied_readings(days=59, plant=toy_plant()), plant=toy_plant(), tariff=toy_tariff())


def test_the_headline_says_when_how_much_and_how_far_from_usual(toy: PastLoad) -> None:
    peak = explain_peak(toy, at(2018, 2, 1), at(2018, 3, 1))
    day = explain_day(toy, dt.date(2018, 2, 2))

    assert words.headline(peak) == (
        "Thu 01 Feb 2018, 12:00 to 12:15: the highest demand of the period, 30.0 kWh (120.0 kW), "
        "10.0 kWh above the usual 20.0 kWh of 23 earlier open weekdays at this time."
    )
    assert words.headline(day) == (
        "Fri 02 Feb 2018: 736.0 kWh, as much as the usual 736.0 kWh of 24 earlier open weekdays."
    )


def test_the_usual_tells_its_days_and_whether_they_are_later_ones(toy: PastLoad) -> None:
    earlier, hindsight = (explain_interval(toy, NOON, compare=compare).usual for compare in ("earlier", "all"))

    assert words.usual_sentence(earlier).startswith(
        "Usual is the median of 23 earlier open weekdays at this time from 2018-01-01 to 2018-01-31. The plant's median"
    )
    assert "in hindsight: later days count too" in words.usual_sentence(hindsight)


def test_the_hours_that_made_the_difference_are_told(toy: PastLoad) -> None:
    unusual, as_usual = (explain_day(toy, dt.date(2018, 2, day)) for day in (1, 2))

    assert words.hours_sentence(unusual) == "From 12:00 to 13:00 it took 90.0 kWh instead of the usual 80.0 kWh."
    assert words.hours_sentence(as_usual) == words.hours_sentence(explain_interval(toy, NOON)) == ""


def test_the_bill_is_told_line_by_line_and_together(toy: PastLoad) -> None:
    changes = explain_interval(toy, NOON).bill

    assert [words.bill_sentence(change) for change in changes] == [
        "2018-02: +10.0 kWh in the all-year maximum band at 3 KRW/kWh: +30 KRW.",
        "2018-02: billing demand 120.0 kW instead of 80.0 kW at 10 KRW/kW: +400 KRW.",
    ]
    assert words.bill_summary(changes) == (
        "It costs 430 KRW more than the usual: energy +30, demand charge of its month +400."
    )
    assert words.bill_summary(()) == "In the bill it costs as much as the usual would have."


def test_clauses_carbon_and_later_months_are_told_too() -> None:
    january = at(2018, 1, 31, 12)
    tariff = toy_tariff().model_copy(
        update={
            "co2_krw_per_t": 1e5,
            "demand": DemandCharge(krw_per_kw=10, ratchet_months=frozenset({1})),
            "power_factor": (
                PowerFactorClause(reactive="lagging", from_hour=9, to_hour=23, limit_percent=95, share_per_point=0.02),
            ),
        }
    )
    usage = pl.when(pl.col("interval_start") == january).then(30.0).otherwise(pl.col("usage_kwh"))
    past = past_load(toy_readings(days=59).with_columns(usage_kwh=usage), plant=toy_plant(), tariff=tariff)
    changes = explain_interval(past, january).bill
    said = {change.code: words.bill_sentence(change) for change in reversed(changes)}  # the first of each code

    assert said["co2"] == "2018-01: +0.010 t of CO2 at 100,000 KRW/t: +1,000 KRW."
    assert said["ratchet"] == (
        "2018-02: billing demand 120.0 kW instead of 80.0 kW at 10 KRW/kW, as the demand of 2018-01 goes on counting: "
        "+400 KRW."
    )
    assert words.bill_sentence(changes[-1]).endswith("+400 KRW, if nothing higher comes.")
    assert said["power_factor"].startswith("2018-01: power-factor clause (lagging power factor 89.4")
    assert "demand charges of 11 later months +4,400" in words.bill_summary(changes)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        pytest.param(
            Contribution("operating_state", 1.04, {"state": "full_load", "before_kw": 380.4, "usual_before_kw": 120.0}),
            "Operating state: full load just before, at 380 kW (usually 120 kW): +1.0 kWh.",
            id="state",
        ),
        pytest.param(
            Contribution("recent_level", -1234.5, {"hours": 4.0, "recent_kw": 90.0, "usual_recent_kw": 120.0}),
            "Recent level: the 4 hours before ran at 90 kW on average (usually 120 kW): -1,234 kWh.",
            id="recent-level",
        ),
        pytest.param(
            Contribution(
                "tariff_band",
                0.0,
                {"band": "winter maximum", "price_krw_per_kwh": 166.7, "cases_in_band": 9.0, "cases": 20.0},
            ),
            "Tariff season and band: winter maximum at 166.7 KRW/kWh, as 9 of the 20 it is compared with: +0.0 kWh.",
            id="band",
        ),
        pytest.param(
            Contribution(
                "operating_state",
                8.0,
                {
                    f"{prefix}{state}_hours": hours
                    for prefix, every in (("", (16.25, 0.0, 7.75, 0.0)), ("usual_", (14.0, 0.0, 10.0, 0.0)))
                    for state, hours in zip(STATES, every, strict=True)
                },
            ),
            "Operating state: 16.25 h standing (usually 14 h), 7.75 h medium load (usually 10 h): +8.0 kWh.",
            id="hours-in-state",
        ),
        pytest.param(
            Contribution(
                "reactive",
                3.0,
                {
                    "lagging_kvarh": 77.72,
                    "usual_lagging_kvarh": 32.9,
                    "leading_kvarh": 0.0,
                    "usual_leading_kvarh": 0.0,
                    "lagging_power_factor_percent": 89.64,
                    "usual_lagging_power_factor_percent": 90.84,
                },
            ),
            "Reactive power that came with the load: 77.7 kvarh lagging (usually 32.9), "
            "power factor lagging 89.6 % (usually 90.8 %): +3.0 kWh.",
            id="reactive",
        ),
        pytest.param(Contribution("hour", 2.0, {"slot": 38.0}), "Time of day: 09:30: +2.0 kWh.", id="time"),
        pytest.param(Contribution("remainder", -2.0, {}), "Not explained by these: -2.0 kWh.", id="remainder"),
    ],
)
def test_a_contribution_is_a_sentence_of_its_values(part: Contribution, said: str) -> None:
    assert words.sentence(part) == said


def told_of(past: PastLoad) -> list[PastExplanation]:
    return [
        explain_interval(past, NOON),
        explain_peak(past, at(2018, 2, 1), at(2018, 3, 1)),
        explain_day(past, dt.date(2018, 2, 1)),
        explain_day(past, dt.date(2018, 2, 25)),
        explain_interval(past, at(2018, 1, 1), compare="all"),
    ]


def test_every_part_has_words_and_none_of_them_is_no_number(toy: PastLoad, varied: PastLoad) -> None:
    for told in [*told_of(toy), *told_of(varied)]:
        said = [words.headline(told), words.usual_sentence(told.usual)]
        said += [words.sentence(part) for part in (*told.contributions, *told.usual.parts)]
        said += [words.similar_sentence(event, told) for event in told.similar]
        said += [words.bill_sentence(change) for change in told.bill]

        assert all(one.endswith(".") and "nan" not in one for one in said), said
        assert {part.code for part in told.contributions} <= words.LABELS.keys()
