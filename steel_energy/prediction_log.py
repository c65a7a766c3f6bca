"""What was predicted, beside what was measured later: one row for each interval that somebody was told of.

The service writes a line of JSON for each answer, by BentoML's monitoring; here they are read and joined with the
readings. A line that is torn (the last of a file, of a service that was killed) or damaged is counted and left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl
from pydantic import AwareDatetime, BaseModel, FiniteFloat, ValidationError, model_validator

from steel_energy.calendar import in_utc, in_zone
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.plant import Plant
from steel_energy.quality import Finding
from steel_energy.schema import INTERVAL

FORECASTS, NOWCASTS = "forecasts", "nowcasts"
"""BentoML's monitors, each a folder of log files."""
FORECAST, NOWCAST = "forecast", "nowcast"
PREDICTIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "prediction_id": pl.String,
    "logged_at": pl.Datetime("us", "UTC"),
    "plant": pl.String,
    "kind": pl.Enum([FORECAST, NOWCAST]),
    "model_version": pl.String,
    "origin": pl.Datetime("us"),
    "lead": pl.Int64,
    "interval_start": pl.Datetime("us"),
    "predicted_kwh": pl.Float64,
    **dict.fromkeys(("lower_kwh", "upper_kwh", *QUANTILE_COLUMNS), pl.Float64),
    "usage_kwh": pl.Float64,
    "error_kwh": pl.Float64,
}
"""One row is one predicted interval. ``origin``, ``lead`` (1 is the interval after the origin) and the quantiles are
null for a nowcast. ``lower_kwh`` and ``upper_kwh`` are the bounds that were told: 10 to 90 % of a forecast, those of
the answer of a nowcast. ``usage_kwh`` is null until the interval is measured, ``error_kwh`` is predicted less measured.
"""
BAND = ("q10", "q90")
ONCE = ("prediction_id", "interval_start")


def predictions_schema(zone: str) -> pl.Schema:
    """The Polars schema of the predictions of a plant in ``zone`` (an IANA name)."""
    zoned = pl.Datetime("us", zone)
    return pl.Schema(PREDICTIONS | {"origin": zoned, "interval_start": zoned})


class _Line(BaseModel):
    prediction_id: str
    logged_at: AwareDatetime
    plant: str

    @model_validator(mode="after")
    def _equally_long(self) -> Self:
        if len({len(value) for _, value in self if isinstance(value, list)}) > 1:
            raise ValueError("its lists differ in length")
        return self


class _Forecast(_Line):
    """An answer of /forecast; one told again from memory has no values, they stand with the first."""

    model_version: str
    origin: AwareDatetime
    mean_kwh: list[FiniteFloat] = []
    q05: list[FiniteFloat] = []
    q10: list[FiniteFloat] = []
    q25: list[FiniteFloat] = []
    q50: list[FiniteFloat] = []
    q75: list[FiniteFloat] = []
    q90: list[FiniteFloat] = []
    q95: list[FiniteFloat] = []

    def columns(self, _zone: str) -> dict[str, object]:
        """The columns of ``PREDICTIONS``, those that differ from interval to interval as lists."""
        quantiles = {name: getattr(self, name) for name in QUANTILE_COLUMNS}
        leads = range(1, len(self.mean_kwh) + 1)
        return {
            "kind": FORECAST,
            "model_version": [self.model_version for _ in leads],
            "origin": self.origin,
            "lead": list(leads),
            "interval_start": [self.origin + (lead - 1) * INTERVAL for lead in leads],
            "predicted_kwh": self.mean_kwh,
            **dict(zip(("lower_kwh", "upper_kwh"), (quantiles[name] for name in BAND), strict=True)),
            **quantiles,
        }


class _Nowcast(_Line):
    """An answer of /predict, /predict/batch or /predict_onnx: a list for each field, one entry a reading."""

    model_version: list[str]
    predicted_usage_kwh: list[FiniteFloat]
    confidence_interval_lower: list[FiniteFloat]
    confidence_interval_upper: list[FiniteFloat]
    interval_start: list[dt.datetime | None] | None = None

    def columns(self, zone: str) -> dict[str, object]:
        """As of a forecast; intervals in UTC, null where the reading did not name its own."""
        nothing = [None] * len(self.predicted_usage_kwh)
        return {
            "kind": NOWCAST,
            "model_version": self.model_version,
            "origin": None,
            "lead": nothing,
            "interval_start": [start and in_utc(start, zone) for start in self.interval_start or nothing],
            "predicted_kwh": self.predicted_usage_kwh,
            "lower_kwh": self.confidence_interval_lower,
            "upper_kwh": self.confidence_interval_upper,
            **dict.fromkeys(QUANTILE_COLUMNS, nothing),
        }


LINES: dict[str, type[_Forecast] | type[_Nowcast]] = {FORECASTS: _Forecast, NOWCASTS: _Nowcast}
BY_INTERVAL = ("model_version", "lead", "interval_start", "predicted_kwh", "lower_kwh", "upper_kwh", *QUANTILE_COLUMNS)


@dataclass(frozen=True)
class Predicted:
    """What the log says of one plant and period.

    Attributes:
        rows: one for each predicted interval, nothing measured yet: ``PREDICTIONS`` up to the quantiles; sorted.
        unplaced: nowcasts of readings that did not name their interval, of any time: nothing to join them with.
        damaged_lines: lines of any plant that cannot be read.
    """

    rows: pl.DataFrame
    unplaced: int
    damaged_lines: int


