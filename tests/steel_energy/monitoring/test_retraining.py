"""When a plant is trained again: severe drift or worse forecasts, one at a time, each week once, something to learn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.retraining import (
    Evidence,
    NoRetraining,
    Retraining,
    Standing,
    decide,
    decide_all,
    evidence,
)
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT

TRAINED_UNTIL = dt.datetime(2018, 6, 1, tzinfo=dt.UTC)
WINDOW_UNTIL = dt.datetime(2018, 6, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2018, 6, 9, 12, tzinfo=dt.UTC)
FOUND = Evidence(plant="toy", champion_version="abc", window_until=WINDOW_UNTIL, says="severe drift of usage_kwh")


@pytest.fixture(scope="module")
def params() -> MonitoringParams:
    params = load_params(PROJECT_ROOT / "params.yaml").monitoring
    return params.model_copy(update={"recent_days": 7, "cool_down_hours": 24.0})


def standing(plant: str = "toy", **changes: object) -> Standing:
    """A plant whose newest week asks for a training, and that nothing keeps from it, with ``changes``."""
    return replace(
        Standing(
            plant=plant,
            evidence=FOUND.model_copy(update={"plant": plant}),
            champion_version="abc",
            trained_until=TRAINED_UNTIL,
            readings_until=WINDOW_UNTIL,
            last_requested=None,
        ),
        **changes,  # type: ignore[arg-type]
    )


def drift_table(verdicts: dict[str, str], *, until: dt.datetime = WINDOW_UNTIL) -> pl.DataFrame:
    rows = [{"name": name, "verdict": verdict} for name, verdict in verdicts.items()]
    return pl.DataFrame(rows).with_columns(champion_version=pl.lit("abc"), window_until=pl.lit(until))


def performance_table(verdict: str, *, until: dt.datetime = WINDOW_UNTIL) -> pl.DataFrame:
    row = {"verdict": verdict, "found": "RMSE 21.00 kWh, usual 14.00 kWh", "champion_version": "abc"}
    return pl.DataFrame([row | {"window_until": until}])


def test_a_week_as_usual_is_no_evidence():
    quiet = drift_table({"usage_kwh": "none", "co2_t": "moderate"})

    assert evidence("toy", drift=quiet, performance=performance_table("usual")) is None
    assert evidence("toy") is None


def test_severe_drift_names_what_moved_and_no_more_than_three_of_it():
    table = drift_table(dict.fromkeys(("usage_kwh", "co2_t", "level", "hours"), "severe") | {"profile": "none"})

    found = evidence("toy", drift=table)

    assert found is not None
    assert found.says == "severe drift of usage_kwh, co2_t, level and 1 more"
    assert (found.champion_version, found.window_until) == ("abc", WINDOW_UNTIL)


def test_drift_and_worse_forecasts_of_the_same_days_are_one_evidence():
    both = evidence("toy", drift=drift_table({"usage_kwh": "severe"}), performance=performance_table("degraded"))
    one = evidence("toy", performance=performance_table("degraded"))

    assert both is not None
    assert one is not None
    assert both.key == one.key == "toy abc 20180609T0000Z"
    assert both.says == (
        "severe drift of usage_kwh; worse forecasts than its backtest's: RMSE 21.00 kWh, usual 14.00 kWh"
    )


def test_the_later_of_two_windows_speaks():
    later = WINDOW_UNTIL + dt.timedelta(days=1)

    found = evidence(
        "toy", drift=drift_table({"usage_kwh": "severe"}), performance=performance_table("degraded", until=later)
    )

    assert found is not None
    assert found.window_until == later
    assert "drift" not in found.says


def test_a_training_is_asked_for_with_its_reason_and_evidence(params: MonitoringParams):
    asked = decide(standing(), training=None, now=NOW, params=params)

    assert asked == Retraining(plant="toy", reason="severe drift of usage_kwh", evidence_key="toy abc 20180609T0000Z")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"evidence": None}, "toy: its newest week is as usual", id="nothing found"),
        pytest.param({"champion_version": "def"}, "speaks of abc, which is not served any more", id="other champion"),
        pytest.param({"asked": frozenset([FOUND.key])}, "was asked to train for this already", id="asked before"),
        pytest.param(
            {"readings_until": TRAINED_UNTIL + dt.timedelta(days=6, hours=23)},
            "has 6.9 days of readings that its champion has not seen, 7 are needed",
            id="an hour short",
        ),
        pytest.param({"readings_until": None}, "has no readings", id="no readings"),
        pytest.param(
            {"last_requested": NOW - dt.timedelta(hours=23)}, "cools down until 2018-06-09 13:00 UTC", id="cool-down"
        ),
    ],
)
def test_why_no_training_is_asked_for(changes: dict[str, object], reason: str, params: MonitoringParams):
    kept = decide(standing(**changes), training=None, now=NOW, params=params)

    assert isinstance(kept, NoRetraining)
    assert reason in kept.reason


def test_after_the_cool_down_the_next_evidence_asks_again(params: MonitoringParams):
    waited = standing(last_requested=NOW - dt.timedelta(hours=24))

    assert isinstance(decide(waited, training=None, now=NOW, params=params), Retraining)


def test_a_plant_waits_for_a_training_of_any_plant(params: MonitoringParams):
    kept = decide(standing(), training="run 12345678", now=NOW, params=params)

    assert isinstance(kept, NoRetraining)
    assert kept.reason == "toy: waits for run 12345678: severe drift of usage_kwh"


def test_of_two_plants_the_one_that_waited_longer_is_trained_and_the_other_waits(params: MonitoringParams):
    first = standing("a", last_requested=NOW - dt.timedelta(days=2))
    second = standing("b", last_requested=NOW - dt.timedelta(days=3))

    decided = decide_all([first, second], training=None, now=NOW, params=params)

    assert [type(one) for one in decided] == [Retraining, NoRetraining]
    assert [one.plant for one in decided] == ["b", "a"]
    assert decided[1].reason.startswith("a: waits for the training of b")


@given(
    plants=st.lists(st.sampled_from("abcdef"), unique=True, max_size=6),
    hours=st.integers(0, 100),
    is_training=st.booleans(),
    asked=st.booleans(),
)
def test_never_more_than_one_training_and_none_twice_for_one_evidence(
    params: MonitoringParams, plants: list[str], hours: int, *, is_training: bool, asked: bool
):
    standings = [standing(plant, last_requested=NOW - dt.timedelta(hours=hours)) for plant in plants]
    if asked:
        standings = [replace(one, asked=frozenset([one.evidence.key])) for one in standings if one.evidence]

    decided = decide_all(standings, training="run 1" if is_training else None, now=NOW, params=params)

    wanted = [one for one in decided if isinstance(one, Retraining)]
    expected = 1 if plants and not is_training and not asked and hours >= params.cool_down_hours else 0
    assert len(wanted) == expected
    assert len(decided) == len(plants)
