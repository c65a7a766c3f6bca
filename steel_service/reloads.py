"""POST /admin/reload: load what was published now, rather than when a request notices, and say what it came to."""

from __future__ import annotations

from collections.abc import Iterable

from steel_energy.errors import SteelError
from steel_energy.ladder import Served
from steel_energy.nowcasting.bundle import Fitted
from steel_energy.sites import Site
from steel_service.api_models.admin import PlantReload, ReloadAnswer, Reloaded
from steel_service.errors import ConflictError
from steel_service.places import public_text
from steel_service.renewal import Renewal
from steel_service.state import State

Renewals = dict[str, Renewal[Served] | Renewal[Fitted]]


def reload_models(sites: Iterable[Site], state: State) -> ReloadAnswer:
    """Load the newest champion and nowcast of each site beside the ones that serve, and swap each in when it is whole.

    Raises:
        ConflictError: one is damaged, or of another version of the code; what served before serves on. All others have
            been loaded.
    """
    answers, refusals = [], []
    for site in sites:
        renewals: Renewals = {"champion": state.champions.reload(site), "nowcast": state.nowcasts.reload(site.plant)}
        refusals += [_refusal(site, kind, renewal, state) for kind, renewal in renewals.items() if renewal.refusal]
        versions = {kind: _reloaded(renewal) for kind, renewal in renewals.items()}
        answers.append(PlantReload(plant=site.plant.id, **versions))
    if refusals:
        raise refusals[0]
    return ReloadAnswer(plants=answers)


def _reloaded(renewal: Renewal[Served] | Renewal[Fitted]) -> Reloaded:
    return Reloaded(was=_version(renewal.was), now=_version(renewal.now))


def _refusal(site: Site, kind: str, renewal: Renewal[Served] | Renewal[Fitted], state: State) -> ConflictError:
    error = renewal.refusal
    reason, remedy = (error.what, error.remedy) if isinstance(error, SteelError) else (str(error), "see the log")
    serving = _version(renewal.now)
    on = f"{serving} serves on" if serving else "none serves"
    told = public_text(f"the newest {kind} of {site.plant.id} is refused, {on}: {reason}", state.settings)
    return ConflictError(told, field=kind, remedy=public_text(remedy, state.settings))


def _version(published: Served | Fitted | None) -> str | None:
    return published.manifest.version if published else None
