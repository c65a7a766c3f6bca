"""Parts of a difference: they add up whatever the numbers, no order counts, and what was as usual explains nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from steel_energy.arrays import FloatArray
from steel_energy.errors import NotEnoughDataError
from steel_energy.explaining.attribution import FEWEST_CASES, Factor, decompose, require_cases, shapley

energies = st.floats(0, 1e5, allow_subnormal=False)
HOURS = np.arange(1.0, 10.0)
CASES_KWH = 10 * HOURS  # 10 kWh for each hour of work, so 50 kWh for the usual five


def column(*cases: float, explained: float) -> Factor:
    return Factor(np.array(cases)[:, None], np.array([explained]))


@given(
    actual_kwh=energies,
    cases=arrays(float, (12, 4), elements=st.floats(-1e4, 1e5, allow_subnormal=False)),
    explained=arrays(float, 3, elements=st.floats(-1e4, 1e5, allow_subnormal=False) | st.just(np.nan)),
)
def test_usual_parts_and_remainder_add_up_to_what_is_explained(
    actual_kwh: float, cases: FloatArray, explained: FloatArray
) -> None:
    factors = {name: Factor(cases[:, [at]], explained[[at]]) for at, name in enumerate("abc")}
    told = decompose(actual_kwh, cases[:, 3], factors)

    assert told.usual_kwh == np.median(cases[:, 3])
    assert told.usual_kwh + sum(told.parts_kwh.values()) + told.remainder_kwh == pytest.approx(actual_kwh, abs=1e-6)
    assert set(told.parts_kwh) == {name for at, name in enumerate("abc") if not np.isnan(explained[at])}


@given(gains=arrays(float, 8, elements=st.floats(-100, 100)))
def test_a_share_is_the_mean_gain_over_every_order(gains: FloatArray) -> None:
    names = ("a", "b", "c")
    subsets = [tuple(name for at, name in enumerate(names) if number >> at & 1) for number in range(8)]
    expected = dict(zip(subsets, gains.tolist(), strict=True))
    shares = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        for at, name in enumerate(order):
            before, after = (tuple(sorted(order[:until])) for until in (at, at + 1))
            shares[name] += (expected[after] - expected[before]) / 6

    assert shapley(expected, names) == pytest.approx(shares, abs=1e-9)


def test_a_factor_that_says_it_all_is_held_back_by_three_cases_that_say_nothing() -> None:
    told = decompose(80, CASES_KWH, {"hours": column(*HOURS, explained=8)})

    assert told.parts_kwh["hours"] == pytest.approx(30 * 9 / 12)  # three hours more than usual, of nine cases
    assert told.remainder_kwh == pytest.approx(30 * 3 / 12)


def test_two_factors_that_tell_the_same_share_it() -> None:
    hours = column(*HOURS, explained=8)
    told = decompose(80, CASES_KWH, {"hours": hours, "shifts": hours})

    assert told.parts_kwh["hours"] == pytest.approx(told.parts_kwh["shifts"])
    assert told.parts_kwh["hours"] > 0


def test_what_was_as_usual_explains_nothing_beside_what_was_not() -> None:
    told = decompose(80, CASES_KWH, {"hours": column(*HOURS, explained=8), "other": column(*HOURS**2, explained=25)})

    assert told.parts_kwh["other"] == 0
    assert (
        told.parts_kwh["hours"] == decompose(80, CASES_KWH, {"hours": column(*HOURS, explained=8)}).parts_kwh["hours"]
    )


def test_a_factor_beyond_all_cases_counts_as_the_furthest_of_them() -> None:
    furthest, beyond = (
        decompose(500, CASES_KWH, {"hours": column(*HOURS, explained=hours)}).parts_kwh for hours in (9, 24)
    )

    assert furthest == beyond


def test_a_factor_that_never_varied_or_is_not_known_tells_nothing() -> None:
    factors = {"fixed": column(*[4.0] * 9, explained=7), "unknown": column(*HOURS, explained=np.nan)}
    told = decompose(80, CASES_KWH, factors)

    assert (dict(told.parts_kwh), told.remainder_kwh) == ({"fixed": 0.0}, 30.0)


def test_a_case_that_is_not_known_counts_as_the_usual_one() -> None:
    known, gap = HOURS.copy(), HOURS.copy()
    gap[0], known[0] = np.nan, np.median(HOURS[1:])

    assert decompose(80, CASES_KWH, {"hours": column(*gap, explained=8)}) == decompose(
        80, CASES_KWH, {"hours": column(*known, explained=8)}
    )


def test_from_too_few_cases_nothing_is_called_usual() -> None:
    require_cases(FEWEST_CASES, "earlier")
    with pytest.raises(NotEnoughDataError, match="4 earlier days are comparable, and 5 are needed") as early:
        require_cases(FEWEST_CASES - 1, "earlier")
    with pytest.raises(NotEnoughDataError, match="4 other days") as late:
        require_cases(FEWEST_CASES - 1, "all")

    assert (early.value.field, late.value.remedy) == ("compare", "wait for more readings")
    assert "all days" in early.value.remedy


@given(
    cases=arrays(float, (9, 2), elements=st.floats(0, 1e4, allow_subnormal=False)),
    explained=st.floats(0, 1e4, allow_subnormal=False),
)
def test_what_can_only_go_with_more_energy_never_pulls_the_other_way(cases: FloatArray, explained: float) -> None:
    factor = Factor(cases[:, :1], np.array([explained]), is_rising=True)
    part_kwh = decompose(0, cases[:, 1], {"hours": factor}).parts_kwh["hours"]

    assert part_kwh * (explained - np.median(cases[:, 0])) >= 0


def test_a_slope_that_chance_would_make_fall_is_none() -> None:
    falling = Factor(HOURS[:, None], np.array([8.0]))
    rising = Factor(HOURS[:, None], np.array([8.0]), is_rising=True)

    assert decompose(0, -CASES_KWH, {"hours": falling}).parts_kwh["hours"] == pytest.approx(-22.5)
    assert decompose(0, -CASES_KWH, {"hours": rising}).parts_kwh["hours"] == 0
