"""Building features beside general tools: the plain windows of `steel_energy.features`, and how long each tool takes.

The same fifteen features (usage some steps back; means, spreads, lowest and highest of the last hours and days) are
built by pandas, by DuckDB's SQL and by mlforecast's lag transforms, and must come out equal. Ours builds with them what
needs the plant's calendar (usual days, closed days), which the others do not. Each runs in one process; of ``--runs``
the fastest counts. Needs the extra ``bench``; ``--write`` puts the table into ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from functools import partial

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from growth import gwangyang
from libraries.machine import bytes_per_s, fastest_s
from libraries.results import PAGE, Result, keep
from libraries.tables import markdown, put
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMax, RollingMean, RollingMin, RollingStd

from steel_energy.arrays import FloatArray
from steel_energy.features import RECENT, SPREADS, WINDOWS, origin_features
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.simulation.plant import simulate

YEAR = (dt.date(2018, 1, 1), dt.date(2019, 1, 1))
SEED = 1
NEAR_KWH = 1e-5  # some tools add in another order, some update a window by its ends
PLAIN = (
    *(f"usage_{steps}_back_kwh" for steps in RECENT),
    *(f"mean_{name}_kwh" for name in WINDOWS),
    *(f"spread_{name}_kwh" for name in SPREADS),
    "lowest_1h_kwh",
    "highest_1d_kwh",
)


def ours(readings: pl.DataFrame) -> pl.DataFrame:
    """All of our features of an origin, the plain ones first."""
    plant, tariff = gwangyang()
    features = origin_features(readings, plant=plant, tariff=tariff)
    return features.select(*PLAIN, *(name for name in features.columns if name not in (*PLAIN, "origin")))


def with_pandas(readings: pl.DataFrame) -> pl.DataFrame:
    """Rolling windows over a series that ends with the interval before the origin."""
    usage = pd.Series(readings["usage_kwh"].to_numpy())
    columns = {f"usage_{steps}_back_kwh": usage.shift(steps - 1) for steps in RECENT}
    columns |= {f"mean_{name}_kwh": usage.rolling(size).mean() for name, size in WINDOWS.items()}
    columns |= {f"spread_{name}_kwh": usage.rolling(size).std(ddof=0) for name, size in SPREADS.items()}
    columns["lowest_1h_kwh"] = usage.rolling(INTERVALS_PER_HOUR).min()
    columns["highest_1d_kwh"] = usage.rolling(INTERVALS_PER_DAY).max()
    return pl.DataFrame({name: column.to_numpy() for name, column in columns.items()})


def with_duckdb(readings: pl.DataFrame) -> pl.DataFrame:
    """Window functions; the first rows, which SQL gives from part of a window, are left out when compared."""

    def over(function: str, size: int) -> str:
        return f"{function}(usage_kwh) OVER (ORDER BY label ROWS {size - 1} PRECEDING)"

    columns = [f"lag(usage_kwh, {steps - 1}) OVER (ORDER BY label) AS usage_{steps}_back_kwh" for steps in RECENT]
    columns += [f"{over('avg', size)} AS mean_{name}_kwh" for name, size in WINDOWS.items()]
    columns += [f"{over('stddev_pop', size)} AS spread_{name}_kwh" for name, size in SPREADS.items()]
    columns += [f"{over('min', INTERVALS_PER_HOUR)} AS lowest_1h_kwh"]
    columns += [f"{over('max', INTERVALS_PER_DAY)} AS highest_1d_kwh"]
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("readings", readings.select(label="interval_start", usage_kwh="usage_kwh").to_arrow())
        select = f"SELECT {', '.join(columns)} FROM readings ORDER BY label"  # noqa: S608 - made of the names above
        return database.sql(select).pl()


def with_mlforecast(readings: pl.DataFrame) -> pl.DataFrame:
    """Lags and lag transforms, as `MLForecast.preprocess` gives them; a row is what its origin begins."""
    transforms = [RollingMean(size) for size in WINDOWS.values()] + [RollingStd(size) for size in SPREADS.values()]
    transforms += [RollingMin(INTERVALS_PER_HOUR), RollingMax(INTERVALS_PER_DAY)]
    forecast = MLForecast(models=[], freq="15m", lags=list(RECENT), lag_transforms={1: transforms})
    frame = readings.select(pl.lit("plant").alias("unique_id"), ds="interval_start", y="usage_kwh")
    built = forecast.preprocess(frame, dropna=False).drop("unique_id", "ds", "y")
    sample = [np.sqrt((size - 1) / size) for size in SPREADS.values()]  # its spread is that of a sample
    spreads = [len(RECENT) + len(WINDOWS) + n for n in range(len(SPREADS))]
    scale = dict(zip(spreads, sample, strict=True))
    return built.select(
        (pl.col(column) * scale.get(n, 1.0)).shift(-1).alias(name)
        for n, (column, name) in enumerate(zip(built.columns, PLAIN, strict=True))
    )


TOOLS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "ours, with the calendar's": ours,
    "pandas": with_pandas,
    "DuckDB": with_duckdb,
    "mlforecast": with_mlforecast,
}


def furthest(built: pl.DataFrame, reference: pl.DataFrame) -> float:
    """The largest difference of the plain features where both have whole windows (kWh)."""
    first, last = max(WINDOWS.values()), reference.height - 1  # mlforecast has no row for the last origin
    apart: FloatArray = np.abs(
        built.select(PLAIN).slice(first, last - first).to_numpy()
        - reference.select(PLAIN).slice(first, last - first).to_numpy()
    )
    return float(apart.max())


def result(took_s: dict[str, float], widths: dict[str, int], *, moved_bytes: float, rows: int) -> Result:
    """The line of the summary: ours, the fastest other, and what moving readings and features alone takes."""
    each_us = {name: 1e6 * took / widths[name] / rows for name, took in took_s.items()}
    own = next(iter(TOOLS))
    peer = min((name for name in each_us if name != own), key=each_us.__getitem__)
    return Result(
        what="features: CPU µs a row and feature",
        ours=each_us[own],
        peer=peer,
        theirs=each_us[peer],
        limit=1e6 * moved_bytes / bytes_per_s() / widths[own] / rows,
        limited_by="readings read and features written once",
        digits=3,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    plant, tariff = gwangyang()
    readings = pl.concat(simulate(plant, tariff, start=YEAR[0], end=YEAR[1], seed=SEED))
    reference = ours(readings)
    rows, took_s, widths = [], {}, {}
    for name, build in TOOLS.items():
        built = build(readings)
        if (apart := furthest(built, reference)) > NEAR_KWH:
            raise AssertionError(f"{name} differs by {apart} kWh")
        took = took_s[name] = fastest_s(partial(build, readings), runs=options.runs)
        widths[name] = built.width
        rows.append((name, str(built.width), f"{1000 * took:,.0f}", f"{1e6 * took / built.width / built.height:,.3f}"))
    table = markdown(("tool", "features", "CPU ms a plant-year", "CPU µs a row and feature"), rows)
    print(table)
    if options.write:
        put(PAGE, "features: benchmarks/features.py --write", table)
        moved_bytes = readings.estimated_size() + reference.estimated_size()
        found = result(took_s, widths, moved_bytes=moved_bytes, rows=readings.height)
        keep([found])


if __name__ == "__main__":
    main()
