"""Every way a YAML file can be wrong ends in one ``ConfigError`` that names the file."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_energy.config import Record, load_record
from steel_energy.errors import ConfigError


class Furnace(Record):
    power_kw: float
    heats: tuple[int, ...] = ()


def test_a_sound_file_becomes_a_frozen_record(tmp_path):
    path = tmp_path / "furnace.yaml"
    path.write_text("power_kw: 250\nheats: [1, 2]\n", encoding="utf-8")

    furnace = load_record(path, Furnace)

    assert furnace == Furnace(power_kw=250.0, heats=(1, 2))
    with pytest.raises(ValidationError, match="frozen"):
        furnace.power_kw = 1.0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"power_kw: [", "is not valid YAML", id="broken YAML"),
        pytest.param(b"\xff\xfe\x00", "is not valid YAML", id="not UTF-8"),
        pytest.param(b"power_kw: 2018-02-30", "is not valid YAML", id="a day that does not exist"),
        pytest.param(b"", "the whole file: ", id="empty"),
        pytest.param(b"- 1\n- 2\n", "the whole file: ", id="a list"),
        pytest.param(b"heats: [1]", "power_kw: Field required", id="a missing field"),
        pytest.param(b"power_kw: hot", "power_kw: Input should be a valid number", id="a word for a number"),
        pytest.param(b"power_kw: 1\nheats: [1, x]", "heats.1: ", id="a fault in a list"),
        pytest.param(b"power_kw: .nan", "power_kw: Input should be a finite number", id="not a number"),
        pytest.param(b"power_kv: 1", "power_kv: Extra inputs are not permitted", id="a misspelt field"),
    ],
)
def test_a_faulty_file_is_refused_with_file_field_and_reason(tmp_path, content, message):
    path = tmp_path / "furnace.yaml"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load_record(path, Furnace)

    assert caught.value.field == str(path)
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        pytest.param("power_kw: 1\nheats:\n  - 1\n  - x\n", "correct heats.1 in line 4", id="an item of a list"),
        pytest.param("# heats\n\nheats: [1]\npower_kw: hot\n", "correct power_kw in line 4", id="below comments"),
        pytest.param("heats: [1]\n", "correct power_kw in line 1", id="a missing field: of the whole file"),
    ],
)
def test_the_remedy_names_the_line(tmp_path, content, remedy):
    path = tmp_path / "furnace.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_record(path, Furnace)

    assert caught.value.remedy == remedy


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: no such file"):
        load_record(tmp_path / "nowhere.yaml", Furnace)


def test_a_long_value_is_cut_in_the_message(tmp_path):
    path = tmp_path / "furnace.yaml"
    path.write_text(f"power_kw: {list(range(1000))}", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_record(path, Furnace)

    assert "[0, 1, 2, 3, 4, 5, ...]" in caught.value.message
