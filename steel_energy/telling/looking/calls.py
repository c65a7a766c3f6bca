"""Which calls a request needs that only looks: as fine as its hours, and a second one for what it is compared with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from steel_energy.asking.looking import COLUMNS
from steel_energy.asking.moments import DAY
from steel_energy.asking.outcomes import BillSlots, Focus, ForecastSlots, HistorySlots, Request
from steel_energy.history import Aggregation
from steel_energy.schema import INTERVAL
from steel_energy.telling.looking.rows import MINUTES, over_midnight
from steel_energy.telling.records import Call
from steel_energy.timeline import MAX_HORIZON

ORDER: tuple[Aggregation, ...] = ("15min", "hour", "day", "week", "month")
QUARTERS_WITHIN, HOURS_WITHIN = 31 * DAY, 366 * DAY
"""Up to these lengths a highest demand is looked for in quarters of an hour, and in hours; else in days."""
FINE_WITHIN = 31 * DAY
"""No quarters of an hour are asked for over more than this."""
BESIDE = ("intervals",)
ENERGIES = {
    "usage": ("usage_kwh", "peak_kw"),
    "power_factor": ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh"),
    "load_type": ("usage_kwh", "load_type"),
}
"""Columns that an answer on a measure is made of, where they are not the measure's own."""


NOT_FORECAST = ("power_factor", "reactive")
"""Measures that no forecast tells."""


def history_calls(request: Request) -> tuple[Call, ...]:
    """The period, and the one that it is compared with."""
    slots, focus = request.slots, known_focus(request.focus)
    assert isinstance(slots, HistorySlots)  # noqa: S101 - the intent's slots
    first = _history(slots.start, slots.end, slots.aggregation, focus)
    return (first, *_compared_history(slots.aggregation, focus))


def bill_calls(request: Request) -> tuple[Call, ...]:
    """The bills; the energy charge alone where only some hours of several days count, which no bill is made of."""
    slots, focus = request.slots, known_focus(request.focus)
    assert isinstance(slots, BillSlots)  # noqa: S101 - the intent's slots
    if focus.hours:
        return (_history(slots.start, slots.end, "day", focus), *_compared_history("day", focus))
    first = Call(tool="bill", arguments=request.body())
    if focus.compared is None:
        return (first,)
    return (first, Call(tool="bill", arguments=request.body() | _ends(focus.compared.start, focus.compared.end)))


def forecast_calls(request: Request) -> tuple[Call, ...]:
    """The forecast, and the readings that it is compared with; hours over midnight reach into the day after."""
    slots, focus = request.slots, expected_focus(request.focus)
    assert isinstance(slots, ForecastSlots)  # noqa: S101 - the intent's slots
    horizon = min(slots.horizon + over_midnight(focus) // INTERVAL, MAX_HORIZON)
    body = request.body() | ({"horizon": horizon} if horizon != slots.horizon else {})
    forecast = Call(tool="forecast", arguments=body)
    is_beside_known = focus.compared is not None and focus.compared.start < _origin(slots, focus)
    return (forecast, *(_compared_history("15min", focus) if is_beside_known else ()))


def knowledge_calls(request: Request) -> tuple[Call, ...]:
    """The notes of the question's language."""
    return (Call(tool="knowledge", arguments={**request.body(), "language": request.language}),)


def known_focus(focus: Focus) -> Focus:
    """A focus on what readings tell: energy, where one band is asked for and so no load types are told apart."""
    is_one = focus.band is not None and focus.measure == "load_type"
    return focus.model_copy(update={"measure": "usage"}) if is_one else focus


def expected_focus(focus: Focus) -> Focus:
    """A focus on what a forecast tells: energy, where it does not tell what was wanted."""
    return focus.model_copy(update={"measure": "usage"}) if focus.measure in NOT_FORECAST else known_focus(focus)


def _origin(slots: ForecastSlots, focus: Focus) -> dt.datetime:
    """Where a forecast begins that reaches just to the end of what was asked."""
    if slots.at is not None:
        return slots.at
    ends = [period.end for period in (focus.period, focus.compared) if period is not None]
    return max(ends) - slots.horizon * INTERVAL


def _compared_history(aggregation: Aggregation, focus: Focus) -> tuple[Call, ...]:
    if focus.compared is None:
        return ()
    return (_history(focus.compared.start, focus.compared.end, aggregation, focus),)


def _history(start: dt.datetime, end: dt.datetime, aggregation: Aggregation, focus: Focus) -> Call:
    columns = [*ENERGIES.get(focus.measure, COLUMNS[focus.measure]), *BESIDE]
    if focus.band is not None:
        columns.append("billing_band")
    asked = {"aggregation": _fineness(end - start, aggregation, focus), "columns": columns}
    return Call(tool="history", arguments={**_ends(start, end + over_midnight(focus)), **asked})


def _fineness(length: dt.timedelta, aggregation: Aggregation, focus: Focus) -> Aggregation:
    """The coarsest windows that still show what was asked."""
    wanted = [aggregation]
    if focus.band is not None or focus.hours or focus.measure == "load_type":
        wanted.append("hour")
    if any(minute % MINUTES for span in focus.hours for minute in span):
        wanted.append("15min")
    if focus.measure == "peak":
        wanted.append("15min" if length <= QUARTERS_WITHIN else "hour" if length <= HOURS_WITHIN else "day")
    finest = min(wanted, key=ORDER.index)
    return "hour" if finest == "15min" and length > FINE_WITHIN else finest


def _ends(start: dt.datetime, end: dt.datetime) -> dict[str, Any]:
    return {"from": start.isoformat(), "to": end.isoformat()}
