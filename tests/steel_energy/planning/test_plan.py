"""Plans on the toy plant that a person can check: light until 8 and from 20 o'clock, maximum from 12 to 16."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest

from steel_energy.errors import InfeasiblePlanError
from steel_energy.params import load_params
from steel_energy.planning import JobPlan, Plan, PlanRequest, plan
from steel_energy.planning.record import plan_record
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import DemandCharge, Tariff
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

PARAMS = load_params(PROJECT_ROOT / "params.yaml").planning.model_copy(update={"time_limit_s": 60.0})
DAY = {"start": "2018-01-08", "end": "2018-01-09"}
MELT = {"kind": "fixed", "name": "melt", "power_kw": 40, "duration_minutes": 120}


def tariff(krw_per_kw: float = 0.0, **demand: Any) -> Tariff:
    return toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=krw_per_kw, **demand)})


def made(content: dict[str, Any], *, by: Tariff | None = None, known: pl.DataFrame | None = None) -> Plan:
    request = PlanRequest.model_validate({**DAY, **content})
    readings = toy_readings(days=31)
    return plan(request, readings, plant=toy_plant(), tariff=by or tariff(), params=PARAMS, known=known)


def hours(job: JobPlan) -> list[tuple[float, float]]:
    """Runs as hours of the day."""
    return [tuple(moment.hour + moment.minute / 60 for moment in (run.start, run.end)) for run in job.runs]  # type: ignore[misc]


def test_a_job_moves_to_the_cheapest_hours_of_its_window():
    """80 kWh: 3 KRW from 13 o'clock on, 2 KRW from 16 on, where its window still lets it."""
    window = [{"start": "2018-01-08 12:00", "end": "2018-01-08 19:00"}]
    planned = made({"jobs": [{**MELT, "planned_start": "2018-01-08 13:00", "windows": window}]})

    assert hours(planned.jobs[0]) == [(16, 18)]
    assert planned.savings.total_krw == pytest.approx(80)
    assert planned.baseline.total_krw - planned.planned.total_krw == pytest.approx(80)
    assert (planned.status, planned.gap) == ("optimal", 0)
    assert planned.jobs[0].why == "moves: energy at 2.0 instead of 3.0 KRW/kWh, 80 KRW less"
    assert planned.reasons[0].values == {"moved_kwh": 80, "from_krw_per_kwh": 3, "to_krw_per_kwh": 2}


def test_without_a_planned_start_doing_nothing_is_as_early_as_possible():
    planned = made({"jobs": [{**MELT, "windows": [{"start": "2018-01-08 13:00", "end": "2018-01-08 20:00"}]}]})

    assert [run.start.hour for run in planned.jobs[0].baseline_runs] == [13]


def test_the_demand_that_a_job_adds_is_billed_and_saved():
    """The day's share of a kW costs 100 KRW: 40 kW beside 80 at noon cost 4,000 KRW more than beside 8 at night."""
    planned = made({"jobs": [{**MELT, "planned_start": "2018-01-08 12:00"}]}, by=tariff(krw_per_kw=3100))

    (reason,) = [one for one in planned.reasons if one.code == "demand"]
    assert (reason.values["baseline_demand_kw"], reason.values["demand_kw"]) == (120, 80)
    assert planned.savings.demand_krw == pytest.approx(40 * 3100 / 31)


def test_a_peak_that_was_reached_before_makes_power_free():
    """January's first week reached 80 kW at noon; with 200 kW billed anyhow, five jobs may run at once at night."""
    readings = toy_readings(days=31)
    reached = readings.with_columns(
        usage_kwh=pl.when(pl.col("interval_start").dt.day() == 2).then(50.0).otherwise(pl.col("usage_kwh"))
    )
    jobs = [{**MELT, "name": name, "windows": [{"start": "2018-01-08", "end": "2018-01-08 02:00"}]} for name in "abcd"]
    planned = made({"jobs": jobs}, by=tariff(krw_per_kw=3100), known=reached)

    (reason,) = [one for one in planned.reasons if one.code == "demand_floor"]
    assert reason.values["demand_kw"] == 200
    assert planned.planned.amount_krw("demand") == pytest.approx(200 * 3100 / 31)


