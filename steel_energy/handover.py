"""A person puts another model in the champion's place: it is tried first, and only one change runs at a time.

What a promotion or a rollback means, and that it takes effect in one step, is ``artifacts.champions``'s; what a build
may replace, ``promotion``'s. Here is what must hold before a person's wish is carried out while the service answers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

from steel_energy.artifacts import Promotion, champion_version, previous_to_serve, promote, rollback
from steel_energy.artifacts.bundles import locked
from steel_energy.errors import REBUILD, BundleError, SteelError
from steel_energy.history import readings_end
from steel_energy.ladder import Served, forecast_by, load_served
from steel_energy.sites import Site
from steel_energy.timeline import DEFAULT_HORIZON

LOCK = ".hand-over"
"""Folder beside a plant's bundles whose lock says that a change by hand is under way; empty, and no bundle's name."""


def hand_over(
    bundles_dir: Path,
    site: Site,
    *,
    by: Literal["promote", "rollback"],
    to: str | None,
    who: str,
    because: str,
    readings: pl.DataFrame | None,
    expected: str | None = None,
) -> tuple[str | None, Promotion]:
    """Serve another bundle from now on, once it has proven that it can; a kill leaves the old or the new champion.

    Args:
        bundles_dir: root of the bundles.
        site: whose.
        by: ``promote`` serves any bundle that is kept, ``rollback`` an earlier champion and rejects what came after.
        to: the bundle's version; None, for a rollback alone, is the previous champion.
        who: the person's name, for the history.
        because: why, for the history.
        readings: data contract, of which the bundle must be able to forecast the next day; None where there are none.
        expected: the version that has to serve until then; any, where it is None.

    Returns:
        The version that served before, and the new line of the history.

    Raises:
        BusyError: another change by hand is under way.
        BundleError: the bundle is missing, altered, of other columns or unable to forecast; it serves already; it is
            no earlier champion that stands; or another version serves than was expected.
    """
    version = to or previous_to_serve(bundles_dir, site.plant.id)
    with locked(bundles_dir / site.plant.id / LOCK, waits=False):
        before = _champion(bundles_dir, site.plant.id)
        if before == version:
            raise BundleError("is the champion already", field=version, remedy="name another version").named(
                "is_champion", version=version
            )
        if expected is not None and before != expected:
            raise BundleError("is not the champion any more", field=expected, remedy="look at what serves now").named(
                "champion_changed", version=expected
            )
        tried(bundles_dir, site, version, readings=readings)
        if by == "promote":
            made = promote(bundles_dir, site.plant.id, version=version, by=by, reason=because, who=who, expected=before)
        else:
            made = rollback(bundles_dir, site.plant.id, to=version, reason=because, who=who, expected=before)
    return before, made


def tried(bundles_dir: Path, site: Site, version: str, *, readings: pl.DataFrame | None) -> Served:
    """A bundle that is whole, of this version's columns, and able to forecast the day after ``readings``.

    Raises:
        BundleError: it is not; says why.
    """
    try:
        served = load_served(bundles_dir, site, version)
        if readings is not None:
            forecast_by(served, readings, origin=readings_end(readings), horizon=DEFAULT_HORIZON)
    except BundleError:
        raise
    except SteelError as error:
        raise BundleError(error.what, field=version, remedy=error.remedy) from error
    except Exception as error:  # whatever fails inside a model, it must not come to serve
        fails = BundleError(f"does not forecast: {type(error).__name__}", field=version, remedy=REBUILD)
        raise fails.named("no_forecast", version=version, why=type(error).__name__) from error
    return served


def _champion(bundles_dir: Path, plant_id: str) -> str | None:
    """Version that serves; None where its record cannot be read, which a change by hand may mend."""
    try:
        return champion_version(bundles_dir, plant_id)
    except BundleError:
        return None
