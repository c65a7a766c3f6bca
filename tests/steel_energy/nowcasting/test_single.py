"""One reading alone against the table of one that it stands for: the same answer to the bit, or none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.meter import co2_t, energy_of_pulses, power_factor_percent
from steel_energy.nowcasting import nowcast
from steel_energy.nowcasting.single import Decided, decide
from steel_energy.plant import Plant
from steel_energy.testing import toy_plant

PLANTS = {"coarse": toy_plant(), "fine": toy_plant(pulse_kwh=0.036)}


def as_table(reading: dict[str, float], plant: Plant) -> Decided | None:
    """What ``nowcast`` decides by physics, with all values consistent."""
    found = nowcast({name: np.array([value]) for name, value in reading.items()}, plant)
    if not (found.consistent[0] and found.method[0] == "physics"):
        return None
    return Decided(float(found.usage_kwh[0]), float(found.lower_kwh[0]), float(found.upper_kwh[0]))


def shown(pulses: tuple[int, int, int], plant: Plant) -> dict[str, float]:
    """What the meter shows of pulses of active, lagging and leading energy."""
    usage, lagging, leading = (float(energy_of_pulses(count, plant.meter)) for count in pulses)
    return {
        "lagging_kvarh": lagging,
        "leading_kvarh": leading,
        "lagging_pf": float(power_factor_percent(usage, lagging)),
        "leading_pf": float(power_factor_percent(usage, leading)),
        "co2_t": float(co2_t(usage, plant.meter)),
    }


counts = st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(0, 300) | st.just(0))
changes = st.dictionaries(
    st.sampled_from(["lagging_kvarh", "leading_kvarh", "lagging_pf", "leading_pf", "co2_t"]),
    st.sampled_from([-0.036, -0.01, 0.004, 0.01, 0.036]) | st.floats(-1, 1),
    max_size=2,
)


@settings(max_examples=300, deadline=None)
@given(plant=st.sampled_from(sorted(PLANTS)), pulses=counts, changed=changes)
def test_it_answers_as_the_table_of_one_does_or_not_at_all(
    plant: str, pulses: tuple[int, int, int], changed: dict[str, float]
) -> None:
    reading = shown(pulses, PLANTS[plant])
    for name, change in changed.items():
        reading[name] = min(max(reading[name] + change, 0.0), 100.0)

    alone = decide(**reading, plant=PLANTS[plant])

    assert alone is None or alone == as_table(reading, PLANTS[plant])


@settings(max_examples=200, deadline=None)
@given(pulses=st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 50)))
def test_most_of_what_a_meter_shows_is_answered_alone(pulses: tuple[int, int, int]) -> None:
    plant = PLANTS["fine"]
    reading = shown(pulses, plant)
    are_whole = reading["lagging_pf"] == round(reading["lagging_pf"]) and reading["leading_pf"] == round(
        reading["leading_pf"]
    )

    alone, table = decide(**reading, plant=plant), as_table(reading, plant)

    assert alone == table or are_whole or (table is not None and table.upper_kwh - table.lower_kwh > 1)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"lagging_pf": 39.393}, id="a-third-decimal"),
        pytest.param({"co2_t": 5.0}, id="contradiction"),
        pytest.param({"lagging_kvarh": 1e6}, id="beyond-the-plant"),
        pytest.param({"lagging_kvarh": 0.0, "lagging_pf": 0.0}, id="idle-with-whole-factors"),
    ],
)
def test_what_is_not_plain_is_left_to_the_table(changed: dict[str, float]) -> None:
    reading = shown((3, 7, 0), PLANTS["coarse"]) | changed

    assert decide(**reading, plant=PLANTS["coarse"]) is None
