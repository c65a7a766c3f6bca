"""What the stand-in of ``steel_ui.testing`` answers to the data quality page; its numbers can be checked.

The fortnight has 1,344 intervals of 8 cells, 10,752 in all; 54 cells were wrong or missing, so 0.50 %. Two hours of
Tuesday 9 January were missing, two rows stood twice, and one load type was only written otherwise.
"""

from __future__ import annotations

from typing import Any

INTERVALS = 1344
CELLS = 8 * INTERVALS
REPAIRED = 54
REPAIRS = (
    ("2018-01-14T10:00:00+09:00", "usage_kwh", "2500", "2.5", "wh_for_kwh", 0.99),
    ("2018-01-12T08:15:00+09:00", "row", "row 12: 12/01/2018, <b>;20", None, "duplicate", 1.0),
    ("2018-01-09T14:00:00+09:00", "co2_t", None, "0.01", "co2_of_usage", 0.99),
)


def quality() -> dict[str, Any]:
    """The review of the whole fortnight."""
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "source": None,
        "from": "2018-01-01T00:00:00+09:00",
        "to": "2018-01-15T00:00:00+09:00",
        "readings_from": "2018-01-01T00:00:00+09:00",
        "readings_until": "2018-01-15T00:00:00+09:00",
        "intervals": INTERVALS,
        "cells": CELLS,
        "repaired_cells": REPAIRED,
        "repaired_share": REPAIRED / CELLS,
        "restyled_cells": 1,
        "rows_removed": 2,
        "intervals_inserted": 8,
        "rules": [
            {"rule": "between_neighbours", "changes": 53, "confidence": 0.4, "why": "Nothing determines it."},
            {"rule": "moon_phase", "changes": 1, "confidence": 0.9, "why": "A <rule> that is new to this page."},
        ],
        "columns": [{"column": "usage_kwh", "changes": 30}, {"column": "row", "changes": 10}],
        "parts": [_whole()],
        "gaps": [{"start": "2018-01-09T14:00:00+09:00", "end": "2018-01-09T16:00:00+09:00", "intervals": 8}],
        "gaps_left_out": 0,
        "checks": [
            {"check": "grid", "passed": True, "expected": "1,344 intervals", "actual": "0 missing, 0 stray"},
            {"check": "physics", "passed": False, "expected": "at most 1 %", "actual": "2 % broken (co2_t: 9)"},
        ],
        "repairs": [
            dict(zip(("interval_start", "column", "before", "after", "rule", "confidence"), one, strict=True))
            for one in REPAIRS
        ],
        "repairs_total": len(REPAIRS),
        "posted": {"rows_posted": 96, "posted_until": None, "rows_waiting": 0, "waiting_from": None},
    }


def _whole() -> dict[str, Any]:
    """The fortnight as its only part."""
    return {
        "start": "2018-01-01T00:00:00+09:00",
        "intervals": INTERVALS,
        "repaired_cells": REPAIRED,
        "repaired_share": REPAIRED / CELLS,
        "rows_removed": 2,
        "intervals_inserted": 8,
    }


def preview() -> dict[str, Any]:
    """A file of four rows: one stands, one would be repaired, one is known, one tells no time; 15 minutes are open."""
    return {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "from": "2018-01-15T00:00:00+09:00",
        "to": "2018-01-15T01:00:00+09:00",
        "replacing": 1,
        "counts": {"received": 4, "accepted": 1, "repaired": 1, "rejected": 1, "unchanged": 1},
        "rules": [{"rule": "wh_for_kwh", "changes": 1, "confidence": 0.99, "why": "Wh."}],
        "gaps": [{"start": "2018-01-15T00:30:00+09:00", "end": "2018-01-15T00:45:00+09:00", "intervals": 1}],
        "gaps_left_out": 0,
        "rows": _rows(),
        "rows_left_out": 0,
        "ignored_columns": ["Notes"],
    }


def kept() -> dict[str, Any]:
    """The same file, sent."""
    facts = {"plant": "toy", "zone": "Asia/Seoul", "is_new": True, "batch": "b1", "rows": [], "rows_left_out": 0}
    return facts | {"counts": preview()["counts"], "ignored_columns": ["Notes"]}


def _rows() -> list[dict[str, Any]]:
    reason = {"field": "interval_start", "code": "not_a_time", "message": "should be an ISO 8601 time"}
    repair = {"column": "usage_kwh", "before": "<5000>", "after": "5.0", "rule": "wh_for_kwh", "confidence": 0.99}
    rejected = {"row": 1, "interval_start": None, "status": "rejected", "reasons": [reason], "repairs": []}
    repaired = {"row": 2, "interval_start": "2018-01-15T00:15:00+09:00", "status": "repaired", "reasons": []}
    return [rejected, repaired | {"repairs": [repair]}]
