"""The virtual meter's model behind the service: who answers, by which version and engine, and what if it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steel_energy.meter import shown_beside_usage
from steel_energy.nowcasting.bundle import NAME, export_onnx, publish_model
from steel_energy.nowcasting.model import UsageModel, fit_model
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, varied_readings
from steel_service.settings import ServiceSettings

BOUNDS = ("confidence_interval_lower", "predicted_usage_kwh", "confidence_interval_upper")


def fitted(site: Site, *, trees: int) -> UsageModel:
    readings = varied_readings(days=60, plant=site.plant)
    changes = {"trees": trees, "copies": 1}
    params = load_params(PROJECT_ROOT / "params.yaml").nowcasting.model_copy(update=changes)
    usage_kwh = readings["usage_kwh"].to_numpy()
    return fit_model(shown_beside_usage(readings), usage_kwh, plant=site.plant, params=params)


@pytest.fixture(scope="module")
def model(site: Site) -> UsageModel:
    return fitted(site, trees=10)


@pytest.fixture
def version(model: UsageModel, settings: ServiceSettings) -> str:
    """The model's version, after it was published."""
    return publish_model(model, toy_facts(model=NAME), nowcast_dir=settings.nowcast_dir).version


@pytest.fixture
def rough(reading: dict[str, Any]) -> dict[str, Any]:
    """8 kWh beside 6 kvarh, each off by about a percent."""
    return reading | {"lagging_reactive_power": 6.07, "lagging_power_factor": 0.7913}


def test_a_rough_reading_is_answered_by_the_model_and_a_sound_one_by_physics(
    service: Any, version: str, reading: dict[str, Any], rough: dict[str, Any]
) -> None:
    sound, corrected = (service.client.post("/predict", json=row).json() for row in (reading, rough))

    assert (sound["method"], sound["consistent"], sound["predicted_usage_kwh"]) == ("physics", True, 8.0)
    assert (corrected["method"], corrected["consistent"]) == ("model", False)
    assert corrected["model_version"] == f"model-{version}"
    assert sorted(corrected[name] for name in BOUNDS) == [corrected[name] for name in BOUNDS]


def test_a_batch_says_of_each_row_who_answered(
    service: Any, version: str, reading: dict[str, Any], rough: dict[str, Any]
) -> None:
    answer = service.client.post("/predict/batch", json={"rows": [rough, reading]}).json()

    assert [row["model_version"].partition("-")[0] for row in answer["predictions"]] == ["model", "physics"]
    assert answer["predictions"][0]["model_version"] == f"model-{version}"


@pytest.mark.usefixtures("version")
def test_onnx_runtime_answers_as_lightgbm_does(
    service: Any, site: Site, settings: ServiceSettings, rough: dict[str, Any]
) -> None:
    export_onnx(settings, site.plant)

    native, onnx = (service.client.post(route, json=rough).json() for route in ("/predict", "/predict_onnx"))

    assert [onnx[name] for name in BOUNDS] == pytest.approx([native[name] for name in BOUNDS], rel=1e-5)
    assert (onnx["method"], onnx["model_version"]) == (native["method"], native["model_version"])


def test_a_newer_model_answers_as_soon_as_it_is_loaded(  # noqa: PLR0917 - fixtures
    service: Any, version: str, site: Site, settings: ServiceSettings, rough: dict[str, Any], until: Any
) -> None:
    before = service.client.post("/predict", json=rough).json()["model_version"]
    newer = publish_model(fitted(site, trees=5), toy_facts(model=NAME), nowcast_dir=settings.nowcast_dir).version

    assert before == f"model-{version}"
    until(lambda: service.client.post("/predict", json=rough).json()["model_version"] == f"model-{newer}")


def test_a_damaged_newer_model_leaves_the_one_before_and_health_says_so(
    service: Any, version: str, site: Site, settings: ServiceSettings, rough: dict[str, Any]
) -> None:
    service.client.post("/predict", json=rough)
    newer = publish_model(fitted(site, trees=5), toy_facts(model=NAME), nowcast_dir=settings.nowcast_dir).version
    path = settings.nowcast_dir / "toy" / newer / "correction.txt"
    path.unlink()

    renewal = service.state.nowcasts.reload(site.plant)

    assert (renewal.was.manifest.version, renewal.now.manifest.version) == (version, version)
    assert service.client.post("/predict", json=rough).json()["model_version"] == f"model-{version}"
    health = service.client.get("/health").json()
    assert (health["status"], [problem["what"] for problem in health["problems"]]) == (
        "degraded",
        [f"{path.relative_to(settings.data_dir)}: is missing"],
    )


def test_without_a_model_physics_answers_and_onnx_says_what_to_do(service: Any, rough: dict[str, Any]) -> None:
    answer = service.client.post("/predict", json=rough).json()
    status, error = service.error("POST", "/predict_onnx", json=rough)

    assert (answer["method"], answer["consistent"]) == ("physics", False)
    assert (status, error["code"], error["hint"]) == (503, "not_ready", "build it again: make build")


def test_a_model_that_was_not_exported_is_not_ready_for_onnx(service: Any, version: str, rough: dict[str, Any]) -> None:
    status, error = service.error("POST", "/predict_onnx", json=rough)

    assert (status, error["code"]) == (503, "bundle")
    assert version in error["field"]


def test_a_damaged_model_leaves_physics_to_answer_and_health_says_so(
    service: Any, version: str, settings: ServiceSettings, rough: dict[str, Any]
) -> None:
    path = Path(settings.nowcast_dir / "toy" / version / "correction.txt")
    path.unlink()

    answer, health = service.client.post("/predict", json=rough).json(), service.client.get("/health").json()

    assert answer["method"] == "physics"
    assert health["status"] == "degraded"
    where = path.relative_to(settings.data_dir)
    (problem,) = health["problems"]
    assert (problem["what"], problem["remedy"]) == (f"{where}: is missing", "build it again: make build")


def test_model_info_names_the_model(service: Any, version: str) -> None:
    assert service.client.get("/model/info").json()["nowcast"]["model_version"] == version
