"""What /models and /drift answer: who stands where, who served, and whether the readings still look the same."""

from __future__ import annotations

from collections.abc import Mapping

from steel_energy.artifacts import Promotion as PromotionMade
from steel_energy.catalogue import Catalogue, read_catalogue
from steel_energy.errors import NotEnoughDataError, SteelError
from steel_energy.evaluation import LEADS
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.sites import Site
from steel_energy.timeline import DEFAULT_HORIZON
from steel_service.answers import fallback_answer
from steel_service.api_models.drift import DriftAnswer
from steel_service.api_models.fields import Fallback
from steel_service.api_models.info import ChampionName
from steel_service.api_models.models import AbsentModel, LeadScores, ModelsAnswer, ModelStanding, Promotion
from steel_service.errors import NotReadyError
from steel_service.places import public_text
from steel_service.readings import PlantReadings
from steel_service.state import State


def models_answer(site: Site, state: State) -> ModelsAnswer:
    """The models of a plant.

    Raises:
        NotReadyError: nothing was built yet.
        BundleError: a record of a trial or the history of champions is unreadable.
    """
    found = read_catalogue(state.settings, site.plant.id)
    if not (found.standings or found.absent or found.promotions):
        raise NotReadyError(f"there are no models of {site.plant.id} yet", remedy="build them: make build")
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
        champions=[_promotion(promotion, found) for promotion in found.promotions],
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


def _promotion(promotion: PromotionMade, found: Catalogue) -> Promotion:
    version = promotion.version
    return Promotion(**promotion.model_dump(), is_rejected=version in found.rejected, is_kept=version in found.kept)
