"""The nowcasting assets of a toy plant: what is published, what the page says, and that both engines agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from steel_assets.definitions import build_defs
from steel_assets.partitions import PlantMonth
from steel_assets.settings import AssetsSettings
from steel_energy.lake import Lake
from steel_energy.nowcasting.bundle import onnx_file, read_published
from steel_energy.testing import toy_plant, toy_readings

MONTHS = ("2018-01", "2018-02", "2018-03")
SKIPPED = {"missing_columns": [], "ignored_columns": [], "skipped": []}


@pytest.fixture
def settings(tmp_path: Path, make_toy_project: Callable[[Path], AssetsSettings]) -> AssetsSettings:
    """The toy project with its cleaned readings already in the lake."""
    settings = make_toy_project(tmp_path)
    lake, readings = Lake(settings.lake_dir), toy_readings(days=90)
    for month in MONTHS:
        start, end = PlantMonth("toy", month).bounds(toy_plant().zone)
        own = readings.filter(readings["interval_start"].is_between(start, end, closed="left"))
        lake.write("cleaned_readings", "toy", month, own)
    lake.write_facts("raw_readings", "toy", {"kind": "simulated", "location": "toy", "is_simulated": True} | SKIPPED)
    return settings


def test_a_fit_is_published_exported_and_checked(settings: AssetsSettings, instance: dg.DagsterInstance):
    job = build_defs(settings).resolve_job_def("fit_nowcast")

    result = job.execute_in_process(instance=instance, partition_key="toy")

    (materialization,) = result.asset_materializations_for_node("virtual_meter")
    facts = {name: value.value for name, value in materialization.metadata.items()}
    fitted = read_published(settings, toy_plant())
    assert fitted is not None
    assert facts["bundle"] == fitted.manifest.version
    assert facts["source"] == "simulated: toy"
    assert "| as the meter shows them |" in facts["errors"]
    assert facts["errors_by_roughening"].startswith("![errors by roughening](data:image/png;base64,")
    assert onnx_file(settings.nowcast_onnx_dir / "toy" / fitted.manifest.version, "correction").is_file()
    passed = {evaluation.check_name: evaluation.passed for evaluation in result.get_asset_check_evaluations()}
    assert passed.keys() == {"bounds_hold", "beats_raw_trees", "beats_physics", "interval_coverage", "engines_agree"}
    assert passed["bounds_hold"]
    assert passed["engines_agree"]
