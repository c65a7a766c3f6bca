"""The figures that are watched beside the columns, each with its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.drift import remedies
from steel_energy.drift.alike import Alike
from steel_energy.drift.faults import spoilt, unchanged_h
from steel_energy.drift.habits import levels_moved, working_hours
from steel_energy.drift.heights import share_beyond
from steel_energy.drift.observed import Observed
from steel_energy.drift.records import DriftParams, FigureDrift, Verdict
from steel_energy.drift.usual import Usual
from steel_energy.plant import Plant

LONGER = 1.5  # times the longest standstill of the training that a meter is believed
CHANCE = 4.0  # standard deviations by which a share may exceed the usual by chance
FURTHER = 1.3  # times the highest week of the training
MODERATE = 0.7  # share of a severe change that counts as moderate


@dataclass(frozen=True)
class Comparison:
    """What is compared with what.

    Attributes:
        observed: all readings.
        newest: rows of the newest days, shape (rows,).
        trained: rows of the training, shape (rows,).
        known: rows of the days that tell what is usual, shape (rows,).
        newest_days: numbers of the days that are newest throughout.
        beside: the days that they are compared with.
        usual: what the stretches of the known days show.
    """

    observed: Observed
    newest: BoolArray
    trained: BoolArray
    known: BoolArray
    newest_days: IntArray
    beside: Alike
    usual: Usual


def figures(
    found: Comparison, repairs: pl.DataFrame | None, *, plant: Plant, params: DriftParams
) -> tuple[FigureDrift, ...]:
    """Every figure that can be told, habits first."""
    return (
        *_habits(found, plant, params),
        *_beyond(found, params),
        *_faults(found, repairs, plant, params),
        _unchanged(found, params),
    )


def _habits(found: Comparison, plant: Plant, params: DriftParams) -> Iterator[FigureDrift]:
    moved = levels_moved(found.observed, found.newest_days, found.beside, plant.meter)
    scale = found.usual.steadiness.scale(moved)
    if scale is not None and found.usual.steadiness.is_known:
        usual = float(np.expm1(found.usual.scale(share=params.usual_share)))
        severe_at = min(max(params.level_severe, params.level_margin * usual), params.level_severe_anyhow)
        yield _figure("level", float(np.expm1(scale)), usual=usual, limits=(MODERATE * severe_at, severe_at))
    days, usage_kwh = _newest_usage(found)
    hours = working_hours(found.observed, days, found.beside, usage_kwh=usage_kwh)
    if hours is not None:
        usual_hours = found.usual.working_hours(share=params.usual_share)
        for name, value, usual, least in (
            ("working_hours", hours.moved_h, usual_hours.moved_h, params.hours_severe),
            ("work_moved", hours.moved_share, usual_hours.moved_share, params.work_moved_severe),
        ):
            severe_at = max(least, usual)
            yield _figure(name, value, usual=usual, limits=(MODERATE * severe_at, severe_at))


def _beyond(found: Comparison, params: DriftParams) -> Iterator[FigureDrift]:
    if found.usual.steadiness.is_known:
        seen = found.usual.beyond
        severe_at = max(params.beyond_severe, FURTHER * float(seen.max()))
        yield _figure(
            "beyond",
            share_beyond(found.observed, found.newest, found.known),
            usual=float(np.quantile(seen, params.usual_share)),
            limits=(MODERATE * severe_at, severe_at),
            column="usage_kwh",
        )


def _newest_usage(found: Comparison) -> tuple[IntArray, FloatArray]:
    """Days that are newest at least in part, and the usage of that part, shape (days, 96)."""
    observed, rows = found.observed, found.newest
    days, position = np.unique(observed.day[rows], return_inverse=True)
    usage_kwh = np.full((days.size, observed.usage_kwh.shape[1]), np.nan)
    usage_kwh[position, observed.slot[rows]] = observed.cells[rows, 0]
    return days, usage_kwh


def _faults(
    found: Comparison, repairs: pl.DataFrame | None, plant: Plant, params: DriftParams
) -> Iterator[FigureDrift]:
    for fault in spoilt(found.observed, repairs, plant=plant):
        usual = fault.share(found.trained)
        yield _figure(
            fault.figure,
            fault.lasting_share(found.newest),
            usual=usual,
            limits=_share_limits(usual, rows=int(found.newest.sum()), params=params),
            column=fault.column,
        )


def _share_limits(usual: float, *, rows: int, params: DriftParams) -> tuple[float, float]:
    by_chance = CHANCE * float(np.sqrt(usual * (1 - usual) / rows))
    return usual + max(MODERATE * params.fault_severe, by_chance), usual + max(params.fault_severe, by_chance)


def _unchanged(found: Comparison, params: DriftParams) -> FigureDrift:
    usual = unchanged_h(found.observed, found.trained)
    severe_at = max(params.unchanged_severe_h, LONGER * usual)
    value = unchanged_h(found.observed, found.newest)
    return _figure("unchanged", value, usual=usual, limits=(MODERATE * severe_at, severe_at), column="usage_kwh")


def _figure(
    name: str, value: float, *, limits: tuple[float, float], usual: float | None = None, column: str | None = None
) -> FigureDrift:
    moderate_at, severe_at = limits
    verdict: Verdict = "severe" if abs(value) >= severe_at else "moderate" if abs(value) >= moderate_at else "none"
    return FigureDrift(
        figure=name,
        column=column,
        value=value,
        usual=usual,
        moderate_at=moderate_at,
        severe_at=severe_at,
        verdict=verdict,
        remedy=remedies.of_figure(name, verdict),
    )