def read_predictions(folder: Path, plant: Plant, *, start: dt.datetime, end: dt.datetime) -> Predicted:
    """Read what was predicted of the intervals of ``[start, end)``; nothing where nothing was logged.

    Args:
        folder: holds ``forecasts/data/*.log*`` and ``nowcasts/data/*.log*``, full ones kept beside the newest.
        plant: the one asked for; naive times are read as its time.
        start: first moment, with a zone.
        end: last moment, exclusive, with a zone.
    """
    first, last = in_zone(start, plant.zone), in_zone(end, plant.zone)
    schema = predictions_schema(plant.zone)
    parts, unplaced, damaged = [pl.DataFrame(schema=schema).drop(MEASURED_LATER)], 0, 0
    for path, model in _files(folder):
        lines, torn = _parsed(path, model)
        rows = _rows([line for line in lines if line.plant == plant.id], plant.zone)
        damaged, unplaced = damaged + torn, unplaced + rows["interval_start"].null_count()
        parts.append(rows.filter(pl.col("interval_start").is_between(first, last, closed="left")))
    found = pl.concat(parts).sort("interval_start", "logged_at", "prediction_id")
    return Predicted(found.unique(ONCE, keep="first", maintain_order=True), unplaced, damaged)


def join_actuals(predicted: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Put the measured usage beside each prediction.

    Args:
        predicted: ``Predicted.rows``.
        readings: data contract; ``usage_kwh`` is null where they have no such interval.

    Returns:
        ``PREDICTIONS``, in the given order.
    """
    actual = readings.select("interval_start", "usage_kwh")
    joined = predicted.join(actual, on="interval_start", how="left", maintain_order="left")
    return joined.with_columns(error_kwh=pl.col("predicted_kwh") - pl.col("usage_kwh"))


def accuracy(joined: pl.DataFrame) -> dict[str, float]:
    """The figures of predictions with their actuals, by kind; of a kind that nothing is known of there are none.

    Returns:
        ``<kind>_rows``, ``<kind>_joined_share`` (0-1), ``<kind>_mae_kwh``, ``<kind>_rmse_kwh`` and
        ``<kind>_within_band_share``: readings inside the bounds that were told (80 % of a forecast's are expected).
    """
    error, usage = pl.col("error_kwh"), pl.col("usage_kwh")
    by_kind = joined.group_by(pl.col("kind").cast(pl.String)).agg(
        rows=pl.len(),
        joined_share=usage.is_not_null().mean(),
        mae_kwh=error.abs().mean(),
        rmse_kwh=(error**2).mean().sqrt(),
        within_band_share=usage.is_between("lower_kwh", "upper_kwh").mean(),
    )
    figures = {row.pop("kind"): row for row in by_kind.sort("kind").to_dicts()}
    return {f"{kind}_{name}": value for kind, of in figures.items() for name, value in of.items() if value is not None}


def stands_once(joined: pl.DataFrame) -> Finding:
    """No prediction tells of an interval twice."""
    twice = joined.filter(pl.struct(ONCE).is_duplicated()).height
    return Finding(twice == 0, "one row for each prediction and interval", f"{twice:,} rows repeated")


def is_joined(joined: pl.DataFrame, *, known_until: dt.datetime) -> Finding:
    """Every predicted interval that has been measured stands beside its actual.

    Args:
        joined: ``PREDICTIONS``.
        known_until: end of the known readings, in the plant's zone.
    """
    due = joined.filter(pl.col("interval_start") < known_until)
    lacking = due["usage_kwh"].null_count()
    actual = f"{lacking:,} of {due.height:,} lack it; {joined.height - due.height:,} are still to come"
    return Finding(lacking == 0, "a reading beside each prediction of an interval that is over", actual)


MEASURED_LATER = ("usage_kwh", "error_kwh")


def _files(folder: Path) -> Iterator[tuple[Path, type[_Forecast] | type[_Nowcast]]]:
    for monitor, model in LINES.items():
        yield from ((path, model) for path in sorted((folder / monitor / "data").glob("*.log*")))


def _parsed(path: Path, model: type[_Forecast] | type[_Nowcast]) -> tuple[list[_Forecast | _Nowcast], int]:
    """The lines of a file, and how many of them cannot be read."""
    lines: list[_Forecast | _Nowcast] = []
    damaged = 0
    with path.open("rb") as file:
        for text in file:
            try:
                lines.append(model.model_validate_json(text))
            except ValidationError:
                damaged += 1
    return lines, damaged


def _rows(lines: Iterable[_Forecast | _Nowcast], zone: str) -> pl.DataFrame:
    """One row for each predicted interval of the lines."""
    types = {name: dtype for name, dtype in predictions_schema(zone).items() if name not in MEASURED_LATER}
    utc = types | {name: pl.Datetime("us", "UTC") for name in ("origin", "interval_start")}
    listed = {name: pl.List(dtype) if name in BY_INTERVAL else dtype for name, dtype in utc.items()}
    told = [line.model_dump(include={"prediction_id", "logged_at", "plant"}) | line.columns(zone) for line in lines]
    frame = pl.DataFrame(told, schema=listed).filter(pl.col("predicted_kwh").list.len() > 0).explode(BY_INTERVAL)
    return frame.with_columns(pl.col("origin", "interval_start").dt.convert_time_zone(zone))
