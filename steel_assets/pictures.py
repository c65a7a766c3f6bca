"""How pictures reach people: onto an asset's page and into an MLflow run. What they show, ``reporting`` paints.

Dagster's page renders images of a Markdown value whose address is a data URI, so a picture needs no server and no path.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow

ARTIFACT_FOLDER = "pictures"


def picture_facts(pictures: Mapping[str, bytes]) -> dict[str, dg.MarkdownMetadataValue]:
    """PNGs by name as metadata that an asset's page shows."""
    return {name: dg.MetadataValue.md(f"![{_words(name)}]({data_uri(png)})") for name, png in pictures.items()}


def log_pictures(run: MlFlow, pictures: Mapping[str, bytes]) -> None:
    """Keep PNGs by name as artifacts of an MLflow run, in ``pictures/``."""
    with tempfile.TemporaryDirectory() as folder:
        for name, png in pictures.items():
            (Path(folder) / f"{name}.png").write_bytes(png)
        run.log_artifacts(folder, artifact_path=ARTIFACT_FOLDER)


def data_uri(png: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _words(name: str) -> str:
    return name.replace("_", " ")
