"""What each change of a scenario does by itself: its part of the difference, after the changes before it.

The parts of energy and cost add up to the scenario's difference. Words of them live in ``wording``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from steel_energy.billing import Bill
from steel_energy.whatif.applying import Applied
from steel_energy.whatif.changes import Change, OtherTariff
from steel_energy.whatif.loads import Load
from steel_energy.whatif.question import Question
from steel_energy.whatif.result import Effect, less


def effects_of(
    changes: Sequence[Change], applied: Sequence[Applied], question: Question, bills: tuple[Bill, Bill]
) -> Iterator[Effect]:
    """The effect of each change, in their order.

    Args:
        changes: as they were made.
        applied: the load after each of them.
        question: what they were made to.
        bills: the baseline's and the scenario's. Of several tariffs the last one bills the scenario, so that the
            others change nothing.
    """
    tariffs = [place for place, change in enumerate(changes) if isinstance(change, OtherTariff)]
    before, cost_krw = question.load, bills[0].total_krw
    for place, (change, made) in enumerate(zip(changes, applied, strict=True)):
        is_billed_otherwise = bool(tariffs) and place >= tariffs[-1]
        tariff = question.scenario_tariff if is_billed_otherwise else question.tariff
        now = bills[1] if place == len(changes) - 1 else question.billed(made.load, tariff)
        yield _effect(change, before, made.load, cost_krw=less(now.total_krw, cost_krw))
        before, cost_krw = made.load, now.total_krw


def _effect(change: Change, before: Load, after: Load, *, cost_krw: float) -> Effect:
    more = after.usage_kwh - before.usage_kwh
    lagging, leading = after.lagging() - before.lagging(), after.leading() - before.leading()
    touched = after.grid.day[(more != 0) | (lagging != 0) | (leading != 0)]
    days = [day.item() for day in touched[[0, -1]]] if touched.size else [None, None]
    return Effect(
        kind=change.kind,
        usage_kwh=less(float(after.usage_kwh.sum()), float(before.usage_kwh.sum())),
        moved_kwh=min(float(np.maximum(more, 0.0).sum()), float(np.maximum(-more, 0.0).sum())),
        lagging_kvarh=float(lagging.sum()),
        leading_kvarh=float(leading.sum()),
        cost_krw=cost_krw,
        first_day=days[0],
        last_day=days[1],
    )
