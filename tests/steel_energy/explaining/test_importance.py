from __future__ import annotations

import numpy as np
import polars as pl

from steel_energy.explaining import (
    OVERALL,
    Explanation,
    driver_importance,
    explain_history,
    explainer_of,
    importance,
    range_name,
)
from steel_energy.explaining.drivers import SIMILAR, STATE
from steel_energy.features import FEATURES
from steel_energy.forecasting.base import Forecaster
from steel_energy.params import LeadRange

NEAR, FAR = (LeadRange(first=a, last=b, rows_per_origin=1, trees=1) for a, b in ((1, 24), (25, 672)))


def explained(**kwh: list[float]) -> Explanation:
    """One forecast of each range; ``kwh`` are the contributions of features, near and far."""
    contributions = np.zeros((2, len(FEATURES)))
    for name, values in kwh.items():
        contributions[:, FEATURES.index(name)] = values
    return Explanation((NEAR, FAR), np.array([24, 25]), np.zeros_like(contributions), np.ones(2), contributions)


def test_importance_over_a_day_weighs_each_range_by_its_leads():
    sizes = importance(explained(usage_1_back_kwh=[4.0, -8.0])).filter(pl.col("feature") == "usage_1_back_kwh")

    assert dict(sizes.select("lead_range", "mean_abs_kwh").iter_rows()) == {"1-24": 4.0, "25-672": 8.0, OVERALL: 7.0}
    assert sizes["driver"].unique().to_list() == [STATE]


def test_features_of_one_driver_that_cancel_make_the_driver_unimportant():
    rows = explained(usage_1_back_kwh=[4.0, 4.0], usage_2_back_kwh=[-4.0, -3.0])

    of_state = driver_importance(rows).filter(pl.col("driver") == STATE)

    assert dict(of_state.select("lead_range", "mean_abs_kwh").iter_rows())["25-672"] == 1.0
    assert of_state["mean_abs_kwh"][0] == 0.0


def test_a_range_of_one_lead_is_named_by_it():
    assert range_name(LeadRange(first=2, last=2, rows_per_origin=1, trees=1)) == "2"


def test_a_plant_that_repeats_its_days_is_explained_by_similar_days(
    fitted: dict[str, Forecaster], readings: pl.DataFrame
):
    explainer = explainer_of(fitted["lightgbm"])
    assert explainer is not None
    sizes = driver_importance(explain_history(explainer, readings, rows_per_range=200, seed=1))

    overall = sizes.filter(pl.col("lead_range") == OVERALL).sort("mean_abs_kwh", descending=True)

    assert overall["driver"][0] == SIMILAR
    assert sizes["lead_range"].unique(maintain_order=True).to_list() == ["1-4", "5-672", OVERALL]
