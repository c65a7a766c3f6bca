"""Putting values of the trees into ``params.yaml`` in one step, its comments and order as they were."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from steel_energy.errors import ConfigError
from steel_energy.lake import write_text
from steel_energy.params import TreeParams, load_params
from steel_energy.settings import Profile

INDENT = {"mapping": 2, "sequence": 4, "offset": 2}
WIDTH = 4096  # no line is broken


def write_values(path: Path, model: str, values: TreeParams, *, profile: Profile) -> None:
    """Replace what differs in the section ``forecasting.<model>`` of the parameter file.

    Args:
        path: ``params.yaml``.
        model: a boosted forecaster.
        values: of its trees.
        profile: for which they are to hold.

    Raises:
        ConfigError: the profile's own section overrides them; the file stays as it was.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - for this alone

    yaml = YAML()
    yaml.indent(**INDENT)
    yaml.width = WIDTH
    yaml.preserve_quotes = True
    content = yaml.load(path.read_text(encoding="utf-8"))
    section = content["forecasting"][model]
    section.update({name: value for name, value in values.model_dump(mode="json").items() if section[name] != value})
    text = io.StringIO()
    yaml.dump(content, text)
    _require_in_force(text.getvalue(), model, values, profile=profile)
    write_text(path, text.getvalue())


def _require_in_force(text: str, model: str, values: TreeParams, *, profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = load_params(write_text(Path(folder) / "params.yaml", text), profile=profile)
    if getattr(written.forecasting, model) != values:
        section = f"{profile}.forecasting.{model}"
        raise ConfigError("overrides what would be written", field=section, remedy="put the values there by hand")
