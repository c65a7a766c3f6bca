from __future__ import annotations

from steel_energy.explaining.drivers import (
    CALENDAR,
    DRIVER_OF,
    DRIVERS,
    LEVEL,
    REACTIVE,
    SIMILAR,
    STATE,
    TARIFF,
    words_of,
)
from steel_energy.features import FEATURES


def test_every_feature_belongs_to_one_driver_and_every_driver_has_features():
    assert set(DRIVER_OF) == set(FEATURES)
    assert set(DRIVER_OF.values()) == set(DRIVERS)


def test_features_are_sorted_by_what_they_say_of_the_plant():
    expected = {
        "usage_1_back_kwh": STATE,
        "mean_2h_kwh": STATE,
        "mean_7d_kwh": LEVEL,
        "today_kwh": LEVEL,
        "slot_kind_4_kwh": SIMILAR,
        "same_slot_week_kwh": SIMILAR,
        "is_closed": CALENDAR,
        "load_type": TARIFF,
        "lagging_power_factor": REACTIVE,
    }

    assert {name: DRIVER_OF[name] for name in expected} == expected


def test_no_two_features_are_called_alike_and_none_by_its_code_name():
    words = [words_of(name) for name in FEATURES]

    assert len(set(words)) == len(FEATURES)
    assert not [word for word in words if "_" in word or "kwh" in word]
