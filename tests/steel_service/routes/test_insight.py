"""GET /model/importance and /model/evaluation: what the last build kept, and whose it is."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from steel_energy.artifacts import publish
from steel_energy.explaining.stored import About, drivers_file, explanations_folder, write_explanation
from steel_energy.forecasting.seasonal import SeasonalNaive
from steel_energy.lake import write_table
from steel_energy.params import load_params
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_readings
from steel_energy.trial import metrics_of, try_out, write_absence, write_trial

POINTS = {"lead_range": "1", "feature": "slot", "place": 1, "value": None, "kwh": -2.0}


@pytest.fixture
def tried(service: Any, site: Site) -> str:
    """A trial and the champion that claims its scores; the champion's version."""
    settings = service.state.settings
    params = load_params(settings.params_file)
    forecasting = params.forecasting.model_copy(update={"min_training_days": 28})
    naive = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=forecasting)
    trial = try_out(naive, toy_readings(days=60), params=params.evaluation)
    write_trial(trial, settings.models_dir / "trials" / "toy" / naive.name)
    facts = toy_facts(model=naive.name, metrics=metrics_of(trial.scores))
    return publish(settings.bundles_dir, facts, write=trial.forecaster.save).version


def explain(service: Any, version: str) -> None:
    models_dir = service.state.settings.models_dir
    points = pl.DataFrame([POINTS, POINTS | {"value": 3.0, "kwh": 4.0}], schema_overrides={"value": pl.Float64})
    folder = explanations_folder(models_dir, "toy")
    write_explanation(folder, About(about="the naive one", version=version), points=points)
    drivers = pl.DataFrame({"lead_range": ["over_24h"], "driver": ["similar days"], "mean_abs_kwh": [2.5]})
    write_table(drivers_file(models_dir, "toy"), drivers)


def test_importance_is_what_the_build_kept(service: Any, tried: str) -> None:
    explain(service, tried)

    told = service.client.get("/model/importance").json()

    assert (told["explained"], told["version"], told["is_of_champion"]) == ("the naive one", tried, True)
    assert told["drivers"] == [{"lead_range": "over_24h", "driver": "similar days", "mean_abs_kwh": 2.5}]
    assert told["swarms"] == [
        {
            "lead_range": "1",
            "feature": "slot",
            "label": "time of day",
            "driver": "calendar and closed days",
            "mean_abs_kwh": 3.0,
            "points": [{"value": None, "kwh": -2.0}, {"value": 3.0, "kwh": 4.0}],
        }
    ]


@pytest.mark.parametrize(("version", "is_of_champion"), [("0" * 12, False), ("", None)], ids=["another", "not-said"])
def test_whose_explanation_it_is_is_said(
    service: Any, tried: str, *, version: str, is_of_champion: bool | None
) -> None:
    explain(service, version)

    told = service.client.get("/model/importance").json()

    assert told["is_of_champion"] is is_of_champion
    assert told["version"] == (version or None)
    assert tried != version


def test_the_evaluation_has_the_errors_that_the_champion_claims(service: Any, tried: str) -> None:
    told = service.client.get("/model/evaluation").json()

    claimed = service.client.get("/model/versions").json()["versions"][0]["metrics"]
    assert told["champion"]["version"] == tried
    assert told["is_of_champion"]
    assert told["overall"]["rmse_kwh"] == pytest.approx(claimed["test.over_24h.rmse_kwh"])
    assert told["overall"]["coverage_80"] == pytest.approx(claimed["test.over_24h.coverage_80"])
    assert len(told["by_hour"]) == 24
    assert [group["name"] for group in told["by_lead"]] == ["0-6", "6-12", "12-18", "18-24"]


def test_scores_of_another_build_are_not_called_the_champions(service: Any, tried: str) -> None:
    folder = service.state.settings.bundles_dir
    other = toy_facts(model="seasonal_naive", metrics={"test.over_24h.rmse_kwh": 99.0})
    publish(folder, other, write=lambda path: (path / "model.txt").write_text("another") and None)

    told = service.client.get("/model/evaluation").json()

    assert not told["is_of_champion"]
    assert told["champion"]["version"] != tried


@pytest.mark.usefixtures("tried")
def test_the_validation_part_may_be_asked_for_and_an_unknown_model_is_not_found(service: Any) -> None:
    asked = {"part": "validation", "model": "seasonal_naive"}

    assert service.client.get("/model/evaluation", params=asked).json()["part"] == "validation"
    status, error = service.error("GET", "/model/evaluation", params={"model": "moon"})
    assert (status, error["code"], error["field"]) == (404, "unknown_model", "model")
    assert service.error("GET", "/model/evaluation", params={"model": "../x"})[0] == 422


def test_a_model_that_could_not_be_tried_out_says_why(service: Any) -> None:
    write_absence("chronos", service.state.settings.models_dir / "trials" / "toy" / "chronos", reason="no weights")

    status, error = service.error("GET", "/model/evaluation", params={"model": "chronos"})

    assert (status, error["message"]) == (503, "no weights")


@pytest.mark.parametrize("route", ["importance", "evaluation"])
def test_before_the_first_build_there_is_nothing_to_tell(service: Any, route: str) -> None:
    status, error = service.error("GET", f"/model/{route}")

    assert (status, error["code"], error["hint"]) == (503, "not_ready", "build them: make build")
