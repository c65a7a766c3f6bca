"""Plans carried out on days that differ from the forecast: by hand, and laws that hold for any of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.savings.execution import executed_kwh

ENERGY = st.floats(0, 100)


@pytest.mark.parametrize(
    ("measured", "out", "added", "expected"),
    [
        pytest.param([10, 10], [0, 5], [5, 0], [15, 5], id="as planned, drawn early"),
        pytest.param([10, 4], [0, 5], [5, 0], [15, 2], id="less is there: three kWh were drawn in vain"),
        pytest.param([10, 10], [5, 0], [0, 5], [5, 15], id="as planned, drawn later"),
        pytest.param([4, 10], [5, 0], [0, 5], [2, 12], id="less is there: less is drawn later"),
        pytest.param([4, 10, 10], [5, 0, 3], [0, 8, 0], [2, 15, 7], id="three early, five later of which two are held"),
    ],
)
def test_moves_by_hand(measured, out, added, expected):
    load = executed_kwh(
        np.array(measured, float), out_kwh=np.array(out, float), in_kwh=np.array(added, float), movable_share=0.5
    )

    assert load.tolist() == expected


@given(st.lists(st.tuples(ENERGY, ENERGY, st.floats(0, 1)), min_size=2, max_size=12), st.floats(0.01, 1), st.data())
def test_nothing_is_lost_or_drawn_below_zero_and_perfect_foresight_wastes_nothing(days, share, data):
    measured, forecast, used = (np.array(values) for values in zip(*days, strict=True))
    out = share * forecast * used
    weights = np.array(data.draw(st.lists(st.floats(0.1, 1), min_size=len(out), max_size=len(out))))
    added = out.sum() * weights / weights.sum()

    load = executed_kwh(measured, out_kwh=out, in_kwh=added, movable_share=share)
    foreseen = executed_kwh(forecast, out_kwh=out, in_kwh=added, movable_share=share)

    assert (load >= -1e-9).all()
    assert measured.sum() - 1e-6 <= load.sum() <= measured.sum() + added.sum() + 1e-6
    assert foreseen == pytest.approx(forecast - out + added, abs=1e-6)
