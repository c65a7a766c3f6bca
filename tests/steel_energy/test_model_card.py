"""The model card of made-up figures: it says each sentence that depends on a figure, and none without its figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.explaining import DRIVERS, OVERALL, no_drivers
from steel_energy.model_card import CardFacts, model_card, weaknesses
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_facts, toy_plant
from steel_energy.trial import TrialRecord

METRICS = {
    "validation.over_24h.rmse_kwh": 14.0,
    "test.over_24h.rmse_kwh": 15.25,
    "validation.over_24h.coverage_80": 0.652,
    "test.over_24h.coverage_80": 0.83,
}
BOARD = pl.DataFrame(
    {
        "model": ["lightgbm", "chronos_fine_tuned"],
        "label": ["", "trained from scratch"],
        "validation_rmse_kwh": [14.0, 17.5],
        "test_rmse_kwh": [15.25, 18.0],
        "p_value": [None, 0.0004],
        "rmse_less_best_kwh": [0.0, 2.75],
        "training_s": [31.44, 60.0],
        "weekly_rmse_mean_kwh": [15.0, 18.0],
        "weekly_rmse_worst_kwh": [19.5, 24.0],
    }
)


def manifest(**changes: Any) -> Manifest:
    content = toy_facts(model="lightgbm", metrics=METRICS, **changes).model_dump()
    made = {"created_at": "2018-03-01T00:00:00Z", "libraries": {}, "files": {}, "version": "abc"}
    return Manifest(**content, **made, code=Code(package="1.2.3", commit="f" * 40, is_dirty=False))


def facts(board: pl.DataFrame = BOARD, **changes: Any) -> CardFacts:
    ranges = ("1", "17-96", OVERALL)
    sizes = [
        {"lead_range": part, "driver": driver, "mean_abs_kwh": float(place)}
        for part in ranges
        for place, driver in enumerate(DRIVERS)
    ]
    absent = TrialRecord(model="timesfm", absent_because="timesfm: is not installed")
    return CardFacts(
        leaderboard=board,
        manifest=manifest(**changes),
        reason="best on validation",
        plant=toy_plant(),
        trials=[TrialRecord(model="lightgbm"), absent],
        drivers=pl.DataFrame(sizes),
        explained="lightgbm itself",
        params=load_params(PROJECT_ROOT / "params.yaml").evaluation,
    )


@pytest.fixture(scope="module")
def card() -> str:
    return model_card(facts())


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("`lightgbm`. Direct models by lead time with LightGBM's trees.", id="what it is"),
        pytest.param("readings of Mon 1 Jan 2018 to Thu 1 Mar 2018 (Asia/Seoul), from simulated `toy`", id="data"),
        pytest.param(
            "Version `abc`, made by version 1.2.3 of this package, commit `ffffffffffff`, from readings", id="origin"
        ),
        pytest.param("| RMSE, kWh | 14.00 | 15.25 |", id="scores of both parts"),
        pytest.param("| lightgbm | 14.00 | 15.25 | 0.00 | - | 19.50 | 31.4 |", id="a row of the leaderboard"),
        pytest.param(
            "| chronos_fine_tuned (trained from scratch) | 17.50 | 18.00 | +2.75 | < 0.001 | 24.00 | 60.0 |", id="label"
        ),
        pytest.param("- `timesfm`: timesfm: is not installed.", id="absent, with its reason"),
        pytest.param("| kWh in 15 minutes | to 15 min | to 24 h | over 24 hours |", id="drivers by lead time"),
        pytest.param("they hold 65.2 % (the 80 % band) of the readings", id="a band that fails"),
        pytest.param("the RMSE of a week is 15.0 kWh in the mean, 19.5 kWh in the worst", id="weeks"),
        pytest.param("This time: best on validation.", id="why it is the champion"),
    ],
)
def test_the_card_says(card: str, said: str):
    assert said in " ".join(card.split("\n")) or said in card


def test_a_band_within_five_points_is_no_weakness_and_a_part_without_figures_none_either():
    assert len([sentence for sentence in weaknesses(facts()) if "Bands" in sentence]) == 1


def test_nothing_is_said_of_columns_that_the_leaderboard_lacks():
    card = model_card(facts(BOARD.select("model", "validation_rmse_kwh")))

    assert "| model | validation RMSE |" in card
    assert "Weeks differ" not in card


def test_without_trees_nothing_is_explained_and_the_card_says_so():
    nothing = replace(facts(), drivers=no_drivers(), explained="nothing: no model of the leaderboard has trees")

    assert "Explained is nothing: no model of the leaderboard has trees.\n\n\n\n## Where" in model_card(nothing)


def test_measured_readings_make_no_card_of_simulated_ones():
    measured = {"kind": "uci", "location": "851", "is_simulated": False}

    assert "Simulated" not in model_card(facts(source=measured))
    assert "Simulated data." in model_card(facts(source=measured | {"is_simulated": True}))


def test_the_strongest_driver_over_a_day_stands_first(card: str):
    rows = [line for line in card.splitlines() if line.startswith(tuple(f"| {driver}" for driver in DRIVERS))]

    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(reversed(DRIVERS))


def test_no_placeholder_is_left_and_lines_of_a_table_have_as_many_cells_as_its_head(card: str):
    tables = [block.splitlines() for block in card.split("\n\n") if block.startswith("|")]

    assert "$" not in card
    assert [len({line.count("|") for line in table}) for table in tables] == [1, 1, 1]
