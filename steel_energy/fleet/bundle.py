"""The global model as a bundle: ``<bundles>/_fleet/<version>``, beside those of plants and made by the same code.

It is served where it beats the seasonal naive forecast at plants that it has not seen and
that are new to it; ``ladder`` says when it is asked.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from steel_energy.artifacts import FLEET, BundleFacts, promote, prune, write_bundle
from steel_energy.config import Record
from steel_energy.fleet.training import Trained
from steel_energy.forecasting.global_model import NAME, GlobalForecaster
from steel_energy.params import Params
from steel_energy.sites import Site


class Published(Record):
    """The bundle, and whether it answers from now on, with the reason in words."""

    version: str
    is_promoted: bool
    reason: str


def publish_global(trained: Trained, site: Site, *, bundles_dir: Path, params: Params) -> Published:
    """Write the global model down, and serve it where it is worth it.

    Args:
        trained: the model.
        site: any plant: the model is saved by a forecaster, and a forecaster is of one.
        bundles_dir: root of the bundles.
        params: those of the training.
    """
    forecaster = GlobalForecaster(
        site.plant, site.tariff, trained.models, params.fleet.needed_days, plants=len(trained.taught)
    )
    manifest = write_bundle(bundles_dir, _facts(trained, forecaster, params), write=forecaster.save)
    share = manifest.metrics.get("new_share_of_naive")
    reason = "no plant has the history to judge it by"
    if share is not None:
        reason = f"at new plants its error is {share:.0%} of the seasonal naive's (median of plants)"
    is_worth_it = share is not None and share < 1
    if is_worth_it:
        promote(bundles_dir, FLEET, version=manifest.version, by="build", reason=reason)
    prune(bundles_dir, FLEET, keep=params.champion.kept_bundles)
    return Published(version=manifest.version, is_promoted=is_worth_it, reason=reason)


def shares_of_naive(scores: pl.DataFrame) -> dict[str, float]:
    """The median over plants of the global model's error as a share of the seasonal naive's; empty without scores.

    A plant at which the naive forecast misses nothing, one that stood still, has no such share.
    """
    if scores.is_empty():
        return {}
    told = scores.filter(pl.min_horizontal("naive_rmse_kwh", "new_naive_rmse_kwh") > 0)
    if told.is_empty():
        return {}
    medians = told.select(
        share_of_naive=(pl.col("rmse_kwh") / pl.col("naive_rmse_kwh")).median(),
        new_share_of_naive=(pl.col("new_rmse_kwh") / pl.col("new_naive_rmse_kwh")).median(),
        coverage_80=pl.col("coverage_80").median(),
        new_coverage_80=pl.col("new_coverage_80").median(),
    )
    return medians.row(0, named=True)


def _facts(trained: Trained, forecaster: GlobalForecaster, params: Params) -> BundleFacts:
    taught = trained.taught
    told = "".join(f"{plant} {about.data_sha256}\n" for plant, about in sorted(taught.items()))
    return BundleFacts(
        plant=FLEET,
        model=NAME,
        label=forecaster.label,
        trained_from=min(about.trained_from for about in taught.values()),
        trained_until=max(about.trained_until for about in taught.values()),
        source={
            "kind": "lake",
            "location": f"{len(taught)} plants",
            "is_simulated": any(about.is_simulated for about in taught.values()),
        },
        data_sha256=hashlib.sha256(told.encode()).hexdigest(),
        params=params.model_dump(mode="json"),
        metrics={"plants": float(len(taught)), **shares_of_naive(trained.scores)},
    )
