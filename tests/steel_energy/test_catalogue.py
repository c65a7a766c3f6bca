from __future__ import annotations

from pathlib import Path

import pytest

from steel_energy.catalogue import Catalogue, read_catalogue
from steel_energy.errors import BundleError
from steel_energy.evaluation import Leaderboard, Standing
from steel_energy.settings import SteelSettings
from steel_energy.trial import read_record, write_absence

BEST = Standing(
    model="trees", label="grown here", validation={"rmse_kwh": 5.0}, test={"rmse_kwh": 6.0}, further={"size_mb": 2.5}
)
OTHER = Standing(model="naive", validation={"rmse_kwh": 9.0}, test={"rmse_kwh": 8.0}, further={"size_mb": None})


@pytest.fixture
def settings(tmp_path: Path) -> SteelSettings:
    return SteelSettings(data_dir=tmp_path)


def test_before_the_first_build_nothing_is_known(settings: SteelSettings) -> None:
    assert read_catalogue(settings, "toy") == Catalogue((), {}, (), frozenset(), frozenset())


def test_the_leaderboard_of_the_build_comes_back_best_first(settings: SteelSettings) -> None:
    path = settings.models_dir / "leaderboard" / "plant=toy.parquet"
    path.parent.mkdir(parents=True)
    Leaderboard((OTHER, BEST)).frame().write_parquet(path)

    assert read_catalogue(settings, "toy").standings == (BEST, OTHER)
    assert read_catalogue(settings, "other").standings == ()


def test_a_trial_says_of_itself_whether_it_could_be_held(settings: SteelSettings) -> None:
    folder = settings.models_dir / "trials" / "toy" / "chronos"
    write_absence("chronos", folder, reason="no weights")

    assert read_record(folder).absent_because == "no weights"
    assert read_catalogue(settings, "toy").absent == {"chronos": "no weights"}
    with pytest.raises(BundleError, match="holds no trial"):
        read_record(folder.parent)
