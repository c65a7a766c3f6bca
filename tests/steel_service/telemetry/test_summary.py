from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_service.telemetry.metrics import BOUNDS_S, RequestMetrics
from steel_service.telemetry.summary import quantile_s, summed_up


def test_requests_are_counted_by_route_and_kind_of_status() -> None:
    metrics = RequestMetrics()
    for status in (200, 204, 404, 422, 500):
        metrics.answered("POST", "/predict", status=status, seconds=0.004)
    metrics.answered("GET", "/health", status=200, seconds=0.004)

    routes = summed_up(metrics.collect()).routes

    predict = routes["POST", "/predict"]
    assert (predict.requests, predict.refused, predict.errors) == (5, 2, 1)
    assert routes["GET", "/health"].requests == 1


@pytest.mark.parametrize(
    ("share", "expected_s"),
    [
        pytest.param(0.25, 0.5, id="first-bucket"),
        pytest.param(0.5, 1.0, id="a-bound"),
        pytest.param(0.75, 3.0, id="after-an-empty-bucket"),
        pytest.param(1.0, 4.0, id="beyond-the-last-bound"),
    ],
)
def test_a_quantile_lies_in_its_bucket_as_far_as_its_share(share: float, expected_s: float) -> None:
    by_bound_s = {1.0: 4, 2.0: 4, 4.0: 8, inf: 8}

    assert quantile_s(by_bound_s, share) == expected_s
    assert quantile_s({1.0: 0, inf: 8}, share) == 1.0


def test_without_requests_a_quantile_is_zero() -> None:
    assert quantile_s({}, 0.5) == 0.0


@given(st.lists(st.floats(0.0001, 29), min_size=1, max_size=50), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_is_right_to_the_width_of_a_bucket(taken_s: list[float], share: float) -> None:
    metrics = RequestMetrics()
    for seconds in taken_s:
        metrics.answered("GET", "/x", status=200, seconds=seconds)

    found = quantile_s(summed_up(metrics.collect()).routes["GET", "/x"].by_bound_s, share)

    exact = np.quantile(taken_s, share, method="inverted_cdf")
    bounds = (0.0, *BOUNDS_S)
    bucket = int(np.searchsorted(bounds, exact))
    assert bounds[bucket - 1] <= found <= bounds[bucket]
