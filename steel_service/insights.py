"""What /model/importance and /model/evaluation answer, from what the last build kept; no model is asked anew."""

from __future__ import annotations

import math

import polars as pl

from steel_energy.artifacts import Manifest, champion_to_serve, read_manifest
from steel_energy.errors import BundleError
from steel_energy.evaluation import OVERALL
from steel_energy.evaluation.breakdown import break_down
from steel_energy.explaining import DRIVER_OF, words_of
from steel_energy.explaining.stored import drivers_file, explanations_folder, read_explanation
from steel_energy.lake import read_table
from steel_energy.sites import Site
from steel_energy.trial import StoredTrial, part_of, read_trial
from steel_service.api_models.info import ChampionName
from steel_service.api_models.insight import EvaluationAnswer, FeaturePoint, FeatureSwarm, ImportanceAnswer, Part
from steel_service.errors import NotReadyError, UnknownThingError
from steel_service.state import State

BUILD = "build them: make build"
SAME_WITHIN_KWH = 1e-6


class UnknownModelError(UnknownThingError):
    """A request names a model that was not tried out."""

    code = "unknown_model"


def importance_answer(site: Site, state: State) -> ImportanceAnswer:
    """What drives the champion's forecasts.

    Raises:
        NotReadyError: no build has explained a champion yet.
    """
    models_dir, plant_id = state.settings.models_dir, site.plant.id
    stored, drivers = read_explanation(explanations_folder(models_dir, plant_id)), drivers_file(models_dir, plant_id)
    if stored is None or not drivers.exists():
        raise NotReadyError(f"there are no explanations of {plant_id} yet", remedy=BUILD).named(
            "no_explanations", plant=plant_id
        )
    version, champion = stored.about.version or None, _champion(site, state)
    return ImportanceAnswer.model_validate(
        {
            "plant": plant_id,
            "explained": stored.about.about,
            "version": version,
            "is_of_champion": version == champion.version if version and champion else None,
            "drivers": read_table(drivers).to_dicts(),
            "swarms": _swarms(stored.points),
        }
    )


def evaluation_answer(site: Site, state: State, *, part: Part, model: str | None) -> EvaluationAnswer:
    """The backtest of a model that was tried out, by default of the champion's kind.

    Raises:
        UnknownModelError: it was never tried out.
        NotReadyError: no champion was built yet.
        ModelUnavailableError: that model could not be tried out; says why.
        BundleError: its record is unreadable.
    """
    champion = _champion(site, state)
    trial = _trial(site, state, model=model, champion=champion)
    found = break_down(part_of(trial.backtested, part), site)
    claimed = champion.metrics.get(f"{part}.{OVERALL}.rmse_kwh", math.nan) if champion else math.nan
    return EvaluationAnswer.model_validate(
        {
            **found.model_dump(),
            "plant": site.plant.id,
            "zone": site.plant.zone,
            "model": trial.record.model,
            "label": trial.record.label,
            "part": part,
            "champion": ChampionName.model_validate(champion) if champion else None,
            "is_of_champion": _is_of(champion, trial)
            and math.isclose(claimed, found.overall.rmse_kwh, abs_tol=SAME_WITHIN_KWH),
        }
    )


def _trial(site: Site, state: State, *, model: str | None, champion: Manifest | None) -> StoredTrial:
    trials, plant_id = state.settings.models_dir / "trials" / site.plant.id, site.plant.id
    if model is not None and not (trials / model).is_dir():
        hint = "GET /models names those that were tried out"
        raise UnknownModelError(f"{model} was not tried out for {plant_id}", field="model", remedy=hint)
    wanted = model or (champion.model if champion else "")
    if not wanted or not (trials / wanted).is_dir():
        raise NotReadyError(f"there is no backtest of {wanted or 'a champion'} of {plant_id} yet", remedy=BUILD).named(
            "no_backtest", plant=plant_id
        )
    return read_trial(trials / wanted)


def _is_of(champion: Manifest | None, trial: StoredTrial) -> bool:
    return champion is not None and champion.model == trial.record.model


def _champion(site: Site, state: State) -> Manifest | None:
    """What the champion says of itself; None where it cannot be read, of which /health tells."""
    bundles_dir, plant_id = state.settings.bundles_dir, site.plant.id
    try:
        return read_manifest(bundles_dir, plant_id, champion_to_serve(bundles_dir, plant_id))
    except BundleError:
        return None


def _swarms(points: pl.DataFrame) -> list[FeatureSwarm]:
    return [
        FeatureSwarm(
            lead_range=str(lead_range),
            feature=str(feature),
            label=words_of(str(feature)),
            driver=DRIVER_OF.get(str(feature), ""),
            mean_abs_kwh=float(rows["kwh"].abs().mean()),  # type: ignore[arg-type] # a group is never empty
            points=[FeaturePoint(value=value, kwh=kwh) for value, kwh in rows.select("value", "kwh").iter_rows()],
        )
        for (lead_range, feature), rows in points.group_by("lead_range", "feature", maintain_order=True)
    ]
