"""Fronts of the toy plant: a melt of 80 kWh that is cheap at night, clean at noon."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import pytest

from steel_energy.errors import InfeasiblePlanError
from steel_energy.params import load_params
from steel_energy.planning import ParetoPoint, PlanRequest, pareto_front
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import DemandCharge, PowerFactorClause
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

PARAMS = load_params(PROJECT_ROOT / "params.yaml").planning.model_copy(update={"time_limit_s": 60.0})
DAY = {"start": "2018-01-08", "end": "2018-01-09"}
MELT = {"kind": "fixed", "name": "melt", "power_kw": 80, "duration_minutes": 60}
CLEAN_BY_DAY = [0.001] * 8 + [0.0005] * 12 + [0.001] * 4


def front(content: dict[str, Any], **changes: Any) -> tuple[ParetoPoint, ...]:
    tariff = toy_tariff().model_copy(update={"demand": DemandCharge(krw_per_kw=0)} | changes)
    request = PlanRequest.model_validate({**DAY, **content})
    return pareto_front(request, toy_readings(days=31), plant=toy_plant(), tariff=tariff, params=PARAMS)


def test_cost_rises_as_the_peak_falls():
    """1,200 kWh at night make 108 kW; what is to stay below that must go to dearer hours."""
    charge = {"kind": "flexible", "name": "charge", "energy_kwh": 1200, "max_kw": 120}
    points = front({"jobs": [charge]})

    assert len(points) >= PARAMS.pareto_points - 1  # the cheapest plan may be as cheap at a lower peak
    for cheaper, dearer in pairwise(points):
        assert cheaper.cost_krw < dearer.cost_krw
        assert cheaper.peak_kw > dearer.peak_kw


def test_the_bills_constant_is_no_part_of_the_lowest_peak():
    """Near the load as it is, a power-factor clause adds 23 KRW to any bill here, where 81 kW are lowest."""
    charge = {"kind": "flexible", "name": "charge", "energy_kwh": 1200, "max_kw": 120, "lagging_kvarh_per_kwh": 0.3}
    limits = {"limit_percent": 90, "credit_until_percent": 100}
    clause = PowerFactorClause(reactive="lagging", from_hour=0, to_hour=24, share_per_point=0.05, **limits)
    billed = front({"jobs": [charge]}, demand=DemandCharge(krw_per_kw=10), power_factor=(clause,))

    assert billed[-1].peak_kw == pytest.approx(front({"jobs": [charge]})[-1].peak_kw, rel=1e-3)


def test_co2_varies_with_an_hourly_series_only():
    flat, hourly = front({"jobs": [MELT]}), front({"jobs": [MELT], "co2_t_per_kwh": CLEAN_BY_DAY})

    assert len({round(point.co2_t, 6) for point in flat}) == 1
    assert hourly[0].co2_t - min(point.co2_t for point in hourly) == pytest.approx(80 * 0.0005)


def test_no_point_is_as_good_as_another_in_all():
    points = front({"jobs": [MELT], "co2_t_per_kwh": CLEAN_BY_DAY, "movable": {"share": 0.2, "max_added_kw": 20}})

    assert len(points) > 2
    for one, other in permutations(points, 2):
        assert one.cost_krw > other.cost_krw or one.peak_kw > other.peak_kw or one.co2_t > other.co2_t


def test_a_request_without_a_plan_has_no_front():
    with pytest.raises(InfeasiblePlanError):
        front({"jobs": [MELT], "limits": {"power_kw": 60}})
