"""What a what-if answers: baseline, scenario and their difference, each number with how it came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isclose

from steel_energy.billing import Bill, Kind
from steel_energy.plant import Plant
from steel_energy.tariff import Band

DUST = 1e-12  # of an amount: what the order of adding changes, and no load does


@dataclass(frozen=True)
class Amounts:
    """What a load comes to; of a difference, scenario less baseline, so a saving is negative.

    ``cost_krw`` is the sum of the four kinds of charge after it; ``peak_kw`` the highest 15-minute demand.
    """

    usage_kwh: float
    cost_krw: float
    energy_krw: float
    demand_krw: float
    power_factor_krw: float
    co2_krw: float
    co2_t: float
    peak_kw: float

    def less(self, other: Amounts) -> Amounts:
        """The difference of each amount; 0 where they differ by no more than sums of floating point do."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in AMOUNTS}
        return Amounts(**{name: less(*pair) for name, pair in pairs.items()})


AMOUNTS = tuple(field.name for field in fields(Amounts))


@dataclass(frozen=True)
class Range:
    """Least and greatest difference of each amount, each amount by itself."""

    low: Amounts
    high: Amounts


@dataclass(frozen=True)
class LineDifference:
    """A line of both bills side by side; quantity and price are 0 where a bill has no such line."""

    month: str
    kind: Kind
    season: str | None
    band: Band | None
    unit: str
    baseline_quantity: float
    scenario_quantity: float
    baseline_price_krw: float
    scenario_price_krw: float
    derivation: str

    @property
    def baseline_krw(self) -> float:
        """What the line comes to in the baseline."""
        return self.baseline_quantity * self.baseline_price_krw

    @property
    def scenario_krw(self) -> float:
        """What it comes to in the scenario."""
        return self.scenario_quantity * self.scenario_price_krw

    @property
    def difference_krw(self) -> float:
        """Scenario less baseline."""
        return self.scenario_krw - self.baseline_krw


@dataclass(frozen=True)
class PowerFactor:
    """The power factor that a clause of the scenario's tariff counts, over the whole period."""

    reactive: str
    hours: str
    limit_percent: float
    baseline_percent: float
    scenario_percent: float


@dataclass(frozen=True)
class CapacitorBank:
    """What one capacitor bank of the scenario is worth, against the same scenario without it.

    Attributes:
        change: its place among the changes, 0 being the first.
        saving_krw: in the period; negative where it makes the bill dearer.
        yearly_saving_krw: as much per day for 365 days.
        payback_years: investment by yearly saving; None without an investment or where it never comes back.
        derivation: the same in words.
    """

    change: int
    capacitor_kvar: float
    saving_krw: float
    yearly_saving_krw: float
    investment_krw: float | None
    payback_years: float | None
    derivation: str


@dataclass(frozen=True)
class Effect:
    """A change's own part; of the bill and of energies, with it less without it.

    Attributes:
        kind: of the change.
        usage_kwh: more or less active energy.
        moved_kwh: energy that leaves intervals for others; 0 where a change only adds or only takes.
        lagging_kvarh: more or less lagging reactive energy.
        leading_kvarh: more or less leading reactive energy.
        cost_krw: dearer, or cheaper where negative.
        first_day: first day whose energies it changes, plant's clock; None where it changes none.
        last_day: the last of them.
    """

    kind: str
    usage_kwh: float
    moved_kwh: float
    lagging_kvarh: float
    leading_kvarh: float
    cost_krw: float
    first_day: dt.date | None
    last_day: dt.date | None


@dataclass(frozen=True)
class Derivation:
    """How the differences came about, in words."""

    usage: str
    cost: str
    co2: str
    peak: str


@dataclass(frozen=True)
class WhatIf:
    """Baseline against scenario.

    Attributes:
        start: first moment, plant zone.
        end: last moment, exclusive.
        baseline: as it was or is expected.
        scenario: after all changes.
        difference: scenario less baseline.
        range: of the difference; None for a measured period.
        range_derivation: what the range is, or why there is none.
        changes: what each change did, in words, in their order.
        effects: the same in figures; their energies and costs add up to the difference.
        lines: both bills line by line.
        notes: what a reader must know.
    """

    plant: str
    start: dt.datetime
    end: dt.datetime
    baseline_tariff: str
    scenario_tariff: str
    baseline: Amounts
    scenario: Amounts
    difference: Amounts
    range: Range | None
    range_derivation: str
    derivation: Derivation
    changes: tuple[str, ...]
    effects: tuple[Effect, ...]
    lines: tuple[LineDifference, ...]
    power_factors: tuple[PowerFactor, ...]
    capacitor_banks: tuple[CapacitorBank, ...]
    notes: tuple[str, ...]


def less(after: float, before: float) -> float:
    """The difference; 0 where it is no more than sums of floating point make.

    >>> less(3.0, 1.0), less(0.1 + 0.2, 0.3)
    (2.0, 0.0)
    """
    return 0.0 if isclose(after, before, rel_tol=DUST) else after - before


def amounts_of(made: Bill, plant: Plant) -> Amounts:
    """The amounts of a bill; the CO2 is that of its energy, charged or not."""
    return Amounts(
        usage_kwh=made.usage_kwh,
        cost_krw=made.total_krw,
        energy_krw=made.amount_krw("energy"),
        demand_krw=made.amount_krw("demand"),
        power_factor_krw=float(made.amount_krw("power_factor")),
        co2_krw=float(made.amount_krw("co2")),
        co2_t=made.usage_kwh * plant.meter.emission_factor_t_per_kwh,
        peak_kw=made.peak_kw,
    )


def range_of(differences: Sequence[Amounts]) -> Range:
    """The least and the greatest of each amount; at least one difference."""
    by_name = {name: [getattr(one, name) for one in differences] for name in AMOUNTS}
    low, high = ({name: pick(values) for name, values in by_name.items()} for pick in (min, max))
    return Range(Amounts(**low), Amounts(**high))
