from __future__ import annotations

import itertools

import pytest

from steel_service.security.principals import Role


def test_roles_are_ordered_by_what_they_may_do_and_not_by_their_letters() -> None:
    assert sorted([Role.ADMIN, Role.VIEWER, Role.OPERATOR]) == [Role.VIEWER, Role.OPERATOR, Role.ADMIN]


@pytest.mark.parametrize(("low", "high"), list(itertools.combinations(Role, 2)))
def test_a_role_may_do_what_the_ones_before_it_may_and_not_the_other_way_round(low: Role, high: Role) -> None:
    assert (high >= low, high > low, low < high, low <= high) == (True, True, True, True)
    assert (low >= high, low > high, high < low, high <= low) == (False, False, False, False)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_its_own(role: Role) -> None:
    same = Role(role.value)

    assert (role >= same, role <= same, role > same, role < same) == (True, True, False, False)
