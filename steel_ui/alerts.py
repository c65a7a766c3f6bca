"""What on the overview needs a look: rules over what the service answered; words and drawing lie elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from steel_ui.standing import WARN_AT, Standing

STALE_AFTER = dt.timedelta(hours=26)
"""A plant that sends its readings once a day is no alert."""


@dataclass(frozen=True)
class Alert:
    """One thing to look at: its text by ``key`` and ``values``, how bad it is, and the page that tells more."""

    key: str
    values: dict[str, float | str]
    tone: Literal["warn", "bad"]
    page: str = ""


def alerts(data: Standing, *, clock: dt.datetime) -> list[Alert]:
    """What needs a look, the worst first.

    Args:
        data: the figures of the overview.
        clock: the time now, with a zone; how old the readings are is told by it.
    """
    found = (*_demand(data), *_ahead(data), *_drift(data), *_factor(data), *_age(data, clock))
    return sorted(found, key=lambda alert: alert.tone != "bad")


def _demand(data: Standing) -> Iterator[Alert]:
    share, plant = data.contract_share, data.plant
    if share is not None and plant is not None and share >= WARN_AT:
        values: dict[str, float | str] = {"peak_kw": data.month.peak_kw or 0, "contract_kw": plant.contract_kw}
        yield Alert("alert_contract", values, "bad" if share > 1 else "warn")


def _ahead(data: Standing) -> Iterator[Alert]:
    """The next day's demand may be the month's highest, or above what is contracted."""
    ahead, plant = data.ahead, data.plant
    if ahead is None:
        return
    values: dict[str, float | str] = {"peak_kw": ahead.peak_kw, "high_kw": ahead.peak_high_kw}
    if plant and ahead.peak_high_kw > plant.contract_kw:
        yield Alert("alert_ahead_contract", values | {"contract_kw": plant.contract_kw}, "bad", "forecast")
    elif ahead.peak_kw > (data.month.peak_kw or 0):
        yield Alert("alert_ahead_highest", values, "warn", "forecast")


def _drift(data: Standing) -> Iterator[Alert]:
    if data.drift is not None and data.drift.verdict != "none":
        yield Alert(
            f"alert_drift_{data.drift.verdict}", {}, "bad" if data.drift.verdict == "severe" else "warn", "drift"
        )


def _factor(data: Standing) -> Iterator[Alert]:
    if data.bill is not None and data.bill.power_factor_krw > 0:
        yield Alert("alert_factor", {"amount_krw": data.bill.power_factor_krw}, "warn")


def _age(data: Standing, clock: dt.datetime) -> Iterator[Alert]:
    age = clock - data.ends
    if age > STALE_AFTER:
        yield Alert("alert_age", {"days": age / dt.timedelta(days=1)}, "warn")
