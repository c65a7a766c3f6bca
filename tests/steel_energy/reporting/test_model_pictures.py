"""A toy explanation in pictures: what stands on the axes is what a person computes by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from steel_energy.explaining import Explanation, driver_importance, importance
from steel_energy.explaining.drivers import DRIVERS
from steel_energy.features import FEATURES
from steel_energy.params import LeadRange
from steel_energy.reporting import model_pictures as pictures

NEAR, FAR = (LeadRange(first=a, last=b, rows_per_origin=1, trees=1) for a, b in ((1, 24), (25, 672)))


@pytest.fixture
def axes() -> Axes:
    return Figure().add_subplot()


@pytest.fixture(scope="module")
def explained() -> Explanation:
    """Forty forecasts of each range; the usage 15 minutes back moves near ones by 4 kWh and far ones by 8 kWh."""
    leads = np.repeat([24, 25], 40)
    contributions = np.zeros((80, len(FEATURES)))
    contributions[:, FEATURES.index("usage_1_back_kwh")] = np.where(np.arange(80) % 2, 1, -1) * np.where(
        leads == 24, 4.0, 8.0
    )
    features = np.random.default_rng(1).uniform(0, 60, contributions.shape)
    return Explanation((NEAR, FAR), leads, features, np.full(80, 10.0), contributions)


def test_an_explanation_gives_the_same_four_pictures_and_leaves_numpys_generator_alone(explained: Explanation):
    np.random.seed(7)
    before = np.random.random()
    np.random.seed(7)
    first, second = (pictures.importance_pictures(explained, title="toy") for _ in range(2))

    assert np.random.random() == before
    assert list(first) == ["top_features", "shap_by_lead_range", "shap_next_interval", "shap_day_ahead"]
    assert first == second


def test_the_strongest_feature_stands_first_with_its_size_over_a_day(explained: Explanation, axes: Axes):
    pictures._top_features(importance(explained))(axes)

    assert axes.get_yticklabels()[0].get_text() == "usage 15 min back"
    assert axes.texts[0].get_text() == "7.00"  # 24 leads at 4 kWh and 72 at 8 kWh
    assert len(axes.get_yticklabels()) == pictures.TOP


def test_each_driver_has_a_row_and_each_range_of_leads_a_column(explained: Explanation, axes: Axes):
    pictures._by_lead_range(driver_importance(explained), explained.ranges)(axes)

    assert [text.get_text() for text in axes.get_xticklabels()] == ["to 6 h", "to 7 days"]
    assert axes.get_yticklabels()[0].get_text() == "operating state now"
    assert [text.get_text() for text in axes.texts][:4] == ["4.0", "8.0", "0.0", "0.0"]
    assert set(pictures.COLOURS) == set(DRIVERS)


def test_a_forecast_is_stacked_from_the_base_up_and_down(axes: Axes):
    hours = pl.datetime_range(dt.date(2018, 11, 9), dt.datetime(2018, 11, 9, 5), "1h", time_zone="UTC", eager=True)  # noqa: DTZ001
    rising = {driver: [5.0 if place == 0 else -1.0] * 6 for place, driver in enumerate(DRIVERS)}
    frame = pl.DataFrame({"interval_start": hours, "forecast_kwh": [10.0] * 6, "base_kwh": [10.0] * 6, **rising})

    pictures._forecast(frame)(axes)

    assert axes.dataLim.y0 == pytest.approx(5)  # five drivers take 1 kWh each
    assert axes.dataLim.y1 == pytest.approx(15)
    assert pictures.forecast_picture(frame, title="toy").startswith(b"\x89PNG")
