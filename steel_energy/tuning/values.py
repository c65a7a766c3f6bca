"""Putting values of the trees into ``params.yaml``: in one step, every other byte of the file as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from steel_energy.errors import ConfigError
from steel_energy.lake import write_text
from steel_energy.params import TreeParams, load_params
from steel_energy.settings import Profile


def write_values(path: Path, model: str, values: TreeParams, *, profile: Profile) -> None:
    """Replace what differs in the section ``forecasting.<model>`` of the parameter file.

    Args:
        path: ``params.yaml``.
        model: a boosted forecaster.
        values: of its trees.
        profile: for which they are to hold.

    Raises:
        ConfigError: the file is faulty, or the profile's own section overrides them; it stays as it was.
    """
    present: TreeParams = getattr(load_params(path).forecasting, model)
    now, wanted = present.model_dump(mode="json"), values.model_dump(mode="json")
    text = path.read_text(encoding="utf-8")
    places = {name: _place(text, "forecasting", model, name) for name in wanted if wanted[name] != now[name]}
    for name, (start, end) in sorted(places.items(), key=lambda item: item[1], reverse=True):
        text = text[:start] + yaml.safe_dump(wanted[name]).splitlines()[0] + text[end:]
    _require_in_force(text, model, values, profile=profile)
    write_text(path, text)


def _place(text: str, *names: str) -> tuple[int, int]:
    """Where the value lies that the nested ``names`` lead to: its first character and the one after its last."""
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for name in names:
        node = next(value for key, value in node.value if key.value == name)
    return node.start_mark.index, node.end_mark.index


def _require_in_force(text: str, model: str, values: TreeParams, *, profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = load_params(write_text(Path(folder) / "params.yaml", text), profile=profile)
    if getattr(written.forecasting, model) != values:
        section = f"{profile}.forecasting.{model}"
        raise ConfigError("overrides what would be written", field=section, remedy="put the values there by hand")
