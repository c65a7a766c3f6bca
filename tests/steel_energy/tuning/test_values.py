"""Writing values into the project's own parameter file: nothing else of it changes."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from steel_energy.errors import ConfigError
from steel_energy.params import load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tuning import write_values


@pytest.fixture
def params_file(tmp_path: Path) -> Path:
    path = tmp_path / "params.yaml"
    path.write_text((PROJECT_ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def changed_lines(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and not line.startswith(("---", "+++"))]


@pytest.mark.parametrize("model", ["lightgbm", "xgboost"])
def test_only_the_values_that_differ_change_and_every_comment_stays(params_file: Path, model: str):
    before, params = params_file.read_text(encoding="utf-8"), load_params(params_file)
    values = getattr(params.forecasting, model).model_copy(update={"leaves": 17, "learning_rate": 0.0421})

    write_values(params_file, model, values, profile="default")

    removed, added = (
        [line for line in changed_lines(before, params_file.read_text(encoding="utf-8")) if line[0] == sign]
        for sign in "-+"
    )
    assert getattr(load_params(params_file).forecasting, model) == values
    assert [line.split(":")[0].strip("+- ") for line in added] == ["learning_rate", "leaves"]
    assert [line.split("#")[1] for line in removed] == [line.split("#")[1] for line in added]


def test_writing_what_is_there_changes_no_byte(params_file: Path):
    before = params_file.read_bytes()

    write_values(params_file, "lightgbm", load_params(params_file).forecasting.lightgbm, profile="full")

    assert params_file.read_bytes() == before


def test_values_that_the_full_profile_overrides_are_refused_and_the_file_stays(params_file: Path):
    params_file.write_text(
        params_file.read_text(encoding="utf-8")
        + "  forecasting:\n    lightgbm: { leaves: 50 } # more time, more leaves\n",
        encoding="utf-8",
    )
    before = params_file.read_bytes()
    values = load_params(params_file).forecasting.lightgbm.model_copy(update={"leaves": 17})

    with pytest.raises(ConfigError, match=r"full\.forecasting\.lightgbm: overrides"):
        write_values(params_file, "lightgbm", values, profile="full")

    assert params_file.read_bytes() == before
