from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steel_energy.meter import INPUTS, Readings, virtual_meter
from steel_energy.nowcasting import nowcast, nowcast_frame
from steel_energy.nowcasting.model import UsageModel
from steel_energy.nowcasting.roughening import ROUGHENINGS, noisy, two_digits, without
from steel_energy.plant import Plant


def test_sound_readings_are_answered_by_physics_whether_or_not_a_model_is_fitted(
    model: UsageModel, later: pl.DataFrame, shown: Readings, plant: Plant
) -> None:
    alone, helped = nowcast(shown, plant), nowcast(shown, plant, model)

    assert set(helped.method) == {"physics"}
    assert helped.consistent.all()
    assert np.array_equal(alone.usage_kwh, helped.usage_kwh)
    truth = later["usage_kwh"].to_numpy()
    assert (helped.lower_kwh - 1e-9 <= truth).all()
    assert (truth <= helped.upper_kwh + 1e-9).all()


@pytest.mark.parametrize("roughening", ROUGHENINGS[1:], ids=lambda roughening: roughening.name)
def test_the_model_takes_over_where_readings_got_worse_and_never_spoils_them(
    roughening, model: UsageModel, later: pl.DataFrame, shown: Readings, plant: Plant
) -> None:
    rough = roughening.apply(shown, np.random.default_rng(6))

    alone, helped = nowcast(rough, plant), nowcast(rough, plant, model)

    truth = later["usage_kwh"].to_numpy()
    errors = [np.nanmean((found.usage_kwh - truth) ** 2) for found in (alone, helped)]
    assert errors[1] <= errors[0] * 1.02
    assert np.array_equal(alone.consistent, helped.consistent)
    answered = helped.method != "none"
    assert (helped.lower_kwh <= helped.usage_kwh)[answered].all()
    assert (helped.usage_kwh <= helped.upper_kwh)[answered].all()


def test_rounded_readings_are_not_called_consistent_even_where_they_agree_by_chance(
    shown: Readings, plant: Plant
) -> None:
    assert not nowcast(two_digits(shown, np.random.default_rng(1)), plant).consistent.any()


def test_bounds_of_consistent_readings_stay_certain_when_the_model_chooses_within_them(
    model: UsageModel, later: pl.DataFrame, shown: Readings, plant: Plant
) -> None:
    incomplete = without("lagging_pf")(shown, np.random.default_rng(1))

    found = nowcast(incomplete, plant, model)

    by_model = (found.method == "model") & found.consistent
    truth = later["usage_kwh"].to_numpy()
    assert by_model.mean() > 0.5
    assert ((found.lower_kwh - 1e-9 <= truth) & (truth <= found.upper_kwh + 1e-9))[by_model].all()


def test_what_nothing_bounds_gets_no_number_from_the_model_either(model: UsageModel, plant: Plant) -> None:
    nothing = {name: np.array([np.nan]) for name in INPUTS}

    found = nowcast(nothing, plant, model)

    assert found.method.tolist() == ["none"]
    assert np.isnan(found.usage_kwh).all()


def test_an_empty_table_has_an_empty_nowcast(model: UsageModel, plant: Plant) -> None:
    assert nowcast({name: np.array([]) for name in INPUTS}, plant, model).usage_kwh.size == 0


def test_the_frame_says_whose_answer_each_is_and_without_a_model_says_what_physics_says(
    model: UsageModel, later: pl.DataFrame, plant: Plant
) -> None:
    rows = (
        later.drop("usage_kwh")
        .head(4)
        .with_columns(
            lagging_reactive_kvarh=pl.Series([None, *later["lagging_reactive_kvarh"][1:4]]),
            co2_t=pl.Series([None, *later["co2_t"][1:4]]),
            leading_reactive_kvarh=pl.Series([None, *later["leading_reactive_kvarh"][1:3], 0.123]),
        )
    )

    found = nowcast_frame(rows, plant, model)

    assert found["method"].to_list() == ["none", "physics", "physics", "model"]
    assert found["predicted_usage_kwh"].is_null().to_list() == [True, False, False, False]
    same = nowcast_frame(later, plant).select("predicted_usage_kwh", "lower_kwh", "upper_kwh", "candidates", "method")
    assert same.equals(virtual_meter(later, plant).select(same.columns))


any_value = st.one_of(st.floats(0, 200), st.just(float("nan")), st.just(0.0), st.just(100.0))


@given(values=hnp.arrays(float, (5, 3), elements=any_value))
def test_whatever_is_shown_an_answer_lies_within_its_bounds_or_there_is_none(
    model: UsageModel, plant: Plant, values: np.ndarray
) -> None:
    shown = dict(zip(INPUTS, values, strict=True))
    shown |= {name: np.minimum(shown[name], 100.0) for name in ("lagging_pf", "leading_pf")}

    found = nowcast(shown, plant, model)

    answered = found.method != "none"
    assert np.isnan(found.usage_kwh[~answered]).all()
    assert (found.lower_kwh <= found.usage_kwh)[answered].all()
    assert (found.usage_kwh <= found.upper_kwh)[answered].all()


def test_one_reading_alone_is_answered_as_it_is_in_a_sound_table(
    model: UsageModel, shown: Readings, plant: Plant
) -> None:
    rough = noisy(shown, np.random.default_rng(2), noise=0.02)
    table = {name: np.append(values, rough[name][7]) for name, values in shown.items()}

    together, alone = nowcast(table, plant, model), nowcast({n: v[7:8] for n, v in rough.items()}, plant, model)

    assert together.usage_kwh[-1] == pytest.approx(alone.usage_kwh[0], rel=1e-12)
    assert alone.method.tolist() == ["model"]
