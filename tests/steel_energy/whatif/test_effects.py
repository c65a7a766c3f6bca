"""Each change's own part, on the toy plant's week: its figures are those of `test_asking`."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy.testing import toy_tariff
from steel_energy.whatif import CloseDay, CorrectPowerFactor, Hours, MoveLoad, OtherTariff, ScaleProduction

MONDAY, SATURDAY, SUNDAY = dt.date(2018, 1, 8), dt.date(2018, 1, 13), dt.date(2018, 1, 14)
NOON_TO_NIGHT = MoveLoad(
    share=0.25, from_hours=Hours(from_hour=12, to_hour=14), to_hours=Hours(from_hour=23, to_hour=1)
)


def test_a_move_tells_what_moved_and_when(week):
    """A quarter of 160 kWh on six days, and of Sunday's 16 kWh, 2 KRW cheaper, on Saturday 1, on Sunday none."""
    (effect,) = week.ask(NOON_TO_NIGHT).effects

    assert (effect.kind, effect.usage_kwh) == ("move_load", 0)
    assert effect.moved_kwh == pytest.approx(6 * 40 + 4)
    assert effect.cost_krw == pytest.approx(-(5 * 80 + 40))
    assert (effect.first_day, effect.last_day) == (MONDAY, SUNDAY)


def test_a_bank_takes_reactive_energy_and_leaves_the_active_one(week, clause):
    """All of the toy plant's half a kvarh for each kWh, where the bank is large enough and never leads."""
    (effect,) = week.ask(CorrectPowerFactor(capacitor_kvar=1000, control="automatic"), tariff=clause).effects

    assert (effect.usage_kwh, effect.moved_kwh, effect.leading_kvarh) == (0, 0, 0)
    assert effect.lagging_kvarh == pytest.approx(-4608 / 2)


def test_what_changes_nothing_has_no_days(week):
    (effect,) = week.ask(ScaleProduction(factor=1)).effects

    assert (effect.first_day, effect.last_day, effect.cost_krw) == (None, None, 0)


def test_of_two_tariffs_the_last_one_alone_changes_the_bill(week):
    others = [toy_tariff().model_copy(update={"id": name}) for name in ("one", "two")]
    dearer = others[1].model_copy(update={"demand": others[1].demand.model_copy(update={"krw_per_kw": 20})})
    made = week.ask(OtherTariff(tariff="one"), OtherTariff(tariff="two"), others=[others[0], dearer])

    assert [effect.cost_krw for effect in made.effects] == [0, pytest.approx(80 * 10 * 7 / 31)]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.sampled_from(
            [
                NOON_TO_NIGHT,
                CloseDay(day=SATURDAY),
                ScaleProduction(factor=0.8),
                CorrectPowerFactor(capacitor_kvar=20),
                OtherTariff(tariff="other"),
            ]
        ),
        max_size=4,
    )
)
def test_the_parts_add_up_to_the_difference(week, clause, changes):
    made = week.ask(*changes, tariff=clause, others=[toy_tariff().model_copy(update={"id": "other"})])

    assert sum(effect.cost_krw for effect in made.effects) == pytest.approx(made.difference.cost_krw, abs=1e-6)
    assert sum(effect.usage_kwh for effect in made.effects) == pytest.approx(made.difference.usage_kwh, abs=1e-6)
