"""How a plant works, in figures that a busy or a quiet week leaves alone: its level as a whole, and its hours.

Production swings from week to week by more than any shift worth finding, so no single level tells. What is common to
idle load, reactive load and capacitors does: they have little to do with each other, unless everything is metered or
driven at another scale. And whether the plant works at an hour does not depend on how much it makes then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.drift.alike import Alike, working_kind
from steel_energy.drift.observed import BUSY, ENERGIES, IDLE, QUANTILES, Observed
from steel_energy.plant import Meter
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_HOUR

SMALLEST_PULSES = 3.0  # a level below so many pulses is too coarse to compare
FEWEST_STRETCHES = 5  # of the training, from which the steadiness of levels can be told
USUAL_SHARE = 0.8  # of the stretches: how far a level moves as a rule
FREE_SPREAD = 0.03  # of a level that never moved: by so much any may move
NEVER_SEEN = 0.2  # spread of a level where the training is too short to tell
ABSENT_SHARE = 0.2  # a level that so many stretches lack is none
ROUNDS = 20  # of weighing, which settles in a few
DISTINCT = 2.0  # times the idle load: what is below is no work


@dataclass(frozen=True)
class Steadiness:
    """How far each level moves from stretch to stretch of the training.

    Attributes:
        spread: of the logarithm, infinite where a level cannot be compared; shape (3, quantiles).
        is_known: whether the training was long enough to tell.
    """

    spread: FloatArray
    is_known: bool

    def scale(self, moved: FloatArray) -> float | None:
        """The change of scale that all energies have in common, as a logarithm; None where none can be compared.

        Each energy speaks by its steadiest level, and one that contradicts the others hardly counts.

        Args:
            moved: logarithms by which the levels moved, NaN where they cannot be compared; shape (3, quantiles).
        """
        spread = np.where(np.isnan(moved), np.inf, self.spread)
        steadiest = (np.arange(ENERGIES), spread.argmin(axis=1))
        is_there = np.isfinite(spread[steadiest])
        if not is_there.any():
            return None
        values, spreads = moved[steadiest][is_there], spread[steadiest][is_there] + FREE_SPREAD
        centre = float(np.median(values))
        for _ in range(ROUNDS):
            far = np.maximum(np.abs(values - centre) / spreads, 1.0)
            centre = float(np.average(values, weights=1 / (spreads**2 * far)))
        return centre


def steadiness(moved: FloatArray) -> Steadiness:
    """What the stretches of a training tell; ``moved`` has shape (stretches, 3, quantiles)."""
    if len(moved) < FEWEST_STRETCHES:
        return Steadiness(np.full((ENERGIES, len(QUANTILES)), NEVER_SEEN), is_known=False)
    is_there = np.isnan(moved).mean(axis=0) <= ABSENT_SHARE
    spread = np.full(is_there.shape, np.inf)
    spread[is_there] = np.nanquantile(np.abs(moved[:, is_there]), USUAL_SHARE, axis=0)
    return Steadiness(spread, is_known=True)


def levels_moved(observed: Observed, newest: IntArray, beside: Alike, meter: Meter) -> FloatArray:
    """Logarithms by which the levels of ``newest`` whole days lie above those of the days beside; shape (3, quantiles).

    The middle one of the days counts. NaN where a level is too low to compare, or no day is whole.
    """
    moved = [np.full((1, ENERGIES, len(QUANTILES)), np.nan)]
    least = meter.pulse_kwh / 4  # stands for nothing, whose logarithm would be infinite
    for kind, days in beside.days.items():
        if days.size:
            usual = np.median(observed.levels[days], axis=0)
            now = observed.levels[newest[observed.kind[newest] == kind]]
            ratios = np.log((now + least) / (usual + least))
            moved.append(np.where(usual < SMALLEST_PULSES * meter.pulse_kwh, np.nan, ratios))
    return _middle(np.concatenate(moved))


@dataclass(frozen=True)
class Hours:
    """How differently working days are worked.

    Attributes:
        moved_h: hours of the day at which the plant works now and did not before, or the other way round.
        moved_share: share of a day's work that is done at another hour.
    """

    moved_h: float
    moved_share: float


def working_hours(
    observed: Observed, newest: IntArray, beside: Alike, *, usage_kwh: FloatArray | None = None
) -> Hours | None:
    """At which hours the working days among the ``newest`` are worked, against the days beside.

    None where there is no working day, or where work and idle load cannot be told apart.

    Args:
        observed: all readings.
        newest: numbers of the newest days.
        beside: the days that they are compared with.
        usage_kwh: usage of the newest days, NaN for the part of them that is not newest, shape (newest, 96); that of
            the whole days by default.
    """
    usage_kwh = observed.usage_kwh[newest] if usage_kwh is None else usage_kwh
    kind = working_kind(observed, newest)
    if kind is None or not beside.days[kind].size:
        return None
    idle, busy = np.median(observed.levels[beside.days[kind]][:, 0][:, [IDLE, BUSY]], axis=0)
    if busy <= DISTINCT**2 * idle:
        return None
    now = _by_hour(usage_kwh[observed.kind[newest] == kind], idle, busy)
    before = _by_hour(observed.usage_kwh[beside.days[kind]], idle, busy)
    seen = ~np.isnan(now[0])
    return Hours(
        moved_h=float(np.abs(now[0] - before[0])[seen].sum()),
        moved_share=float(np.abs(_shares(now[1][seen]) - _shares(before[1][seen])).sum() / 2),
    )


def _by_hour(usage_kwh: FloatArray, idle: float, busy: float) -> tuple[FloatArray, FloatArray]:
    """How much of each hour is worked on the middle one of days, and the mean work in it; shape (24,) each.

    NaN for hours that no day has; ``usage_kwh`` is NaN where it is unknown, shape (days, 96).
    """
    hours = usage_kwh.reshape(-1, HOURS_PER_DAY, INTERVALS_PER_HOUR)
    worked, work = np.full(HOURS_PER_DAY, np.nan), np.full(HOURS_PER_DAY, np.nan)
    seen = ~np.isnan(hours).all(axis=(0, 2))
    is_work = np.where(np.isnan(hours), np.nan, hours > np.sqrt(idle * busy))
    worked[seen] = np.nanmedian(_means(is_work[:, seen]), axis=0)
    work[seen] = np.nanmean(np.maximum(hours[:, seen] - DISTINCT * idle, 0), axis=(0, 2))
    return worked, work


def _means(values: FloatArray) -> FloatArray:
    """Mean over the last axis of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    means = np.full(values.shape[:-1], np.nan)
    np.divide(np.nansum(values, axis=-1), known.sum(axis=-1), out=means, where=known.any(axis=-1))
    return means


def _shares(work: FloatArray) -> FloatArray:
    """``work`` as shares of its sum; of no work all are 0."""
    shares: FloatArray = work / max(float(work.sum()), np.finfo(float).tiny)
    return shares


def _middle(moved: FloatArray) -> FloatArray:
    """Median of each level over the days that have it; NaN where none has."""
    is_there = ~np.isnan(moved).all(axis=0)
    middle = np.full(moved.shape[1:], np.nan)
    middle[is_there] = np.nanmedian(moved[:, is_there], axis=0)
    return middle
