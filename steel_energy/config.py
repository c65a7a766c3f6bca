"""Reading YAML files into frozen, validated records, with one clear error that names the field and its line."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from steel_energy.errors import ConfigError

RecordT = TypeVar("RecordT", bound="Record")
NamedT = TypeVar("NamedT", bound="NamedRecord")
LOCATION = "location"
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML was built with it: the words of a language are read in a tenth of the time."""


class Record(BaseModel):
    """A frozen record that refuses unknown fields and infinite numbers: a misspelt key is never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NamedRecord(Record):
    """A record with a file of its own, which bears its id."""

    id: str


def load_named(record_id: str, kind: type[NamedT], *, folder: Path) -> NamedT:
    """Read ``folder/<record_id>.yaml`` as a ``kind``.

    Raises:
        ConfigError: there is no such file, it does not validate, or its id differs from its file name.
    """
    what = kind.__name__.lower()
    known = ids_in(folder)
    if record_id not in known:
        choice = ", ".join(known) or "none found"
        raise ConfigError(f"unknown {what} {record_id!r}", field=what, remedy=f"use one of: {choice}")
    record = load_record(folder / f"{record_id}.yaml", kind)
    if record.id != record_id:
        raise ConfigError(f"has id {record.id!r}", field=f"{record_id}.yaml", remedy="make the id the file's name")
    return record


def ids_in(folder: Path) -> list[str]:
    """The ids that the YAML files of a folder bear as their names, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load_record(path: Path, kind: type[RecordT]) -> RecordT:
    """Read ``path`` (YAML) as a ``kind``.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field does not validate; names file, field and line.
    """
    return validated(read_yaml(path), kind, path=path)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds; ``validated`` makes sense of it
    """What ``path`` holds as YAML.

    Raises:
        ConfigError: the file is missing or is not YAML; names it.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - both are safe ones
    except FileNotFoundError as error:
        raise ConfigError("no such file", field=str(path), remedy="check the name and the folder") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: no UTF-8, or a date such as 2018-02-30
        raise ConfigError(f"is not valid YAML: {error}", field=str(path), remedy="mend the YAML") from error


def validated(content: object, kind: type[RecordT], *, path: Path, section: str = "") -> RecordT:
    """``content`` of the file ``path`` as a ``kind``; ``section`` is where in the file a faulty field is to be mended.

    Raises:
        ConfigError: a field does not validate; names the file, the field and its line.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        location, reason = _first_fault(error)
        name = section + (".".join(map(str, location)) or "the whole file")
        line = line_of((*section.split(".")[:-1], *location), path)
        raise ConfigError(f"{name}: {reason}", field=str(path), remedy=f"correct {name} in line {line}") from error


def fault_within(message: str, *location: str | int) -> PydanticCustomError:
    """A validator's complaint about a field within the one that it validates."""
    return PydanticCustomError("fault_within", message, {LOCATION: location})


def line_of(location: Sequence[str | int], path: Path) -> int:
    """The line of a YAML file that a field stands in, 1 being the first; of what encloses it, where it is missing."""
    node, line = yaml.compose(path.read_text(encoding="utf-8"), Loader=YAML_LOADER), 1
    for part in location:
        children: list[tuple[yaml.Node, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            children = [(key, value) for key, value in node.value if key.value == str(part)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            children = [(item, item) for item in node.value[part : part + 1]]
        if not children:
            break
        key, node = children[0]
        line = key.start_mark.line + 1
    return line


def overlaid(base: dict[str, Any], overrides: dict[str, Any], *, path: Path, where: str) -> dict[str, Any]:
    """``base`` with ``overrides``: sections are merged, single values and lists replaced.

    Args:
        base: content of the file ``path``.
        overrides: values of the same names.
        path: named in errors.
        where: where in the file the overrides stand.

    Raises:
        ConfigError: there is nothing of that name to override.
    """
    result = dict(base)
    for name, value in overrides.items():
        place = f"{where}.{name}"
        if name not in base:
            raise ConfigError(f"{place}: overrides nothing", field=str(path), remedy=f"correct {place} there")
        is_section = isinstance(base[name], dict) and isinstance(value, dict)
        result[name] = overlaid(base[name], value, path=path, where=place) if is_section else value
    return result


def _first_fault(error: ValidationError) -> tuple[tuple[str | int, ...], str]:
    """Field and reason of the fault to mend first: an unknown field is often why another one is missing."""
    fault = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    location = (*fault["loc"], *fault.get("ctx", {}).get(LOCATION, ()))
    reason = fault["msg"].removeprefix("Value error, ")
    says_all = fault["type"] in ("missing", "fault_within")
    return location, reason if says_all else f"{reason} (got {reprlib.repr(fault['input'])})"
