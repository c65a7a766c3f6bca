from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from steel_energy.errors import ConfigError
from steel_energy.params import Params, load_params
from steel_energy.settings import PROJECT_ROOT, Profile, SteelSettings


@pytest.fixture(scope="module")
def content() -> dict[str, object]:
    return load_params(PROJECT_ROOT / "params.yaml").model_dump(mode="json")


def test_every_value_of_the_file_is_explained():
    lines = (PROJECT_ROOT / "params.yaml").read_text(encoding="utf-8").splitlines()
    values = [line for line in lines if ": " in line and not line.lstrip().startswith(("#", "-"))]

    assert [line for line in values if "#" not in line] == []


@pytest.mark.parametrize(
    "leads",
    [[(1, 96)], [(1, 96), (98, 672)], [(1, 96), (96, 672)], [(97, 672), (1, 96)]],
    ids=["too short", "a gap", "an overlap", "out of order"],
)
def test_lead_ranges_that_do_not_cover_each_lead_once_are_refused(content: dict, leads: list[tuple[int, int]]):
    ranges = [{"first": first, "last": last, "rows_per_origin": 1, "trees": 1} for first, last in leads]
    boosting = content["forecasting"]["boosting"] | {"lead_ranges": ranges}

    with pytest.raises(ValidationError, match="must cover each lead from 1 to 672 exactly once"):
        Params.model_validate(content | {"forecasting": content["forecasting"] | {"boosting": boosting}})


def test_a_warm_up_that_leaves_nothing_to_train_on_is_refused(content: dict):
    forecasting = content["forecasting"] | {"min_training_days": 20, "warm_up_days": 20}

    with pytest.raises(ValidationError, match="min_training_days must exceed warm_up_days"):
        Params.model_validate(content | {"forecasting": forecasting})


@pytest.fixture
def write_params(content: dict, tmp_path: Path) -> Callable[..., Path]:
    """Writes the project's parameters with another ``full`` section and other sections, and returns the file."""

    def write(full: object, **sections: object) -> Path:
        path = tmp_path / "params.yaml"
        path.write_text(yaml.safe_dump(content | sections | {"full": full}), encoding="utf-8")
        return path

    return write


def test_the_full_profile_changes_what_its_section_names_and_nothing_else(write_params: Callable[..., Path]):
    path = write_params({"tuning": {"trials": 77}, "forecasting": {"boosting": {"workers": 9}}})

    default, full = load_params(path), load_params(path, profile="full")

    assert (full.tuning.trials, full.forecasting.boosting.workers) == (77, 9)
    assert full.tuning.model_copy(update={"trials": default.tuning.trials}) == default.tuning
    assert full.forecasting.boosting.lead_ranges == default.forecasting.boosting.lead_ranges
    assert full.evaluation == default.evaluation


@pytest.mark.parametrize("full", [None, {}], ids=["nothing", "an empty section"])
def test_without_overrides_both_profiles_are_the_same(write_params: Callable[..., Path], full: object):
    path = write_params(full)

    assert load_params(path, profile="full") == load_params(path, profile="default")


@pytest.mark.parametrize("profile", ["default", "full"])
@pytest.mark.parametrize(
    ("full", "message"),
    [
        pytest.param({"tuning": {"trails": 7}}, "full.tuning.trails: overrides nothing", id="a misspelt value"),
        pytest.param({"tunning": {}}, "full.tunning: overrides nothing", id="a misspelt section"),
        pytest.param({"tuning": {"trials": 0}}, "full.tuning.trials: Input should be greater", id="out of bounds"),
        pytest.param({"tuning": 7}, "full.tuning: Input should be a valid dictionary", id="no section"),
        pytest.param([1], "full: is no section", id="a list"),
    ],
)
def test_a_fault_among_the_overrides_is_named_whichever_profile_is_read(
    write_params: Callable[..., Path], profile: Profile, full: object, message: str
):
    with pytest.raises(ConfigError) as caught:
        load_params(write_params(full), profile=profile)

    assert caught.value.message.startswith(message)
    assert caught.value.remedy.startswith("correct full")


def test_a_fault_outside_of_the_overrides_is_named_as_it_stands(write_params: Callable[..., Path]):
    path = write_params({"tuning": {"trials": 7}}, seed=-1)

    with pytest.raises(ConfigError, match=r"params\.yaml: seed: "):
        load_params(path, profile="full")


def test_an_unknown_profile_is_refused_with_the_choice():
    with pytest.raises(ConfigError, match=r"STEEL_PROFILE: unknown profile 'fast' \(set it to default or full\)"):
        SteelSettings(profile="fast")
