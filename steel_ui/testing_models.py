"""What the stand-in of ``steel_ui.testing`` answers about versions, drivers and errors; numbers a person can check.

Three versions: LightGBM serves with an error of 10 kWh, the naive one (20 kWh) served before, and XGBoost (9 kWh) was
rolled back. Similar days move forecasts by 8 kWh, the calendar by 2. Errors are 1 kWh in the first hour and one more
each hour; every quantile keeps 2 points less than it promises, every band 1 more.
"""

from __future__ import annotations

from typing import Any

VERSIONS = {"lightgbm": "abc123450000", "seasonal_naive": "0a1b2c3d4e5f", "xgboost": "ffee00112233"}
STATES = {"lightgbm": "champion", "seasonal_naive": "standing", "xgboost": "rejected"}
RMSE_KWH = {"lightgbm": 10.0, "seasonal_naive": 20.0, "xgboost": 9.0}
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


def versions() -> dict[str, Any]:
    """The three, the champion first."""
    return {
        "plant": "toy",
        "champion": VERSIONS["lightgbm"],
        "previous": VERSIONS["seasonal_naive"],
        "versions": [_version(model) for model in VERSIONS],
        "reviews": [
            {
                "promotion": 1,
                "window_from": "2018-01-08T00:00:00Z",
                "window_until": "2018-01-15T00:00:00Z",
                "champion_version": VERSIONS["xgboost"],
                "previous_version": VERSIONS["seasonal_naive"],
                "champion_rmse_kwh": 24.0,
                "previous_rmse_kwh": 20.0,
                "is_taken_back": True,
                "reason": "worse by more than 10%",
            }
        ],
    }


def _version(model: str) -> dict[str, Any]:
    return {
        "version": VERSIONS[model],
        "state": STATES[model],
        "is_damaged": False,
        "numbers": [],
        "model": model,
        "label": "",
        "created_at": "2018-01-02T00:00:00Z",
        "trained_from": "2018-01-01T00:00:00+09:00",
        "trained_until": "2018-01-15T00:00:00+09:00",
        "is_same_data": True,
        "metrics": {"test.over_24h.rmse_kwh": RMSE_KWH[model], "test.over_24h.coverage_80": 0.81},
    }


def importance() -> dict[str, Any]:
    """Two drivers over a day, and one feature's dots in the next interval and a day ahead."""
    sizes = {"similar days": 8.0, "calendar and closed days": 2.0}
    return {
        "plant": "toy",
        "explained": "lightgbm",
        "version": VERSIONS["lightgbm"],
        "is_of_champion": True,
        "drivers": [
            {"lead_range": leads, "driver": driver, "mean_abs_kwh": kwh / share}
            for leads, share in (("over_24h", 1), ("1", 2))
            for driver, kwh in sizes.items()
        ],
        "swarms": [_swarm("1"), _swarm("17-96")],
    }


def _swarm(lead_range: str) -> dict[str, Any]:
    points = [{"value": value, "kwh": value - 2.0} for value in (0.0, 1.0, 2.0, 3.0, 4.0)]
    return {
        "lead_range": lead_range,
        "feature": "slot_kind_4_kwh",
        "label": "same time, last 4 days of this kind",
        "driver": "similar days",
        "mean_abs_kwh": 1.2,
        "points": [*points, {"value": None, "kwh": 0.0}],
    }


def evaluation() -> dict[str, Any]:
    """An hour's error is one more than its number."""
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "model": "lightgbm",
        "label": "",
        "part": "test",
        "champion": {"model": "lightgbm", "version": VERSIONS["lightgbm"], "label": ""},
        "is_of_champion": True,
        "start": "2018-01-08T00:00:00+09:00",
        "end": "2018-01-14T23:45:00+09:00",
        "origins": 28,
        "overall": _group("all", 12.5),
        "by_hour": [_group(str(hour), hour + 1.0) for hour in range(24)],
        "by_day": [_group(day, 10.0) for day in ("weekday", "closed")],
        "by_load_type": [_group(band, 10.0) for band in ("light", "medium", "maximum")],
        "by_lead": [_group(name, 10.0) for name in ("0-6", "6-12", "12-18", "18-24")],
        "levels": [{"promised": level, "seen": level - 0.02} for level in LEVELS],
        "bands": [{"promised": held, "seen": held + 0.01, "width_kwh": 10.0} for held in (0.5, 0.8, 0.9)],
        "bin_kwh": 2.0,
        "cells": [
            {"forecast_kwh": 4.0, "usage_kwh": 4.0, "forecasts": 90},
            {"forecast_kwh": 4.0, "usage_kwh": 20.0, "forecasts": 10},
        ],
    }


def _group(name: str, rmse_kwh: float) -> dict[str, Any]:
    errors = {"rmse_kwh": rmse_kwh, "mae_kwh": rmse_kwh / 2, "bias_kwh": -0.5, "coverage_80": 0.81}
    return {"name": name, "forecasts": 28, "usage_kwh": 14.2, **errors}


def changed(asked: dict[str, Any], *, by: str) -> dict[str, Any]:
    """What a promotion or a rollback answers."""
    version = asked.get("version") or asked.get("to") or VERSIONS["seasonal_naive"]
    model = {name: model for model, name in VERSIONS.items()}[version]
    return {
        "plant": "toy",
        "was": VERSIONS["lightgbm"],
        "champion": {
            "number": 3,
            "version": version,
            "model": model,
            "promoted_at": "2018-01-15T00:00:00Z",
            "by": by,
            "who": "ana",
            "reason": asked["because"],
            "is_rejected": False,
            "is_kept": True,
        },
        "serves": version,
    }
