"""Whether what a build made takes the champion's place. Which model is best, ``evaluation`` says.

A build refreshes its own champion freely: the newest fit of the chosen model is served. After a rollback it does not: a
person distrusts what builds make, for a reason that no score may show. From then on a build's bundle has to be better
than the one in place by the promotion margin, both asked at the same origins, and a bundle that was rolled back is
never served again by a build. ``steel champion promote`` ends that.
"""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl

from steel_energy.artifacts import Manifest, Promotion, history, promote, read_champion, rejected
from steel_energy.config import Record
from steel_energy.errors import BundleError, SteelError
from steel_energy.evaluation import CHOSEN_BY, backtest, over_24h, score, split_times
from steel_energy.forecasting import Forecaster, load_forecaster
from steel_energy.params import EvaluationParams
from steel_energy.sites import Site


class Verdict(Record):
    """Whether a build's bundle is served from now on, and why or why not, in words."""

    is_promoted: bool
    reason: str


def put_forward(
    candidate: Manifest,
    site: Site,
    *,
    bundles_dir: Path,
    readings: pl.DataFrame,
    rmse_kwh: float,
    reason: str,
    params: EvaluationParams,
) -> Verdict:
    """Serve a build's bundle, unless a person went back to another one that it is not better than.

    Args:
        candidate: the bundle, on disk.
        site: whose.
        bundles_dir: root of the bundles.
        readings: what it was trained on.
        rmse_kwh: its error on the validation part over 24 hours.
        reason: why its model was chosen.
        params: the split, the distance of the origins and the promotion margin.

    Raises:
        BundleError: the history of champions is unreadable, or the bundle was rolled back and the champion is damaged.
    """
    plant_id = site.plant.id
    promotions = history(bundles_dir, plant_id)
    if candidate.version in rejected(promotions):
        _require_champion(bundles_dir, candidate)
        return _kept(f"{_named(candidate)} was rolled back; `steel champion promote` serves it all the same")
    if promotions and promotions[-1].by == "rollback" and promotions[-1].version != candidate.version:
        held_rmse_kwh = _held_rmse_kwh(bundles_dir, site, readings, params=params)
        if rmse_kwh > held_rmse_kwh * (1 - params.promotion_margin):
            return _kept(
                f"after a rollback {_named(candidate)} ({rmse_kwh:.2f} kWh on validation) is not "
                f"{params.promotion_margin:.0%} better than {_named(promotions[-1])} ({held_rmse_kwh:.2f} kWh there)"
            )
    promote(bundles_dir, plant_id, version=candidate.version, by="build", reason=reason)
    return Verdict(is_promoted=True, reason=reason)


def validation_rmse_kwh(forecaster: Forecaster, readings: pl.DataFrame, *, params: EvaluationParams) -> float:
    """The error over 24 hours of a fitted forecaster at the origins of the validation part, as the leaderboard has it.

    Vintages answer each origin by a fit that had not seen its future, so that a bundle of older readings can be asked.
    """
    start, end = split_times(readings, params).parts["validation"]
    return over_24h(score(backtest(forecaster, readings, start=start, end=end, params=params), readings))[CHOSEN_BY]


def _held_rmse_kwh(bundles_dir: Path, site: Site, readings: pl.DataFrame, *, params: EvaluationParams) -> float:
    """The champion's error; infinite where it cannot answer: what serves nobody keeps nobody's place either."""
    try:
        _, folder = read_champion(bundles_dir, site.plant.id)
        held = load_forecaster(folder, plant=site.plant, tariff=site.tariff)
        return validation_rmse_kwh(held, readings, params=params)
    except SteelError:
        return math.inf


def _require_champion(bundles_dir: Path, candidate: Manifest) -> None:
    try:
        read_champion(bundles_dir, candidate.plant)
    except BundleError as error:
        advice = f"steel champion rollback, or steel champion promote {candidate.version}"
        raise BundleError(f"{error.what}, and {_named(candidate)} was rolled back", remedy=advice) from error


def _kept(reason: str) -> Verdict:
    return Verdict(is_promoted=False, reason=f"the champion stays: {reason}")


def _named(bundle: Manifest | Promotion) -> str:
    return f"{bundle.model} {bundle.version}"
