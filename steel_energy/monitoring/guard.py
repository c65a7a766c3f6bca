"""Whether the last promotion by a build is taken back: decided once, on the first days that neither model had seen.

A person's promotion is never undone here, nor a rollback: whoever put a model there knew something that no score may
show. A decision is written down in the table ``champion_review``; going back is ``artifacts.rollback``, as a person's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import polars as pl

from steel_energy.artifacts import Manifest, Promotion, history, previous_champion, read_bundle, rollback
from steel_energy.calendar import in_utc, in_zone
from steel_energy.config import Record
from steel_energy.errors import NotEnoughDataError
from steel_energy.forecasting import Forecaster, load_forecaster
from steel_energy.history import readings_end
from steel_energy.lake import Lake
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.unseen import Comparison, compared
from steel_energy.params import Params
from steel_energy.plant import Plant
from steel_energy.sites import Site

REVIEWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "promotion": pl.Int64,
    "champion_version": pl.String,
    "previous_version": pl.String,
    "window_from": pl.Datetime("us", "UTC"),
    "window_until": pl.Datetime("us", "UTC"),
    "champion_rmse_kwh": pl.Float64,
    "previous_rmse_kwh": pl.Float64,
    "is_taken_back": pl.Boolean,
    "reason": pl.String,
    "reviewed_at": pl.Datetime("us", "UTC"),
}
"""One row a review; ``promotion`` is its number in the history of champions."""


REVIEW = "champion_review"
"""The asset that keeps them."""


class Pending(Record):
    """A promotion that is due for its review.

    Attributes:
        plant: plant id.
        promotion: its number in the history.
        champion: the bundle that it serves.
        previous: the bundle that it would go back to.
        start: first of the days that neither has seen, UTC.
        end: end of the last one, UTC.
    """

    plant: str
    promotion: int
    champion: str
    previous: str
    start: dt.datetime
    end: dt.datetime

    @property
    def key(self) -> str:
        """The same for the same promotion and days: reviewed once."""
        return f"{self.plant} {self.promotion} {self.champion} {self.start:%Y%m%dT%H%MZ}"


class NotDue(Record):
    """Why there is nothing to review."""

    plant: str
    reason: str


def due(
    bundles_dir: Path, plant: Plant, *, readings_until: dt.datetime, reviewed: Collection[int], params: MonitoringParams
) -> Pending | NotDue:
    """Whether the promotion in force is due for its review.

    Args:
        bundles_dir: root of the bundles.
        plant: whose.
        readings_until: end of the known readings.
        reviewed: numbers of the promotions that were reviewed.
        params: how many days a review needs.

    Raises:
        BundleError: the history is unreadable, or one of the two bundles is damaged.
    """
    plant_id, zone = plant.id, plant.zone
    promotions = history(bundles_dir, plant_id)
    if not promotions:
        return NotDue(plant=plant_id, reason=f"{plant_id} has no champion yet")
    newest, previous = promotions[-1], previous_champion(bundles_dir, plant_id)
    if said := _left_alone(newest, previous, reviewed):
        return NotDue(plant=plant_id, reason=f"{plant_id}: {said}")
    assert previous is not None  # noqa: S101 - _left_alone says so
    bundles = [read_bundle(bundles_dir, plant_id, version) for version in (newest.version, previous)]
    start = max(in_utc(bundle.trained_until, zone) for bundle in bundles)
    end = start + dt.timedelta(days=params.guard_days)
    if in_utc(readings_until, zone) < end:
        days = max((in_utc(readings_until, zone) - start) / dt.timedelta(days=1), 0)
        waits = f"promotion {newest.number} has {days:.1f} of the {params.guard_days} days that its review needs"
        return NotDue(plant=plant_id, reason=f"{plant_id}: {waits}")
    return Pending(
        plant=plant_id,
        promotion=newest.number,
        champion=newest.version,
        previous=previous,
        start=start,
        end=end,
    )


def review(pending: Pending, site: Site, *, bundles_dir: Path, readings: pl.DataFrame, params: Params) -> pl.DataFrame:
    """Compare a champion with the one before, and go back where it is worse by more than the margin.

    The promotion in force may have changed since it was found due; then nothing is done.

    Args:
        pending: what ``due`` found.
        site: whose.
        bundles_dir: root of the bundles.
        readings: data contract, up to ``pending.end`` at least.
        params: the distance of the origins and the margin.

    Returns:
        The review's row, ``REVIEWS``; none where another promotion is in force by now.

    Raises:
        NotEnoughDataError: the readings end before the days do.
        BundleError: one of the two bundles is damaged.
    """
    zone = site.plant.zone
    if readings.is_empty() or in_utc(readings_end(readings), zone) < pending.end:
        raise NotEnoughDataError(
            f"the readings end before {pending.end:%Y-%m-%d %H:%M} UTC", field="readings", remedy="post them first"
        )
    newer, older = (_forecaster(bundles_dir, site, version) for version in (pending.champion, pending.previous))
    start, end = in_zone(pending.start, zone), in_zone(pending.end, zone)
    found = compared(newer, older, readings, start=start, end=end, params=params.evaluation)
    is_worse = found.newer_rmse_kwh > found.older_rmse_kwh * (1 + params.monitoring.guard_margin)
    reason = _reason(pending, found, is_worse=is_worse, margin=params.monitoring.guard_margin)
    if history(bundles_dir, pending.plant)[-1].number != pending.promotion:
        return pl.DataFrame(schema=REVIEWS)
    if is_worse:
        rollback(bundles_dir, pending.plant, to=pending.previous, reason=reason, expected=pending.champion)
    return _row(pending, found, is_worse=is_worse, reason=reason)


def known_reviews(lake: Lake, plant_id: str) -> pl.DataFrame:
    """All reviews of a plant so far, ``REVIEWS``; no rows where there was none."""
    known = lake.find_newest(REVIEW, plant_id)
    return pl.DataFrame(schema=REVIEWS) if known is None else known


def with_review(known: pl.DataFrame | None, new: pl.DataFrame) -> pl.DataFrame:
    """The table of reviews with one more; the newer row counts where a promotion has two."""
    rows = pl.concat([known if known is not None else pl.DataFrame(schema=REVIEWS), new])
    return rows.unique(["plant", "promotion"], keep="last", maintain_order=True)


def _left_alone(newest: Promotion, previous: str | None, reviewed: Collection[int]) -> str:
    """Why a promotion is not reviewed; empty where it is."""
    if newest.by != "build":
        put = newest.by == "promote"
        return f"{newest.who or 'a person'} put {newest.version} there" if put else f"went back to {newest.version}"
    if newest.number in reviewed:
        return f"promotion {newest.number} was reviewed"
    return "" if previous else f"there is none before {newest.version} to go back to"


def _forecaster(bundles_dir: Path, site: Site, version: str) -> Forecaster:
    manifest: Manifest = read_bundle(bundles_dir, site.plant.id, version)
    return load_forecaster(bundles_dir / site.plant.id / manifest.version, plant=site.plant, tariff=site.tariff)


def _reason(pending: Pending, found: Comparison, *, is_worse: bool, margin: float) -> str:
    figures = (
        f"{pending.champion} {found.newer_rmse_kwh:.2f} kWh, {pending.previous} before it {found.older_rmse_kwh:.2f} "
        f"kWh on {found.days}, which neither had seen"
    )
    return f"worse by more than {margin:.0%}: {figures}" if is_worse else f"stays: {figures}"


def _row(pending: Pending, found: Comparison, *, is_worse: bool, reason: str) -> pl.DataFrame:
    row = {
        "plant": pending.plant,
        "promotion": pending.promotion,
        "champion_version": pending.champion,
        "previous_version": pending.previous,
        "window_from": pending.start,
        "window_until": pending.end,
        "champion_rmse_kwh": found.newer_rmse_kwh,
        "previous_rmse_kwh": found.older_rmse_kwh,
        "is_taken_back": is_worse,
        "reason": reason,
        "reviewed_at": dt.datetime.now(dt.UTC),
    }
    return pl.DataFrame([row], schema=REVIEWS)
