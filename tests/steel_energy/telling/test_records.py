"""What a chart may be."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_energy.telling.records import MAX_POINTS, Chart


def chart(points: int, *, values: int | None = None) -> Chart:
    series = {"name": "load", "values": [1.0] * (points if values is None else values)}
    body = {"kind": "line", "title": "Load", "unit": "kW", "x": ["a"] * points, "x_kind": "category"}
    return Chart.model_validate({**body, "series": [series]})


def test_a_chart_holds_so_many_points_and_no_more() -> None:
    assert len(chart(MAX_POINTS).x) == MAX_POINTS
    with pytest.raises(ValidationError, match="at most 200 items"):
        chart(MAX_POINTS + 1)


def test_every_series_has_a_value_for_each_point() -> None:
    with pytest.raises(ValidationError, match="values of 'load' has 2 points, x has 3"):
        chart(3, values=2)
