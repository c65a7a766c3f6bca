"""Explanations as short English sentences, each of a code and its values; no other module words them.

A sentence names what happened, what is usual and the unit of both. Numbers are rounded here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from steel_energy.explaining.past import STATES
from steel_energy.explaining.records import (
    BillChange,
    Compare,
    Contribution,
    HourOfDay,
    PastExplanation,
    SimilarEvent,
    Usual,
    Value,
)
from steel_energy.schema import INTERVALS_PER_HOUR

Values = Mapping[str, Value]
DAYS: dict[str, str] = {
    "open_weekday": "open weekdays",
    "open_saturday": "open Saturdays",
    "open_sunday": "open Sundays",
    "closed": "closed days",
}
COMPARED: dict[Compare, str] = {"earlier": "earlier", "all": "other"}
WHOLE_FROM_KWH = 1000
"""From here on no decimals are shown."""
SHOWN_KWH = 0.05
"""Less is shown as nothing."""
LABELS = {
    "day_type": "kind of day",
    "hour": "time of day",
    "operating_state": "operating state",
    "tariff_band": "tariff season and band",
    "reactive": "reactive power and power factor",
    "recent_level": "recent level",
    "remainder": "not explained by these",
}
"""What each contribution is called."""
BILLED = {
    "energy": "energy",
    "demand": "demand charge of its month",
    "ratchet": "demand charges of {} later months",
    "power_factor": "power-factor clause",
    "co2": "CO2",
}


def headline(told: PastExplanation) -> str:
    """The whole in one sentence: when, how much, and how far from usual."""
    usual, power = told.usual, ""
    when = f"{told.start:%a %d %b %Y}"
    if told.kind != "day":
        power = f" ({told.usage_kwh * INTERVALS_PER_HOUR:.1f} kW)"
        when = f"{when}, {told.start:%H:%M} to {told.end:%H:%M}"
    what = f"{'the highest demand of the period, ' if told.kind == 'peak' else ''}{kwh_text(told.usage_kwh)}{power}"
    return f"{when}: {what}, {_beyond(told.difference_kwh)} the usual {kwh_text(usual.kwh)} of {_cases(usual)}."


def usual_sentence(usual: Usual) -> str:
    """How the usual value comes about."""
    hindsight = ", in hindsight: later days count too" if usual.compare == "all" else ""
    parts = "; ".join(f"{LABELS[part.code]} {signed_kwh(part.kwh)}" for part in usual.parts)
    return (
        f"Usual is the median of {_cases(usual)} from {usual.first} to {usual.last}{hindsight}. "
        f"The plant's median over all days is {kwh_text(usual.plant_kwh)}; {parts}."
    )


def hours_sentence(told: PastExplanation) -> str:
    """The stretch of a day's hours that took most of the difference, to either side; empty where there is none."""
    sign = 1 if told.difference_kwh >= 0 else -1
    apart = [sign * (hour.usage_kwh - hour.usual_kwh) for hour in told.hours]
    stretches = [(first, end) for first in range(len(apart)) for end in range(first + 1, len(apart) + 1)]
    sums = {stretch: round(sum(apart[slice(*stretch)]), 6) for stretch in stretches}
    if max(sums.values(), default=0.0) < SHOWN_KWH:
        return ""
    first, end = max(sums, key=lambda stretch: (sums[stretch], stretch[0] - stretch[1]))  # of equal ones the shortest
    usage, usual = (kwh_text(sum(part)) for part in zip(*map(_energies, told.hours[first:end]), strict=True))
    return f"From {first:02}:00 to {end:02}:00 it took {usage} instead of the usual {usual}."


def _energies(hour: HourOfDay) -> tuple[float, float]:
    return hour.usage_kwh, hour.usual_kwh


def sentence(part: Contribution) -> str:
    """One contribution."""
    return f"{_SENTENCES[part.code](part.values)}: {signed_kwh(part.kwh)}."


def similar_sentence(event: SimilarEvent, told: PastExplanation) -> str:
    """In what a past event is like the explained one, and in what not."""
    kind = "the same kind of day" if event.day_type == told.usual.day_type else f"of the {DAYS[event.day_type]}"
    if told.kind == "day":
        hourly = f"{float(event.values['apart_kwh']):.1f} kWh apart in a mean hour"
        return f"{event.start:%a %d %b %Y}: {kwh_text(event.usage_kwh)}, {kind}, {hourly}."
    before = ""
    if "recent_kw" in event.values:
        recent_kw, own_kw = float(event.values["recent_kw"]), float(event.values["explained_recent_kw"])
        before = f"; {recent_kw:.0f} kW in the hours before, against {own_kw:.0f} kW"
    demand_kw = float(event.values["demand_kw"])
    return f"{event.start:%a %d %b %Y, %H:%M}: {demand_kw:.1f} kW, {kind}{before}."


def bill_sentence(change: BillChange) -> str:
    """What one line of a bill changed by, and why."""
    so_far = "" if change.is_final else ", if nothing higher comes" if change.code == "ratchet" else ", so far"
    return f"{change.month}: {_BILL[change.code](change)}: {change.amount_krw:+,.0f} KRW{so_far}."


def bill_summary(changes: Sequence[BillChange]) -> str:
    """What all lines together come to, and what of it is which charge."""
    total_krw = sum(change.amount_krw for change in changes)
    by_code: dict[str, list[float]] = {}
    for change in changes:
        by_code.setdefault(change.code, []).append(change.amount_krw)
    parts = [f"{BILLED[code].format(len(krw))} {sum(krw):+,.0f}" for code, krw in by_code.items()]
    if not parts:
        return "In the bill it costs as much as the usual would have."
    return (
        f"It costs {abs(total_krw):,.0f} KRW {'more' if total_krw >= 0 else 'less'} than the usual: {', '.join(parts)}."
    )


