"""What a champion's backtest leads to expect of a week: how large its errors usually are, and how far weeks differ.

Hours are compared with their like: an hour of the clock on open days, or on closed ones. So a week of holidays, when
the plant stands, is not measured by weeks of work, nor the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.calendar import known_ahead
from steel_energy.schema import DAYS_PER_WEEK
from steel_energy.sites import Site

BAND = ("q05", "q95")
"""Quantiles around nine readings in ten."""
FIGURES = ("squared", "absolute", "outside")
"""Of each forecast interval: its squared and its absolute error, in kWh² and kWh, whether it lay outside the band."""
KIND = ("is_closed", "hour")
FEWEST_WEEKS = 3  # fewer say nothing of how far weeks differ


@dataclass(frozen=True)
class Means:
    """Means of ``FIGURES`` over some intervals, the squared error's root taken.

    Attributes:
        rmse_kwh: root of the mean squared error.
        mae_kwh: mean absolute error.
        outside_share: share of readings outside the band, 0 to 1.
    """

    rmse_kwh: float
    mae_kwh: float
    outside_share: float

    def ratios(self, to: Means) -> Means:
        """Each figure as a multiple of another's, none of which is 0."""
        return Means(*(mine / other for mine, other in zip(self.values, to.values, strict=True)))

    @property
    def values(self) -> tuple[float, float, float]:
        """The three figures."""
        return self.rmse_kwh, self.mae_kwh, self.outside_share


SMALLEST_USUAL = Means(rmse_kwh=0.01, mae_kwh=0.01, outside_share=0.01)
"""Nothing smaller counts as usual: what the display shows at least, and a band that hardly ever misses. Else a plant
that was foretold without an error would have degraded with its first one."""


@dataclass(frozen=True)
class Expectation:
    """What is usual for some intervals, and the highest multiple of it that a stable week reaches.

    Attributes:
        usual: of intervals of these kinds.
        limits: multiples of ``usual`` that a stable week stays below, by the chance that was given; infinite where too
            few weeks tell.
    """

    usual: Means
    limits: Means


def measured(backtested: pl.DataFrame, site: Site) -> pl.DataFrame:
    """``FIGURES`` of each row of a backtest, beside its kind of hour.

    Args:
        backtested: as ``evaluation.backtest`` returns it.
        site: tells open days from closed ones.

    Returns:
        ``origin``, ``lead``, ``interval_start``, ``error_kwh`` (forecast less measured), ``KIND``, ``FIGURES``.
    """
    targets = backtested["interval_start"].unique().sort()
    kinds = known_ahead(targets, plant=site.plant, tariff=site.tariff).select("interval_start", "is_closed")
    error, usage = pl.col("mean_kwh") - pl.col("usage_kwh"), pl.col("usage_kwh")
    return backtested.join(kinds, on="interval_start", how="left", maintain_order="left").select(
        "origin",
        "lead",
        "interval_start",
        error_kwh=error,
        is_closed=pl.col("is_closed"),
        hour=pl.col("interval_start").dt.hour(),
        squared=error**2,
        absolute=error.abs(),
        outside=(~usage.is_between(*BAND)).cast(pl.Float64),
    )


def means(rows: pl.DataFrame) -> Means:
    """The figures of rows of ``measured``, at least one."""
    squared, absolute, outside = rows.select(pl.col(FIGURES).mean()).row(0)
    return Means(float(np.sqrt(squared)), absolute, outside)


def expectation(rows: pl.DataFrame, reference: pl.DataFrame, *, chance: float) -> Expectation:
    """What ``reference`` leads to expect of the hours of ``rows``.

    Args:
        rows: of ``measured``: the week that is judged.
        reference: of ``measured``: the champion's backtest, without that week.
        chance: by which one more stable week may exceed a limit.
    """
    weeks = [means(week).ratios(to=_usual(week, reference)) for week in _weeks(reference)]
    return Expectation(_usual(rows, reference), Means(*(_limit(ratios, chance) for ratios in _columns(weeks))))


def _usual(rows: pl.DataFrame, reference: pl.DataFrame) -> Means:
    """The reference's figures in the mix of hours of ``rows``; an hour of a kind that it lacks counts as any day's."""
    # in a fixed order throughout: sums of floats depend on it, and a week told twice has to say the same
    of_kind, of_hour = (
        reference.group_by(keys, maintain_order=True).agg(pl.col(FIGURES).mean()) for keys in (KIND, ["hour"])
    )
    counted = rows.select(KIND).join(of_kind, on=KIND, how="left", maintain_order="left")
    either = counted.join(of_hour, on="hour", how="left", suffix="_any", maintain_order="left")
    found = means(either.select(pl.coalesce(name, f"{name}_any").alias(name) for name in FIGURES))
    return Means(*(max(pair) for pair in zip(found.values, SMALLEST_USUAL.values, strict=True)))


def _weeks(reference: pl.DataFrame) -> list[pl.DataFrame]:
    """Seven days of origins each, those at the end that make no whole week left out."""
    number = (pl.col("origin") - pl.col("origin").min()).dt.total_days() // DAYS_PER_WEEK
    weeks = reference.with_columns(week=number).partition_by("week", maintain_order=True)
    most = max((week["origin"].n_unique() for week in weeks), default=0)
    return [week for week in weeks if week["origin"].n_unique() == most]


def _columns(weeks: list[Means]) -> list[list[float]]:
    return [list(column) for column in zip(*(week.values for week in weeks), strict=True)] or [[], [], []]


def _limit(ratios: list[float], chance: float) -> float:
    """Upper end of where the next ratio lies, were they spread normally; infinite where there are too few.

    >>> round(_limit([0.9, 1.0, 1.1], 0.05), 3)
    1.337
    """
    from scipy.stats import t  # noqa: PLC0415 - takes half a second, and parameters are read everywhere

    if len(ratios) < FEWEST_WEEKS:
        return np.inf
    spread = float(np.std(ratios, ddof=1)) * np.sqrt(1 + 1 / len(ratios))
    return float(np.mean(ratios) + t.ppf(1 - chance, len(ratios) - 1) * spread)
