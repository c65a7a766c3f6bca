"""Whether what a build made takes the champion's place. Which model is best, ``evaluation`` says.

Once the readings reach some days beyond what the champion was trained on, a build's bundle has to be better than it on
the newest of them by the promotion margin. Neither fit has seen those days: the champion ended before them, and the
challenger is fitted once more, on what precedes them. A build of readings that go hardly further refreshes its own
champion freely: there is nothing new to judge by.

After a rollback it does not: somebody distrusts what builds make, for a reason that no score may show. From then on a
build's bundle has to be better than the one in place by the margin, on the newest days or, while there are too few, on
the validation part; a bundle that was rolled back is never served again by a build, until ``steel champion promote``
ends that.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from steel_energy.artifacts import Manifest, Promotion, history, promote, read_champion, rejected
from steel_energy.config import Record
from steel_energy.errors import BundleError, ModelUnavailableError, SteelError
from steel_energy.evaluation import split_times
from steel_energy.forecasting import Forecaster, Vintages, load_forecaster
from steel_energy.history import readings_end
from steel_energy.monitoring.unseen import Comparison, compared, days_between, rmse_kwh
from steel_energy.params import EvaluationParams, Params
from steel_energy.sites import Site


class Verdict(Record):
    """Whether a build's bundle is served from now on, and why or why not, in words.

    Attributes:
        is_promoted: whether it is.
        reason: why, or why not.
        recent: challenger and champion on the newest days; None where they were not compared there.
    """

    is_promoted: bool
    reason: str
    recent: Comparison | None = None


def put_forward(
    candidate: Manifest,
    fits: Vintages,
    site: Site,
    *,
    bundles_dir: Path,
    readings: pl.DataFrame,
    rmse_kwh: float,
    reason: str,
    params: Params,
) -> Verdict:
    """Serve a build's bundle, unless the champion is as good on days that neither has seen.

    Args:
        candidate: the bundle, on disk.
        fits: what it holds; one more is fitted to be judged by where there are days to judge on.
        site: whose.
        bundles_dir: root of the bundles.
        readings: what it was trained on.
        rmse_kwh: its error on the validation part over 24 hours.
        reason: why its model was chosen.
        params: the split, the distance of the origins, the promotion margin, and how many days are the newest.

    Raises:
        BundleError: the history of champions is unreadable, or the bundle was rolled back and the champion is damaged.
    """
    plant_id, margin = site.plant.id, params.evaluation.promotion_margin
    promotions = history(bundles_dir, plant_id)
    if candidate.version in rejected(promotions):
        _require_champion(bundles_dir, candidate)
        return _kept(f"{_named(candidate)} was rolled back; `steel champion promote` serves it all the same")
    recent, unasked = None, ""
    try:
        recent = _on_newest_days(candidate, fits, site, bundles_dir=bundles_dir, readings=readings, params=params)
    except (BundleError, ModelUnavailableError) as error:  # what serves nobody keeps nobody's place
        unasked = f"; the champion could not be asked: {error.what}" if promotions else ""
    if recent is not None:
        if recent.newer_rmse_kwh > recent.older_rmse_kwh * (1 - margin):
            return _kept(_not_better(candidate, promotions[-1], recent, margin), recent)
        reason = f"{reason}; {_better(promotions[-1], recent)}"
    elif promotions and promotions[-1].by == "rollback" and promotions[-1].version != candidate.version:
        held_rmse_kwh = _held_rmse_kwh(bundles_dir, site, readings, params=params.evaluation)
        if rmse_kwh > held_rmse_kwh * (1 - margin):
            return _kept(
                f"after a rollback {_named(candidate)} ({rmse_kwh:.2f} kWh on validation) is not "
                f"{margin:.0%} better than {_named(promotions[-1])} ({held_rmse_kwh:.2f} kWh there)"
            )
    reason += unasked + _in_place_of(promotions, candidate)
    promote(bundles_dir, plant_id, version=candidate.version, by="build", reason=reason)
    return Verdict(is_promoted=True, reason=reason, recent=recent)


def newest_days(
    trained_until: dt.datetime, readings: pl.DataFrame, *, zone: str, recent_days: int
) -> dt.datetime | None:
    """Start of the newest days; None where a fit that ended at ``trained_until`` has seen some of them."""
    end = readings_end(readings)
    if days_between(trained_until, end, zone=zone) < recent_days:
        return None
    return (end.astimezone(dt.UTC) - dt.timedelta(days=recent_days)).astimezone(end.tzinfo)


def validation_rmse_kwh(forecaster: Forecaster, readings: pl.DataFrame, *, params: EvaluationParams) -> float:
    """The error over 24 hours of a fitted forecaster at the origins of the validation part, as the leaderboard has it.

    Vintages answer each origin by a fit that had not seen its future, so that a bundle of older readings can be asked.
    """
    start, end = split_times(readings, params).parts["validation"]
    return rmse_kwh(forecaster, readings, start=start, end=end, params=params)


def _on_newest_days(
    candidate: Manifest, fits: Vintages, site: Site, *, bundles_dir: Path, readings: pl.DataFrame, params: Params
) -> Comparison | None:
    """The challenger, fitted on what precedes the newest days, beside the champion there.

    None where the champion has seen some of them, or is what was built again.

    Raises:
        BundleError: there is no champion, or it cannot be read.
    """
    held, folder = read_champion(bundles_dir, site.plant.id)
    start = newest_days(held.trained_until, readings, zone=site.plant.zone, recent_days=params.monitoring.recent_days)
    if start is None or held.version == candidate.version:
        return None
    champion = load_forecaster(folder, plant=site.plant, tariff=site.tariff)
    challenger = fits.model.fit(readings.filter(pl.col("interval_start") < start))
    end = readings_end(readings)
    return compared(challenger, champion, readings, start=start, end=end, params=params.evaluation)


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


def _not_better(candidate: Manifest, held: Promotion, recent: Comparison, margin: float) -> str:
    return (
        f"on {recent.days}, which neither had seen, {_named(candidate)} ({recent.newer_rmse_kwh:.2f} kWh) is not "
        f"{margin:.0%} better than {_named(held)} ({recent.older_rmse_kwh:.2f} kWh)"
    )


def _better(held: Promotion, recent: Comparison) -> str:
    return (
        f"{recent.newer_rmse_kwh:.2f} kWh on {recent.days}, which neither had seen, "
        f"{_named(held)} {recent.older_rmse_kwh:.2f} kWh"
    )


def _in_place_of(promotions: Sequence[Promotion], candidate: Manifest) -> str:
    """Whose choice a build replaces, so that what a person put there never goes without a word."""
    held = promotions[-1] if promotions else None
    if held is None or held.by != "promote" or held.version == candidate.version:
        return ""
    return f"; in the place of {_named(held)}, which {held.who or 'a person'} promoted by hand: {held.reason}"


def _kept(reason: str, recent: Comparison | None = None) -> Verdict:
    return Verdict(is_promoted=False, reason=f"the champion stays: {reason}", recent=recent)


def _named(bundle: Manifest | Promotion) -> str:
    return f"{bundle.model} {bundle.version}"
