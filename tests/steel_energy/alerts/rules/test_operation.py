"""What is told of peaks above the contract, of runs that fail, and of what cannot be judged."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.rules.operation import FailedRun, PlannedPeak, peaks_expected, run_failures, unreadable
from steel_energy.calendar import interval_grid
from steel_energy.testing import toy_plant

LINKS = Links("http://dagster", "http://dashboard")
PLANT = toy_plant()  # contracted demand 400 kW, so 100 kWh in a quarter hour
START = dt.datetime(2018, 4, 10)  # noqa: DTZ001 - read as plant time
AT = dt.datetime(2018, 4, 10, 0, 0, tzinfo=dt.UTC)


def forecast(mean_kwh: dict[int, float], q90_kwh: dict[int, float] | None = None) -> pl.DataFrame:
    """Two days of 40 kWh an interval, at most 60, but for the quarter hours by number."""
    grid = interval_grid(START, START + dt.timedelta(days=2), zone=PLANT.zone)
    mean = [mean_kwh.get(number, 40.0) for number in range(192)]
    upper = [(q90_kwh or {}).get(number, max(60.0, mean[number] + 5)) for number in range(192)]
    return pl.DataFrame({"interval_start": grid, "mean_kwh": mean, "q90": upper})


def peaks(frame: pl.DataFrame, planned: PlannedPeak | None = None) -> list[Alert]:
    return peaks_expected(frame, PLANT, planned=planned, links=LINKS)


def test_a_peak_that_only_may_come_is_a_warning():
    (alert,) = peaks(forecast({40: 90.0}, {40: 110.0, 41: 101.0}))

    assert (alert.key, alert.severity, alert.is_lasting) == ("toy/peak/2018-04-10", "warning", False)
    assert alert.title == "peak of 440 kW possible on Tue 2018-04-10, the contract is 400 kW"
    assert alert.facts[1:4] == (
        "Highest expected demand: 360 kW at Tue 2018-04-10 10:00.",
        "Highest 90 % bound: 440 kW at Tue 2018-04-10 10:00.",
        "2 quarter hours from Tue 2018-04-10 10:00 on may lie above the contract.",
    )


def test_a_peak_that_is_expected_is_critical():
    (alert,) = peaks(forecast({40: 101.0}))

    assert (alert.severity, alert.title) == (
        "critical",
        "peak of 404 kW expected on Tue 2018-04-10, the contract is 400 kW",
    )


def test_each_day_is_an_alert_of_its_own():
    assert [alert.key for alert in peaks(forecast({40: 101.0, 96 + 40: 102.0}))] == [
        "toy/peak/2018-04-10",
        "toy/peak/2018-04-11",
    ]


@pytest.mark.parametrize("kwh", [99.0, 100.0])
def test_a_peak_within_the_contract_is_no_news(kwh: float):
    assert peaks(forecast({40: kwh}, {40: 100.0})) == []


@pytest.mark.parametrize(
    ("with_kw", "advice"),
    [(390.0, "Run the jobs as in the plan of the next days: its peak is 390 kW."), (401.0, "Move load out of these")],
)
def test_the_plan_is_named_where_it_helps(with_kw: float, advice: str):
    (alert,) = peaks(forecast({40: 101.0}), PlannedPeak(without_kw=404.0, with_kw=with_kw))

    assert alert.advice.startswith(advice)
    assert alert.facts[-1] == f"Peak of the next days: 404 kW as usual, {with_kw:.0f} kW as planned."


def failed(number: int, *, job: str = "retrain", plant: str | None = "toy", error: str = "") -> FailedRun:
    return FailedRun(job, plant, f"run{number}-123456", AT + dt.timedelta(hours=number), "lightgbm", error)


def test_a_job_that_keeps_failing_is_one_alert_with_the_last_error(params: AlertParams):
    runs = [failed(2, error="SourceError: no such file"), failed(1), failed(0)]

    (alert,) = run_failures(runs, zone="Asia/Seoul", params=params, links=LINKS)

    assert (alert.key, alert.severity) == ("toy/run_failure/retrain", "critical")
    assert alert.title == "retrain failed in lightgbm, 3 times in a row"
    assert alert.facts == ("Error: SourceError: no such file", "Run run2-123, Tue 2018-04-10 11:00.")
    assert (alert.since, alert.link) == (AT, "http://dagster/runs/run2-123456")


def test_a_single_failure_is_a_warning_and_jobs_stay_apart(params: AlertParams):
    runs = [failed(0), failed(1, job="plan_ahead"), failed(2, plant=None)]

    found = run_failures(runs, zone="UTC", params=params, links=LINKS)

    assert [(alert.plant, alert.severity) for alert in found] == [
        ("toy", "warning"),
        ("toy", "warning"),
        (WHOLE_SYSTEM, "warning"),
    ]


def test_what_cannot_be_judged_is_said_with_the_reason():
    alert = unreadable(PLANT, "drift", "a file is damaged", links=LINKS)

    assert (alert.title, alert.facts) == ("drift cannot be judged", ("Error: a file is damaged",))
