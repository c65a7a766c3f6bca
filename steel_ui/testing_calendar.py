"""What the stand-in of ``steel_ui.testing`` answers about closed days; its numbers can be checked.

The plant is closed on Sundays, and on Monday 2018-01-15 if asked: then each interval of the forecast takes 5.5 kWh, so
528 kWh in place of 1,496, and 44,000 KRW in place of 162,800.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

CLOSED_KWH = 5.5
SUNDAY = 6


def by_closed_days(path: str, body: Any, asked: dict[str, Any]) -> Any:  # noqa: ANN401 - any route's JSON
    """``body`` as it is, or what closed days make of it; that of ``/calendar`` is the marks by day."""
    if path == "/forecast":
        return with_closed_days(body, asked)
    return calendar(asked, body) if path == "/calendar" else body


def calendar(asked: dict[str, Any], marks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """``GET`` and ``POST /calendar``; ``marks`` by day are read, and changed by what is posted."""
    if isinstance(asked["days"], list):
        for one in asked["days"]:
            marks.pop(one["day"], None)
            if one["state"] != "usual":
                marks[one["day"]] = one
        days = [_day(dt.date.fromisoformat(one["day"]), marks) for one in asked["days"]]
        return {"plant": "toy", "changed": len(days), "days": days}
    first = dt.date.fromisoformat(asked["from"])
    days = [_day(first + dt.timedelta(days=n), marks) for n in range(int(asked["days"]))]
    return {"plant": "toy", "zone": "Asia/Seoul", "days": days}


def with_closed_days(forecast: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """``forecast`` of one day, with what it becomes if that day is among ``closed_days``."""
    days = asked.get("closed_days", [])
    if not days and "open_days" not in asked:
        return forecast
    steps = [_closed(step) if step["interval_start"][:10] in days else step for step in forecast["intervals"]]
    sums = {name: sum(step[key] for step in steps) for name, key in (("cost_krw", "cost_krw"), ("co2_t", "co2_t"))}
    totals = {
        "usage_kwh": sum(step["mean_kwh"] for step in steps),
        **sums,
        "peak_kw": 4 * max(step["mean_kwh"] for step in steps),
    }
    change = {name: totals[name] - forecast["totals"][name] for name in totals}
    return forecast | {"intervals": steps, "totals": totals, "change": change}


def _closed(step: dict[str, Any]) -> dict[str, Any]:
    share = CLOSED_KWH / step["mean_kwh"]
    scaled = ("mean_kwh", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "cost_krw", "co2_t")
    return step | {name: share * step[name] for name in scaled}


def _day(day: dt.date, marks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    is_usual, mark = day.weekday() == SUNDAY, marks.get(day.isoformat())
    return {
        "day": day.isoformat(),
        "is_closed": mark["state"] == "closed" if mark else is_usual,
        "is_usually_closed": is_usual,
        "is_marked": mark is not None,
        "reason": mark.get("reason") if mark else None,
        "is_public_holiday": False,
    }
