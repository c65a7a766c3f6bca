"""What /models, /model/versions and /drift answer: who stands where, who serves or served, whether it still fits."""

from __future__ import annotations

from collections.abc import Container, Mapping

from steel_energy.artifacts import Promotion as PromotionMade
from steel_energy.artifacts import previous_champion
from steel_energy.catalogue import Kept, kept_bundles, read_catalogue
from steel_energy.errors import NotEnoughDataError, SteelError
from steel_energy.evaluation import LEADS, OVERALL
from steel_energy.lake import Lake
from steel_energy.monitoring.guard import known_reviews
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.sites import Site
from steel_energy.timeline import DEFAULT_HORIZON
from steel_service.answers import fallback_answer
from steel_service.api_models.drift import DriftAnswer
from steel_service.api_models.fields import Fallback
from steel_service.api_models.info import ChampionName
from steel_service.api_models.models import (
    AbsentModel,
    LeadScores,
    ModelsAnswer,
    ModelStanding,
    ModelVersion,
    Promotion,
    Review,
    VersionsAnswer,
)
from steel_service.errors import NotReadyError
from steel_service.places import public_text
from steel_service.readings import PlantReadings
from steel_service.state import State

SCORED = f".{OVERALL}."
"""In the names of the scores that are told of a version."""


def models_answer(site: Site, state: State) -> ModelsAnswer:
    """The models of a plant.

    Raises:
        NotReadyError: nothing was built yet.
        BundleError: a record of a trial or the history of champions is unreadable.
    """
    found = read_catalogue(state.settings, site.plant.id)
    if not (found.standings or found.absent or found.promotions):
        raise NotReadyError(f"there are no models of {site.plant.id} yet", remedy="build them: make build").named(
            "no_models", plant=site.plant.id
        )
    serving, fallback = _serving(site, state)
    return ModelsAnswer(
        plant=site.plant.id,
        serving=serving,
        fallback=fallback,
        leaderboard=[
            ModelStanding(rank=rank, **standing.model_dump(), test_by_lead=_by_lead(found.by_lead[standing.model]))
            for rank, standing in enumerate(found.standings, start=1)
        ],
        absent=[
            AbsentModel(model=model, because=public_text(because, state.settings))
            for model, because in found.absent.items()
        ],
        champions=[
            promotion_answer(promotion, rejected=found.rejected, kept=found.kept) for promotion in found.promotions
        ],
    )


def versions_answer(site: Site, state: State) -> VersionsAnswer:
    """The bundles of a plant that are kept; none where nothing was built yet.

    Raises:
        BundleError: the history of champions is unreadable.
    """
    bundles_dir, plant_id = state.settings.bundles_dir, site.plant.id
    kept = kept_bundles(bundles_dir, plant_id)
    champion = next((one for one in kept if one.state == "champion"), None)
    data = champion.manifest.data_sha256 if champion and champion.manifest else None
    return VersionsAnswer(
        plant=plant_id,
        champion=champion.version if champion else None,
        previous=previous_champion(bundles_dir, plant_id),
        versions=[_version(one, data_sha256=data) for one in kept],
        reviews=[
            Review.model_validate(row) for row in known_reviews(Lake(state.settings.lake_root), plant_id).to_dicts()
        ],
    )


def _version(kept: Kept, *, data_sha256: str | None) -> ModelVersion:
    manifest = kept.manifest
    return ModelVersion(
        version=kept.version,
        state=kept.state,
        is_damaged=manifest is None,
        numbers=list(kept.numbers),
        model=manifest.model if manifest else None,
        label=manifest.label if manifest else "",
        created_at=manifest.created_at if manifest else None,
        trained_from=manifest.trained_from if manifest else None,
        trained_until=manifest.trained_until if manifest else None,
        is_same_data=manifest is not None and manifest.data_sha256 == data_sha256,
        metrics={name: value for name, value in manifest.metrics.items() if SCORED in name} if manifest else {},
    )


def drift_answer(site: Site, state: State) -> DriftAnswer:
    """How far the newest readings have drifted from the training of the model that answers now.

    Raises:
        NotReadyError: no readings yet, or too few to compare.
        BundleError: no model can answer.
    """
    known = state.readings.of(site)
    manifest = state.champions.in_use(site, known).served.manifest
    try:
        found = state.drifts.of(site, known, manifest)
    except NotEnoughDataError as error:  # no fault of who asks, who can only wait
        raise NotReadyError(error.message, remedy=error.remedy) from error
    return DriftAnswer.model_validate(
        {
            **found.model_dump(),
            "plant": site.plant.id,
            "zone": site.plant.zone,
            "champion": ChampionName.model_validate(manifest),
            "thresholds": state.drifts.params.model_dump(),
        }
    )


def _serving(site: Site, state: State) -> tuple[ChampionName | None, Fallback | None]:
    """Which model answers now; without one, who served and what was tried out can still be told."""
    try:
        answered = state.champions.in_use(site, _known(site, state))
    except SteelError:  # /health says why
        return None, None
    return ChampionName.model_validate(answered.served.manifest), fallback_answer(answered, state)


def _known(site: Site, state: State) -> PlantReadings | None:
    try:
        return state.readings.of(site)
    except NotReadyError:  # a champion is asked for its name alone
        return None


def _by_lead(scores: Mapping[str, Mapping[str, float]]) -> list[LeadScores]:
    return [
        LeadScores(lead_time=lead, minutes=INTERVAL_MINUTES * LEADS.get(lead, DEFAULT_HORIZON), scores=dict(of_lead))
        for lead, of_lead in scores.items()
    ]


def promotion_answer(promotion: PromotionMade, *, rejected: Container[str], kept: Container[str]) -> Promotion:
    """A line of the history, and what has become of its bundle."""
    version = promotion.version
    return Promotion(**promotion.model_dump(), is_rejected=version in rejected, is_kept=version in kept)
