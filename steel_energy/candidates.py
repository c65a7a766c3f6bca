"""Sets of energies that agree with a reading, kept flat so that millions of them cost one array and no Python loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from steel_energy.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Candidates:
    """Energies on the pulse grid that agree with each of ``rows`` readings, ascending within a reading.

    Attributes:
        row: index of the reading each candidate belongs to, shape (candidates,), ascending.
        value: its energy in kWh or kvarh, shape (candidates,).
        rows: number of readings; one without candidates has count 0 and NaN everywhere else.
    """

    row: IntArray
    value: FloatArray
    rows: int

    def count(self) -> IntArray:
        """Number of candidates of each reading, shape (rows,)."""
        return np.bincount(self.row, minlength=self.rows)

    def mean(self) -> FloatArray:
        """Mean candidate of each reading, shape (rows,)."""
        count = self.count()
        total = np.bincount(self.row, weights=self.value, minlength=self.rows)
        mean: FloatArray = np.divide(total, count, out=np.full(self.rows, np.nan), where=count > 0)
        return mean

    def lower(self) -> FloatArray:
        """Smallest candidate of each reading, shape (rows,)."""
        return self._at(np.cumsum(self.count()) - self.count())

    def upper(self) -> FloatArray:
        """Largest candidate of each reading, shape (rows,)."""
        return self._at(np.cumsum(self.count()) - 1)

    def nearest(self, target: ArrayLike) -> FloatArray:
        """Candidate nearest to ``target`` (kWh, shape (rows,)) of each reading; the smaller one of two equally near."""
        distance = np.abs(self.value - np.asarray(target, dtype=float)[self.row])
        order = np.lexsort((self.value, distance, self.row))
        return Candidates(self.row, self.value[order], self.rows).lower()

    def _at(self, position: IntArray) -> FloatArray:
        found = np.full(self.rows, np.nan)
        some = self.count() > 0
        found[some] = self.value[position[some]]
        return found
