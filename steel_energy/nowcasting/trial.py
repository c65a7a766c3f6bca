"""How well the nowcast does where readings get worse: a table with a row for each roughening, and what must hold of it.

Beside the virtual meter stand physics alone and boosted trees on the raw columns, which learn from the same roughened
readings and see the calendar too: what is better than they are, the physics adds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.meter import INPUTS, Readings, shown_beside_usage
from steel_energy.nowcasting import Nowcast, nowcast
from steel_energy.nowcasting.model import Trees, UsageModel, boost, fit_model, native_trees
from steel_energy.nowcasting.roughening import ROUGHENINGS, mixed
from steel_energy.params import NowcastParams
from steel_energy.plant import Plant
from steel_energy.quality import Finding

TEST_SHARE = 0.25
"""Newest part of the readings, which nothing is fitted on."""
COVERAGE_TOLERANCE = 0.10
"""By which the model's bounds may miss their nominal coverage: no reading tells how rough exactly it is."""
FEW = 0.5
"""With more consistent readings than this the others are too few to judge by."""
EDGE = 1e-9  # a breath for floating point at the ends of the bounds


@dataclass(frozen=True)
class RawTrees:
    """LightGBM on the readings as they are and the calendar, fitted on the same roughened readings as the model."""

    trees: Trees

    @classmethod
    def fit(cls, readings: Readings, usage_kwh: FloatArray, calendar: FloatArray, *, params: NowcastParams) -> RawTrees:
        """Train; ``calendar`` as ``calendar_columns`` gives it."""
        random = np.random.default_rng(params.seed)
        tables = [readings, *(mixed(readings, random) for _ in range(params.copies))]
        columns = np.vstack([_raw_columns(table, calendar) for table in tables])
        settings = {"objective": "l2", "num_iterations": params.trees}
        return cls(native_trees(boost(columns, np.tile(usage_kwh, len(tables)), params, settings)))

    def predict(self, readings: Readings, calendar: FloatArray) -> FloatArray:
        """Usage in kWh, shape (rows,)."""
        return self.trees(_raw_columns(readings, calendar))


def calendar_columns(readings: pl.DataFrame) -> FloatArray:
    """Minute of the day, weekday and load type of readings in the data contract, shape (rows, 3)."""
    start = pl.col("interval_start").dt
    return readings.select(
        minute=start.hour().cast(pl.Float64) * 60 + start.minute(),
        weekday=start.weekday().cast(pl.Float64),
        load_type=pl.col("load_type").to_physical().cast(pl.Float64),
    ).to_numpy()


def error_table(readings: pl.DataFrame, *, plant: Plant, params: NowcastParams) -> pl.DataFrame:
    """Fit on the older readings and make the newest quarter worse in every way.

    Args:
        readings: cleaned readings in the data contract, in time order.
        plant: whose meter.
        params: how to train.

    Returns:
        A row for each of ``ROUGHENINGS``: ``roughening``; ``model_share`` (0-1) of readings that the model answered;
        ``physics_rmse_kwh``, ``raw_trees_rmse_kwh``, ``rmse_kwh`` and ``mae_kwh`` of the virtual meter; ``coverage``
        (0-1) and ``width_kwh`` of its bounds where readings are not consistent; ``consistent_share`` and
        ``consistent_coverage`` (0-1) where they are. NaN where there are no such readings.
    """
    usage, shown = readings["usage_kwh"].to_numpy(), shown_beside_usage(readings)
    calendar = calendar_columns(readings)
    end = usage.size - int(TEST_SHARE * usage.size)
    seen, unseen = ({name: values[part] for name, values in shown.items()} for part in (slice(end), slice(end, None)))
    model = fit_model(seen, usage[:end], plant=plant, params=params)
    raw = RawTrees.fit(seen, usage[:end], calendar[:end], params=params)
    rows = []
    for place, roughening in enumerate(ROUGHENINGS):
        rough = roughening.apply(unseen, np.random.default_rng([params.seed, place]))
        raw_error_kwh = raw.predict(rough, calendar[end:]) - usage[end:]
        scores = _scores(rough, usage[end:], plant, model)
        rows.append({"roughening": roughening.name, "raw_trees_rmse_kwh": _rms(raw_error_kwh), **scores})
    return pl.DataFrame(rows)


