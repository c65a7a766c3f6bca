"""What is usual at a plant: how far the known days' own stretches lie from the days before them.

Any stretch differs from the days before it, some plants' more than others'. What the known days' own stretches do is
measured as the newest days are, so a limit that most of them keep says what the same figure of the newest days means.
Known are the days that the newest may be compared with: the training's, or all before where that is too long ago.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from steel_energy.arrays import BoolArray, FloatArray, IntArray
from steel_energy.drift.alike import Alike, alike
from steel_energy.drift.habits import Hours, Steadiness, levels_moved, steadiness, working_hours
from steel_energy.drift.heights import share_beyond
from steel_energy.drift.indices import psi
from steel_energy.drift.observed import Observed
from steel_energy.drift.records import DriftParams
from steel_energy.plant import Meter


@dataclass(frozen=True)
class Counts:
    """Readings by bin of a column.

    Attributes:
        bins: bin of each reading, shape (rows,).
        by_day: readings of each day by bin, shape (days, bins).
    """

    bins: IntArray
    by_day: FloatArray

    def of(self, rows: BoolArray) -> FloatArray:
        """Counts of ``rows`` (shape (rows,)) by bin."""
        return np.bincount(self.bins[rows], minlength=self.by_day.shape[1]).astype(float)

    def expected(self, beside: Alike, kinds: FloatArray) -> FloatArray | None:
        """Counts by bin of the days beside, each kind weighted to as many rows as ``kinds`` says; None without any."""
        parts = [
            self.by_day[days].sum(axis=0) * kinds[kind] / self.by_day[days].sum()
            for kind, days in beside.days.items()
            if days.size
        ]
        return np.sum(parts, axis=0) if parts else None


def counted(bins: IntArray, observed: Observed) -> Counts:
    """Count readings by day and bin; ``bins`` has shape (rows,)."""
    width, days = int(bins.max()) + 1, observed.date.size
    found = np.bincount(observed.day * width + bins, minlength=days * width).reshape(days, width)
    return Counts(bins, found.astype(float))


@dataclass(frozen=True)
class Usual:
    """What the known days' own stretches show.

    Attributes:
        indices: population stability index of each column, shape (stretches, columns).
        steadiness: of the levels.
        scales: changes of scale, as logarithms, of the stretches nearest to the newest days, shape (stretches,).
        hours: how differently working days were worked, as in ``habits.Hours``, shape (stretches, 2).
        beyond: share of quarter hours beyond the height of all other stretches, shape (stretches,).
    """

    indices: FloatArray
    steadiness: Steadiness
    scales: FloatArray
    hours: FloatArray
    beyond: FloatArray

    def index(self, column: int, *, share: float) -> float:
        """PSI that a share of the stretches stays within; 0 where there are none."""
        return float(np.quantile(self.indices[:, column], share)) if len(self.indices) else 0.0

    def scale(self, *, share: float) -> float:
        """Change of scale that a share of the stretches stays within, as a logarithm; 0 where there are none."""
        return float(np.quantile(np.abs(self.scales), share)) if self.scales.size else 0.0

    def working_hours(self, *, share: float) -> Hours:
        """What a share of the stretches stays within; nothing moved where there are none."""
        if not len(self.hours):
            return Hours(0.0, 0.0)
        moved_h, moved_share = np.quantile(self.hours, share, axis=0)
        return Hours(float(moved_h), float(moved_share))


def usual_of(
    observed: Observed, known: BoolArray, columns: list[Counts], *, newest: int, meter: Meter, params: DriftParams
) -> Usual:
    """Compare each stretch of the days ``known`` (shape (days,)) with those before it; ``newest`` is the first day.

    A plant may be restless in winter and calm in summer, so changes of scale are told of the nearest stretches alone.
    """
    indices, moved, hours, far, beyond = [], [], [], [], []
    known_rows = known[observed.day]
    for days in stretches(observed, known, days=params.days):
        beside = alike(observed, days, known, weeks=params.reference_weeks)
        kinds = np.bincount(observed.kind[days], minlength=4).astype(float)
        expected = [column.expected(beside, kinds) for column in columns]
        indices.append(
            [
                psi(before, column.by_day[days].sum(axis=0)) if before is not None else 0.0
                for before, column in zip(expected, columns, strict=True)
            ]
        )
        moved.append(levels_moved(observed, days, beside, meter))
        far.append(abs(int(days[0]) - newest))
        beyond.append(share_beyond(observed, np.isin(observed.day, days), known_rows))
        worked = working_hours(observed, days, beside)
        hours += [(worked.moved_h, worked.moved_share)] if worked else []
    steady = steadiness(np.array(moved))
    scales = [steady.scale(moved[one]) for one in np.argsort(far, kind="stable")[: params.level_stretches]]
    known_scales = np.array([one for one in scales if one is not None])
    return Usual(np.array(indices), steady, known_scales, np.array(hours), np.array(beyond))


def stretches(observed: Observed, known: BoolArray, *, days: int) -> Iterator[IntArray]:
    """Numbers of the days of each stretch of ``days`` whole ones in a row, back from the newest of ``known``."""
    usable = np.flatnonzero(known & observed.is_whole)
    end = usable.size
    while end >= days:
        stretch = usable[end - days : end]
        if observed.date[stretch[-1]] - observed.date[stretch[0]] == days - 1:
            yield stretch
            end -= days
        else:
            end -= 1
