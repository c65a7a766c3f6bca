"""What noisy readings say of the usage: how likely each energy is, given every value and how noisy it might be.

The exact physics asks which energies agree with all shown values; this asks how badly each disagrees. It is computed
on a grid of energies for a few levels of noise, from what the plant's usage was before anything was read. A value that
fits no energy counts as wrong, not as proof, so one gross error does not outvote the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from steel_energy.arrays import FloatArray
from steel_energy.meter import FULL_PERCENT, RESOLUTION, Readings, co2_t, largest_usage_kwh
from steel_energy.plant import Plant

NOISE_LEVELS = (0.01, 0.02, 0.05)
"""Relative standard deviations that each value may be off by."""
NODES = 120  # energies of the grid: 4.7 % apart, finer than what noisy readings tell
SPAN = 250.0  # largest over smallest energy of the grid
WRONG_SHARE = 0.02  # of values that are no reading of this interval at all
BLOCK_ROWS = 256  # rows x energies that stay in the processor's cache
ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True)
class UsageMoments:
    """Mean and spread of the usage in kWh for each reading.

    Attributes:
        mean_kwh, spread_kwh: for each of ``NOISE_LEVELS``, shape (rows, levels).
        weight: how well each level explains the reading, adding up to 1, shape (rows, levels).
        log_evidence: how well the best one does, shape (rows,).
    """

    mean_kwh: FloatArray
    spread_kwh: FloatArray
    weight: FloatArray
    log_evidence: FloatArray

    def blended(self) -> tuple[FloatArray, FloatArray]:
        """Mean and spread over all levels by their weight, each of shape (rows,)."""
        mean = (self.weight * self.mean_kwh).sum(axis=1)
        square = (self.weight * (self.spread_kwh**2 + self.mean_kwh**2)).sum(axis=1)
        return mean, np.sqrt(np.maximum(square - mean**2, 0.0))


@dataclass(frozen=True)
class Posterior:
    """How likely each energy of the grid is before anything is read (``prior``, shape (NODES,)), and whose meter."""

    plant: Plant
    prior: FloatArray

    @classmethod
    def learn(cls, usage_kwh: FloatArray, plant: Plant) -> Posterior:
        """Take the plant's past usage (kWh, any shape) as what is likely; an energy it never had stays possible."""
        nodes = _nodes(plant)
        edges = np.concatenate([[0.0], np.sqrt(nodes[1:] * nodes[:-1]), [np.inf]])
        seen = np.histogram(usage_kwh, edges)[0] + 1.0
        return cls(plant, seen / seen.sum())

    def moments(self, readings: Readings) -> UsageMoments:
        """Mean and spread of the usage for each reading and level of noise."""
        rows = readings["co2_t"].size
        nodes, levels = _nodes(self.plant), len(NOISE_LEVELS)
        mean, spread, evidence = (np.empty((rows, levels)) for _ in range(3))
        for start in range(0, rows, BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            part = {name: values[block] for name, values in readings.items()}
            for level, noise in enumerate(NOISE_LEVELS):
                log = np.log(self.prior) + self._log_likelihood(part, nodes, noise)
                top = log.max(axis=1, keepdims=True)
                likely = np.exp(log - top)
                total = likely.sum(axis=1)
                evidence[block, level] = top[:, 0] + np.log(total)
                mean[block, level] = likely @ nodes / total
                square = likely @ nodes**2 / total
                spread[block, level] = np.sqrt(np.maximum(square - mean[block, level] ** 2, 0.0))
        best = evidence.max(axis=1)
        weight = np.exp(evidence - best[:, None])
        return UsageMoments(mean, spread, weight / weight.sum(axis=1, keepdims=True), best)

    def _log_likelihood(self, readings: Readings, nodes: FloatArray, noise: float) -> FloatArray:
        """Log likelihood of each reading for each energy, shape (rows, NODES)."""
        total = _of_co2(readings["co2_t"], nodes, noise, self.plant)
        for side in ("lagging", "leading"):
            total += _of_power_factor(readings[f"{side}_kvarh"], readings[f"{side}_pf"], nodes, noise)
        return total


def _nodes(plant: Plant) -> FloatArray:
    """The grid in kWh, shape (NODES,): evenly spaced by ratio up to what the plant can draw at all."""
    ceiling = largest_usage_kwh(plant)
    return np.geomspace(ceiling / SPAN, ceiling, NODES)


def _of_power_factor(reactive: FloatArray, shown: FloatArray, nodes: FloatArray, noise: float) -> FloatArray:
    """Of a power factor in percent beside a reactive energy in kvarh, both noisy; one of 100 or more was cut there."""
    squares = nodes**2 + reactive[:, None] ** 2
    factor = FULL_PERCENT * nodes / np.sqrt(squares)
    sine = reactive[:, None] ** 2 / squares  # squared; the share of the energy's noise that reaches the factor
    deviation = noise * factor * np.sqrt(1 + sine**2) + RESOLUTION
    distance = (shown[:, None] - factor) / deviation
    log = -0.5 * distance**2 - np.log(deviation * ROOT_TWO_PI)
    cut = shown >= FULL_PERCENT
    log[cut] = log_ndtr(-distance[cut])
    return _unless_wrong(log, WRONG_SHARE / FULL_PERCENT)


def _of_co2(shown: FloatArray, nodes: FloatArray, noise: float, plant: Plant) -> FloatArray:
    """Of a noisy CO2 in tonnes: the meter books whole hundredths, so what noise moved is put back by itself."""
    booked = co2_t(nodes, plant.meter)
    deviation = noise * booked + RESOLUTION / 4
    log = -0.5 * ((shown[:, None] - booked) / deviation) ** 2 - np.log(deviation * ROOT_TWO_PI)
    return _unless_wrong(log, WRONG_SHARE / max(booked[-1], RESOLUTION))


def _unless_wrong(log: FloatArray, density_if_wrong: float) -> FloatArray:
    """A log density that a wrong value would have bounds from below; an unknown one says nothing."""
    bounded: FloatArray = np.nan_to_num(np.maximum(log, np.log(density_if_wrong)), nan=0.0)
    return bounded
