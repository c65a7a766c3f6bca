"""The standard request of the toy plant (400 kW): a job a working day, within the period that is planned."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from steel_energy.planning import FixedJob, InterruptibleJob
from steel_energy.savings.standard import StandardJob, StandardPlanParams, standard_request
from steel_energy.testing import toy_plant

SEOUL = ZoneInfo("Asia/Seoul")
FURNACE = StandardJob(name="furnace", kind="fixed", power_share=0.1, hours=2, from_hour=8, to_hour=18, usual_hour=10)
PUMP = StandardJob(
    name="pump",
    kind="interruptible",
    power_share=0.05,
    hours=1.5,
    min_run_hours=0.5,
    from_hour=0,
    to_hour=24,
    usual_hour=9,
)
PARAMS = StandardPlanParams(
    days=1, movable_share=0.2, max_added_share=0.25, from_hour=6, to_hour=22, jobs=(FURNACE, PUMP)
)


def at(day: int, hour: int = 0) -> dt.datetime:
    return dt.datetime(2018, 1, day, hour, tzinfo=SEOUL)


def asked(start: dt.datetime, end: dt.datetime):
    return standard_request(PARAMS, plant=toy_plant(), start=start, end=end, lagging_kvarh_per_kwh=0.5)


def test_shares_become_powers_and_hours_become_windows():
    request = asked(at(8), at(9))
    furnace, pump = request.jobs

    assert isinstance(furnace, FixedJob)
    assert (furnace.name, furnace.power_kw, furnace.duration_minutes) == ("furnace 2018-01-08", 40, 120)
    assert (furnace.windows[0].start, furnace.windows[0].end) == (at(8, 8), at(8, 18))
    assert furnace.planned_start == at(8, 10)
    assert isinstance(pump, InterruptibleJob)
    assert (pump.power_kw, pump.duration_minutes, pump.min_run_minutes) == (20, 90, 30)
    assert pump.windows[0].end == at(9)
    assert request.movable is not None
    assert (request.movable.share, request.movable.max_added_kw) == (0.2, 100)
    assert request.movable.lagging_kvarh_per_kwh == pump.lagging_kvarh_per_kwh == 0.5


def test_each_open_day_has_its_own_jobs_and_a_closed_one_none():
    names = [job.name for job in asked(at(6), at(9)).jobs]  # Saturday, closed Sunday, Monday

    assert names == ["furnace 2018-01-06", "pump 2018-01-06", "furnace 2018-01-08", "pump 2018-01-08"]


def test_a_begun_day_asks_for_what_has_not_begun_and_windows_end_with_the_period():
    request = asked(at(8, 10), at(9, 11))

    assert [job.name for job in request.jobs] == ["furnace 2018-01-08", "pump 2018-01-09"]
    assert request.jobs[0].windows[0].start == at(8, 10)
    assert request.jobs[1].windows[0].end == at(9, 11)


@pytest.mark.parametrize("change", [{"usual_hour": 17}, {"from_hour": 11}, {"hours": 11}])
def test_a_usual_run_outside_of_its_hours_is_refused(change):
    with pytest.raises(ValidationError, match="usual run"):
        StandardJob.model_validate(FURNACE.model_dump() | change)


def test_hours_between_which_load_moves_are_in_order():
    with pytest.raises(ValidationError, match="not after from_hour"):
        StandardPlanParams.model_validate(PARAMS.model_dump() | {"to_hour": 6})
