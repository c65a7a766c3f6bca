"""Answers to what-if questions about the toy plant's week: 736 kWh on each open day, 192 on Sunday, 4,608 in all.

An open day draws 96 kWh at 1 KRW (20-08 h), 320 at 2 (08-12, 16-20 h) and 320 at 3 (12-16 h); Saturday's 3 is 2, and
Sunday's 192 kWh cost 1. The bill of the week is 10,210.65 KRW, 180.65 of it demand; a move of a quarter of 12-14 h to
the night takes 440 KRW from it.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.asking.outcomes import Focus
from steel_energy.telling.records import Told

MOVE = {
    "kind": "move_load",
    "share": 0.25,
    "from_hours": {"from_hour": 12, "to_hour": 14},
    "to_hours": {"from_hour": 23, "to_hour": 1},
}
SATURDAY = {"kind": "close_day", "day": "2018-01-13"}
BANK = {"kind": "power_factor", "capacitor_kvar": 100, "investment_krw": 1000}


def plain(told: Told) -> str:
    """The text with hyphens for minus signs and dashes."""
    return told.text.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


def test_a_move_tells_baseline_scenario_difference_and_where_it_comes_from(scenario):
    told = scenario([MOVE])
    first, period, derived, same, advice = plain(told).splitlines()

    assert first == (
        "Moving 25 % of the 12:00-14:00 load to 23:00-01:00 of the same day would have lowered the bill by 440 KRW: "
        "from 10,229 KRW to 9,789 KRW."
    )
    assert period == "Period: from 8 to 14 January 2018, as measured."
    assert derived == (
        "Where it comes from: 244.0 kWh change hours from Monday 8 January to Sunday 14 January (peak -200.0 kWh, "
        "mid-peak -40.0 kWh, off-peak +240.0 kWh); energy -440 KRW."
    )
    assert same == "Energy 4,608 kWh, CO2 4.61 t and highest demand 80.0 kW: unchanged."
    assert advice == "This is a calculation: nothing is switched or changed."
    assert told.figures["difference_cost_krw"] == pytest.approx(-440)
    assert told.model_version is None


def test_the_same_in_spanish(scenario):
    told = scenario([MOVE], language="es")

    assert plain(told).startswith(
        "Mover el 25 % de la carga de 12:00-14:00 a 23:00-01:00 del mismo día habría bajado la factura en 440 KRW: "
    )
    assert "Período: del 8 al 14 de enero de 2018, según lo medido." in plain(told)
    assert "punta -200,0 kWh, llano -40,0 kWh, valle +240,0 kWh" in plain(told)


def test_a_forecast_has_a_range_and_names_its_model(scenario):
    """Half to double of everything: 220 to 880 KRW less."""
    told = scenario([MOVE], load="forecast")

    assert "would lower the bill by 440 KRW" in plain(told)
    assert "(between 220 KRW and 880 KRW less over the forecast's range)" in plain(told)
    assert "as forecast at the end of the readings (model ensemble, version 0f1e2d3c4b5a)" in plain(told)
    assert told.model_version == "0f1e2d3c4b5a"


def test_each_of_several_changes_tells_its_own_part(scenario):
    """A closed Saturday draws Sunday's 192 kWh: 544 less at 2 KRW. The move takes 40 kWh of five days, 4 of two."""
    told = scenario([SATURDAY, MOVE])

    assert plain(told).startswith("The scenario would have lowered the bill by ")
    assert "Saturday 13 January: -544.0 kWh, -" in plain(told)
    assert "12:00-14:00: 208.0 kWh change hours, -404 KRW" in plain(told)
    both = told.figures["change_1_cost_krw"] + told.figures["change_2_cost_krw"]
    assert both == pytest.approx(told.figures["difference_cost_krw"])


def test_days_and_hours_that_differ_alone_are_one_change(scenario):
    fridays = [{**MOVE, "from_day": "2018-01-12", "from_hours": {"from_hour": hour}} for hour in (12, 13)]
    hours = [
        {**one, "from_hours": {"from_hour": at, "to_hour": at + 1}} for one, at in zip(fridays, (12, 13), strict=True)
    ]
    closed = [{"kind": "close_day", "day": f"2018-01-{day}"} for day in (10, 11, 12)]

    assert plain(scenario(hours)).startswith(
        "Moving 25 % of the 12:00-13:00 and 13:00-14:00 load to 23:00-01:00 on Friday 12 January would"
    )
    assert plain(scenario(closed)).startswith("Closing from Wednesday 10 January to Friday 12 January would")


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        pytest.param([], "The scenario, which changes nothing,", id="nothing"),
        pytest.param(
            [{**MOVE, "share": 1}], "Moving all of the 12:00-14:00 load to 23:00-01:00 of the same day", id="all"
        ),
        pytest.param(
            [{"kind": "move_load", "share": 0.125, "from_day": "2018-01-12", "to_day": "2018-01-14"}],
            "Moving 12.5 % of the load of Friday 12 January to Sunday 14 January",
            id="between-days",
        ),
        pytest.param([{"kind": "scale_production", "factor": 1.15}], "15 % more production", id="more"),
        pytest.param(
            [{"kind": "scale_production", "factor": 0.9, "days": ["2018-01-08"]}],
            "10 % less production on Monday 8 January",
            id="less",
        ),
        pytest.param(
            [{"kind": "load_type", "load_type": "light", "hours": {"from_hour": 12, "to_hour": 16}}],
            "Running as with a light load at 12:00-16:00",
            id="load-type",
        ),
        pytest.param([{"kind": "tariff", "tariff": "other"}], "The tariff other", id="tariff"),
        pytest.param(
            [{"kind": "power_factor", "capacitor_kvar": 24, "hours": {"from_hour": 9, "to_hour": 23}}],
            "A capacitor bank of 24 kvar, on at 09:00-23:00,",
            id="bank-by-day",
        ),
    ],
)
def test_what_changes_is_the_subject(scenario, changes, subject):
    assert plain(scenario(changes)).startswith(f"{subject} would")


