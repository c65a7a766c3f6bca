from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from steel_energy.features import FEATURES
from steel_energy.forecasting.boosters import Booster, Growth, LightGBMBooster, XGBoostBooster
from steel_energy.forecasting.trees import TwoStateTrees, is_running
from steel_energy.params import TreeParams

TREES = TreeParams(learning_rate=0.3, leaves=7, min_rows_in_leaf=5, feature_share=1.0, row_share=1.0, bins=63)
GROWTH = Growth(rounds=40, feature_share=1.0, params=TREES, seed=1)
MAKERS = pytest.mark.parametrize("maker", [LightGBMBooster, XGBoostBooster], ids=["lightgbm", "xgboost"])


def a_plant(rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Idle at about 3 kWh, running at about 50 plus ten times the second feature, by the sign of the first."""
    random = np.random.default_rng(5)
    features = random.normal(size=(rows, len(FEATURES)))
    running = 50 + 10 * features[:, 1]
    return features, np.where(features[:, 0] > 0, running, 3.0) + random.uniform(-0.5, 0.5, rows)


def grown(maker: type[Booster]) -> TwoStateTrees:
    features, usage = a_plant()
    return TwoStateTrees.train(maker, features, usage, growth=GROWTH)


@MAKERS
def test_both_states_and_the_chance_of_running_are_learnt(maker: type[Booster]):
    trees = grown(maker)
    probe = np.zeros((2, len(FEATURES)))
    probe[:, 0] = [-1.0, 1.0]

    assert trees.chance.predict(probe) == pytest.approx([0.0, 1.0], abs=0.1)
    assert trees.predict(probe) == pytest.approx([3.0, 50.0], abs=5.0)


@MAKERS
def test_base_and_contributions_add_up_to_the_forecast(maker: type[Booster]):
    trees, (features, _) = grown(maker), a_plant()
    parts = trees.contributions(features)

    assert parts.shape == (len(features), len(FEATURES) + 1)
    assert parts.sum(axis=1) == pytest.approx(trees.predict(features), abs=1e-3)


@MAKERS
def test_what_switches_the_plant_on_has_the_largest_contribution(maker: type[Booster]):
    trees, (features, _) = grown(maker), a_plant()
    sizes = np.abs(trees.contributions(features)[:, :-1]).mean(axis=0)

    assert sizes.argsort()[::-1][:2].tolist() == [0, 1]


def test_contributions_to_a_certain_state_are_those_to_its_level():
    class Fixed:
        def __init__(self, *margins: float) -> None:
            self.margins = np.array([margins])

        def contributions(self, _features: np.ndarray) -> np.ndarray:
            return self.margins

    trees = TwoStateTrees(Fixed(0.0, 0.0, 50.0), Fixed(7.0, 0.0, 40.0), Fixed(0.0, 1.0, 3.0))

    assert trees.contributions(np.empty((1, 2)))[0] == pytest.approx([7.0, 0.0, 40.0])


@MAKERS
def test_saved_trees_come_back_to_the_bit(maker: type[Booster], tmp_path: Path):
    trees, (features, _) = grown(maker), a_plant()
    trees.save(tmp_path, "leads-001-001")

    loaded = TwoStateTrees.load(maker, tmp_path, "leads-001-001")

    assert len(list(tmp_path.iterdir())) == 3
    assert (loaded.predict(features) == trees.predict(features)).all()


def test_a_load_without_two_states_is_learnt_all_the_same():
    features, _ = a_plant()
    trees = TwoStateTrees.train(LightGBMBooster, features, np.full(len(features), 8.0), growth=GROWTH)

    assert trees.predict(features) == pytest.approx(np.full(len(features), 8.0))


@given(arrays.arrays(np.float64, st.integers(2, 40), elements=st.floats(0, 500)), st.integers(1, 30))
def test_every_running_interval_uses_at_least_as_much_as_every_idle_one(usage: np.ndarray, fewest: int):
    runs = is_running(usage, fewest=fewest)

    assert usage[runs].min() >= usage[~runs].max()
    assert min(runs.sum(), (~runs).sum()) >= min(fewest, len(usage) // 2)
