"""What must hold of readings, each rule as one function that returns a finding: expected, actual, passed.

The rules are derived from ``schema.py`` and ``meter.py``, not written a second time. Nothing is repaired here
(``cleaning`` does that), and nothing is decided: whether a failed finding stops a run is the caller's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from steel_energy.calendar import interval_grid
from steel_energy.features import origin_features
from steel_energy.meter import EQUAL_WITHIN, co2_t, on_pulse_grid, power_factor_percent
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, MEASURED, READINGS
from steel_energy.tariff import Tariff

LEAK_PROBES = 4  # origins of a frame that are rebuilt without their future
NAMED_VALUES = 5  # offending values that a finding spells out


@dataclass(frozen=True)
class Finding:
    """The outcome of one rule.

    Attributes:
        passed: whether the rule holds.
        expected: what should be, in words.
        actual: what is, in words and figures.
    """

    passed: bool
    expected: str
    actual: str


def findings_of(
    readings: pl.DataFrame, plant: Plant, *, start: dt.datetime, end: dt.datetime, max_breach_share: float
) -> dict[str, Finding]:
    """What must hold of cleaned readings of ``[start, end)``, by the names that the checks of the build have too."""
    return {
        "complete": is_complete(readings, [column.name for column in READINGS]),
        "range": is_within_range(readings),
        "grid": is_on_grid(readings, start=start, end=end, zone=plant.zone),
        "monotone_time": is_monotone(readings),
        "no_duplicates": has_no_duplicates(readings),
        "physics": obeys_physics(readings, plant, max_breach_share=max_breach_share),
    }


def has_schema(frame: pl.DataFrame, expected: pl.Schema) -> Finding:
    """The columns are those of ``expected``, in its order and with its types."""
    wrong = [f"{name} missing" for name in expected if name not in frame.schema]
    wrong += [f"{name} unexpected" for name in frame.schema if name not in expected]
    wrong += [
        f"{name} is {frame.schema[name]}, not {dtype}"
        for name, dtype in expected.items()
        if name in frame.schema and frame.schema[name] != dtype
    ]
    return Finding(not wrong, ", ".join(expected), "; ".join(wrong) or "the same")


def is_complete(frame: pl.DataFrame, columns: list[str]) -> Finding:
    """No cell of ``columns`` is empty or not a number."""
    floats = {name for name in columns if frame.schema[name].is_float()}
    empty = {
        name: int(frame[name].null_count() + (frame[name].is_nan().sum() if name in floats else 0)) for name in columns
    }
    return Finding(not any(empty.values()), "no empty cell", _counts(empty) or "none empty")


def is_within_range(frame: pl.DataFrame) -> Finding:
    """Every measured value lies between the bounds that the schema declares."""
    outside = {
        column.name: frame.filter(~pl.col(column.name).is_between(_low(column.lower), _high(column.upper))).height
        for column in MEASURED
    }
    bounds = ", ".join(f"{c.name} {_low(c.lower):g} to {_high(c.upper):g} {c.unit}" for c in MEASURED)
    return Finding(not any(outside.values()), bounds, _counts(outside) or "all inside")


def is_on_grid(frame: pl.DataFrame, *, start: dt.datetime, end: dt.datetime, zone: str) -> Finding:
    """There is a row for every 15-minute interval of ``[start, end)`` and none beside them."""
    grid = interval_grid(start, end, zone=zone)
    present = frame["interval_start"]
    missing = grid.filter(~grid.is_in(present.implode()))
    stray = present.filter(~present.is_in(grid.implode()))
    return Finding(
        missing.is_empty() and stray.is_empty(),
        f"{grid.len():,} intervals from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
        f"{missing.len()} missing{_named(missing)}, {stray.len()} stray{_named(stray)}",
    )


def is_monotone(frame: pl.DataFrame) -> Finding:
    """Time never runs backwards from row to row."""
    backwards = frame.filter(pl.col("interval_start").diff() < dt.timedelta(0))["interval_start"]
    return Finding(backwards.is_empty(), "no step back in time", f"{backwards.len()} steps back{_named(backwards)}")


def has_no_duplicates(frame: pl.DataFrame) -> Finding:
    """No interval stands twice."""
    twice = frame.filter(pl.col("interval_start").is_duplicated())["interval_start"].unique().sort()
    return Finding(twice.is_empty(), "every interval once", f"{twice.len()} intervals repeated{_named(twice)}")


def obeys_physics(frame: pl.DataFrame, plant: Plant, *, max_breach_share: float) -> Finding:
    """The display is consistent: energies on the pulse grid, power factors and CO2 as computed from them.

    Args:
        frame: readings of the data contract.
        plant: whose meter it is.
        max_breach_share: share of broken identities (0-1) that is still a pass.
    """
    breaches = {name: int(broken.sum()) for name, broken in _broken_identities(frame, plant).items()}
    share = sum(breaches.values()) / max(1, len(breaches) * frame.height)
    return Finding(
        share <= max_breach_share,
        f"at most {max_breach_share:.2%} of the identities broken",
        f"{share:.4%} broken{f' ({_counts(breaches)})' if share else ''}",
    )


def is_little_repaired(
    repairs: pl.DataFrame, readings: pl.DataFrame, *, max_share: float, absent: Collection[str] = ()
) -> Finding:
    """At most ``max_share`` (0-1) of the measured cells of ``readings`` stand in ``repairs``.

    Columns that are ``absent`` from the export do not count: there was nothing to repair.
    """
    measured = [column.name for column in MEASURED if column.name not in absent]
    cells = repairs.filter(pl.col("column").is_in(measured)).select("interval_start", "column").unique().height
    share = cells / max(1, readings.height * len(measured))
    return Finding(
        share <= max_share, f"at most {max_share:.1%} of the cells repaired", f"{share:.2%} ({cells:,} cells)"
    )


def is_match(match: dict[str, float], *, min_share: float) -> Finding:
    """The readings agree with a reference, ``match`` being the share of equal cells by column and under ``all``."""
    worst = ", ".join(f"{name} {share:.3%}" for name, share in sorted(match.items(), key=lambda item: item[1]))
    return Finding(match["all"] >= min_share, f"at least {min_share:.1%} of the cells equal", worst)


def covers_every_reading(features: pl.DataFrame, readings: pl.DataFrame) -> Finding:
    """There is one row of ``features``, by its ``origin``, for the end of every one of ``readings``."""
    ends = readings.select(pl.col("interval_start") + INTERVAL).to_series()
    lacking = ends.filter(~ends.is_in(features["origin"].implode()))
    passed = lacking.is_empty() and features.height == readings.height
    return Finding(
        passed, f"{readings.height:,} rows", f"{features.height:,} rows, {lacking.len()} ends lack{_named(lacking)}"
    )


def leaks_nothing(features: pl.DataFrame, readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> Finding:
    """Rows of ``features`` stay the same when every reading at or after their origin is taken away.

    Args:
        features: one row for each origin, in time order; a few of them are tried.
        readings: the history that they were built from, and what follows.
        plant: whose readings they are.
        tariff: of the plant.
    """
    tried = features.gather_every(max(1, features.height // LEAK_PROBES), offset=features.height // LEAK_PROBES // 2)
    leaking = [
        row["origin"] for row in tried.iter_rows(named=True) if not _same_without_future(row, readings, plant, tariff)
    ]
    return Finding(
        not leaking,
        "the same features without the future",
        f"{len(leaking)} of {tried.height} differ{_named(pl.Series(leaking, dtype=features.schema['origin']))}",
    )


def _same_without_future(row: dict[str, Any], readings: pl.DataFrame, plant: Plant, tariff: Tariff) -> bool:
    past = readings.filter(pl.col("interval_start") < row["origin"])
    rebuilt = origin_features(past, plant=plant, tariff=tariff).tail(1)
    stored = pl.DataFrame([row], schema_overrides=rebuilt.schema).select(rebuilt.columns)
    return stored.equals(rebuilt, null_equal=True)


def _broken_identities(frame: pl.DataFrame, plant: Plant) -> dict[str, np.ndarray]:
    usage = frame["usage_kwh"].to_numpy()
    broken = {"co2_t": _differs(frame["co2_t"], co2_t(usage, plant.meter))}
    for name in ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh"):
        broken[name] = ~on_pulse_grid(frame[name].to_numpy(), plant.meter)
    for side in ("lagging", "leading"):
        shown = power_factor_percent(usage, frame[f"{side}_reactive_kvarh"].to_numpy())
        broken[f"{side}_power_factor"] = _differs(frame[f"{side}_power_factor"], shown)
    return broken


def _differs(shown: pl.Series, computed: np.ndarray) -> np.ndarray:
    # Computed from two rounded figures, a value may fall on the other side of a rounding edge: allow one last digit.
    return np.asarray(np.abs(shown.to_numpy() - computed) > 2 * EQUAL_WITHIN)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count:,}" for name, count in counts.items() if count)


def _named(times: pl.Series) -> str:
    if times.is_empty():
        return ""
    named = ", ".join(f"{time:%Y-%m-%d %H:%M}" for time in times.head(NAMED_VALUES))
    return f" ({named}{', …' if times.len() > NAMED_VALUES else ''})"


def _low(bound: float | None) -> float:
    return -np.inf if bound is None else bound


def _high(bound: float | None) -> float:
    return np.inf if bound is None else bound
