"""Three small simulated plants of other sizes, zones and carriers in a lake; few trees, and workers in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from steel_energy.fleet.rows import PlantRows
from steel_energy.forecasting.boosters import Growth
from steel_energy.forecasting.global_model import GlobalBooster
from steel_energy.lake import Lake, write_table
from steel_energy.params import LeadRange, Params, load_params
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.simulation.plant import simulate
from steel_energy.sites import Site, load_sites

RANGES = (
    LeadRange(first=1, last=96, rows_per_origin=1, trees=20),
    LeadRange(first=97, last=672, rows_per_origin=1, trees=5),
)
FIRST, END = dt.date(2023, 5, 1), dt.date(2023, 7, 25)


class InProcess:
    """``Workers`` that are nobody: each task is done at once, here."""

    def __init__(self) -> None:
        self.grown_on: list[int] = []

    def deal(self, work: Callable[..., Any], items: Sequence[Any]) -> list[Any]:
        return [work(item) for item in items]

    def share(self, value: object) -> Any:
        return value

    def ask(self, work: Callable[..., Any], handles: Sequence[Any], *shared: Any) -> list[Any]:
        return [work(handle, *shared) for handle in handles]

    def grow(self, handles: Sequence[PlantRows], place: int, growth: Growth) -> GlobalBooster:
        self.grown_on.append(len(handles))
        parts = [handle.ranges[place] for handle in handles]
        features = np.vstack([part.features for part in parts]).astype(np.float64)
        usage = np.concatenate([part.usage for part in parts]).astype(np.float64)
        return GlobalBooster.train(features, usage, target="level", growth=growth)


@pytest.fixture(scope="session")
def params() -> Params:
    whole = load_params(PROJECT_ROOT / "params.yaml")
    forecasting = whole.forecasting
    boosting = forecasting.boosting.model_copy(update={"lead_ranges": RANGES})
    return whole.model_copy(
        update={
            "forecasting": forecasting.model_copy(update={"boosting": boosting}),
            "fleet": whole.fleet.model_copy(update={"rows_per_plant": 1000}),
            "evaluation": whole.evaluation.model_copy(update={"origin_every_hours": 12}),
        }
    )


@pytest.fixture(scope="session")
def sites() -> list[Site]:
    return list(load_sites(SteelSettings(sites_dir=PROJECT_ROOT / "examples" / "fleet")).values())


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory, sites: list[Site]) -> Lake:
    made = Lake(tmp_path_factory.mktemp("fleet"))
    for site in sites:
        for month in simulate(site.plant, site.tariff, start=FIRST, end=END, seed=1):
            name = month["interval_start"][0].strftime("%Y-%m")
            write_table(made.month_path("cleaned_readings", site.plant.id, name), month)
    return made


@pytest.fixture(scope="session")
def make_workers() -> type[InProcess]:
    return InProcess
