"""Two bills side by side: their lines, power factors, notes, and the words of each difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steel_energy.billing import Bill, BillLine, power_factor_percent
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.whatif import wording
from steel_energy.whatif.applying import Applied
from steel_energy.whatif.loads import Load
from steel_energy.whatif.question import Question
from steel_energy.whatif.result import Amounts, Derivation, LineDifference, PowerFactor

Key = tuple[object, ...]
COST_KINDS = {
    "energy_krw": "energy",
    "demand_krw": "demand",
    "power_factor_krw": "power factor",
    "co2_krw": "CO2",
}


def line_differences(before: Bill, after: Bill) -> Iterator[LineDifference]:
    """Each line of either bill once, those of the baseline first."""
    is_same_tariff = before.tariff == after.tariff
    baseline, scenario = (_by_key(made, shares_prices=is_same_tariff) for made in (before, after))
    for key in dict.fromkeys([*baseline, *scenario]):
        yield _line(baseline.get(key), scenario.get(key))


def derivation_of(difference: Amounts, applied: Sequence[Applied], question: Question) -> Derivation:
    """How each difference came about; ``applied`` are the scenario's changes."""
    after = applied[-1].load if applied else question.load
    by_kind = [f"{name} {wording.krw(getattr(difference, field))}" for field, name in COST_KINDS.items()]
    return Derivation(
        usage="; then ".join(one.words for one in applied) or wording.NO_CHANGE,
        cost=f"{', '.join(by_kind)}; see lines",
        co2=wording.co2(difference.usage_kwh, question.plant.meter.emission_factor_t_per_kwh),
        peak=wording.peak(*(_peak(load) for load in (question.load, after))),
    )


def power_factors(after: Load, question: Question) -> Iterator[PowerFactor]:
    """The power factor of each clause of the scenario's tariff, before and after."""
    before_frame, after_frame = question.load.frame(), after.frame()
    for clause in question.scenario_tariff.power_factor:
        yield PowerFactor(
            reactive=clause.reactive,
            hours=f"{clause.from_hour:02}-{clause.to_hour:02} h",
            limit_percent=clause.limit_percent,
            baseline_percent=power_factor_percent(before_frame, clause),
            scenario_percent=power_factor_percent(after_frame, clause),
        )


def notes(before: Bill, after: Bill, question: Question) -> Iterator[str]:
    """What a reader must know: of each bill, of the forecast and of the contract."""
    yield from dict.fromkeys([*before.notes, *after.notes])
    if question.is_forecast:
        yield wording.REACTIVE_ESTIMATED
        yield wording.PEAK_EXPECTED
    if question.scenario_tariff.demand.ratchet_months and after.peak_kw != before.peak_kw:
        yield wording.LATER_MONTHS
    if after.peak_kw > question.plant.contract_kw:
        yield wording.above_contract(after.peak_kw, question.plant.contract_kw)


def _by_key(made: Bill, *, shares_prices: bool) -> dict[Key, BillLine]:
    """The lines by what they have in common with the other bill's; clauses of a month differ by their place."""
    found: dict[Key, BillLine] = {}
    for line in made.lines:
        own = () if shares_prices or line.kind in ("demand", "co2") else (made.tariff,)
        place = sum(other.kind == "power_factor" and other.month == line.month for other in found.values())
        which = place if line.kind == "power_factor" else 0
        found[line.month, line.kind, line.season, line.band, which, *own] = line
    return found


def _line(before: BillLine | None, after: BillLine | None) -> LineDifference:
    line = after or before
    assert line is not None  # noqa: S101 - every key came from one of the bills
    quantities = (before.quantity if before else 0.0, after.quantity if after else 0.0)
    prices = (before.price_krw if before else 0.0, after.price_krw if after else 0.0)
    rules = wording.rules(before.rule if before else None, after.rule if after else None)
    return LineDifference(
        month=line.month,
        kind=line.kind,
        season=line.season,
        band=line.band,
        unit=line.unit,
        baseline_quantity=quantities[0],
        scenario_quantity=quantities[1],
        baseline_price_krw=prices[0],
        scenario_price_krw=prices[1],
        derivation=f"{wording.quantities(quantities, line.unit, prices)}: {rules}",
    )


def _peak(load: Load) -> wording.Peak:
    highest = int(load.usage_kwh.argmax())
    return load.grid.interval_start[highest], float(load.usage_kwh[highest]) * INTERVALS_PER_HOUR