def test_movable_base_load_stays_within_its_hours_and_its_energy():
    """Half of 20 kWh an interval may leave 12-16; the hours 10-18 hold 4 of medium, where 8 kWh fit each interval."""
    movable = {"share": 0.5, "from_hour": 10, "to_hour": 18, "max_added_kw": 32}
    planned = made({"movable": movable})
    moved = planned.schedule["moved_kwh"]

    assert moved.sum() == pytest.approx(0)
    assert moved.max() == pytest.approx(8)
    assert (
        planned.schedule.filter(pl.col("moved_kwh").abs() > 1e-9)["interval_start"].dt.hour().is_between(10, 17).all()
    )
    assert planned.savings.energy_krw == pytest.approx(16 * 8)


def test_jobs_keep_their_order_their_equipment_and_their_crew():
    jobs = [
        {**MELT, "name": "melt", "equipment": ["furnace"], "crew": "day"},
        {**MELT, "name": "roll", "after": [{"job": "melt", "min_lag_minutes": 30, "max_lag_minutes": 60}]},
        {**MELT, "name": "heat", "equipment": ["furnace"], "crew": "day"},
    ]
    crews = [{"name": "day", "shifts": [{"start_hour": 6, "end_hour": 14}]}]
    planned = made({"jobs": jobs, "crews": crews})
    melt, roll, heat = (hours(job)[0] for job in planned.jobs)

    assert 0.5 <= roll[0] - melt[1] <= 1
    assert melt[1] <= heat[0] or heat[1] <= melt[0]
    assert all(start >= 6 and end <= 14 for start, end in (melt, heat))
    assert planned.gap == 0


def test_an_optional_job_is_done_where_it_is_worth_more_than_it_costs():
    """80 kWh cost 80 KRW at night."""
    worth, not_worth = (made({"jobs": [{**MELT, "value_krw": value}]}) for value in (81, 79))

    assert worth.jobs[0].runs
    assert worth.savings.total_krw == pytest.approx(1)
    assert not not_worth.jobs[0].runs
    assert not_worth.status == "nothing_better"


def test_a_job_in_the_base_load_counts_once():
    """40 kW of the 80 at noon are the job: at night it costs a third, and at noon nothing is left of it."""
    job = {**MELT, "planned_start": "2018-01-08 12:00", "is_in_base_load": True}
    planned = made({"jobs": [job]})

    assert planned.schedule["baseline_kwh"].to_list() == toy_readings(days=31)["usage_kwh"][7 * 96 : 8 * 96].to_list()
    assert planned.savings.total_krw == pytest.approx(80 * 2)


def test_nothing_to_plan_is_a_plan():
    planned = made({})

    assert (planned.status, planned.savings.total_krw) == ("nothing_better", 0)
    assert planned.planned == planned.baseline


def test_a_planned_start_that_breaks_a_limit_is_told_and_the_plan_keeps_to_it():
    """At noon the base load is 80 kW: 120 with the job."""
    planned = made({"jobs": [{**MELT, "planned_start": "2018-01-08 12:00"}], "limits": {"power_kw": 100}})

    assert planned.notes[0].startswith("doing nothing breaks limits.power_kw: 120.0 kW on 2018-01-08 12:00")
    assert planned.planned.peak_kw <= 100


def test_the_value_of_a_limit_is_what_a_unit_more_saves():
    """Beside 8 kW of base load, twelve hours of night have room for 80 kW: 40 of 1,000 kWh are left for dearer hours.

    They fill three intervals of the morning and a part of a fourth, beside 40 kW. A kW more makes room for 12 kWh at 1
    instead of 2 KRW.
    """
    job = {"kind": "flexible", "name": "charge", "energy_kwh": 1000, "max_kw": 100}
    planned = made({"jobs": [job], "limits": {"power_kw": 88}})

    (marginal,) = planned.marginals
    assert (marginal.field, marginal.unit) == ("limits.power_kw", "kW")
    assert marginal.krw_per_unit == pytest.approx(12)
    assert "limits.power_kw of 88 kW is reached in 51 intervals, first on 2018-01-08 00:00" in [
        reason.words for reason in planned.reasons
    ]


def test_the_value_of_a_window_is_what_the_first_hour_more_saves():
    """The window ends at 17: an hour later the job runs wholly at 2 KRW instead of 3 and 2."""
    window = [{"start": "2018-01-08 12:00", "end": "2018-01-08 17:00"}]
    planned = made({"jobs": [{**MELT, "windows": window}]})

    (marginal,) = [one for one in planned.marginals if one.field == "jobs.0.windows"]
    assert marginal.krw_per_unit == pytest.approx(40)
    assert marginal.unit == "h"


