"""The picture of a search: a PNG, the same for the same search, whether or not a trial was cut short."""

from __future__ import annotations

import pytest

from steel_energy.params import TreeParams, load_params
from steel_energy.reporting.tuning_pictures import history_picture
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tuning import Attempt, Tuned


@pytest.fixture(scope="module")
def present() -> TreeParams:
    return load_params(PROJECT_ROOT / "params.yaml").forecasting.lightgbm


@pytest.mark.parametrize("cut_short", [(), (2, 3)], ids=["none cut short", "two cut short"])
def test_the_same_search_gives_the_same_picture(present: TreeParams, cut_short: tuple[int, ...]):
    attempts = tuple(
        Attempt(number, present, 15.0 - number / 10, (15.0,), is_cut_short=number in cut_short, seconds=1.0)
        for number in range(5)
    )
    tuned = Tuned("lightgbm", present, attempts, planned=5)

    first, second = (history_picture(tuned, plant="toy") for _ in range(2))

    assert first.startswith(b"\x89PNG")
    assert first == second