def bounds_hold(readings: pl.DataFrame, plant: Plant) -> Finding:
    """Of readings that are consistent, the usage lies within the bounds: they are certain, not likely."""
    found, usage = nowcast(shown_beside_usage(readings), plant), readings["usage_kwh"].to_numpy()
    outside = np.count_nonzero(found.consistent & ~_inside(found, usage))
    return Finding(
        not outside,
        "the usage within the bounds wherever readings are consistent",
        f"{outside} of {np.count_nonzero(found.consistent):,} outside",
    )


def beats_raw_trees(table: pl.DataFrame) -> Finding:
    """The virtual meter has a smaller error than trees on the raw columns, whatever happened to the readings."""
    worse = table.filter(pl.col("rmse_kwh") >= pl.col("raw_trees_rmse_kwh"))["roughening"].to_list()
    ratio = (table["rmse_kwh"] / table["raw_trees_rmse_kwh"]).to_numpy()
    return Finding(
        not worse,
        "a smaller RMSE than trees on the raw columns under each roughening",
        f"{ratio.min():.0%} to {ratio.max():.0%} of theirs, larger under: {', '.join(worse) or 'none'}",
    )


def beats_physics(table: pl.DataFrame) -> Finding:
    """The model does not spoil what physics alone knows."""
    worse = table.filter(pl.col("rmse_kwh") > pl.col("physics_rmse_kwh") + EDGE)["roughening"].to_list()
    return Finding(not worse, "no RMSE above that of physics alone", f"above it: {', '.join(worse) or 'none'}")


def covers(table: pl.DataFrame, *, nominal: float) -> Finding:
    """The model's bounds hold about the share of readings that they promise, under each roughening."""
    shares = table.filter(pl.col("consistent_share") < FEW)["coverage"].to_numpy()
    return Finding(
        bool((np.abs(shares - nominal) <= COVERAGE_TOLERANCE).all()),
        f"{nominal:.0%}, give or take {COVERAGE_TOLERANCE:.0%}",
        f"{shares.min():.1%} to {shares.max():.1%}",
    )


def _scores(rough: Readings, usage_kwh: FloatArray, plant: Plant, model: UsageModel) -> dict[str, float]:
    physics, virtual = nowcast(rough, plant), nowcast(rough, plant, model)
    inside, consistent = _inside(virtual, usage_kwh), virtual.consistent
    error = virtual.usage_kwh - usage_kwh
    return {
        "physics_rmse_kwh": _rms(physics.usage_kwh - usage_kwh),
        "rmse_kwh": _rms(error),
        "mae_kwh": _mean(np.abs(error)),
        "model_share": _share(virtual.method == "model"),
        "coverage": _share(inside[~consistent]),
        "width_kwh": _mean((virtual.upper_kwh - virtual.lower_kwh)[~consistent]),
        "consistent_share": _share(consistent),
        "consistent_coverage": _share(inside[consistent]),
    }


def _inside(found: Nowcast, usage_kwh: FloatArray) -> BoolArray:
    """Whether the usage lies within the bounds; never where there are none."""
    inside: BoolArray = (found.lower_kwh - EDGE <= usage_kwh) & (usage_kwh <= found.upper_kwh + EDGE)
    return inside


def _rms(error: FloatArray) -> float:
    return float(np.sqrt(_mean(error**2)))


def _mean(values: FloatArray) -> float:
    """Over the readings that have an answer; NaN where none has."""
    answered = values[~np.isnan(values)]
    return float(answered.mean()) if answered.size else float("nan")


def _share(chosen: BoolArray) -> float:
    return _mean(chosen.astype(float))


def _raw_columns(readings: Readings, calendar: FloatArray) -> FloatArray:
    return np.column_stack([*(readings[name] for name in INPUTS), calendar])
