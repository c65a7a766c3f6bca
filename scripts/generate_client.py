"""Writes ``steel_client/models.py`` from the service's OpenAPI document: ``make client``.

``--check`` writes nothing and fails where the file differs from what would be written: the API has changed since.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from datamodel_code_generator import GenerateConfig, InputFileType, LiteralType, PythonVersion, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import DatetimeClassType

from steel_energy.fields import DAY_PATTERN, MOMENT_PATTERN
from steel_service.app import build_app
from steel_service.settings import ServiceSettings
from steel_service.state import build_state

MODELS = Path(__file__).parents[1] / "steel_client" / "models.py"
HEADER = '''"""The JSON of every route as records, written by ``make client`` from the service's OpenAPI document.

Not edited by hand. A field's docstring gives its meaning and unit, as the service's own documentation does.
"""'''
FORMATS = {MOMENT_PATTERN: "date-time", DAY_PATTERN: "date"}  # what a pattern of the schema is in Python
NO_TYPES = ("title", "example", "examples", "discriminator")  # they name, show or hurry, and make the records longer


class _Defaults(ServiceSettings):
    """Settings as they are where no variable is set."""

    @classmethod
    def settings_customise_sources(cls, *_: Any, init_settings: Any, **__: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """Nothing but what is passed."""
        return (init_settings,)


def main() -> int:
    """Write the records, or compare them."""
    parser = argparse.ArgumentParser(description="Write the client's records from the service's OpenAPI document.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    is_check = parser.parse_args().check
    written = formatted(models_of(openapi_document()))
    if is_check and MODELS.read_text(encoding="utf-8") != written:
        sys.exit(f"{MODELS.name} is not what the service's OpenAPI document says: run make client")
    if not is_check:
        MODELS.write_text(written, encoding="utf-8")
    return 0


def openapi_document() -> dict[str, Any]:
    """The document of a service that has no data yet, whatever ``STEEL_*`` variables are set here."""
    with tempfile.TemporaryDirectory() as empty:
        return build_app(build_state(_Defaults(data_dir=Path(empty)))).openapi()


def models_of(document: dict[str, Any]) -> str:
    """Python source of a record for each schema of ``document``."""
    schemas = {"schemas": _only_types(document["components"]["schemas"])}
    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        output_datetime_class=DatetimeClassType.Datetime,
        target_python_version=PythonVersion.PY_311,
        base_class="steel_client.record.Record",
        enum_field_as_literal=LiteralType.All,
        use_generic_container_types=True,
        use_annotated=True,
        field_constraints=True,
        strict_nullable=True,
        use_double_quotes=True,
        use_schema_description=True,
        use_field_description=True,
        use_single_line_docstring=True,
        disable_timestamp=True,
        custom_file_header=HEADER,
        formatters=[],
    )
    source = generate({**document, "paths": {}, "components": schemas}, config=config)
    if not isinstance(source, str):
        raise TypeError("the generator wrote several modules; one was asked for")
    return source


def formatted(source: str) -> str:
    """``source`` as ruff would have it in this project."""
    for command in (["check", "--fix", "--select", "I,UP"], ["format"]):
        run = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(MODELS), "-"]
        source = subprocess.run(run, input=source, capture_output=True, text=True, check=True).stdout
    return source


def _only_types(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """``schema`` with its types alone; a value that may be null has a list of types in place of an ``anyOf``."""
    if isinstance(schema, list):
        return [_only_types(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _only_types(part) for name, part in schema.items() if name not in (*NO_TYPES, "properties")}
    if "properties" in schema:  # any name may be that of a property
        kept["properties"] = {name: _only_types(part) for name, part in schema["properties"].items()}
    if kept.get("pattern") in FORMATS:
        kept["format"] = FORMATS[kept.pop("pattern")]
    match kept.pop("anyOf", None):
        case None:
            return kept
        case [{"type": str(kind), **rest}, {"type": "null"}] if "enum" not in rest:
            return {**kept, **rest, "type": [kind, "null"]}
        case choices:
            return {**kept, "anyOf": choices}


if __name__ == "__main__":
    sys.exit(main())
