from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_energy.params import Params, load_params
from steel_energy.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def content() -> dict[str, object]:
    return load_params(PROJECT_ROOT / "params.yaml").model_dump()


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
