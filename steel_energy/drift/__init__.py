"""Whether the newest readings still look like those that the champion was trained on."""

from steel_energy.drift.comparing import drift, reference
from steel_energy.drift.indices import bin_edges, psi
from steel_energy.drift.records import (
    VERDICTS,
    ColumnDrift,
    Drift,
    DriftParams,
    FigureDrift,
    StreamingParams,
    Verdict,
)
from steel_energy.drift.streaming import ChangePoint, change_points, profile_errors

__all__ = [
    "VERDICTS",
    "ChangePoint",
    "ColumnDrift",
    "Drift",
    "DriftParams",
    "FigureDrift",
    "StreamingParams",
    "Verdict",
    "bin_edges",
    "change_points",
    "drift",
    "profile_errors",
    "psi",
    "reference",
]
