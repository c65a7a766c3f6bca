"""The question itself: a load as it is against the same load after some changes, billed the same way.

A measured load is certain; a forecast has quantiles, and the difference then has a range. Both bills are
``billing.bill``'s, with its demand charge of begun months and its ratchet over the readings before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.whatif import wording
from steel_energy.whatif.applying import apply_all
from steel_energy.whatif.capacitors import capacitor_banks
from steel_energy.whatif.changes import Change
from steel_energy.whatif.comparing import derivation_of, line_differences, notes, power_factors
from steel_energy.whatif.effects import effects_of
from steel_energy.whatif.loads import Load, grid_of
from steel_energy.whatif.question import Question, question_of, readings_before
from steel_energy.whatif.reactive import reactive_history
from steel_energy.whatif.result import Amounts, Range, WhatIf, amounts_of, range_of


def what_if(
    load: pl.DataFrame,
    changes: Sequence[Change],
    *,
    plant: Plant,
    tariff: Tariff,
    known: pl.DataFrame,
    tariffs: Mapping[str, Tariff] | None = None,
) -> WhatIf:
    """Compare a load with what it becomes by ``changes``.

    Args:
        load: ``LOAD_COLUMNS`` of one stretch of the 15-minute grid, plant zone, sorted; of a forecast, as
            ``forecast_load`` makes it, with quantile columns.
        changes: made one after the other.
        plant: gives zone, calendar, contract and emission factor.
        tariff: the plant's own.
        known: the plant's readings, sorted. Those before the load count for demand charges; typical loads and the
            reactive energy of changes are learnt from them, and from the load itself where it was measured.
        tariffs: others that a change may name, by id.

    Raises:
        InputError: a change does not fit the load, or not the plant: a fuel has no power factor; names its field.
        NotEnoughDataError: too little is known for a change or for reactive energy.
    """
    for place, change in enumerate(changes):
        if change.kind == "power_factor":
            plant.require_electricity(field=f"changes.{place}")
    question = question_of(load, changes, plant=plant, tariff=tariff, known=known, tariffs=tariffs or {})
    applied = apply_all(changes, question.load, question.knowledge)
    after = applied[-1].load if applied else question.load
    bills = question.billed(question.load, tariff), question.billed(after, question.scenario_tariff)
    baseline, scenario = (amounts_of(made, plant) for made in bills)
    difference = scenario.less(baseline)
    return WhatIf(
        plant=plant.id,
        start=bills[0].start,
        end=bills[0].end,
        baseline_tariff=tariff.id,
        scenario_tariff=question.scenario_tariff.id,
        baseline=baseline,
        scenario=scenario,
        difference=difference,
        range=_range(load, changes, question, expected=difference) if question.is_forecast else None,
        range_derivation=wording.OUTER_RANGE if question.is_forecast else wording.NO_RANGE,
        derivation=derivation_of(difference, applied, question),
        changes=tuple(one.words for one in applied),
        effects=tuple(effects_of(changes, applied, question, bills)),
        lines=tuple(line_differences(*bills)),
        power_factors=tuple(power_factors(after, question)),
        capacitor_banks=tuple(capacitor_banks(changes, question, bills[1])),
        notes=tuple(notes(*bills, question)),
    )


def forecast_load(forecast: pl.DataFrame, known: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """A forecast as a load: its expected usage with typical reactive energies, and its quantiles.

    Args:
        forecast: forecast frame (``interval_start`` in the plant's zone, ``mean_kwh``, quantiles in kWh).
        known: readings; those before the forecast are read.
        plant: gives the calendar.
        tariff: the plant's own.

    Raises:
        NotEnoughDataError: too little is known before the forecast.
    """
    grid = grid_of(forecast["interval_start"], plant=plant, tariff=tariff)
    before = readings_before(grid.interval_start[0], known)
    reactive = reactive_history(before, plant=plant, tariff=tariff)
    lagging, leading = reactive.beside(forecast["mean_kwh"].to_numpy(), grid.hour)
    return forecast.select(
        "interval_start",
        usage_kwh="mean_kwh",
        lagging_reactive_kvarh=pl.Series(lagging),
        leading_reactive_kvarh=pl.Series(leading),
    ).with_columns(forecast.select(QUANTILE_COLUMNS))


def _range(load: pl.DataFrame, changes: Sequence[Change], question: Question, *, expected: Amounts) -> Range:
    """The extremes over the expected load and those with every interval at the same quantile."""
    paths = (_at_quantile(load[column], question) for column in QUANTILE_COLUMNS)
    return range_of([expected, *(_difference(path, changes, question) for path in paths)])


def _at_quantile(usage_kwh: pl.Series, question: Question) -> Load:
    grid, usage = question.load.grid, usage_kwh.to_numpy()
    lagging, leading = question.reactive.beside(usage, grid.hour)
    return Load(grid, usage, lagging, leading, question.load.added_kvarh)


def _difference(path: Load, changes: Sequence[Change], question: Question) -> Amounts:
    applied = apply_all(changes, path, question.knowledge)
    after = question.billed(applied[-1].load if applied else path, question.scenario_tariff)
    before = question.billed(path, question.tariff)
    return amounts_of(after, question.plant).less(amounts_of(before, question.plant))
