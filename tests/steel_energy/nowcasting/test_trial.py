from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from steel_energy.nowcasting.roughening import ROUGHENINGS
from steel_energy.nowcasting.trial import beats_physics, beats_raw_trees, bounds_hold, covers, error_table
from steel_energy.params import NowcastParams
from steel_energy.plant import Plant


def table(**changes: list[float]) -> pl.DataFrame:
    """Scores of two roughenings that leave nothing to be desired."""
    scores = {"physics_rmse_kwh": [9.0, 9.0], "raw_trees_rmse_kwh": [4.0, 4.0], "rmse_kwh": [1.0, 2.0]}
    shares = {"coverage": [0.88, 0.93], "consistent_share": [0.0, 0.0]}
    return pl.DataFrame({"roughening": ["noise", "rounding"]} | scores | shares | changes)


def test_each_roughening_has_its_row_and_the_virtual_meter_is_ahead_where_readings_are_rough(
    readings: pl.DataFrame, plant: Plant, params: NowcastParams
) -> None:
    scores = error_table(readings, plant=plant, params=params.model_copy(update={"trees": 20}))

    assert scores["roughening"].to_list() == [roughening.name for roughening in ROUGHENINGS]
    rough = scores.filter(pl.col("roughening").str.contains("digits|noise"))
    assert rough.height == 8
    assert beats_raw_trees(rough).passed
    assert beats_physics(rough).passed
    assert scores["model_share"][0] == 0
    assert scores["consistent_coverage"][0] == 1


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        pytest.param({}, set(), id="as it should be"),
        pytest.param({"rmse_kwh": [1.0, 4.5]}, {"raw"}, id="worse than trees on the raw columns"),
        pytest.param({"physics_rmse_kwh": [9.0, 1.5]}, {"physics"}, id="worse than physics alone"),
        pytest.param({"coverage": [0.88, 0.7]}, {"coverage"}, id="bounds too narrow"),
        pytest.param({"coverage": [0.88, 0.7], "consistent_share": [0.0, 1.0]}, set(), id="too few to judge"),
    ],
)
def test_a_finding_fails_for_its_own_reason(changes: dict[str, list[float]], failing: set[str]) -> None:
    scores = table(**changes)

    found = {"raw": beats_raw_trees(scores), "physics": beats_physics(scores), "coverage": covers(scores, nominal=0.9)}

    assert {name for name, finding in found.items() if not finding.passed} == failing


def test_a_usage_outside_its_certain_bounds_is_found(later: pl.DataFrame, plant: Plant) -> None:
    one_off = later.with_columns(usage_kwh=pl.when(pl.int_range(pl.len()) == 3).then(99.0).otherwise("usage_kwh"))

    assert bounds_hold(later, plant).passed
    assert bounds_hold(one_off, plant).actual == f"1 of {np.int64(later.height):,} outside"
