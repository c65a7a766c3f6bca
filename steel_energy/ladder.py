"""Who answers when the champion cannot: the previous champion, the global model, or a seasonal naive forecast.

The global model, where one is served, needs a week of a plant's readings; what is fitted on the spot needs six. So a
plant that is too new for a champion is answered by it.

Each step down is said of the answer, with the reason. A step is left when its model cannot be loaded or fails to
forecast; what is wrong with the question itself (an origin off the grid) is the asker's and is raised as it is. Nothing
is remembered here, so the next question starts at the champion again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import polars as pl

from steel_energy.artifacts import (
    CHAMPION_FILE,
    FLEET,
    Manifest,
    champion_to_serve,
    previous_to_serve,
    read_bundle,
    readings_sha256,
)
from steel_energy.artifacts.provenance import code_version, library_versions
from steel_energy.config import Record
from steel_energy.errors import REBUILD, BundleError, InputError, NotFittedError, SteelError
from steel_energy.forecasting import Forecaster, SeasonalNaive, load_forecaster
from steel_energy.forecasting.base import FORECAST_COLUMNS, known_before
from steel_energy.history import readings_end
from steel_energy.params import ForecastingParams
from steel_energy.plant import Plant
from steel_energy.sites import Site
from steel_energy.tariff import Tariff
from steel_energy.timeline import History

Step = Literal["champion", "previous champion", "global model", "seasonal naive"]
CHAMPION: Step = "champion"
PREVIOUS: Step = "previous champion"
GLOBAL: Step = "global model"
NAIVE: Step = "seasonal naive"
ON_THE_SPOT = "on-the-spot"
"""The version of what was fitted for one answer and never published."""

T = TypeVar("T")


class Loader(Protocol):
    """Reads a saved forecaster."""

    def __call__(self, folder: Path, /, *, plant: Plant, tariff: Tariff) -> Forecaster:
        """The forecaster saved in ``folder``."""


@dataclass(frozen=True)
class Served:
    """A forecaster that can be asked, and what is known of it."""

    manifest: Manifest
    forecaster: Forecaster


@dataclass(frozen=True)
class Failure:
    """A step that could not answer; ``version`` is None where not even a bundle could be loaded."""

    step: Step
    error: Exception
    version: str | None = None

    def __str__(self) -> str:
        said = self.error if isinstance(self.error, SteelError) else f"{type(self.error).__name__}: {self.error}"
        return f"{self.step}: {said}"


class Fallback(Record):
    """How an answer stepped down: to which step, and why each one above it could not answer."""

    step: Step
    because: str


@dataclass(frozen=True)
class Answered(Generic[T]):
    """An answer, the step that gave it and the steps above that could not."""

    value: T
    step: Step
    served: Served
    failures: tuple[Failure, ...] = ()

    @property
    def fallback(self) -> Fallback | None:
        """The label of a step down; None where the champion answered."""
        if self.step == CHAMPION:
            return None
        return Fallback(step=self.step, because="; ".join(map(str, self.failures)))


def step_down(steps: Mapping[Step, Callable[[], Served]], ask: Callable[[Served], T]) -> Answered[T]:
    """Ask the first of ``steps`` that can be loaded and answers.

    Args:
        steps: how each step is loaded, in order.
        ask: puts the question to a loaded step.

    Raises:
        InputError: the question itself is wrong.
        SteelError: no step could answer; the first one's reason.
    """
    failures: list[Failure] = []
    for step, load in steps.items():
        version = None
        try:
            served = load()
            version = served.manifest.version
            return Answered(ask(served), step, served, tuple(failures))
        except Exception as error:  # whatever fails in a model, the next step answers and says so
            if version is not None and isinstance(error, InputError) and not isinstance(error, NotFittedError):
                raise
            failures.append(Failure(step, error, version))
    first = failures[0]
    if isinstance(first.error, SteelError):
        raise first.error
    raise BundleError(str(first), remedy=REBUILD) from first.error


def forecast_from_disk(
    bundles_dir: Path,
    site: Site,
    *,
    history: pl.DataFrame,
    origin: dt.datetime,
    horizon: int,
    params: ForecastingParams,
) -> Answered[pl.DataFrame]:
    """A forecast by the first step that can, each bundle read when it is asked; see ``Forecaster.predict``.

    Raises:
        InputError: the origin, horizon or history is wrong.
        BundleError: there is no bundle that can answer, and too little history for the seasonal naive forecast.
    """
    plant_id = site.plant.id
    steps: dict[Step, Callable[[], Served]] = {
        CHAMPION: lambda: load_served(bundles_dir, site, champion_to_serve(bundles_dir, plant_id)),
        PREVIOUS: lambda: load_served(bundles_dir, site, previous_to_serve(bundles_dir, plant_id)),
    }
    if serves_global(bundles_dir):
        steps[GLOBAL] = lambda: load_served(bundles_dir, site, champion_to_serve(bundles_dir, FLEET), owner=FLEET)
    steps[NAIVE] = lambda: fit_naive(history, site, origin=origin, params=params)
    return step_down(steps, lambda served: forecast_by(served, history, origin=origin, horizon=horizon))


def forecast_by(served: Served, history: History, *, origin: dt.datetime, horizon: int) -> pl.DataFrame:
    """The forecast of one step; see ``Forecaster.predict``.

    Raises:
        InputError: the origin, horizon or history is wrong.
        BundleError: the model answered, but not with a number for every interval.
    """
    forecast = served.forecaster.predict(history, origin=origin, horizon=horizon)
    numbers = forecast.select(FORECAST_COLUMNS[1:]).to_numpy()
    if forecast.height != horizon or not np.isfinite(numbers).all():
        raise BundleError("its forecast has gaps", field=served.manifest.version, remedy=REBUILD)
    return forecast


def serves_global(bundles_dir: Path) -> bool:
    """Whether there is a global model to ask, be it a whole one or not; most projects have a single plant and none."""
    return (bundles_dir / FLEET / CHAMPION_FILE).exists()


def load_served(
    bundles_dir: Path, site: Site, version: str, *, owner: str | None = None, load: Loader = load_forecaster
) -> Served:
    """A bundle, checked and loaded for a plant.

    Args:
        bundles_dir: root of the bundles.
        site: whose usage it is to forecast.
        version: of the bundle.
        owner: whose bundle it is, where it is not the plant's own.
        load: reads its forecaster.

    Raises:
        BundleError: it is missing, altered or of another version of the code.
    """
    owner = owner or site.plant.id
    manifest = read_bundle(bundles_dir, owner, version)
    return Served(manifest, load(bundles_dir / owner / version, plant=site.plant, tariff=site.tariff))


def fit_naive(
    readings: pl.DataFrame,
    site: Site,
    *,
    origin: dt.datetime,
    params: ForecastingParams,
    source: dict[str, Any] | None = None,
) -> Served:
    """The seasonal naive forecast, fitted on what ``readings`` know before ``origin``.

    Raises:
        NotEnoughDataError: that is too little.
    """
    known = known_before(readings, origin, zone=site.plant.zone)
    forecaster = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=params).fit(known)
    manifest = Manifest(
        plant=site.plant.id,
        model=forecaster.name,
        label="fitted on the spot",
        version=ON_THE_SPOT,
        created_at=dt.datetime.now(dt.UTC),
        trained_from=known["interval_start"][0],
        trained_until=readings_end(known),
        source=source or {},
        data_sha256=readings_sha256(known),
        params={"forecasting": params.model_dump(mode="json")},
        metrics={},
        code=code_version(),
        libraries=library_versions(),
        files={},
    )
    return Served(manifest, forecaster)
