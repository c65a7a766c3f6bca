"""A service over two simulated months, with a key of each role: what the examples of docs/api.md are asked of.

Everything lies in one folder and is gone with it. The plant is the first of ``data/plants``, its readings are made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from steel_energy.artifacts import BundleFacts, publish, readings_sha256, write_bundle
from steel_energy.explaining import no_drivers
from steel_energy.explaining.stored import (
    UNEXPLAINED,
    About,
    drivers_file,
    explanations_folder,
    no_points,
    write_explanation,
)
from steel_energy.forecasting.seasonal import SeasonalNaive, WeeklyNaive
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake, write_table
from steel_energy.meter import shown_beside_usage
from steel_energy.nowcasting.bundle import NAME, export_onnx, publish_model
from steel_energy.nowcasting.model import fit_model
from steel_energy.params import load_params
from steel_energy.reporting.page import Page, write_page
from steel_energy.settings import SteelSettings
from steel_energy.simulation.plant import simulate
from steel_energy.sites import Site, load_sites
from steel_energy.trial import metrics_of, try_out, write_trial
from steel_service.security import Role
from steel_service.security.key_file import create_key
from steel_service.testing import running_service

KINDS = (SeasonalNaive, WeeklyNaive)
SHORT_TRAINING_DAYS = 28  # as the two months, parted, have them
START, END, SEED = dt.date(2018, 1, 1), dt.date(2018, 3, 1), 1
SOURCE = {"kind": "simulated", "location": f"seed {SEED}", "is_simulated": True}


@dataclass(frozen=True)
class ExampleService:
    """Where it answers, where its data lie, and a key of each role."""

    url: str
    data_dir: Path
    keys: dict[Role, str]


@contextmanager
def example_service(
    folder: Path, *, demands_keys: bool = True, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[ExampleService]:
    """Start the service over data made in ``folder``; where it demands keys, it does on this machine too."""
    settings = SteelSettings(data_dir=folder / "data")
    build(settings)
    now = dt.datetime.now(dt.UTC)
    keys = {
        role: create_key(settings.data_dir / "keys.json", f"example-{role}", role=role, days=1, now=now)[1]
        for role in Role
    }
    own = {
        "STEEL_DATA_DIR": str(settings.data_dir),
        "STEEL_API_REQUIRE_KEYS": str(demands_keys),
        "STEEL_COPILOT_LLM": "off",  # an Ollama on this machine would answer in words of its own
    }
    with running_service(folder / "service.log", environment=own | dict(environment)) as service:
        yield ExampleService(service.url, settings.data_dir, keys)


def build(settings: SteelSettings) -> None:
    """Simulated readings, a champion and one never served, the virtual meter's model on both engines, a report."""
    site = next(iter(load_sites(settings).values()))
    months = list(simulate(site.plant, site.tariff, start=START, end=END, seed=SEED))
    lake = Lake(settings.lake_dir)
    for month in months:
        lake.write(CLEANED_READINGS, site.plant.id, f"{month['interval_start'][0]:%Y-%m}", month)
    lake.write_facts(RAW_READINGS, site.plant.id, SOURCE)
    _publish_models(settings, site, pl.concat(months))
    lead = f"Readings from {START} up to {END}, made up with {SOURCE['location']}."
    page = Page(kicker="Example", title=f"{site.plant.name}: two simulated months", lead=lead, tiles=(), sections=())
    write_page(page, settings.reports_dir / f"plant={site.plant.id}" / "example.html")


def _publish_models(settings: SteelSettings, site: Site, readings: pl.DataFrame) -> None:
    params = load_params(settings.params_file)
    short = params.forecasting.model_copy(update={"min_training_days": SHORT_TRAINING_DAYS})
    naive = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=short)
    tried = try_out(naive, readings, params=params.evaluation)
    champion, challenger = (kind(plant=site.plant, tariff=site.tariff, params=params.forecasting) for kind in KINDS)
    write_trial(tried, settings.models_dir / "trials" / site.plant.id / champion.name)
    facts = _facts(site, readings, champion.name).model_copy(update={"metrics": metrics_of(tried.scores)})
    publish(settings.bundles_dir, facts, write=champion.fit(readings).save)
    write_bundle(settings.bundles_dir, _facts(site, readings, challenger.name), write=challenger.fit(readings).save)
    write_explanation(
        explanations_folder(settings.models_dir, site.plant.id), About(about=UNEXPLAINED), points=no_points()
    )
    write_table(drivers_file(settings.models_dir, site.plant.id), no_drivers())
    usage_kwh = readings["usage_kwh"].to_numpy()
    meter = fit_model(shown_beside_usage(readings), usage_kwh, plant=site.plant, params=params.nowcasting)
    publish_model(meter, _facts(site, readings, NAME), nowcast_dir=settings.nowcast_dir)
    export_onnx(settings, site.plant)


def _facts(site: Site, readings: pl.DataFrame, model: str) -> BundleFacts:
    return BundleFacts(
        plant=site.plant.id,
        model=model,
        trained_from=readings["interval_start"][0],
        trained_until=readings_end(readings),
        source=SOURCE,
        data_sha256=readings_sha256(readings),
        params={},
        metrics={},
    )
