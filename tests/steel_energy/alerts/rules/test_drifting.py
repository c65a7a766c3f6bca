"""What is told of drift."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from steel_energy.alerts.links import Links
from steel_energy.alerts.rules.drifting import drifted
from steel_energy.reporting.drift_table import drift_schema
from steel_energy.testing import toy_plant

LINKS = Links("http://dagster", "http://dashboard")
PLANT = toy_plant()
MONDAYS = [dt.datetime(2018, 3, day, tzinfo=dt.UTC) - dt.timedelta(hours=9) for day in (26, 19, 12)]
WEEK = dt.timedelta(days=7)


def drift_row(verdict: str | None, monday: dt.datetime = MONDAYS[0], **changes: Any) -> dict[str, Any]:
    row = {
        "window_from": monday,
        "window_until": monday + WEEK,
        "champion_version": "abc",
        "role": "target",
        "name": "usage_kwh",
        "column": "usage_kwh",
        "psi": 0.43,
        "usual_psi": 0.12,
        "trained_mean": 27.4,
        "newest_mean": 31.2,
        "verdict": verdict,
        "remedy": "find out what changed",
    }
    return row | changes


def week(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=drift_schema(PLANT.zone))


FIGURE = drift_row(
    "severe",
    role="figure",
    name="repaired",
    column="co2_t",
    psi=None,
    usual_psi=None,
    trained_mean=None,
    newest_mean=None,
    value=0.31,
    usual=0.001,
    moderate_at=0.01,
    severe_at=0.02,
    remedy="check the meter",
)


def test_severe_drift_is_critical_and_says_what_moved_from_what_to_what():
    (alert,) = drifted(week(drift_row("severe")), PLANT, links=LINKS)

    assert (alert.key, alert.severity) == ("toy/drift", "critical")
    assert alert.title == "readings drifted (severe): usage"
    assert alert.facts == (
        "Readings from Mon 2018-03-26 00:00 to Mon 2018-04-02 00:00, champion abc.",
        "usage (severe): PSI 0.43, usually up to 0.12; mean 31.2 instead of 27.4 kWh.",
    )
    assert alert.advice == "Find out what changed."
    assert alert.link == "http://dagster/assets/drift_report"


def test_moderate_drift_is_for_whoever_wants_to_know():
    (alert,) = drifted(week(drift_row("moderate"), drift_row("none", name="co2_t", column="co2_t")), PLANT, links=LINKS)

    assert alert.severity == "info"
    assert alert.title == "readings drifted (moderate): usage"


def test_a_figure_is_told_beside_what_is_usual():
    (alert,) = drifted(week(drift_row("moderate"), FIGURE), PLANT, links=LINKS)

    assert alert.title == "readings drifted (severe): repaired cells"
    assert alert.facts[1] == "repaired cells of CO2 (severe): 31 %, usually up to 0.1 %, severe from 2.0 % on."
    assert (alert.severity, alert.advice) == ("critical", "Check the meter.")


def test_a_level_is_told_with_its_direction():
    level = {"name": "level", "column": None, "usual": 0.17, "severe_at": 0.18}
    said = [drifted(week(FIGURE | level | {"value": value}), PLANT, links=LINKS)[0].facts[1] for value in (0.359, -0.3)]

    assert said == [
        "level of all energies together (severe): +36 %, usually up to 17 %, severe from 18 % on.",
        "level of all energies together (severe): -30 %, usually up to 17 %, severe from 18 % on.",
    ]


def test_a_forecast_that_looks_otherwise_is_no_drift_of_the_readings():
    forecast = drift_row(None, role="prediction", name="mean_kwh", column="mean_kwh")

    assert drifted(week(drift_row("none"), forecast), PLANT, links=LINKS) == []


def test_drift_began_with_the_first_week_in_a_row():
    verdicts = ["severe", "moderate", "none"]
    weeks = [week(drift_row(one, monday)) for one, monday in zip(verdicts, MONDAYS, strict=True)]

    (alert,) = drifted(weeks[0], PLANT, earlier=weeks[1:], links=LINKS)

    assert alert.since == MONDAYS[1]
