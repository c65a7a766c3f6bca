"""What all bills of one answer share: the readings before the load, both tariffs, and what changes are made by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from steel_energy.billing import Bill, bill
from steel_energy.errors import InputError
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.history import readings_end
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.whatif.applying import Knowledge
from steel_energy.whatif.changes import Change, OtherTariff
from steel_energy.whatif.loads import LOAD_COLUMNS, Load, grid_of, load_of
from steel_energy.whatif.reactive import ReactiveHistory, reactive_history
from steel_energy.whatif.typical import TypicalHistory


@dataclass(frozen=True)
class Question:
    """A load and all that its bills and changes follow from.

    Attributes:
        load: the baseline; of a forecast, its expected usage.
        before: readings before the load, ``LOAD_COLUMNS``.
        tariff: of the baseline.
        scenario_tariff: of the scenario.
        reactive: the newest of what is known, to look reactive energy up in.
        is_forecast: whether the load is a forecast.
    """

    plant: Plant
    load: Load
    before: pl.DataFrame
    tariff: Tariff
    scenario_tariff: Tariff
    knowledge: Knowledge
    reactive: ReactiveHistory
    is_forecast: bool

    def billed(self, load: Load, tariff: Tariff) -> Bill:
        """The bill of a load of the same intervals, after the readings before it."""
        known = pl.concat([self.before, load.frame()])
        start = load.grid.interval_start[0]
        return bill(known, plant=self.plant, tariff=tariff, start=start, end=readings_end(known))


def question_of(
    load: pl.DataFrame,
    changes: Sequence[Change],
    *,
    plant: Plant,
    tariff: Tariff,
    known: pl.DataFrame,
    tariffs: Mapping[str, Tariff],
) -> Question:
    """The question of `what_if`, whose arguments these are."""
    starts, is_forecast = load["interval_start"], QUANTILE_COLUMNS[0] in load.columns
    before = readings_before(starts[0], known)
    learnt = before if is_forecast else pl.concat([before, load.select(LOAD_COLUMNS)])
    grid = grid_of(learnt["interval_start"], plant=plant, tariff=tariff)
    reactive = reactive_history(learnt, plant=plant, tariff=tariff)
    return Question(
        plant=plant,
        load=load_of(load, grid_of(starts, plant=plant, tariff=tariff)),
        before=before,
        tariff=tariff,
        scenario_tariff=_scenario_tariff(changes, tariff, tariffs),
        knowledge=Knowledge(TypicalHistory(grid, learnt["usage_kwh"].to_numpy()), reactive.kvarh_per_kwh()),
        reactive=reactive,
        is_forecast=is_forecast,
    )


def readings_before(moment: dt.datetime, known: pl.DataFrame) -> pl.DataFrame:
    """``LOAD_COLUMNS`` of what starts before ``moment``."""
    return known.filter(pl.col("interval_start") < moment).select(LOAD_COLUMNS)


def _scenario_tariff(changes: Sequence[Change], own: Tariff, others: Mapping[str, Tariff]) -> Tariff:
    """The last tariff that a change names, else the plant's own."""
    chosen = own
    for number, change in enumerate(changes):
        if isinstance(change, OtherTariff):
            if change.tariff not in others:
                raise InputError(
                    f"unknown tariff {change.tariff!r}",
                    field=f"changes.{number}.{change.kind}.tariff",
                    remedy=f"use one of: {', '.join(others) or 'none is known'}",
                ).named("unknown_tariff", tariff=change.tariff, known=", ".join(others))
            chosen = others[change.tariff]
    return chosen
