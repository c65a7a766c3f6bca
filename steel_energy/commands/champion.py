"""``steel champion``: which model of a plant is served, which were before, and putting another one there.

What a change means stands in ``artifacts.champions``. Programs that follow the champion, such as MLflow's registry, are
told through the entry points ``steel_energy.champion_followers``; the service and the dashboard see it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from steel_energy.artifacts import (
    Manifest,
    Promotion,
    history,
    kept_versions,
    previous_champion,
    promote,
    read_champion,
    rejected,
    rollback,
)
from steel_energy.artifacts.manifest import VERSION_LENGTH
from steel_energy.calendar import in_zone
from steel_energy.commands.files import PlantId, chosen_plant
from steel_energy.errors import REBUILD, BundleError, SteelError
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site

FOLLOWERS = "steel_energy.champion_followers"
"""Entry points of functions ``(plant_id, version)``; each returns what it did, None where there was nothing to do."""

Follower = Callable[[str, str], str | None]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]

champion_app = typer.Typer(help="Show which model is served, and put another one there.", rich_markup_mode="markdown")


@champion_app.command()
def show(*, plant: PlantId = None) -> None:
    """Show the champion: what it was made of, how it scored and what forecasts step down to without it.

    Example: `steel champion show --plant gwangyang`
    """
    settings = SteelSettings()
    site = Site(*chosen_plant(plant, settings))
    manifest, folder = read_champion(settings.bundles_dir, site.plant.id)
    before = previous_champion(settings.bundles_dir, site.plant.id)
    table = Table(show_header=False)
    for name, value in _facts(manifest, site.plant.zone).items():
        table.add_row(name, value)
    table.add_row("previous champion", before or "none: without the champion forecasts are seasonal naive")
    table.add_row("folder", str(folder))
    Console().print(table)


@champion_app.command(name="history")
def history_command(*, plant: PlantId = None) -> None:
    """List every promotion and rollback, oldest first; the last one is in force.

    Example: `steel champion history`
    """
    settings = SteelSettings()
    site = Site(*chosen_plant(plant, settings))
    promotions = history(settings.bundles_dir, site.plant.id)
    if not promotions:
        raise BundleError(f"no champion of plant {site.plant.id} yet", remedy=REBUILD)
    kept, refused = kept_versions(settings.bundles_dir, site.plant.id), rejected(promotions)
    table = Table("no.", Column("version", min_width=VERSION_LENGTH), "model", "when", "by", "reason", "bundle")
    for one in promotions:
        bundle = "rolled back" if one.version in refused else "kept" if one.version in kept else "removed"
        when = f"{in_zone(one.promoted_at, site.plant.zone):%Y-%m-%d %H:%M}"
        table.add_row(str(one.number), one.version, one.model, when, one.by, one.reason, bundle)
    Console().print(table)
    never_served = [version for version in kept if version not in {one.version for one in promotions}]
    if never_served:
        typer.echo(f"kept and never served: {', '.join(never_served)}")


@champion_app.command(name="rollback")
def rollback_command(
    *,
    to: Annotated[str | None, typer.Option(help="Version to go back to; the previous champion if left out.")] = None,
    reason: Reason = "",
    plant: PlantId = None,
) -> None:
    """Serve the previous champion again; builds then replace it only by a bundle that is better by the margin.

    Example: `steel champion rollback --reason "night forecasts too low"`
    """
    settings = SteelSettings()
    site = Site(*chosen_plant(plant, settings))
    _told(site.plant.id, rollback(settings.bundles_dir, site.plant.id, to=to, reason=reason))


@champion_app.command(name="promote")
def promote_command(
    version: Annotated[str, typer.Argument(help="A bundle that is kept; see `steel champion history`.")],
    *,
    reason: Reason = "",
    plant: PlantId = None,
) -> None:
    """Serve a bundle that is kept, a rolled back one too; the next build may replace it as any other.

    Example: `steel champion promote 1f0c2d3e4a5b`
    """
    settings = SteelSettings()
    site = Site(*chosen_plant(plant, settings))
    reason = reason or "chosen on the command line"
    _told(site.plant.id, promote(settings.bundles_dir, site.plant.id, version=version, by="promote", reason=reason))


def _told(plant_id: str, promotion: Promotion) -> None:
    """Say what is served now and tell the followers; one that cannot follow is a note, for the champion has changed."""
    typer.echo(f"{plant_id} is served by {promotion.model} {promotion.version} ({promotion.by}: {promotion.reason})")
    for point in entry_points(group=FOLLOWERS):
        try:
            follow: Follower = point.load()
            done = follow(plant_id, promotion.version)
        except ImportError as error:
            done = f"note: {point.name} does not follow: {error.name} is not installed here"
        except SteelError as error:
            done = f"note: {point.name} does not follow: {error}"
        if done:
            typer.echo(done, err=done.startswith("note"))


def _facts(manifest: Manifest, zone: str) -> dict[str, str]:
    start, end = (in_zone(moment, zone) for moment in (manifest.trained_from, manifest.trained_until))
    code = manifest.code
    changed = " with uncommitted changes" if code.is_dirty else ""
    return {
        "model": f"{manifest.model} {manifest.version}" + (f" ({manifest.label})" if manifest.label else ""),
        "made": f"{in_zone(manifest.created_at, zone):%Y-%m-%d %H:%M}",
        "trained on": f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}, data {manifest.data_sha256[:12]}",
        "code": f"{code.package}, commit {code.commit[:12]}{changed}"
        if code.commit
        else f"{code.package}, no checkout",
        "libraries": ", ".join(f"{name} {version}" for name, version in manifest.libraries.items()),
        **{name: f"{value:.4g}" for name, value in manifest.metrics.items() if name.endswith("rmse_kwh")},
    }
