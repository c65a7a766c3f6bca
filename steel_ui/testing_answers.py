"""What the stand-in of ``steel_ui.testing`` answers to the pages beside the forecast; its numbers can be checked too.

The fortnight's month: 14 days of 1,360 kWh, 148,000 KRW of energy and a peak of 120 kW each, so 19,040 kWh; its bill is
2,072,000 KRW of energy, 100,000 of demand, less 1,000 for the power factor. Two models: LightGBM serves, and its hours
of work have moved. Four reports: a week in two languages, as PDF and in English as a table too, and one page.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

DAY_KRW = 148_000.0
LAGGING_PERCENT = 89.4
STARTS = {"day": lambda start: start.date(), "month": lambda start: start.date().replace(day=1)}
CHAMPION = {"model": "lightgbm", "version": "abc12345", "label": ""}
REPORTS = {
    "weekly-2018-W02-en.pdf": "Weekly energy report, week 2 of 2018",
    "weekly-2018-W02-en.xlsx": "Weekly energy report, week 2 of 2018",
    "weekly-2018-W02-es.pdf": "Informe semanal de energía, semana 2 de 2018",
    "quality.html": "Toy plant: what cleaning changed",
}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def windows(rows: list[dict[str, Any]], aggregation: str) -> list[dict[str, Any]]:
    """``rows`` of ``GET /history`` over days or months, with the price of each interval in ``cost_krw``."""
    starts = [dt.datetime.fromisoformat(row["interval_start"]) for row in rows]
    parts = groupby(zip(starts, rows, strict=True), key=lambda part: STARTS[aggregation](part[0]))
    return [_window([row for _, row in part]) for _, part in parts]


def _window(rows: list[dict[str, Any]]) -> dict[str, Any]:
    summed = {name: sum(row[name] for row in rows) for name in ("usage_kwh", "cost_krw", "co2_t")}
    return {
        "interval_start": rows[0]["interval_start"],
        **summed,
        "peak_kw": max(row["peak_kw"] for row in rows),
        "lagging_power_factor": LAGGING_PERCENT,
        "leading_power_factor": 100.0,
        "intervals": len(rows),
    }


def bill() -> dict[str, Any]:
    """The month so far."""
    own = {
        "tariff": "toy",
        "tariff_name": "Toy tariff",
        "total_krw": 2_171_000.0,
        "energy_krw": 14 * DAY_KRW,
        "demand_krw": 100_000.0,
        "power_factor_krw": -1000.0,
        "co2_krw": 0.0,
        "above_cheapest_krw": 0.0,
        "lines": [],
        "notes": [],
    }
    facts = {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "from": "2018-01-01T00:00:00+09:00",
        "to": "2018-01-15T00:00:00+09:00",
    }
    return facts | {"source": None, "currency": "KRW", "usage_kwh": 19_040.0, "peak_kw": 120.0, "bills": [own]}


def models() -> dict[str, Any]:
    """LightGBM before the naive one, after two promotions, the first of which was taken back."""
    return {
        "plant": "toy",
        "serving": CHAMPION,
        "fallback": None,
        "leaderboard": [_standing(1, "lightgbm", 10.0, 0.5), _standing(2, "seasonal_naive", 20.0, 0.0)],
        "absent": [{"model": "timesfm", "because": "no weights <here>"}],
        "champions": [
            _promotion(1, "xgboost", is_rejected=True),
            _promotion(2, "lightgbm", is_rejected=False),
        ],
    }


def _standing(rank: int, model: str, rmse_kwh: float, skill: float) -> dict[str, Any]:
    scores = {"rmse_kwh": rmse_kwh, "mae_kwh": rmse_kwh / 2, "coverage_80": 0.81, "coverage_90": 0.9, "skill": skill}
    further = {"weekly_rmse_worst_kwh": 2 * rmse_kwh, "value_krw_per_week": 1000.0, "training_s": 3.0}
    return {
        "rank": rank,
        "model": model,
        "label": "",
        "validation": scores,
        "test": scores,
        "test_by_lead": [
            _lead("15min", 15, 0.2 * rmse_kwh),
            _lead("24h", 1440, 0.4 * rmse_kwh),
            _lead("over_24h", 1440, rmse_kwh / 2),
        ],
        "further": further | {"regret_krw_per_week": 250.0, "p_value": None},
    }


def _lead(lead_time: str, minutes: int, mae_kwh: float) -> dict[str, Any]:
    return {"lead_time": lead_time, "minutes": minutes, "scores": {"mae_kwh": mae_kwh, "coverage_80": 0.82}}


def _promotion(number: int, model: str, *, is_rejected: bool) -> dict[str, Any]:
    return {
        "number": number,
        "version": f"{model}-1",
        "model": model,
        "promoted_at": f"2018-01-{number:02}T00:00:00Z",
        "by": "build",
        "who": "",
        "reason": "best on validation",
        "is_rejected": is_rejected,
        "is_kept": True,
    }


def drift(*, verdict: str = "moderate") -> dict[str, Any]:
    """The working hours moved as far as ``verdict`` says; all else is as usual."""
    figure = {"figure": "working_hours", "column": None, "value": 3.25, "usual": 2.0, "moderate_at": 3.0}
    repaired = {"figure": "repaired", "column": "co2_t", "value": 0.001, "usual": 0.0, "moderate_at": 0.014}
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "champion": CHAMPION,
        "newest_from": "2018-01-08T00:00:00+09:00",
        "newest_until": "2018-01-15T00:00:00+09:00",
        "newest_rows": 672,
        "trained_from": "2018-01-01T00:00:00+09:00",
        "trained_until": "2018-01-08T00:00:00+09:00",
        "trained_rows": 672,
        "reference": "like days",
        "reference_rows": 480,
        "verdict": verdict,
        "thresholds": {"psi_moderate": 0.1, "psi_severe": 0.2, "usual_share": 0.95, "psi_margin": 8.0},
        "columns": [
            {
                "column": "usage_kwh",
                "psi": 0.25,
                "usual_psi": 0.9,
                "ks_statistic": 0.1,
                "ks_p_value": 0.5,
                "trained_mean": 14.2,
                "newest_mean": 15.4,
                "verdict": "none",
                "remedy": "nothing to do",
            }
        ],
        "figures": [
            figure | {"severe_at": 4.5, "verdict": verdict, "remedy": "ask"},
            repaired | {"severe_at": 0.02, "verdict": "none", "remedy": "nothing to do"},
        ],
    }


def reports() -> dict[str, Any]:
    """What was written."""
    return {"plant": "toy", "reports": [_report(name, title) for name, title in REPORTS.items()]}


def _report(name: str, title: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": name.partition("-")[0].partition(".")[0],
        "title": title,
        "created_at": "2018-01-15T01:00:00Z",
        "size_bytes": 1_250_000,
        "media_type": MEDIA_TYPES[name.rpartition(".")[2]],
        "link": f"/reports/{name}?plant=toy",
    }


def explanation(forecast: dict[str, Any], interval: str | None) -> dict[str, Any]:
    """Two drivers: similar days add two fifths of the whole, the calendar takes a fifth."""
    whole = forecast["totals"]["usage_kwh"] if interval is None else 33.0
    parts = {"base": 0.8, "similar days": 0.4, "calendar and closed days": -0.2, "rest": 0.0}
    return {
        "kind": "forecast",
        "plant": "toy",
        "zone": "Asia/Seoul",
        "source": None,
        "prediction_id": "toy",
        "origin": forecast["origin"],
        "horizon": forecast["horizon"],
        "model": "lightgbm",
        "model_version": "abc12345",
        "fallback": None,
        "explained_by": "lightgbm",
        "is_whole": True,
        "interval": interval,
        "text": "",
        "forecast_kwh": whole,
        "contributions": [
            {"driver": driver, "kwh": share * whole, "features": [], "text": ""} for driver, share in parts.items()
        ],
        "intervals": [],
    }
