"""Reading YAML files into frozen, validated records, with one clear error that names the field."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from steel_energy.errors import ConfigError

RecordT = TypeVar("RecordT", bound="Record")


class Record(BaseModel):
    """A frozen record that refuses unknown fields, so a misspelt key is an error and not a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load_record(path: Path, kind: type[RecordT]) -> RecordT:
    """Read ``path`` (YAML) as a ``kind``.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field does not validate; names the file and the field.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("no such file", field=str(path), remedy="check the name and the folder") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"is not valid YAML: {error}", field=str(path), remedy="mend the YAML") from error
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise ConfigError(
            f"{name}: {first['msg']} (got {first['input']!r})",
            field=str(path),
            remedy=f"correct {name} there",
        ) from error
