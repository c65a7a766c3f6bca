"""Requests that cannot be: each is one clear error that names the field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from steel_energy.errors import ConfigError, InputError, NotEnoughDataError
from steel_energy.params import load_params
from steel_energy.planning import PlanRequest, plan, read_request
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

PARAMS = load_params(PROJECT_ROOT / "params.yaml").planning
DAY = {"start": "2018-01-08", "end": "2018-01-09"}
JOB = {"kind": "fixed", "name": "melt", "power_kw": 40, "duration_minutes": 60}
FLEXIBLE = {"kind": "flexible", "name": "charge", "energy_kwh": 10, "max_kw": 10}


def job(**changes: Any) -> dict[str, Any]:
    return {**DAY, "jobs": [{**JOB, **changes}]}


def after(name: str, **lags: Any) -> dict[str, Any]:
    return {"after": [{"job": name, **lags}]}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(job(power_kw=-1), "jobs.0.fixed.power_kw: Input should be greater than 0", id="negative power"),
        pytest.param(job(power_kw=float("nan")), "power_kw: Input should be", id="no number"),
        pytest.param(job(duration_minutes=20), "duration_minutes: Input should be a multiple of 15", id="off the grid"),
        pytest.param(job(power_kw=None), "needs either power_kw and duration_minutes, or profile_kw", id="no power"),
        pytest.param(
            job(profile_kw=[1]), "needs either power_kw and duration_minutes, or profile_kw", id="two profiles"
        ),
        pytest.param(job(powr_kw=1), "powr_kw: Extra inputs are not permitted", id="a misspelt field"),
        pytest.param(job(name=""), "name: String should have at least 1 character", id="no name"),
        pytest.param(job(kind="melting"), "jobs.0: Input tag 'melting'", id="an unknown kind"),
        pytest.param(job(crew="night"), "jobs.0.crew: there is no crew 'night'", id="an unknown crew"),
        pytest.param(job(**after("roll")), "jobs.0.after.0.job: there is no job 'roll'", id="an unknown job"),
        pytest.param(job(**after("melt")), "in a circle: melt -> melt", id="waits for itself"),
        pytest.param(
            {**DAY, "jobs": [{**JOB, "name": "a", **after("b")}, {**JOB, "name": "b", **after("a")}]},
            "jobs.0.after: jobs wait for each other in a circle: a -> b -> a",
            id="a circle",
        ),
        pytest.param({**DAY, "jobs": [JOB, JOB]}, "jobs.1.name: 'melt' is there twice", id="one name twice"),
        pytest.param(
            job(**after("melt", min_lag_minutes=60, max_lag_minutes=30)), "max_lag_minutes lies below", id="lags"
        ),
        pytest.param(
            {**DAY, "jobs": [FLEXIBLE, {**JOB, **after("charge", max_lag_minutes=30)}]},
            "jobs.1.after.0.max_lag_minutes: 'charge' is flexible, so its end is open",
            id="a longest lag after an open end",
        ),
        pytest.param(job(is_in_base_load=True), "is_in_base_load needs planned_start", id="in the base load somewhere"),
        pytest.param(
            {**DAY, "limits": {"black_outs": [{**DAY, "equipment": "furnce"}]}},
            "limits.black_outs.0.equipment: no job uses the equipment 'furnce'",
            id="maintenance of nothing",
        ),
        pytest.param({**DAY, "movable": {"share": 1.5, "max_added_kw": 1}}, "movable.share", id="more than all"),
        pytest.param({"start": "2018-01-08"}, "end: Field required", id="no end"),
    ],
)
def test_a_file_that_cannot_be_is_one_error_with_its_field(content: Any, says: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(content))

    with pytest.raises(ConfigError) as error:
        read_request(path)

    assert says in str(error.value)
    assert "in line" in error.value.remedy


def test_ten_thousand_jobs_are_refused_at_once(tmp_path: Path) -> None:
    jobs = [{**JOB, "name": str(at)} for at in range(10_000)]
    path = tmp_path / "plan.yaml"
    path.write_text(json.dumps({**DAY, "jobs": jobs}))  # JSON is YAML

    with pytest.raises(ConfigError, match="plan at most 100 jobs at a time"):
        read_request(path)
    with pytest.raises(ValidationError, match="at most 100 items"):
        PlanRequest.model_validate({**DAY, "jobs": jobs})


@pytest.mark.parametrize(
    ("content", "field", "says"),
    [
        pytest.param({"start": "2018-01-09", "end": "2018-01-08"}, "end", "swap start and end", id="reversed"),
        pytest.param({"start": "2018-01-08", "end": "2018-01-23"}, "end", "more than 14 days", id="too long"),
        pytest.param({"start": "2018-01-08 00:07", "end": "2018-01-09"}, "start", "15-minute grid", id="off the grid"),
        pytest.param(
            job(planned_start="2018-02-01"), "jobs.0.planned_start", "outside of the period", id="planned late"
        ),
        pytest.param(
            job(planned_start="2018-01-08 23:30"),
            "jobs.melt.planned_start",
            "would end after the period",
            id="ends late",
        ),
        pytest.param(
            job(windows=[{"start": "2018-01-07", "end": "2018-01-08 12:00"}]),
            "jobs.0.windows.0.start",
            "outside of the period",
            id="a window before the period",
        ),
        pytest.param(
            job(windows=[{"start": "2018-01-08 12:00", "end": "2018-01-08 12:00"}]),
            "jobs.0.windows.0.end",
            "swap start and end",
            id="an empty window",
        ),
        pytest.param(
            job(duration_minutes=1500), "jobs.0", "runs 1500 minutes, the period has 1440", id="too long a job"
        ),
        pytest.param(
            {**DAY, "co2_t_per_kwh": [0.1] * 23}, "co2_t_per_kwh", "23 values for 24 hours", id="too few hours"
        ),
        pytest.param(
            job(is_in_base_load=True, planned_start="2018-01-08 00:00"),
            "jobs.melt.is_in_base_load",
            "more than the base load",
            id="in a base load that is lower",
        ),
    ],
)
def test_what_does_not_fit_the_period_or_the_load_is_refused(content: Any, field: str, says: str) -> None:
    request = PlanRequest.model_validate(content)

    with pytest.raises(InputError, match=says) as error:
        plan(request, toy_readings(days=30), plant=toy_plant(), tariff=toy_tariff(), params=PARAMS)

    assert error.value.field == field
    assert error.value.remedy


def test_a_period_that_the_base_load_does_not_cover_is_refused() -> None:
    request = PlanRequest.model_validate({"start": "2018-03-01", "end": "2018-03-02"})

    with pytest.raises(NotEnoughDataError, match="0 of the period's 96 intervals"):
        plan(request, toy_readings(days=30), plant=toy_plant(), tariff=toy_tariff(), params=PARAMS)


def test_a_base_load_that_is_negative_or_lacks_a_column_is_refused() -> None:
    request, load = PlanRequest.model_validate(DAY), toy_readings(days=30)
    kwargs: dict[str, Any] = {"plant": toy_plant(), "tariff": toy_tariff(), "params": PARAMS}

    with pytest.raises(InputError, match="usage_kwh: is empty, infinite or negative"):
        plan(request, load.with_columns(usage_kwh=-load["usage_kwh"]), **kwargs)
    with pytest.raises(InputError, match="leading_reactive_kvarh: is not in the base load"):
        plan(request, load.drop("leading_reactive_kvarh"), **kwargs)
