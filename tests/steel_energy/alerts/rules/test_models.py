"""What is told of worse forecasts and changes of the served model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.rules.models import Retraining, champion_news, degraded, retrained
from steel_energy.artifacts import Promotion
from steel_energy.artifacts.champions import Cause
from steel_energy.monitoring.table import performance_schema
from steel_energy.testing import toy_plant

LINKS = Links("http://dagster", "http://dashboard")
PLANT = toy_plant()
ZONE = PLANT.zone
MONDAYS = [dt.datetime(2018, 3, day, tzinfo=dt.UTC) - dt.timedelta(hours=9) for day in (26, 19, 12)]
WEEK = dt.timedelta(days=7)


def performance(monday: dt.datetime = MONDAYS[0], **changes: Any) -> Mapping[str, Any]:
    row = {
        "window_from": monday,
        "window_until": monday + WEEK,
        "champion_version": "abc",
        "model": "lightgbm",
        "verdict": "degraded",
        "found": "RMSE 24.00 kWh, usual 15.00 kWh",
        "ratio": 1.6,
        "nowcast_verdict": "usual",
        "inconsistent_share": 0.01,
        "usual_inconsistent_share": 0.01,
        "change_points": [],
    }
    frame = pl.DataFrame([row | changes], schema=performance_schema(ZONE))
    return frame.row(0, named=True)


def test_worse_forecasts_are_told_with_both_errors(params: AlertParams):
    (alert,) = degraded(performance(change_points=[dt.date(2018, 3, 27)]), PLANT, params=params, links=LINKS)

    assert (alert.severity, alert.title) == ("warning", "forecasts are worse than expected, 1.6 times the error")
    assert alert.facts[1:] == (
        "Forecasts of 24 hours by lightgbm: RMSE 24.00 kWh, usual 15.00 kWh.",
        "Their errors differ since Tue 2018-03-27.",
    )


@pytest.mark.parametrize(("ratio", "severity"), [(1.99, "warning"), (2.0, "critical"), (None, "warning")])
def test_forecasts_twice_as_wrong_are_critical(params: AlertParams, ratio: float | None, severity: str):
    (alert,) = degraded(performance(ratio=ratio), PLANT, params=params, links=LINKS)

    assert alert.severity == severity


def test_readings_that_contradict_themselves_send_someone_to_the_meter(params: AlertParams):
    row = performance(verdict="usual", found=None, nowcast_verdict="degraded", inconsistent_share=0.2)

    (alert,) = degraded(row, PLANT, params=params, links=LINKS)

    assert alert.facts[1] == "20.0% of the readings contradict themselves, 1.0% in the training."
    assert alert.advice.startswith("Have the meter")


def test_a_week_as_expected_is_no_news(params: AlertParams):
    assert degraded(performance(verdict="usual", found=None), PLANT, params=params, links=LINKS) == []


def test_worse_forecasts_began_with_the_first_week_in_a_row(params: AlertParams):
    verdicts = ["degraded", "degraded", "usual"]
    rows = [performance(monday, verdict=one) for one, monday in zip(verdicts, MONDAYS, strict=True)]

    (alert,) = degraded(rows[0], PLANT, earlier=rows[1:], params=params, links=LINKS)

    assert alert.since == MONDAYS[1]


def promotion(number: int, by: Cause, *, hours_ago: float = 1.0) -> Promotion:
    at = MONDAYS[0] - dt.timedelta(hours=hours_ago)
    return Promotion(
        number=number, version=f"v{number}", model="lightgbm", promoted_at=at, by=by, reason="it is better"
    )


def test_each_change_of_the_champion_is_news_of_its_own(params: AlertParams):
    promotions = [promotion(1, "build", hours_ago=49), promotion(2, "build"), promotion(3, "rollback")]

    found = champion_news(promotions, PLANT, now=MONDAYS[0], params=params, links=LINKS)

    assert [(alert.key, alert.severity, alert.is_lasting) for alert in found] == [
        ("toy/champion/2", "info", False),
        ("toy/champion/3", "info", False),
    ]
    assert [alert.title for alert in found] == ["now served: lightgbm v2", "rolled back to lightgbm v3"]
    assert found[1].facts == ("In the place of lightgbm v2, by a rollback.", "Reason: it is better")


def test_a_training_that_changed_nothing_says_why():
    (alert,) = retrained([Retraining("run-1", MONDAYS[0], "the champion stays: it is better")], PLANT, links=LINKS)

    assert (alert.key, alert.link) == ("toy/retrained/run-1", "http://dagster/runs/run-1")
    assert alert.facts == ("Reason: the champion stays: it is better",)
