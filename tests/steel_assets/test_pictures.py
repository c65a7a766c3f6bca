from __future__ import annotations

import base64
from pathlib import Path

from steel_assets.pictures import log_pictures, picture_facts

PNG = b"\x89PNG\r\n\x1a\n"


class RecordingRun:
    """Stands in for an MLflow run and keeps what it is given."""

    def __init__(self) -> None:
        self.artifacts: dict[str, bytes] = {}

    def log_artifacts(self, folder: str, artifact_path: str) -> None:
        self.artifacts |= {f"{artifact_path}/{path.name}": path.read_bytes() for path in Path(folder).iterdir()}


def test_a_picture_on_an_assets_page_carries_its_bytes_in_its_address():
    text = picture_facts({"error_by_hour": PNG})["error_by_hour"].md_str

    head, address = text.split("](")
    assert head == "![error by hour"
    assert base64.b64decode(address.removesuffix(")").removeprefix("data:image/png;base64,")) == PNG


def test_pictures_become_artifacts_of_a_run_under_one_folder():
    run = RecordingRun()

    log_pictures(run, {"a": PNG, "b": PNG + b"b"})  # type: ignore[arg-type]

    assert run.artifacts == {"pictures/a.png": PNG, "pictures/b.png": PNG + b"b"}