def _cases(usual: Usual) -> str:
    at_this_time = " at this time" if len(usual.parts) > 1 else ""
    return f"{usual.cases} {COMPARED[usual.compare]} {DAYS[usual.day_type]}{at_this_time}"


def _state(values: Values) -> str:
    if "state" not in values:
        hours = [(state.replace("_", " "), *_pair(values, f"{state}_hours")) for state in STATES]
        told = [f"{_hours(was)} {state} (usually {_hours(usual)})" for state, was, usual in hours if was or usual]
        return f"Operating state: {', '.join(told)}"
    state, before_kw, usual_kw = str(values["state"]), *_pair(values, "before_kw")
    return f"Operating state: {state.replace('_', ' ')} just before, at {before_kw:.0f} kW (usually {usual_kw:.0f} kW)"


def _band(values: Values) -> str:
    price = f" at {float(values['price_krw_per_kwh']):g} KRW/kWh" if "price_krw_per_kwh" in values else ""
    alike, cases = int(float(values["cases_in_band"])), int(float(values["cases"]))
    share = {0: f"none of the {cases}", cases: f"all {cases}"}.get(alike, f"{alike} of the {cases}")
    return f"Tariff season and band: {values['band']}{price}, as {share} it is compared with"


def _reactive(values: Values) -> str:
    percent, usual = _pair(values, "lagging_power_factor_percent")
    factor = f"lagging {percent:.1f} % (usually {usual:.1f} %)"
    if "lagging_kvarh" in values:
        lagging, usual_lagging = _pair(values, "lagging_kvarh")
        leading, usual_leading = _pair(values, "leading_kvarh")
        told = [f"{lagging:.1f} kvarh lagging (usually {usual_lagging:.1f})"]
        if leading or usual_leading:
            told.append(f"{leading:.1f} kvarh leading (usually {usual_leading:.1f})")
        return f"Reactive power that came with the load: {', '.join(told)}, power factor {factor}"
    percent, usual = _pair(values, "leading_power_factor_percent")
    return f"Power factor that came with the load: {factor}, leading {percent:.1f} % (usually {usual:.1f} %)"


def _recent(values: Values) -> str:
    if "days" in values:
        recent_kwh, usual_kwh = _pair(values, "recent_kwh")
        days = DAYS[str(values["day_type"])]
        return (
            f"Recent level: the {float(values['days']):g} {days} before took {kwh_text(recent_kwh)} on average "
            f"(usually {kwh_text(usual_kwh)})"
        )
    recent_kw, usual_kw = _pair(values, "recent_kw")
    return (
        f"Recent level: the {float(values['hours']):g} hours before ran at {recent_kw:.0f} kW on average "
        f"(usually {usual_kw:.0f} kW)"
    )


def _hour(values: Values) -> str:
    if "slot" in values:
        hour, quarter = divmod(int(float(values["slot"])), INTERVALS_PER_HOUR)
        return f"Time of day: {hour:02}:{15 * quarter:02}"
    centre, usual = _pair(values, "centre_hour")
    return f"Time of day: the middle of its energy was at {_clock(centre)} (usually {_clock(usual)})"


def _energy(change: BillChange) -> str:
    return f"{signed_kwh(change.quantity)} in the {change.band} band at {change.price_krw:g} KRW/kWh"


def _demand(change: BillChange) -> str:
    actual_kw, usual_kw = (float(change.values[name]) for name in ("actual", "usual"))
    return f"billing demand {actual_kw:.1f} kW instead of {usual_kw:.1f} kW at {change.price_krw:,.0f} KRW/kW"


def _ratchet(change: BillChange) -> str:
    return f"{_demand(change)}, as the demand of {change.values['because_of']} goes on counting"


def _power_factor(change: BillChange) -> str:
    return f"power-factor clause ({change.values['rule']})"


def _co2(change: BillChange) -> str:
    return f"{change.quantity:+.3f} t of CO2 at {change.price_krw:,.0f} KRW/t"


_SENTENCES: dict[str, Callable[[Values], str]] = {
    "day_type": lambda values: f"Kind of day: one of the {DAYS[str(values['day_type'])]}",
    "hour": _hour,
    "operating_state": _state,
    "tariff_band": _band,
    "reactive": _reactive,
    "recent_level": _recent,
    "remainder": lambda _: "Not explained by these",
}
_BILL: dict[str, Callable[[BillChange], str]] = {
    "energy": _energy,
    "demand": _demand,
    "ratchet": _ratchet,
    "power_factor": _power_factor,
    "co2": _co2,
}


def _pair(values: Values, name: str) -> tuple[float, float]:
    return float(values[name]), float(values[f"usual_{name}"])


def _beyond(kwh: float) -> str:
    if abs(kwh) < SHOWN_KWH:
        return "as much as"
    return f"{kwh_text(abs(kwh))} {'above' if kwh > 0 else 'below'}"


def kwh_text(kwh: float) -> str:
    """An energy, from a thousand on without decimals."""
    return f"{kwh:,.{_decimals(kwh)}f} kWh"


def signed_kwh(kwh: float) -> str:
    """The same with its sign."""
    return f"{kwh:+,.{_decimals(kwh)}f} kWh"


def _decimals(kwh: float) -> int:
    return 0 if abs(kwh) >= WHOLE_FROM_KWH else 1


def _hours(hours: float) -> str:
    return f"{hours:.2f}".rstrip("0").rstrip(".") + " h"


def _clock(hour: float) -> str:
    minutes = round(60 * hour)
    return f"{minutes // 60:02}:{minutes % 60:02}"
