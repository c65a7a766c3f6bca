"""Answers to plans of the toy plant's Monday, 8 January 2018: 1 KRW/kWh until 8 and from 20 o'clock, 3 from 12 to 16.

The day's load costs 96 + 640 + 960 KRW; a kW of demand costs 10 KRW a month, of which the day bears one part in 31.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import LANGUAGES
from steel_energy.telling.records import Told

MELT = {"kind": "fixed", "name": "melt", "power_kw": 40, "duration_minutes": 120}
CHARGE = {"kind": "flexible", "name": "charge", "energy_kwh": 90, "max_kw": 30}
NOON = [{"start": "2018-01-08T12:00:00+09:00", "end": "2018-01-08T19:00:00+09:00"}]
MORNING = [{"start": "2018-01-08T08:00:00+09:00", "end": "2018-01-08T12:00:00+09:00"}]
MOVABLE = {"share": 0.1, "max_added_kw": 20}


def plain(told: Told) -> str:
    """The text with hyphens for minus signs and dashes."""
    return told.text.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


def test_a_job_tells_when_it_runs_what_it_saves_and_the_peak(planned):
    """80 kWh leave 3 KRW for 2; 40 kW no longer lie on the 80 of noon: 10 KRW a month, one day of 31."""
    told = planned({"jobs": [{**MELT, "planned_start": "2018-01-08T13:00:00+09:00", "windows": NOON}]})
    lines = plain(told).splitlines()

    assert lines[0] == 'The best time for "melt" is Monday 8 January, 16:00-18:00.'
    assert lines[1] == "Its 80 kWh cost 160 KRW, at 2.0 KRW/kWh against 3.0 in the dearest hours."
    assert lines[2] == (
        "Saves 93 KRW (4.7 %) against starting as planned before: from 1,975 KRW to 1,882 KRW "
        "(energy -80 KRW, demand charge -13 KRW)."
    )
    assert lines[3] == "Highest demand: from 120.0 kW to 80.0 kW; 400 kW are contracted."
    assert lines[-1].endswith("A plan is advice: nothing is switched.")
    assert told.figures["saving_krw"] == pytest.approx(80 + 400 / 31)
    assert told.model_version == "0f1e2d3c4b5a"


def test_where_nothing_is_cheaper_it_says_so(planned):
    """Midnight is as cheap as it gets: 96 + 640 + 960 + 80 KRW and 80 kW of demand."""
    told = planned({"jobs": [MELT]}, language="es")

    assert "El mejor horario para «melt» es el lunes 8 de enero, 00:00-02:00." in plain(told)
    assert "Ningún plan es más barato que arrancar en cuanto se pueda: 1.802 KRW en la factura." in plain(told)
    assert "Demanda máxima: 80,0 kW en ambos casos; hay 400 kW contratados." in plain(told)
    assert (told.chart.title, len(told.chart.series)) == ("Carga con el plan", 1)


def test_movable_load_tells_from_which_band_to_which_hours_and_what_was_assumed(planned):
    """A tenth of 320 kWh at 2 KRW and of 320 at 3 goes to the night: 32 + 64 KRW; 8 kW less at noon."""
    told = planned({"movable": MOVABLE}, notes=("assumed_movable",))

    assert plain(told).startswith(
        "On Monday 8 January 2018, move 64.0 kWh: 32.0 kWh from mid-peak (2.0 KRW/kWh) and 32.0 kWh from peak "
        "(3.0 KRW/kWh) to off-peak (1.0 KRW/kWh), mostly to "
    )
    assert "Saves 99 KRW (5.7 %) against leaving the load as it is" in plain(told)
    assert "I assumed that 10 % of each quarter-hour's load can move, and that up to 20 kW can be added" in plain(told)


def test_several_jobs_have_a_line_each_and_what_is_left_out_says_why(planned):
    jobs = [MELT, CHARGE, {**MELT, "name": "polish", "value_krw": 1}]
    told = planned({"jobs": jobs}, language="es")
    lines = plain(told).splitlines()

    assert lines[0] == "Mejores horarios el lunes 8 de enero de 2018:"
    assert lines[1] == "- melt: lunes 8 de enero, 00:00-02:00. Sus 80 kWh cuestan 80 KRW, a 1,0 KRW/kWh."
    assert lines[2].startswith("- charge: lunes 8 de enero, ")
    assert lines[3] == "- polish: queda fuera, porque vale menos de lo que costaría."


def test_a_limit_that_is_reached_is_said(planned):
    """A morning's 40 kW and the job's 60 are all that may be."""
    told = planned({"jobs": [{**MELT, "power_kw": 60, "windows": MORNING}], "limits": {"power_kw": 100}})

    assert "It reaches your limit of 100 kW." in plain(told)


def test_an_hour_more_for_a_job_tells_what_it_would_save(planned):
    """From 7 o'clock on, 40 of its 80 kWh would cost 1 KRW instead of 2."""
    told = planned({"jobs": [{**MELT, "windows": MORNING}]})

    assert 'An hour more for "melt" would save at least 40 KRW.' in plain(told)


def test_a_peak_that_is_billed_anyway_costs_nothing_more(planned):
    floor = {"code": "demand_floor", "values": {"month": "2018-01", "demand_kw": 120.0}, "words": ""}
    told = planned({"jobs": [MELT]}, reasons=[floor])

    assert "120.0 kW are billed anyway, so this peak costs nothing more." in plain(told)


def test_a_gap_a_peak_above_the_contract_and_a_measured_load_are_said(planned):
    told = planned({"jobs": [MELT]}, gap=0.0123, contract_kw=60.0, forecast=None)

    assert "A plan up to 1.2 % cheaper may exist." in plain(told)
    assert "60 kW are contracted. That is more than contracted." in plain(told)
    assert "Base load: as measured." in plain(told)
    assert told.model_version is None


def test_the_chart_shows_the_load_with_and_without_the_plan(planned):
    chart = planned({"jobs": [{**MELT, "planned_start": "2018-01-08T13:00:00+09:00", "windows": NOON}]}).chart

    assert (chart.kind, chart.unit, len(chart.x)) == ("line", "kW", 96)
    without, planned_row = (row.values for row in chart.series)
    assert (without[13 * 4], planned_row[13 * 4], planned_row[16 * 4]) == (120, 80, 80)
    assert chart.x[0] == "2018-01-08T00:00:00+09:00"


def test_a_plan_of_two_weeks_is_drawn_in_two_hundred_points_at_most(planned):
    told = planned({"jobs": [MELT], "end": "2018-01-22T00:00:00+09:00"})

    assert len(told.chart.x) == 14 * 96 / 8
    assert max(told.chart.series[-1].values) == 80


names = st.sampled_from(["melt", "press 2", "x (3) and y"])
jobs = st.one_of(
    st.builds(
        lambda kw, quarters, name: {**MELT, "power_kw": kw, "duration_minutes": 15 * quarters, "name": name},
        st.sampled_from([7.25, 40, 300]),
        st.integers(1, 20),
        names,
    ),
    st.builds(lambda kwh, name: {**CHARGE, "energy_kwh": kwh, "name": name}, st.sampled_from([3.3, 90, 400]), names),
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(jobs, max_size=3, unique_by=lambda job: job["name"]),
    movable=st.none() | st.just(MOVABLE),
    language=st.sampled_from(LANGUAGES),
)
def test_every_number_of_an_answer_stands_in_its_figures(planned, asked, movable, language):
    told = planned({"jobs": asked, "movable": movable}, language=language, notes=("assumed_movable",))

    assert grounded(told.text, [told.figures, [job["name"] for job in asked]]) == []
    assert "{" not in told.text