def test_what_changes_nothing_says_so(scenario):
    told = scenario([{"kind": "scale_production", "factor": 1}])

    assert "would not have changed the bill: 10,229 KRW." in plain(told)
    assert told.chart is None


@pytest.mark.parametrize(
    ("measure", "words"),
    [("co2", "would have lowered CO2 emissions by "), ("peak", "would have lowered the highest demand by ")],
)
def test_what_was_asked_for_comes_first_and_the_bill_after(scenario, measure, words):
    told = scenario([{"kind": "scale_production", "factor": 0.5}], focus=Focus(measure=measure))

    assert words in plain(told).splitlines()[0]
    assert "Bill from 10,229 KRW to " in plain(told)


def test_a_power_factor_is_told_in_points(scenario, clauses):
    """Half a kvarh for each kWh: 89.4 %; a bank that takes all of it makes 100."""
    bank = {**BANK, "capacitor_kvar": 1000, "control": "automatic"}
    told = scenario([bank], tariff=clauses, focus=Focus(measure="power_factor"))

    assert "would have raised the lagging power factor (09-23 h) by 10.6 points: from 89.4 % to 100.0 %." in plain(told)


def test_a_bank_that_leads_at_night_is_said_to_be_too_large(scenario, clauses):
    told = scenario([BANK], tariff=clauses)

    assert "Leading power factor (23-09 h): from 100.0 % to " in plain(told)
    assert "The bank is too large at night" in plain(told)
    assert "1,000 KRW never come back." in plain(told)


def test_a_bank_on_a_short_forecast_asks_for_a_measured_year(scenario, clauses):
    asked = "ask about a measured month or year before you buy"

    assert asked in scenario([BANK], load="forecast", tariff=clauses).text
    assert asked not in scenario([BANK], tariff=clauses).text


def test_a_peak_above_the_contract_is_warned_of(scenario):
    """Double the load of 80 kW is 160 kW."""
    told = scenario([{"kind": "scale_production", "factor": 3}], load="forecast", contract_kw=150.0)

    assert "more than the 150 kW that are contracted." in plain(told)


def test_closing_a_closed_day_says_that_little_is_expected(scenario):
    """Sunday is closed: it has nothing to save."""
    told = scenario([{"kind": "close_day", "day": "2018-01-14"}], load="forecast")

    assert "Little load is expected then anyway." in plain(told)
    assert "Little load" not in scenario([SATURDAY], load="forecast").text


def test_simulated_readings_and_a_fallback_are_said(scenario, fallback):
    told = scenario([MOVE], load="forecast", source={"is_simulated": True}, forecast=fallback)

    assert "Simulated data" in plain(told)
    assert "The champion model could not answer" in plain(told)


def test_the_chart_sets_both_bills_side_by_side(scenario):
    chart = scenario([MOVE]).chart

    assert (chart.kind, chart.unit, chart.x_kind) == ("bar", "KRW", "category")
    assert chart.x == ("Energy, off-peak", "Energy, mid-peak", "Energy, peak", "Demand charge")
    was, scenario_row = (row.values for row in chart.series)
    assert (was[0], scenario_row[0]) == (768, 768 + 240)
    assert was[2] - scenario_row[2] == 600
    assert sum(scenario_row) - sum(was) == pytest.approx(-440)


hours = st.sampled_from([(8, 10), (12, 14), (12, 16), (23, 5), (0, 6), (20, 23)]).map(
    lambda pair: {"from_hour": pair[0], "to_hour": pair[1]}
)
days = st.integers(8, 14).map(lambda day: f"2018-01-{day:02}")
shares = st.sampled_from([0, 0.05, 0.1, 0.125, 1 / 3, 0.5, 0.999, 1])
changes = st.one_of(
    st.builds(lambda share: {**MOVE, "share": share}, shares),
    st.builds(
        lambda share, one, other, at, to: (
            {"kind": "move_load", "share": share, "from_day": one, "to_day": other} | {"from_hours": at, "to_hours": to}
        ),
        shares,
        days,
        days,
        st.just({"from_hour": 12, "to_hour": 16}),
        st.just({"from_hour": 23, "to_hour": 5}),
    ),
    st.builds(lambda day: {"kind": "close_day", "day": day}, days),
    st.builds(
        lambda kind, at: {"kind": "load_type", "load_type": kind, "hours": at},
        st.sampled_from(["light", "maximum"]),
        hours,
    ),
    st.builds(lambda factor: {"kind": "scale_production", "factor": factor}, st.sampled_from([0, 0.857, 1.1, 2, 3])),
    st.builds(
        lambda size, control: {**BANK, "capacitor_kvar": size, "control": control},
        st.sampled_from([0, 12.5, 100, 4000]),
        st.sampled_from(["fixed", "automatic"]),
    ),
    st.just({"kind": "tariff", "tariff": "other"}),
)


ways = st.fixed_dictionaries(
    {
        "load": st.sampled_from(["measured", "forecast"]),
        "language": st.sampled_from(LANGUAGES),
        "focus": st.sampled_from(["usage", "cost", "co2", "peak", "power_factor"]).map(
            lambda name: Focus(measure=name)
        ),
    }
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(changes, max_size=5), way=ways)
def test_every_number_of_an_answer_stands_in_its_figures(scenario, clauses, asked, way):
    told = scenario(asked, tariff=clauses, **way)

    assert grounded(told.text, told.figures) == []
    assert "{" not in plain(told)
    assert not any(line != line.strip() for line in plain(told).splitlines())
