"""What the stand-in of ``steel_ui.testing`` answers to plans and what-ifs; its numbers can be checked.

The plan is of Monday 2018-01-15: a furnace of 80 kW for two hours, 160 kWh, goes from the peak at 150 to the night at
50 KRW/kWh and saves 16,000 of 200,000 KRW; the highest demand falls from 212 to 132 kW. The what-if: a tenth less
production, 150 kWh, 15,000 KRW, 0.075 t and 13 kW less.
"""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

JOB_KWH = 20.0
"""In each of the eight intervals of the job."""


def plan(forecast: dict[str, Any]) -> dict[str, Any]:
    """The plan of the day of ``forecast``: the furnace runs from 02:00 to 04:00 and not from 12:00 to 14:00."""
    schedule = [_interval(step) for step in forecast["intervals"]]
    nothing = {"demand_krw": 0.0, "power_factor_krw": 0.0, "co2_krw": 0.0, "starts_krw": 0.0, "value_krw": 0.0}
    day = forecast["origin"][:10]
    front = [{"cost_krw": 184_000.0, "peak_kw": 132.0}, {"cost_krw": 190_000.0, "peak_kw": 120.0}]
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "start": forecast["origin"],
        "end": _after(forecast["origin"], days=1),
        "source": None,
        "currency": "KRW",
        "forecast": None,
        "status": "optimal",
        "gap": 0.0,
        "solve_s": 0.1,
        "savings": {"total_krw": 16_000.0, "energy_krw": 16_000.0} | nothing,
        "baseline": _bill(200_000.0, above=16_000.0),
        "planned": _bill(184_000.0, above=0.0),
        "baseline_peak_kw": 212.0,
        "planned_peak_kw": 132.0,
        "contract_kw": 150.0,
        "baseline_co2_t": 0.828,
        "planned_co2_t": 0.828,
        "jobs": [_furnace(day)],
        "schedule": schedule,
        "reasons": [
            {
                "code": "prices",
                "values": {"moved_kwh": 160.0, "from_krw_per_kwh": 150.0, "to_krw_per_kwh": 50.0},
                "words": "160 kWh move",
            },
            {"code": "power_factor", "values": {"saved_krw": -300.0}, "words": "300 KRW more for the power factor"},
            {"code": "new", "values": {}, "words": "something <new>"},
        ],
        "marginals": [],
        "front": [point | {"co2_t": 0.828, "gap": 0.0} for point in front],
        "notes": ["toy prices"],
    }


def _furnace(day: str) -> dict[str, Any]:
    return {
        "name": "Furnace <1>",
        "runs": [_run(day, 2)],
        "baseline_runs": [_run(day, 12)],
        "energy_krw": 8_000.0,
        "baseline_energy_krw": 24_000.0,
        "start_cost_krw": 0.0,
        "baseline_start_cost_krw": 0.0,
        "value_krw": 0.0,
        "baseline_value_krw": 0.0,
        "why": "moves: energy at 50.0 instead of 150.0 KRW/kWh, 16,000 KRW less",
    }


def infeasible() -> dict[str, Any]:
    """The refusal of a plan whose first job has too little time."""
    error = {
        "code": "infeasible_plan",
        "message": "no plan keeps to all of it: jobs.0.windows (leaves 1 h) cannot be kept",
        "field": "jobs.0.windows",
        "hint": "let it run 1 h outside of jobs.0.windows",
        "reason": "no_plan",
        "values": {"conflict_0": "jobs.Furnace.windows", "size_0": 1.0}
        | {"relief": "jobs.Furnace.windows", "amount": 1.0, "unit": "h", "cost_krw": 190000.0},
    }
    return {"error": error}


def what_if() -> dict[str, Any]:
    """A tenth less production on the day after the readings."""
    start = "2018-01-15T00:00:00+09:00"
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "from": start,
        "to": _after(start, days=1),
        "source": None,
        "currency": "KRW",
        "forecast": None,
        "baseline_tariff": "toy",
        "scenario_tariff": "toy",
        "baseline": _amounts(1_500.0, 150_000.0, 0.75, 132.0),
        "scenario": _amounts(1_350.0, 135_000.0, 0.675, 119.0),
        "difference": _amounts(-150.0, -15_000.0, -0.075, -13.0),
        "range": {
            "low": _amounts(-200.0, -20_000.0, -0.1, -20.0),
            "high": _amounts(-100.0, -10_000.0, -0.05, -6.0),
        },
        "range_derivation": "from the quantiles",
        "derivation": {"usage": "less", "cost": "energy -15,000 KRW", "co2": "less", "peak": "132 to 119 kW"},
        "changes": ["production of every day times 0.9"],
        "contract_kw": 150.0,
        "effects": [],
        "lines": [],
        "power_factors": [],
        "capacitor_banks": [],
        "notes": [],
    }


def not_of_the_period() -> tuple[int, dict[str, Any]]:
    """The refusal of a closed day that is no day of the period."""
    error = {
        "code": "conflict",
        "message": "2019-02-03 is no day of the period",
        "field": "changes.0.close_day.day",
        "hint": "name one from 2018-01-15 to 2018-01-15",
        "reason": "day_outside_period",
        "values": {"day": "2019-02-03", "first": "2018-01-15", "last": "2018-01-15"},
    }
    return HTTPStatus.CONFLICT, {"error": error}


def _interval(step: dict[str, Any]) -> dict[str, Any]:
    hour, base = int(step["interval_start"][11:13]), step["mean_kwh"]
    job, before = (JOB_KWH if hour in hours else 0.0 for hours in ((2, 3), (12, 13)))
    return {
        "interval_start": step["interval_start"],
        "base_kwh": base,
        "moved_kwh": 0.0,
        "jobs_kwh": job,
        "total_kwh": base + job,
        "baseline_kwh": base + before,
        "billing_band": step["billing_band"],
        "energy_krw_per_kwh": {"light": 50.0, "medium": 100.0, "maximum": 150.0}[step["billing_band"]],
    }


def _run(day: str, hour: int) -> dict[str, Any]:
    ends = {name: f"{day}T{at:02}:00:00+09:00" for name, at in (("start", hour), ("end", hour + 2))}
    return ends | {"energy_kwh": 8 * JOB_KWH}


def _bill(krw: float, *, above: float) -> dict[str, Any]:
    return {
        "tariff": "toy",
        "tariff_name": "Toy tariff",
        "total_krw": krw,
        "energy_krw": krw,
        "demand_krw": 0.0,
        "power_factor_krw": 0.0,
        "co2_krw": 0.0,
        "above_cheapest_krw": above,
        "lines": [],
        "notes": [],
    }


def _amounts(kwh: float, krw: float, co2_t: float, peak_kw: float) -> dict[str, float]:
    bill = {"cost_krw": krw, "energy_krw": krw, "demand_krw": 0.0, "power_factor_krw": 0.0, "co2_krw": 0.0}
    return {"usage_kwh": kwh, "co2_t": co2_t, "peak_kw": peak_kw} | bill


def _after(moment: str, *, days: int) -> str:
    return (dt.datetime.fromisoformat(moment) + dt.timedelta(days=days)).isoformat()
