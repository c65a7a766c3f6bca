"""The published file and its dirty copy: what the README promises about cleaning."""

from __future__ import annotations

import datetime as dt

import pytest

from steel_energy.cleaning import Cleaned, clean, place, reference_match
from steel_energy.simulation.damage import LEVELS, damage
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import as_shown

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def raw(real_csv):
    return read_csv(real_csv).rows


@pytest.fixture(scope="module")
def truth(raw, gwangyang):
    return as_shown(place(raw, gwangyang))


def cleaned_of(rows, plant, tariff) -> Cleaned:
    return clean(place(rows, plant), plant=plant, tariff=tariff)


def test_the_published_file_keeps_every_cell_but_the_47_zero_co2_of_2_january(raw, gwangyang, kepco):
    cleaned = cleaned_of(raw, gwangyang, kepco)

    assert cleaned.report.cells_by_rule == {"co2_of_usage": 47}
    assert set(cleaned.repairs["before"]) == {"0"}
    assert set(cleaned.repairs["interval_start"].dt.date()) == {dt.date(2018, 1, 2)}


def test_the_dirty_file_comes_back_complete_and_999_of_1000_cells_true(dirty_csv, truth, gwangyang, kepco):
    cleaned = cleaned_of(read_csv(dirty_csv).rows, gwangyang, kepco)

    assert cleaned.readings["interval_start"].equals(truth["interval_start"])
    assert reference_match(cleaned.readings, truth)["all"] >= 0.999
    assert cleaned.report.duplicates_removed == 700
    assert cleaned.report.intervals_inserted == 0


@pytest.mark.parametrize(("level", "share"), [("published", 0.999), ("harsh", 0.998), ("brutal", 0.99)])
def test_dirty_copies_come_back_complete_and_nearly_true(raw, truth, gwangyang, kepco, level, share):  # noqa: PLR0917
    dirty = damage(raw, seed=11, level=LEVELS[level]).rows
    cleaned = cleaned_of(dirty, gwangyang, kepco)

    assert cleaned.readings["interval_start"].equals(truth["interval_start"])
    assert reference_match(cleaned.readings, truth)["all"] >= share
