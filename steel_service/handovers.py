"""POST /admin/promote and /admin/rollback: another model in the champion's place, by somebody's wish.

The change is the domain's, on the same files as a build's and the command line's, so that nothing has to be carried out
later; here it gets its name from who asks, its words for the audit log, and is served at once.
"""

from __future__ import annotations

from typing import Literal

import polars as pl
from starlette.types import Scope

from steel_energy.artifacts import kept_versions
from steel_energy.errors import BundleError
from steel_energy.handover import hand_over
from steel_energy.sites import Site
from steel_service.api_models.admin import ChampionChange, PromoteRequest, RollbackRequest
from steel_service.errors import ConflictError, NotReadyError, UnknownThingError
from steel_service.model_answers import promotion_answer
from steel_service.places import public_text
from steel_service.security.audit import name_change_for_audit, name_plant_for_audit
from steel_service.state import State


class UnknownVersionError(UnknownThingError):
    """A request names a bundle that is not kept."""

    code = "unknown_version"


def change_champion(wanted: PromoteRequest | RollbackRequest, state: State, scope: Scope) -> ChampionChange:
    """Put a bundle in the champion's place and serve it.

    Raises:
        UnknownPlantError: there is no such plant.
        UnknownVersionError: there is no such bundle.
        ConflictError: it cannot take the place, or another change is under way; nothing has changed.
    """
    site = state.site(wanted.plant)
    bundles_dir, plant_id = state.settings.bundles_dir, site.plant.id
    by, field, to = _asked(wanted)
    name_plant_for_audit(scope, plant_id)
    if to is not None and to not in kept_versions(bundles_dir, plant_id):
        hint = "GET /model/versions names those that are kept"
        raise UnknownVersionError(f"there is no version {to} of {plant_id}", field=field, remedy=hint)
    try:
        was, made = hand_over(
            bundles_dir,
            site,
            by=by,
            to=to,
            who=_who(scope),
            because=wanted.because,
            readings=_readings(site, state),
            expected=wanted.expected,
        )
    except BundleError as error:
        told, remedy = (public_text(text, state.settings) for text in (error.what, error.remedy))
        stays = ConflictError(f"the champion of {plant_id} stays: {told}", field=field, remedy=remedy)
        raise stays.named(error.reason, **error.values) from error
    name_change_for_audit(scope, what=by, was=was, now=made.version, because=wanted.because)
    now = state.champions.reload(site).now
    return ChampionChange(
        plant=plant_id,
        was=was,
        champion=promotion_answer(made, rejected=frozenset(), kept={made.version}),
        serves=now.manifest.version if now else None,
    )


def _asked(wanted: PromoteRequest | RollbackRequest) -> tuple[Literal["promote", "rollback"], str, str | None]:
    """What is to happen, and the field and value that name the version."""
    if isinstance(wanted, PromoteRequest):
        return "promote", "version", wanted.version
    return "rollback", "to", wanted.to


def _readings(site: Site, state: State) -> pl.DataFrame | None:
    """What the bundle is tried on; without readings it is only loaded, for nobody could ask it anything."""
    try:
        return state.readings.of(site).readings
    except NotReadyError:
        return None


def _who(scope: Scope) -> str:
    principal = scope.get("state", {}).get("principal")
    return principal.name if principal else ""
