from __future__ import annotations

import numpy as np
import pytest

from steel_energy.cleaning.gaps import Grid, expected_energies
from steel_energy.cleaning.physics import CO2, LAGGING_PF, LEADING_PF, USAGE
from steel_energy.testing import toy_plant

SOUND = [30.0, 40.0, 0.0, 60.0, 100.0, 0.03]  # the 3-4-5 triangle
MORNING = Grid(day=np.zeros(5, dtype=np.int64), slot=np.arange(32, 37), is_closed=np.zeros(5, dtype=bool))


def readings(*absent: int) -> np.ndarray:
    """Five equal rows without the ``absent`` columns; the middle one has no usage."""
    cells = np.array([SOUND] * 5)
    cells[2, USAGE] = np.nan
    cells[:, list(absent)] = np.nan
    return cells


@pytest.mark.parametrize(
    "absent", [pytest.param((), id="all columns"), pytest.param((LAGGING_PF, LEADING_PF, CO2), id="energies alone")]
)
def test_an_unknown_usage_is_expected_to_be_like_its_neighbours(absent: tuple[int, ...]) -> None:
    expected = expected_energies(readings(*absent), MORNING, toy_plant())

    assert expected[2].round(9).tolist() == [30.0, 40.0, 0.0]


def test_of_an_energy_that_the_export_lacks_nothing_is_expected() -> None:
    expected = expected_energies(readings(USAGE), MORNING, toy_plant())

    assert expected[2].round(9).tolist() == [0.0, 40.0, 0.0]


def test_nothing_is_expected_where_nothing_is_known() -> None:
    assert expected_energies(np.full((5, 6), np.nan), MORNING, toy_plant()).tolist() == [[0.0] * 3] * 5
