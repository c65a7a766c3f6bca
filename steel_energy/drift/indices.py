"""The population stability index of two distributions, and the bins that it counts in."""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import FloatArray

SMALLEST_SHARE = 1e-4
"""Stands for the share of an empty bin, whose logarithm would be infinite; Evidently takes the same."""


def psi(trained_counts: FloatArray, newest_counts: FloatArray) -> float:
    """Population stability index of two counts over the same bins; shape (bins,), each with a sum above 0.

    Counts may be weighted.

    Never negative, 0 for equal shares, and the same if both are swapped.

    >>> round(psi(np.array([50, 50]), np.array([75, 25])), 4)
    0.2747
    """
    trained, newest = (np.maximum(counts / counts.sum(), SMALLEST_SHARE) for counts in (trained_counts, newest_counts))
    return float(np.sum((newest - trained) * np.log(newest / trained)))


def bin_edges(values: FloatArray, *, bins: int) -> FloatArray:
    """Inner edges of bins that hold equal shares of ``values``; fewer where one value fills several of them.

    A bin holds what lies above its lower and up to its upper edge; the outer ones have no end.

    >>> bin_edges(np.array([0.0, 0, 0, 0, 1, 2, 3, 4]), bins=4).tolist()
    [0.0, 0.5, 2.25]
    """
    edges: FloatArray = np.unique(np.quantile(values, np.arange(1, bins) / bins))
    return edges
