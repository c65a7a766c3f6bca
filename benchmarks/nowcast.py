"""Virtual meter on the published data set: error over all rows and the last quarter, coverage of the bounds, time.

Beside it stands the published best of the same task (CUBIST, random 75/25 split; Sathishkumar et al. 2021), which was
trained where the virtual meter is not. Needs ``STEEL_SOURCE`` to name the published CSV.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from steel_energy.cleaning.cells import read_numbers
from steel_energy.meter import virtual_meter
from steel_energy.plant import load_plant
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import RAW_NUMBERS

LAST_QUARTER_ROWS = 8760
REPEATS = 5


def main() -> None:
    settings = SteelSettings()
    if not Path(settings.source).is_file():
        sys.exit("set STEEL_SOURCE to the published CSV")
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    raw = read_csv(Path(settings.source)).rows
    rows = raw.with_columns(read_numbers(raw[name]).alias(name) for name in RAW_NUMBERS)
    usage_kwh = rows["usage_kwh"].to_numpy()
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        nowcast = virtual_meter(rows.drop("usage_kwh"), plant)
        seconds.append(time.perf_counter() - started)
    error_kwh = nowcast["predicted_usage_kwh"].to_numpy() - usage_kwh
    inside = (nowcast["lower_kwh"].to_numpy() <= usage_kwh) & (usage_kwh <= nowcast["upper_kwh"].to_numpy())
    print("| | RMSE kWh | MAE kWh |")
    print("|---|---|---|")
    print("| CUBIST, published, random 75/25 | 0.2410 | 0.0547 |")
    print(f"| virtual meter, all {usage_kwh.size} rows | {rmse(error_kwh):.4f} | {np.abs(error_kwh).mean():.4f} |")
    last = error_kwh[-LAST_QUARTER_ROWS:]
    print(f"| virtual meter, last {last.size} rows | {rmse(last):.4f} | {np.abs(last).mean():.4f} |")
    print(f"one candidate in {100 * (nowcast['candidates'] == 1).mean():.1f} % of rows")
    print(f"bounds contain the truth in {100 * inside.mean():.2f} % of rows")
    print(f"readings that contradict each other: {(~nowcast['consistent']).sum()}")
    print(f"{usage_kwh.size} rows in {min(seconds) * 1000:.0f} ms (best of {REPEATS})")


def rmse(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


if __name__ == "__main__":
    main()
