from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import polars as pl

from steel_energy.artifacts import promote, rollback, write_bundle
from steel_energy.evaluation import Leaderboard, Standing
from steel_energy.testing import toy_facts
from steel_energy.trial import write_absence

BOARD = Leaderboard(
    (
        Standing(model="naive", validation={"rmse_kwh": 9.0}, test={"rmse_kwh": 8.0}, further={"p_value": 0.01}),
        Standing(
            model="trees",
            label="grown here",
            validation={"rmse_kwh": 5.0, "mae_kwh": 3.0},
            test={"rmse_kwh": 6.0},
            further={"p_value": None, "size_mb": 2.5},
        ),
    )
)


def write_board(service: Any) -> None:
    """The leaderboard as the build keeps it."""
    path = service.state.settings.models_dir / "leaderboard" / "plant=toy.parquet"
    path.parent.mkdir(parents=True)
    BOARD.frame().write_parquet(path)
    scores = service.state.settings.models_dir / "trees" / "plant=toy.parquet"
    scores.parent.mkdir()
    pl.DataFrame(
        {
            "part": ["validation", "test", "test"],
            "lead_time": ["1h", "1h", "over_24h"],
            "rmse_kwh": [3.0, 4.0, 6.0],
            "skill": [0.1, math.nan, 0.5],
        }
    ).write_parquet(scores)


def bundle(service: Any, model: str) -> str:
    def write(folder: Path) -> None:
        (folder / "model.txt").write_text(model)

    return write_bundle(service.state.settings.bundles_dir, toy_facts(model=model), write=write).version


def test_models_stand_by_their_error_on_the_validation_part(service: Any) -> None:
    write_board(service)

    models = service.client.get("/models").json()

    assert models["leaderboard"] == [
        {
            "rank": 1,
            "model": "trees",
            "label": "grown here",
            "validation": {"rmse_kwh": 5.0, "mae_kwh": 3.0},
            "test": {"rmse_kwh": 6.0},
            "test_by_lead": [
                {"lead_time": "1h", "minutes": 60, "scores": {"rmse_kwh": 4.0}},
                {"lead_time": "over_24h", "minutes": 1440, "scores": {"rmse_kwh": 6.0, "skill": 0.5}},
            ],
            "further": {"p_value": None, "size_mb": 2.5},
        },
        {
            "rank": 2,
            "model": "naive",
            "label": "",
            "validation": {"rmse_kwh": 9.0},
            "test": {"rmse_kwh": 8.0},
            "test_by_lead": [],
            "further": {"p_value": 0.01, "size_mb": None},
        },
    ]
    assert models["serving"] == {"model": "counting", "label": "counts", "version": "abc123"}
    assert (models["plant"], models["fallback"], models["absent"], models["champions"]) == ("toy", None, [], [])


def test_an_absent_model_has_its_reason_without_telling_where_files_lie(service: Any) -> None:
    settings = service.state.settings
    write_absence(
        "chronos", settings.models_dir / "trials" / "toy" / "chronos", reason=f"{settings.data_dir}/weights: is gone"
    )

    assert service.client.get("/models").json()["absent"] == [{"model": "chronos", "because": "weights: is gone"}]


def test_the_history_tells_who_served_and_what_was_rolled_back(service: Any) -> None:
    bundles_dir = service.state.settings.bundles_dir
    first, second = bundle(service, "naive"), bundle(service, "trees")
    promote(bundles_dir, "toy", version=first, by="build", reason="the first")
    promote(bundles_dir, "toy", version=second, by="build", reason="better")
    rollback(bundles_dir, "toy", reason="worse in truth")

    champions = service.client.get("/models").json()["champions"]

    assert [(one["number"], one["model"], one["by"], one["reason"], one["is_rejected"]) for one in champions] == [
        (1, "naive", "build", "the first", False),
        (2, "trees", "build", "better", True),
        (3, "naive", "rollback", "worse in truth", False),
    ]
    assert [one["version"] for one in champions] == [first, second, first]
    assert {one["is_kept"] for one in champions} == {True}


def test_what_was_tried_is_told_although_nothing_serves(empty_service: Any) -> None:
    write_board(empty_service)

    models = empty_service.client.get("/models").json()

    assert models["serving"] is None
    assert [one["model"] for one in models["leaderboard"]] == ["trees", "naive"]


def test_without_any_model_the_remedy_is_to_build_them(service: Any) -> None:
    status, error = service.error("GET", "/models")

    assert (status, error["code"], error["hint"]) == (503, "not_ready", "build them: make build")


def test_a_damaged_record_is_named_by_its_place_in_the_data_folder(service: Any) -> None:
    folder = service.state.settings.models_dir / "trials" / "toy" / "trees"
    folder.mkdir(parents=True)
    (folder / "trial.json").write_text("{")

    status, error = service.error("GET", "/models")

    assert (status, error["code"], error["field"]) == (503, "bundle", "models/trials/toy/trees")


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    assert service.error("GET", "/models", params={"plant": "moon"})[0] == 404
