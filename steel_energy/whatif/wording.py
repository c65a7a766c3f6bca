"""The words of a what-if's answer, in one place: how each number came about. Nothing is computed here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from steel_energy.whatif.changes import CorrectPowerFactor, Hours, MoveLoad
from steel_energy.whatif.typical import Typical

Peak = tuple[dt.datetime, float]
"""When a load is highest, and its demand then in kW."""

NO_CHANGE = "no change of the scenario touches it"
OUTER_RANGE = (
    "From the forecast's quantiles: baseline and scenario are worked out again with every interval at its 5 % "
    "quantile at once, then at 10, 25, 50, 75, 90 and 95 %; low and high are the least and the greatest difference "
    "among these and the expected one. Intervals do not all turn out high, or low, together: for what rises and falls "
    "with the load this is an outer range, wider than nine times in ten. Hours that deviate one against the other are "
    "not in it."
)
LATER_MONTHS = (
    "The tariff's demand charge looks back on earlier months, so another peak may change the bills of later months as "
    "well; these are not in the answer."
)
NO_RANGE = "The period was measured, so its load is certain and there is no range."
REACTIVE_ESTIMATED = (
    "Reactive energy is not forecast: each interval has the mean of those intervals of the same hour, a tenth of the "
    "last 28 known days', whose usage is nearest."
)
PEAK_EXPECTED = (
    "The load is the expected one, and the highest demand that is measured will mostly be above its highest interval; "
    "the demand charge counts that."
)


def kwh(value: float) -> str:
    """An energy, for reading."""
    return f"{value:,.1f} kWh"


def krw(value: float) -> str:
    """An amount with its sign, for reading."""
    return f"{value:+,.0f} KRW"


def days_of(days: Iterable[dt.date] | None) -> str:
    """Which days a change is for."""
    if days is None:
        return "every day"
    named = sorted({day.isoformat() for day in days})
    return named[0] if len(named) == 1 else f"{len(named)} days from {named[0]} to {named[-1]}"


def moved(change: MoveLoad, moved_kwh: float, *, left_days: int) -> str:
    """What a move did."""
    source = f"{change.from_hours}" + (f" of {change.from_day}" if change.from_day else "")
    target = f"{change.to_hours}" + (
        f" of {change.to_day or change.from_day}" if change.from_day else " of the same day"
    )
    left = f"; days without such hours in the period, which stay as they are: {left_days}" if left_days else ""
    return f"{change.share:.0%} of the load of {source}, {kwh(moved_kwh)}, spread evenly over {target}{left}"


def closed(day: dt.date, before_kwh: float, after_kwh: float, typical: Typical) -> str:
    """What closing a day did."""
    return (
        f"{day} closed: {kwh(before_kwh)} become {kwh(after_kwh)}, each interval at most the mean of its quarter hour "
        f"on closed days ({_learnt(typical)})"
    )


def under_load_type(
    load_type: str, hours: Hours, which: str, typical: Typical, *, beyond: int, changed_kwh: float
) -> str:
    """What another load type did."""
    others = (
        f"; {beyond} intervals have the mean of all quarter hours, as theirs never was {load_type}" if beyond else ""
    )
    return (
        f"{hours} of {which} as typical of the load type {load_type}: {changed_kwh:+,.1f} kWh; mean of the same "
        f"quarter hour and kind of day where known, else of the quarter hour ({_learnt(typical)}{others})"
    )


def scaled(factor: float, which: str, production_kwh: float, typical: Typical) -> str:
    """What scaling did."""
    return (
        f"production of {which} times {factor:g}: {kwh(production_kwh)} lie above the mean of each "
        f"quarter hour on closed days ({_learnt(typical)})"
    )


def corrected(change: CorrectPowerFactor, compensated_kvarh: float, leading_kvarh: float) -> str:
    """What a capacitor bank did."""
    return (
        f"{change.capacitor_kvar:g} kvar in {change.hours}, {change.control}: takes {compensated_kvarh:,.1f} kvarh of "
        f"lagging reactive energy away and adds {leading_kvarh:,.1f} kvarh of leading"
    )


def with_reactive(words: str, kvarh_per_kwh: float) -> str:
    """A change of load that takes its reactive energy along."""
    return f"{words}; each kWh brings {kvarh_per_kwh:.3f} kvarh along"


def other_tariff(name: str) -> str:
    """What billing under another tariff means."""
    return f"billed under {name}"


def co2(difference_kwh: float, factor_t_per_kwh: float) -> str:
    """How the CO2 came about."""
    return f"{difference_kwh:+,.1f} kWh at {factor_t_per_kwh:g} t/kWh"


def peak(baseline: Peak, scenario: Peak) -> str:
    """Where both peaks lie."""
    (before_at, before_kw), (after_at, after_kw) = baseline, scenario
    return f"from {before_kw:,.1f} kW at {before_at:%Y-%m-%d %H:%M} to {after_kw:,.1f} kW at {after_at:%Y-%m-%d %H:%M}"


def quantities(amounts: tuple[float, float], unit: str, prices_krw: tuple[float, float]) -> str:
    """Quantity and price of a line, before and after."""
    (before, after), (before_krw, after_krw) = amounts, prices_krw
    amount = f"{before:,.2f} → {after:,.2f} {unit}" if before != after else f"{after:,.2f} {unit}"
    price = f"{before_krw:,.2f} → {after_krw:,.2f}" if before_krw != after_krw else f"{after_krw:,.2f}"
    return f"{amount} at {price} KRW"


def rules(before: str | None, after: str | None) -> str:
    """The rule of a line, or both where they differ."""
    if before == after or before is None or after is None:
        return after or before or ""
    return f"{before} → {after}"


def payback(investment_krw: float | None, saving_krw: float, days: float, years: float | None) -> str:
    """How a payback came about."""
    is_saved = saving_krw >= 0
    yearly = (
        f"{abs(saving_krw):,.0f} KRW {'saved' if is_saved else 'lost'} in {days:.4g} days, in a year as much per day"
    )
    if investment_krw is None:
        return f"{yearly}; no investment is named"
    if years is None:
        return f"{yearly}; {investment_krw:,.0f} KRW never come back"
    return f"{yearly}; {investment_krw:,.0f} KRW come back in {years:.2f} years, without interest"


def above_contract(peak_kw: float, contract_kw: float) -> str:
    """A note on a scenario that draws more than contracted."""
    return f"the scenario draws up to {peak_kw:,.1f} kW, more than the contracted {contract_kw:g} kW"


def _learnt(typical: Typical) -> str:
    return f"{typical.intervals:,} intervals from {typical.first} to {typical.last}"