def test_co2_follows_the_hourly_series_and_its_weight_moves_jobs():
    """Night is cheap and dirty, day dear and clean: 80 kWh emit 40 t less there."""
    series = [1.0] * 8 + [0.5] * 12 + [1.0] * 4
    content = {"jobs": [MELT], "co2_t_per_kwh": series}
    by_cost, by_co2 = made(content), made({**content, "weights": {"co2_krw_per_t": 100}})

    assert hours(by_cost.jobs[0]) == [(0, 2)]
    assert 8 <= hours(by_co2.jobs[0])[0][0] <= 18
    assert by_cost.co2_t - by_co2.co2_t == pytest.approx(40)


def test_its_record_is_json():
    planned = made({"jobs": [MELT]})
    record = json.loads(json.dumps(plan_record(planned)))

    assert record["planned"]["total_krw"] == pytest.approx(planned.planned.total_krw)
    assert record["jobs"][0]["runs"][0]["start"] == "2018-01-08T00:00:00+09:00"
    assert len(record["schedule"]) == 96


CONFLICTS = [
    pytest.param(
        {"jobs": [{**MELT, "windows": [{"start": "2018-01-08 08:00", "end": "2018-01-08 09:00"}]}]},
        {"jobs.melt", "jobs.0.windows"},
        "let it run 1 h outside of jobs.0.windows",
        id="a window that is too short",
    ),
    pytest.param(
        {"jobs": [MELT], "limits": {"power_kw": 45}}, {"limits.power_kw"}, "by 35.0 kW", id="the base load alone"
    ),
    pytest.param(
        {
            "jobs": [{**MELT, "windows": [{"start": "2018-01-08 12:00", "end": "2018-01-08 14:00"}]}],
            "limits": {"power_kw": 110},
        },
        {"limits.power_kw", "jobs.melt", "jobs.0.windows"},
        "raise limits.power_kw by 10.0 kW",
        id="too much at noon",
    ),
    pytest.param(
        {
            "jobs": [
                {
                    **MELT,
                    "name": name,
                    "equipment": ["f"],
                    "windows": [{"start": "2018-01-08", "end": "2018-01-08 03:00"}],
                }
                for name in "ab"
            ]
        },
        {"equipment.f", "jobs.a", "jobs.b", "jobs.0.windows", "jobs.1.windows"},
        "let it run 1 h outside of jobs.0.windows",
        id="one furnace for two",
    ),
    pytest.param(
        {"jobs": [{**MELT, "crew": "c"}], "crews": [{"name": "c", "shifts": [{"start_hour": 6, "end_hour": 7.5}]}]},
        {"crews.0.shifts", "jobs.melt"},
        "let jobs run 0.5 h outside of crews.0.shifts",
        id="a short shift",
    ),
    pytest.param(
        {"jobs": [MELT], "limits": {"ramp_kw": 20}}, {"limits.ramp_kw"}, "by 20.0 kW", id="the load's own ramp"
    ),
]


@pytest.mark.parametrize(("content", "conflict", "way_out"), CONFLICTS)
def test_what_cannot_be_kept_together_is_named_with_a_way_out(content: Any, conflict: set[str], way_out: str) -> None:
    with pytest.raises(InfeasiblePlanError) as error:
        made(content)

    assert set(error.value.conflicts) == conflict
    assert any(way_out in way for way in error.value.relaxations)
    assert error.value.remedy == error.value.relaxations[0]
    for field in conflict:
        assert f"{field} (" in error.value.message  # with its value


def test_of_jobs_that_cannot_all_be_done_the_one_of_lowest_priority_is_left_out_first():
    window = [{"start": "2018-01-08", "end": "2018-01-08 03:00"}]
    jobs = [
        {**MELT, "name": name, "equipment": ["f"], "windows": window, "priority": priority}
        for name, priority in (("a", 9), ("b", 2))
    ]
    with pytest.raises(InfeasiblePlanError) as error:
        made({"jobs": jobs})

    left_out = [way for way in error.value.relaxations if way.startswith("leave out")]
    assert [way.split(";")[0] for way in left_out] == ["leave out jobs.b", "leave out jobs.a"]
    assert error.value.relaxations[-2:] == tuple(left_out)


def test_a_day_with_a_clock_change_has_its_own_length():
    plant = toy_plant(zone="Europe/Madrid")
    request = PlanRequest.model_validate({"start": "2018-03-25", "end": "2018-03-26", "jobs": [MELT]})
    load = toy_readings(days=3, plant=plant, first=dt.date(2018, 3, 24))
    planned = plan(request, load, plant=plant, tariff=tariff(), params=PARAMS)

    assert planned.schedule.height == 92
