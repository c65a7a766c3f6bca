"""What the asset ``champion_review`` does between its partition and the domain: find what is due, decide, follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from steel_energy.artifacts import champion_version
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.monitoring.guard import NotDue, due, known_reviews, review, with_review

if TYPE_CHECKING:
    from steel_assets.resources import Project
    from steel_assets.tracking import Tracking


def reviewed(plant_id: str, *, project: Project, tracking: Tracking) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Review a plant's promotion, where one is due; all reviews so far, and what is to be said of it on the page.

    MLflow's alias follows the champion in force, also where a run before this one was killed before it did.
    """
    known, params, site = known_reviews(project.lake, plant_id), project.params(), project.site(plant_id)
    bundles_dir, readings = project.settings.bundles_dir, project.lake.read(CLEANED_READINGS, plant_id)
    found = due(
        bundles_dir,
        site.plant,
        readings_until=readings_end(readings),
        reviewed=known["promotion"].to_list(),
        params=params.monitoring,
    )
    if isinstance(found, NotDue):
        facts: dict[str, Any] = {"reason": found.reason}
    else:
        new = review(found, site, bundles_dir=bundles_dir, readings=readings, params=params)
        known, facts = with_review(known, new), _facts(new)
    return known, {**facts, **_followed(plant_id, project, tracking), **project.source_of(plant_id)}


def reviewed_promotions(lake: Lake, plant_id: str) -> list[int]:
    """Numbers of the promotions of a plant that were reviewed."""
    return known_reviews(lake, plant_id)["promotion"].to_list()


def _facts(new: pl.DataFrame) -> dict[str, Any]:
    if new.is_empty():
        return {"reason": "another promotion is in force by now"}
    row = new.row(0, named=True)
    names = ("promotion", "champion_rmse_kwh", "previous_rmse_kwh", "is_taken_back", "reason")
    return {name: row[name] for name in names}


def _followed(plant_id: str, project: Project, tracking: Tracking) -> dict[str, Any]:
    """MLflow's alias moved to the champion, where it knows the bundle."""
    version = champion_version(project.settings.bundles_dir, plant_id)
    registered = tracking.follow(plant_id, version) if version and tracking.has_store else None
    return {"champion": version or "none", "registered_version": registered or "not in MLflow's registry"}
