"""Taking a source in: what is remembered of it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from steel_energy.errors import NotEnoughDataError
from steel_energy.intake import Intake, take_in
from steel_energy.plant import Plant
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.testing import toy_plant, toy_tariff


def toy_intake(raw_dir: Path, *, source: str = "simulated", plant: Plant | None = None, seed: int = 1) -> Intake:
    return take_in(source, plant=plant or toy_plant(), tariff=toy_tariff(), raw_dir=raw_dir, seed=seed)


def export(intake: Intake, path: Path) -> str:
    intake.placed.select(list(PUBLISHED_HEADER)).rename(PUBLISHED_HEADER).write_csv(path)
    return str(path)


def test_a_simulated_plant_fills_its_months_and_says_what_it_is(tmp_path: Path):
    intake = toy_intake(tmp_path)

    assert intake.months == ["2018-01", "2018-02"]
    assert intake.month("2018-02").height == 28 * 96
    facts = intake.facts()
    assert (facts["kind"], facts["is_simulated"], facts["rows"], facts["rows_outside"]) == ("simulated", True, 5664, 0)
    assert (facts["start"], facts["end"]) == ("2018-01-01T00:00:00+09:00", "2018-03-01T00:00:00+09:00")


def test_the_fingerprint_follows_the_cells_and_not_where_they_lie(tmp_path: Path):
    simulated, other_seed = toy_intake(tmp_path), toy_intake(tmp_path, seed=2)
    copied = toy_intake(tmp_path, source=export(simulated, tmp_path / "copy.csv"))

    assert copied.fingerprint == simulated.fingerprint
    assert other_seed.fingerprint != simulated.fingerprint


def test_rows_outside_the_plants_months_are_kept_and_counted(tmp_path: Path):
    source = export(toy_intake(tmp_path), tmp_path / "two_months.csv")
    january = toy_plant().model_copy(update={"last_month": "2018-01"})

    intake = toy_intake(tmp_path, source=source, plant=january)

    assert intake.months == ["2018-01"]
    assert intake.facts()["rows_outside"] == 28 * 96


def test_a_month_without_rows_is_refused_and_the_months_there_are_named(tmp_path: Path):
    with pytest.raises(NotEnoughDataError, match=r"no reading in 2018-03.*it has 2018-01, 2018-02"):
        toy_intake(tmp_path).month("2018-03")


def test_a_source_of_other_months_is_refused_with_the_file_to_change(tmp_path: Path):
    source = export(toy_intake(tmp_path), tmp_path / "2018.csv")
    later = toy_plant().model_copy(update={"first_month": "2020-01", "last_month": "2020-12"})

    with pytest.raises(NotEnoughDataError, match=r"covers 2018-01 to 2018-02.*data/plants/toy.yaml"):
        toy_intake(tmp_path, source=source, plant=later)
