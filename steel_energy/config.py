"""Reading YAML files into frozen, validated records, with one clear error that names the field."""

from __future__ import annotations

import reprlib
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from steel_energy.errors import ConfigError

RecordT = TypeVar("RecordT", bound="Record")


class Record(BaseModel):
    """A frozen record that refuses unknown fields and infinite numbers: a misspelt key is never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def load_record(path: Path, kind: type[RecordT]) -> RecordT:
    """Read ``path`` (YAML) as a ``kind``.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field does not validate; names the file and the field.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("no such file", field=str(path), remedy="check the name and the folder") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: no UTF-8, or a date such as 2018-02-30
        raise ConfigError(f"is not valid YAML: {error}", field=str(path), remedy="mend the YAML") from error
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        name, reason = _first_fault(error)
        raise ConfigError(f"{name}: {reason}", field=str(path), remedy=f"correct {name} there") from error


def _first_fault(error: ValidationError) -> tuple[str, str]:
    """Field and reason of the fault to mend first: an unknown field is often why another one is missing."""
    fault = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    name = ".".join(str(part) for part in fault["loc"]) or "the whole file"
    reason = fault["msg"].removeprefix("Value error, ")
    return name, reason if fault["type"] == "missing" else f"{reason} (got {reprlib.repr(fault['input'])})"
