"""What each capacitor bank of a scenario is worth: the scenario with it against the same scenario without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from steel_energy.billing import Bill
from steel_energy.whatif import wording
from steel_energy.whatif.applying import apply_all
from steel_energy.whatif.changes import Change, CorrectPowerFactor
from steel_energy.whatif.question import Question
from steel_energy.whatif.result import CapacitorBank

DAYS_PER_YEAR = 365
DAY = dt.timedelta(days=1)


def capacitor_banks(changes: Sequence[Change], question: Question, with_all: Bill) -> Iterator[CapacitorBank]:
    """Saving and payback of each bank among ``changes``; ``with_all`` is the scenario's bill."""
    for place, change in enumerate(changes):
        if isinstance(change, CorrectPowerFactor):
            others = [*changes[:place], *changes[place + 1 :]]
            applied = apply_all(others, question.load, question.knowledge)
            without = question.billed(applied[-1].load if applied else question.load, question.scenario_tariff)
            yield _worth(place, change, with_all, saving_krw=without.total_krw - with_all.total_krw)


def _worth(place: int, change: CorrectPowerFactor, made: Bill, *, saving_krw: float) -> CapacitorBank:
    days = (made.end.astimezone(dt.UTC) - made.start.astimezone(dt.UTC)) / DAY
    yearly_krw = saving_krw * DAYS_PER_YEAR / days
    years = change.investment_krw / yearly_krw if change.investment_krw is not None and yearly_krw > 0 else None
    return CapacitorBank(
        change=place,
        capacitor_kvar=change.capacitor_kvar,
        saving_krw=saving_krw,
        yearly_saving_krw=yearly_krw,
        investment_krw=change.investment_krw,
        payback_years=years,
        derivation=wording.payback(change.investment_krw, saving_krw, days, years),
    )
