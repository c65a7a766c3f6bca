"""How fast the service answers: one client, one request after the other, over HTTP on this machine.

Starts the real service over the data folder, asks each route many times and prints median and 95th percentile in
milliseconds. Needs readings and a champion: run ``make build`` first.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
from libraries.lacks import require_built

from steel_service.testing import running_service

ROW = {
    "lagging_reactive_power": 2.95,
    "leading_reactive_power": 0.0,
    "co2": 0.0,
    "lagging_power_factor": 0.7321,
    "leading_power_factor": 1.0,
    "nsm": 900,
    "day_of_week": 0,
    "load_type": "Light",
}
BATCH_ROWS = 10_000


def measure(name: str, ask: Callable[[], httpx.Response], *, repeats: int) -> None:
    for _ in range(max(repeats // 10, 1)):
        ask().raise_for_status()
    milliseconds = [timed(ask) for _ in range(repeats)]
    p50, p95 = np.percentile(milliseconds, [50, 95])
    print(f"{name:34} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   ({repeats} requests)")


def timed(ask: Callable[[], httpx.Response]) -> float:
    start = time.perf_counter()
    ask().raise_for_status()
    return 1000 * (time.perf_counter() - start)


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_service(Path(scratch) / "api.log", environment={}) as service,
        httpx.Client(base_url=service.url, timeout=60) as client,
    ):
        health = client.get("/health").json()
        require_built(health)
        print(f"champion {health['champion']['model']}, readings until {health['readings_until']}")
        measure("POST /predict", lambda: client.post("/predict", json=ROW), repeats=500)
        batch = {"rows": [ROW] * BATCH_ROWS}
        measure(
            f"POST /predict/batch, {BATCH_ROWS} rows", lambda: client.post("/predict/batch", json=batch), repeats=20
        )
        measure("POST /forecast, 96 intervals", lambda: client.post("/forecast", json={}), repeats=100)
        week = {"horizon": 672}
        measure("POST /forecast, 672 intervals", lambda: client.post("/forecast", json=week), repeats=20)
        measure("GET /history, two weeks", lambda: client.get("/history"), repeats=50)
        measure("GET /health", lambda: client.get("/health"), repeats=200)
    return 0


if __name__ == "__main__":
    sys.exit(main())
