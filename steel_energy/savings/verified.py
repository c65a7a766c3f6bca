"""What verification tells: a saving with its interval, the verdict, and both in words. ``verification`` fills it in."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from steel_energy.reporting.wording import count, number, percent
from steel_energy.savings.statistics import Fit

Unit = Literal["kWh", "KRW"]
Verdict = Literal["saved", "used more", "not shown"]
Basis = Literal["days", "weeks", "placebos"]
FEWEST_PLACEBOS = 3
"""Stretches of a baseline that the method is tried on, below which they say nothing."""
DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Saving:
    """A saving with the interval that holds the true one with the stated confidence.

    Attributes:
        unit: kWh, or KRW of energy charge and CO2.
        counterfactual: what the compared days would have taken.
        measured: what they took.
        uncertainty: half the width of the interval.
        basis: what gave the widest interval: the guideline's formula by days, the model's misses on placebos or, where
            there are too few of these, the formula by weeks.
        days: number of days compared.
    """

    unit: Unit
    counterfactual: float
    measured: float
    uncertainty: float
    basis: Basis
    days: int

    @property
    def saving(self) -> float:
        """Counterfactual less measured; negative where more was used."""
        return self.counterfactual - self.measured

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest saving that is compatible with the readings."""
        return self.saving - self.uncertainty, self.saving + self.uncertainty

    @property
    def verdict(self) -> Verdict:
        """Whether the interval excludes zero, and on which side."""
        low, high = self.interval
        return "saved" if low > 0 else "used more" if high < 0 else "not shown"

    @property
    def fractional_uncertainty(self) -> float | None:
        """Uncertainty as a share of the saving; None where nothing was saved or more was used."""
        return self.uncertainty / self.saving if self.saving > 0 else None

    @property
    def days_to_show(self) -> int | None:
        """Days after which a saving at this rate would be shown, for uncertainty falls with their root."""
        share = self.fractional_uncertainty
        return None if share is None else max(1, math.ceil(self.days * share**2))

    @property
    def words(self) -> str:
        """The figures and the verdict in one sentence."""
        low, high = (number(value) for value in self.interval)
        head = (
            f"{number(self.measured)} {self.unit} measured against {number(self.counterfactual)} expected: "
            f"a difference of {number(self.saving)}, between {low} and {high}"
        )
        if self.verdict == "not shown":
            return f"{head}. Not shown: the interval holds zero{self._wait()}."
        return f"{head}. Shown: the interval excludes zero, {self.verdict}."

    def _wait(self) -> str:
        days = self.days_to_show
        if days is None:
            return ""
        if days > DAYS_PER_YEAR:
            return "; a saving this small would take more than a year to show"
        return f"; at this rate it would take about {count(days, 'day')}"


@dataclass(frozen=True)
class Verification:
    """What a period saved against the days before it.

    Attributes:
        plant: id.
        baseline: first day and last day that the counterfactual was learned from.
        period: first and last day that were asked for.
        left_out: days of the period that are not compared, and why.
        confidence: of the intervals.
        energy: saving in kWh.
        cost: saving in KRW, energy charge and CO2 at the tariff.
        fits: of the energy of hours, days and, where the baseline has two stretches of them, four weeks.
        placebos: number of stretches of the baseline that the method was tried on.
        promised_krw: saving that a plan promised; None where none was executed.
    """

    plant: str
    baseline: tuple[dt.date, dt.date]
    period: tuple[dt.date, dt.date]
    left_out: tuple[tuple[dt.date, str], ...]
    confidence: float
    energy: Saving
    cost: Saving
    fits: tuple[Fit, ...]
    placebos: int
    promised_krw: float | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a saving in money is shown: its interval lies above zero."""
        return self.cost.verdict == "saved"

    @property
    def words(self) -> tuple[str, ...]:
        """All that a reader must know, in sentences."""
        first, last = self.baseline
        head = (
            f"Expected is the mean of each hour by kind of day from {first} to {last}; intervals hold "
            f"{percent(self.confidence, 0)}."
        )
        promise = () if self.promised_krw is None else (self._promise(),)
        left_out = tuple(f"{date} is left out: {why}." for date, why in self.left_out)
        return (head, f"Energy: {self.energy.words}", f"Cost: {self.cost.words}", *promise, *self._quality(), *left_out)

    def _promise(self) -> str:
        low, high = self.cost.interval
        promised = self.promised_krw or 0.0
        is_within = low <= promised <= high
        agrees = "lies within" if is_within else "lies outside"
        verified = "is verified" if self.is_verified else "is not verified"
        return f"The plan promised {number(promised)} KRW, which {agrees} the interval; its saving {verified}."

    def _quality(self) -> tuple[str, ...]:
        words = []
        for fit in self.fits:
            if fit.meets_guideline is not None:
                keeps = "within" if fit.meets_guideline else "beyond"
                name = fit.resolution.replace("_", " ")
                words.append(
                    f"By {name} the model's CV(RMSE) is {percent(fit.cv_rmse)} and its NMBE {percent(fit.nmbe)}, "
                    f"{keeps} the limits of ASHRAE Guideline 14."
                )
        if self.placebos < FEWEST_PLACEBOS:
            words.append(
                "The baseline is too short to try the method on itself; the intervals come from its days and weeks."
            )
        return tuple(words)
