"""Training the global model where Dagster asks for it: the workers, the bundle, and what the asset's page says.

The work itself is ``steel_energy.fleet``'s. The plant's own models stand beside it as its leaderboard last saw them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from steel_assets import metadata
from steel_energy.evaluation import NAIVE
from steel_energy.fleet.bundle import publish_global, shares_of_naive
from steel_energy.fleet.cluster import open_workers
from steel_energy.fleet.training import train_global
from steel_energy.lake import find_table
from steel_energy.sites import load_sites

if TYPE_CHECKING:
    from steel_assets.resources import Project

SAME_SCORE = 1e-6
"""Share by which two seasonal naive forecasts of the same readings at the same origins may differ."""


def trained_on_all(context: dg.AssetExecutionContext, project: Project, *, address: str | None) -> dict[str, Any]:
    """Train the global model on every plant of the project, publish it where it is worth it; returns metadata."""
    params, plants = project.params(), load_sites(project.settings)
    sites = [project.site(plant_id) for plant_id in plants]
    with open_workers(address, processes=params.fleet.workers) as workers:
        context.log.info("training on %s", address or f"{params.fleet.workers} processes of this machine")
        trained = train_global(sites, project.lake, params=params, workers=workers)
    beside = pl.DataFrame([_own(plant_id, project) for plant_id in trained.taught], schema=OWN)
    published = publish_global(trained, sites[0], bundles_dir=project.settings.bundles_dir, params=params)
    return {
        **published.model_dump(),
        "plants": len(trained.taught),
        **{f"not taught by {plant}": why for plant, why in trained.untaught.items()},
        **shares_of_naive(trained.scores),
        "scores": metadata.markdown_table(standings(trained.scores, beside)),
    }


OWN = {"plant": pl.String, "own_model": pl.String, "own_rmse_kwh": pl.Float64, "own_naive_rmse_kwh": pl.Float64}


def standings(scores: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The scores with each plant's own best model beside them, where its leaderboard is of the same readings.

    Args:
        scores: of ``Trained``.
        own: ``OWN``.
    """
    if scores.is_empty():
        return scores
    apart = (pl.col("own_naive_rmse_kwh") / pl.col("naive_rmse_kwh") - 1).abs()
    beside = scores.join(own, on="plant", how="left", maintain_order="left")
    same = [pl.when(apart < SAME_SCORE).then(pl.col(name)).alias(name) for name in ("own_model", "own_rmse_kwh")]
    return beside.with_columns(*same).drop("own_naive_rmse_kwh").with_columns(pl.col(pl.Float64).round(3))


def _own(plant_id: str, project: Project) -> dict[str, Any]:
    """The best model of the plant's leaderboard and what it and the seasonal naive missed on the test part."""
    board = find_table(project.settings.models_dir / "leaderboard" / f"plant={plant_id}.parquet")
    if board is None:
        return {"plant": plant_id}
    naive = board.filter(pl.col("model") == NAIVE)["test_rmse_kwh"]
    best = board.row(0, named=True)
    return {
        "plant": plant_id,
        "own_model": best["model"],
        "own_rmse_kwh": best["test_rmse_kwh"],
        "own_naive_rmse_kwh": next(iter(naive), None),
    }
