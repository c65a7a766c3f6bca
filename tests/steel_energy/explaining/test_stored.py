"""What is kept of an explanation: the strongest features' points, and what they say of themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from steel_energy.explaining import Explanation
from steel_energy.explaining.stored import (
    POINTS,
    POINTS_PER_FEATURE,
    TOP_FEATURES,
    About,
    no_points,
    read_explanation,
    swarm,
    write_explanation,
)
from steel_energy.features import FEATURES
from steel_energy.params import LeadRange

NEXT = LeadRange(first=1, last=1, rows_per_origin=1, trees=1)
DAY = LeadRange(first=2, last=96, rows_per_origin=1, trees=1)
WEEK = LeadRange(first=97, last=672, rows_per_origin=1, trees=1)


@pytest.fixture
def explained() -> Explanation:
    """300 forecasts a range; feature ``n`` adds ``n`` kWh to the next interval, the other way round a day ahead."""
    rows, count = 300, len(FEATURES)
    sizes = np.arange(count, dtype=float)
    kwh = np.concatenate([np.tile(sizes, (rows, 1)), np.tile(-sizes[::-1], (rows, 1)), np.zeros((rows, count))])
    leads = np.repeat([1, 50, 300], rows)
    features = np.full(kwh.shape, 7.0)
    features[0, -1] = np.nan
    return Explanation((NEXT, DAY, WEEK), leads, features, np.zeros(len(leads)), kwh)


def test_a_swarm_holds_the_strongest_features_of_the_next_interval_and_of_a_day_ahead(explained: Explanation):
    points = swarm(explained)

    near, far = points.partition_by("lead_range", maintain_order=True)
    assert (near["lead_range"][0], far["lead_range"][0]) == ("1", "2-96")
    assert near["feature"].unique(maintain_order=True).to_list() == list(FEATURES[::-1][:TOP_FEATURES])
    assert far["feature"].unique(maintain_order=True).to_list() == list(FEATURES[:TOP_FEATURES])
    assert near.height == far.height == TOP_FEATURES * POINTS_PER_FEATURE
    assert near["kwh"].max() == len(FEATURES) - 1
    assert far["kwh"].max() == -(len(FEATURES) - TOP_FEATURES)


def test_what_was_unknown_is_null_and_not_a_number(explained: Explanation):
    points = swarm(explained)

    assert points["value"].null_count() == 1
    assert not points["value"].is_nan().any()


def test_what_is_written_is_read_again(explained: Explanation, tmp_path: Path):
    folder, points = tmp_path / "toy", swarm(explained)
    write_explanation(folder, About(about="lightgbm", version="abc"), points=points, pictures={"swarm": b"png"})

    stored = read_explanation(folder)

    assert stored is not None
    assert (stored.about.about, stored.about.version) == ("lightgbm", "abc")
    assert stored.points.equals(points)
    assert (folder / "swarm.png").read_bytes() == b"png"


def test_an_explanation_of_an_older_build_has_no_points(tmp_path: Path):
    (tmp_path / "about.json").write_text('{"about": "lightgbm"}')

    stored = read_explanation(tmp_path)

    assert stored is not None
    assert (stored.about.version, stored.points.columns, stored.points.height) == ("", list(POINTS), 0)
    assert no_points().equals(stored.points)
    assert read_explanation(tmp_path / "nobody") is None
