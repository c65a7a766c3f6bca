"""The boosted models on ONNX Runtime beside their makers' own engines: how equal, how fast, how large.

The virtual meter's two sets of trees and the forecasters' trees for the next interval and for the rest of the first
day, by LightGBM and XGBoost, trained as in a build. Equality is the largest relative difference over 10,000 rows of
the plant's own features; times are medians on one thread. Needs the published CSV.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import polars as pl
from libraries.lacks import published

from steel_energy.cleaning import clean, place
from steel_energy.features import FeatureBuilder
from steel_energy.forecasting import KINDS
from steel_energy.forecasting.boosting import sample_rows
from steel_energy.meter import shown_beside_usage
from steel_energy.nowcasting.bundle import example_features
from steel_energy.nowcasting.model import PARTS, fit_model
from steel_energy.onnx_export import export_booster, export_two_states, is_equal, onnx_engine
from steel_energy.params import Params, load_params
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site, load_sites
from steel_energy.sources.file import read_csv
from steel_energy.timeline import MAX_HORIZON, build_timeline

ROWS, BATCH = 10_000, 1000
LAST_LEADS = (1, 96)
REPEATS = 200
Predict = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    site, params = load_sites(settings)["gwangyang"], load_params(settings.params_file)
    raw = read_csv(csv, plant=site.plant).rows
    readings = clean(place(raw, site.plant), plant=site.plant, tariff=site.tariff).readings
    print(
        "| trees | rows | largest relative difference | 1 row: native us | ONNX us | 1,000 rows: native ms | ONNX ms |",
        end="",
    )
    print(" ONNX MB |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, predict, exported, features in models(readings, site, params, Path(folder)):
            engine = onnx_engine(exported)
            found = is_equal(predict(features).astype(float), engine(features))
            times = [microseconds(ask, features[:rows]) for rows in (1, BATCH) for ask in (predict, engine)]
            print(f"| {name} | {len(features):,} | {found.actual}{'' if found.passed else ' NOT EQUAL'} |", end="")
            print(f" {times[0]:.0f} | {times[1]:.0f} | {times[2] / 1000:.1f} | {times[3] / 1000:.1f} |", end="")
            print(f" {exported.stat().st_size / 1e6:.1f} |", flush=True)


def models(
    readings: pl.DataFrame, site: Site, params: Params, folder: Path
) -> Iterator[tuple[str, Predict, Path, np.ndarray]]:
    """Name, the makers' own engine, the same model as ONNX, and features."""
    usage_kwh = readings["usage_kwh"].to_numpy()
    meter = fit_model(shown_beside_usage(readings), usage_kwh, plant=site.plant, params=params.nowcasting)
    features = example_features(meter, readings)
    for part in PARTS:
        exported = export_booster(lgb.Booster(model_str=meter.texts[part]), folder / f"{part}.onnx")
        yield f"virtual meter, {part}", meter.trees[part], exported, features
    builder = FeatureBuilder(build_timeline(readings, plant=site.plant, tariff=site.tariff, ahead=MAX_HORIZON))
    for leads in (leads for leads in params.forecasting.boosting.lead_ranges if leads.last in LAST_LEADS):
        rows = sample_rows(builder, leads, params=params.forecasting)
        some = np.random.default_rng(1).choice(len(rows.features), ROWS, replace=False)
        for kind in ("lightgbm", "xgboost"):
            blank: Any = KINDS[kind](plant=site.plant, tariff=site.tariff, params=params.forecasting)
            trees = blank.grow(leads, rows, np.arange(len(rows.features)))
            exported = export_two_states(trees, folder / f"{kind}.onnx")
            yield f"{kind}, leads {leads.first} to {leads.last}", trees.predict, exported, rows.features[some]


def microseconds(predict: Predict, features: np.ndarray) -> float:
    """Median time of a call."""
    times = []
    for _ in range(REPEATS if len(features) == 1 else REPEATS // 10):
        started = time.perf_counter()
        predict(features)
        times.append(time.perf_counter() - started)
    return 1e6 * statistics.median(times)


if __name__ == "__main__":
    main()
