from __future__ import annotations

import numpy as np
import pytest

from steel_energy.cleaning.physics import LAGGING, LAGGING_PF, LEADING, LEADING_PF, USAGE, complete, plausible, solve
from steel_energy.cleaning.slips import undo_slips
from steel_energy.testing import toy_plant

SOUND = np.array([30.0, 40.0, 0.0, 60.0, 100.0, 0.03])  # the 3-4-5 triangle
EXPECTED = np.array([[30.0, 40.0, 0.0]])


def shown(**cells: float) -> np.ndarray:
    row = SOUND.copy()
    for name, value in cells.items():
        row[
            {"usage": USAGE, "lagging": LAGGING, "leading": LEADING, "lag_pf": LAGGING_PF, "lead_pf": LEADING_PF}[name]
        ] = value
    return row[np.newaxis]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (shown(usage=30_000), "wh_for_kwh"),
        (shown(usage=30_000, lagging=40_000), "wh_for_kwh"),
        (shown(lagging=-40), "sign"),
        (shown(lag_pf=0.6), "ratio_for_percent"),
        (shown(lag_pf=6.0), "decimal_point"),
        (shown(usage=40, lagging=30), "swapped_cells"),
        (shown(lagging=60, lag_pf=40), "swapped_cells"),
    ],
)
def test_a_slip_is_undone_by_its_name(row, rule):
    mended, done = undo_slips(row, EXPECTED, toy_plant())

    assert mended.tolist() == [SOUND.tolist()]
    assert [name for name, _, rows in done if rows.size] == [rule]


def test_a_sound_row_is_left_alone():
    assert undo_slips(shown(), EXPECTED, toy_plant())[0].tolist() == [SOUND.tolist()]


def test_a_value_that_no_slip_explains_is_left_to_the_physics():
    row = shown(usage=37)

    assert undo_slips(row, EXPECTED, toy_plant())[0].tolist() == row.tolist()


def test_a_cell_off_the_pulse_grid_or_out_of_range_cannot_have_been_shown():
    row = shown(usage=30.5, lagging=-40, lag_pf=100.01)

    assert plausible(row, toy_plant()).tolist() == [[False, False, True, False, True, True]]


def test_three_unknown_cells_are_solved_from_the_rest():
    row = shown(usage=np.nan, lag_pf=60, lead_pf=np.nan)
    row[0, 5] = np.nan

    assert solve(row, EXPECTED, plant=toy_plant()).cells.tolist() == [SOUND.tolist()]


def test_the_cell_to_distrust_is_the_one_whose_repair_looks_like_the_neighbours():
    cells, new = complete(shown(lagging=170), EXPECTED, plant=toy_plant())

    assert cells.tolist() == [SOUND.tolist()]
    assert new.tolist() == [[False, True, False, False, False, False]]


def test_a_row_of_nothing_becomes_what_its_neighbours_suggest():
    cells, new = complete(np.full((1, 6), np.nan), EXPECTED, plant=toy_plant())

    assert cells.tolist() == [SOUND.tolist()]
    assert new.all()
