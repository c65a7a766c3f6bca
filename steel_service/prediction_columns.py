"""What the prediction log holds of an answer: the columns of BentoML's monitors ``forecasts`` and ``nowcasts``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_service.api_models.nowcast import MeterReading

TEXTS = ("load_type", "interval_start", "method", "consistent", "model_version")  # BentoML knows no sequence of them


@dataclass(frozen=True)
class Column:
    """A column of a monitor: BentoML's role and type of it, and what it holds of an answer."""

    name: str
    role: str
    kind: str
    of: Callable[[Any], Any]


def _columns(names: Iterable[str], *, role: str = "feature", kind: str = "categorical") -> list[Column]:
    return [Column(name, role, kind, attrgetter(name)) for name in names]


def _sequences(names: Iterable[str], *, rows: str, role: str) -> list[Column]:
    """Columns that hold a list of what each of an answer's ``rows`` says; None where it has no rows."""

    def listed(name: str) -> Callable[[Any], list[Any] | None]:
        return lambda made: [getattr(row, name) for row in getattr(made, rows)] or None

    kinds = {name: "categorical" if name in TEXTS else "numerical_sequence" for name in names}
    return [Column(name, role, kind, listed(name)) for name, kind in kinds.items()]


LATENCY = Column("latency_ms", "feature", "numerical", lambda made: round(made.latency_ms, 3))
FORECAST_COLUMNS = (
    *_columns(("prediction_id", "request_id", "logged_at", "plant", "model", "model_version", "fallback", "origin")),
    *_columns(("horizon",), kind="numerical"),
    LATENCY,
    *_columns(("is_cached",)),
    *_sequences(("mean_kwh", *QUANTILE_COLUMNS), rows="intervals", role="prediction"),
)
NOWCAST_COLUMNS = (
    *_columns(("prediction_id", "request_id", "logged_at", "plant", "route")),
    LATENCY,
    *_sequences(MeterReading.model_fields, rows="readings", role="feature"),
    *_sequences(
        (
            "predicted_usage_kwh",
            "confidence_interval_lower",
            "confidence_interval_upper",
            "method",
            "consistent",
            "model_version",
        ),
        rows="predictions",
        role="prediction",
    ),
)
