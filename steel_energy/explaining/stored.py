"""What the build keeps of a champion's explanation, and where: for the asset that writes it and the service that reads.

``<models>/explanations/<plant>/`` holds ``about.json``, ``points.parquet`` (a swarm's points) and pictures; how large
each driver is lies beside it, in the scores of the asset ``shap_explanations``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl

from steel_energy.config import Record
from steel_energy.explaining.contributions import Explanation
from steel_energy.explaining.importance import range_name
from steel_energy.features import FEATURES
from steel_energy.lake import replace_folder
from steel_energy.params import LeadRange
from steel_energy.timeline import DEFAULT_HORIZON

ABOUT_FILE, POINTS_FILE = "about.json", "points.parquet"
UNEXPLAINED = "nothing: no model of the leaderboard has trees"
TOP_FEATURES, POINTS_PER_FEATURE = 10, 200
POINTS = MappingProxyType(
    {"lead_range": pl.String, "feature": pl.String, "place": pl.Int64, "value": pl.Float64, "kwh": pl.Float64}
)
"""Columns of a swarm: ``place`` 1 is the strongest feature of its range, ``kwh`` what ``value`` contributed."""


class About(Record):
    """What was explained.

    Attributes:
        about: which trees, in words.
        version: the champion that they speak for; empty where an older build did not say.
    """

    about: str
    version: str = ""


@dataclass(frozen=True)
class StoredExplanation:
    """An explanation as it lies on disk; ``points`` has the columns ``POINTS`` and no rows where there are none."""

    about: About
    points: pl.DataFrame


def explanations_folder(models_dir: Path, plant_id: str) -> Path:
    """Where a plant's explanation lies."""
    return models_dir / "explanations" / plant_id


def drivers_file(models_dir: Path, plant_id: str) -> Path:
    """Where the sizes of a plant's drivers lie: ``explaining.driver_importance``."""
    return models_dir / "shap_explanations" / f"plant={plant_id}.parquet"


def read_explanation(folder: Path) -> StoredExplanation | None:
    """What the newest build explained; None where none did."""
    try:
        about = About.model_validate_json((folder / ABOUT_FILE).read_bytes())
    except FileNotFoundError:
        return None
    path = folder / POINTS_FILE
    points = pl.read_parquet(path, hive_partitioning=False) if path.exists() else no_points()
    return StoredExplanation(about, points)


def write_explanation(
    folder: Path, about: About, *, points: pl.DataFrame, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> None:
    """Replace what was explained before by this, with the pictures (PNG) by name."""

    def fill(scratch: Path) -> None:
        (scratch / ABOUT_FILE).write_text(about.model_dump_json() + "\n", encoding="utf-8")
        points.write_parquet(scratch / POINTS_FILE)
        for name, png in pictures.items():
            (scratch / f"{name}.png").write_bytes(png)

    replace_folder(folder, fill)


def no_points() -> pl.DataFrame:
    """A swarm without points."""
    return pl.DataFrame(schema=dict(POINTS))


def swarm(explained: Explanation) -> pl.DataFrame:
    """Points for a swarm of the strongest features: of the next interval, and of a day ahead.

    Args:
        explained: rows of all its ranges, in random order as ``explain_history`` draws them.

    Returns:
        ``POINTS``; at most ``POINTS_PER_FEATURE`` for each of ``TOP_FEATURES``. A value that was unknown is null.
    """
    nearest, day_ahead = explained.ranges[0], max(explained.ranges, key=_leads_within_a_day)
    return pl.concat(_points(explained.within(leads), leads) for leads in dict.fromkeys((nearest, day_ahead)))


def _points(explained: Explanation, leads: LeadRange) -> pl.DataFrame:
    strength = np.abs(explained.contributions_kwh).mean(axis=0)
    strongest = np.argsort(-strength, kind="stable")[:TOP_FEATURES]
    rows = slice(POINTS_PER_FEATURE)
    frames = [
        pl.DataFrame(
            {
                "value": explained.features[rows, column],
                "kwh": explained.contributions_kwh[rows, column],
            }
        ).select(
            pl.lit(range_name(leads)).alias("lead_range"),
            pl.lit(FEATURES[column]).alias("feature"),
            pl.lit(place, pl.Int64).alias("place"),
            pl.col("value").fill_nan(None),
            "kwh",
        )
        for place, column in enumerate(strongest, 1)
    ]
    return pl.concat(frames)


def _leads_within_a_day(leads: LeadRange) -> int:
    return min(leads.last, DEFAULT_HORIZON) - leads.first
