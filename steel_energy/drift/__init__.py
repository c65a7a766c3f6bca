"""Whether the newest readings still look like those that the champion was trained on."""

from steel_energy.drift.comparing import drift, reference
from steel_energy.drift.indices import bin_edges, psi
from steel_energy.drift.records import VERDICTS, ColumnDrift, Drift, DriftParams, FigureDrift, Verdict

__all__ = [
    "VERDICTS",
    "ColumnDrift",
    "Drift",
    "DriftParams",
    "FigureDrift",
    "Verdict",
    "bin_edges",
    "drift",
    "psi",
    "reference",
]
