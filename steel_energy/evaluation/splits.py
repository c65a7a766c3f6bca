"""How readings are parted in time: training, validation and test, and folds within what precedes the test part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from steel_energy.errors import NotEnoughDataError
from steel_energy.history import readings_end
from steel_energy.params import EvaluationParams
from steel_energy.schema import INTERVALS_PER_DAY

PARTS = ("validation", "test")


@dataclass(frozen=True)
class Split:
    """Times that part the readings: training, ``validation_start``, validation, ``test_start``, test, ``end``."""

    validation_start: dt.datetime
    test_start: dt.datetime
    end: dt.datetime

    @property
    def parts(self) -> dict[str, tuple[dt.datetime, dt.datetime]]:
        """Start and end of each of ``PARTS``."""
        return {"validation": (self.validation_start, self.test_start), "test": (self.test_start, self.end)}


def split_times(readings: pl.DataFrame, params: EvaluationParams) -> Split:
    """Part the readings in time order.

    Args:
        readings: data contract, sorted, one row for each interval.
        params: the shares of training and validation.

    Raises:
        NotEnoughDataError: a part would be shorter than one day.
    """
    start = readings["interval_start"]
    if start.len() < INTERVALS_PER_DAY:
        raise NotEnoughDataError(
            f"a split needs days of readings, got {start.len()} intervals", field="readings", remedy="give more"
        )
    shares = (params.train_share, params.train_share + params.validation_share)
    validation_start, test_start = (start[round(start.len() * share)] for share in shares)
    split = Split(validation_start, test_start, readings_end(readings))
    edges = (start[0], split.validation_start, split.test_start, split.end)
    if any(later - earlier < dt.timedelta(days=1) for earlier, later in pairwise(edges)):
        raise NotEnoughDataError(
            "the training, validation and test part need one day each at least",
            field="readings",
            remedy="give a longer history or other shares",
        )
    return split


def folds(readings: pl.DataFrame, *, count: int, min_training_days: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """Stretches of equal length for cross-validation in time order; a model is trained on all that precedes each.

    Args:
        readings: data contract, sorted; what is before the test part, so that the test part stays unseen.
        count: number of stretches.
        min_training_days: readings that precede the first.

    Returns:
        Start and end of each stretch, oldest first; the last one ends with the readings.

    Raises:
        NotEnoughDataError: a stretch would be shorter than one day.
    """
    start = readings["interval_start"]
    first = min_training_days * INTERVALS_PER_DAY
    size = (start.len() - first) // count
    if size < INTERVALS_PER_DAY:
        raise NotEnoughDataError(
            f"{count} folds of a day or more need {min_training_days + count} days of readings, "
            f"got {start.len() / INTERVALS_PER_DAY:.1f}",
            field="readings",
            remedy="give a longer history or fewer folds",
        )
    edges = [start[start.len() - size * left] for left in range(count, 0, -1)]
    return list(pairwise([*edges, readings_end(readings)]))
