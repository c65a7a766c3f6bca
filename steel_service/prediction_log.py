"""Every forecast and nowcast that was answered, as lines of JSON under ``data/predictions``, by BentoML's monitoring.

The routes hand over what they asked and answered; a thread writes it, so that no answer waits for a disk. Joining the
lines with what was measured later belongs to the assets. What a line holds is ``prediction_columns``'s, which file it
goes to ``prediction_files``'s.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Protocol

from steel_energy.errors import SteelError
from steel_service.api_models.forecast import ForecastInterval
from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.background import Background
from steel_service.errors import PredictionsLostError
from steel_service.prediction_columns import FORECAST_COLUMNS, NOWCAST_COLUMNS, Column
from steel_service.settings import ServiceSettings

LOG = logging.getLogger(__name__)
CAPACITY_ROWS = 50_000  # intervals and readings that may wait, about 100 MB; a second of the heaviest load
TOLD_S = 3600.0  # for how long /health tells of a loss


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastMade:
    """An answer of /forecast.

    Attributes:
        prediction_id: as in the answer; that of the computed one where it is told again from memory.
        fallback: step that answered for the champion; None where it did.
        origin: end of the last reading that was used.
        horizon: number of intervals.
        latency_ms: from the request's arrival in the route to its answer.
        is_cached: whether the forecast had been computed for an earlier request.
        intervals: what was forecast; empty where it is cached, since it was logged with the first answer.
    """

    prediction_id: str
    request_id: str | None
    plant: str
    model: str
    model_version: str
    fallback: str | None
    origin: dt.datetime
    horizon: int
    latency_ms: float
    is_cached: bool
    intervals: Sequence[ForecastInterval] = ()
    logged_at: dt.datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True, kw_only=True)
class NowcastMade:
    """An answer of /predict, /predict/batch or /predict_onnx: ``predictions`` of ``readings``, in their order."""

    prediction_id: str
    request_id: str | None
    plant: str
    route: str
    latency_ms: float
    readings: Sequence[MeterReading]
    predictions: Sequence[Prediction]
    logged_at: dt.datetime = field(default_factory=_now)


class PredictionSink(Protocol):
    """Where answered predictions go; taking one costs the caller microseconds and never fails."""

    def forecast(self, made: ForecastMade) -> None:
        """Take a forecast that was answered."""

    def nowcast(self, made: NowcastMade) -> None:
        """Take a nowcast that was answered."""

    def trouble(self) -> SteelError | None:
        """What was lost in the last hour, and what to do about it; None where nothing was."""

    def close(self) -> None:
        """Write what waits; called once, when the service stops."""


class PredictionLog:
    """Writes predictions with BentoML's monitors ``forecasts`` and ``nowcasts``, in a thread of its own.

    What cannot be written, because too much waits or the disk refuses, is lost: counted, told to ``on_lost``, in
    the service's log and for an hour by ``trouble``. A stop writes what waits.

    Args:
        settings: where the files lie, how large they grow and how many are kept.
        on_lost: called with the number of lines that were lost.
    """

    def __init__(self, settings: ServiceSettings, *, on_lost: Callable[[int], None]) -> None:
        self._settings = settings
        self._on_lost = on_lost
        self._background = Background(self._write, name="prediction-log", capacity=CAPACITY_ROWS)
        self._lost = 0
        self._lost_at_s = -TOLD_S
        self._because = ""
        self._lock = Lock()

    def forecast(self, made: ForecastMade) -> None:
        """Take a forecast that was answered."""
        self._take(made, rows=len(made.intervals))

    def nowcast(self, made: NowcastMade) -> None:
        """Take a nowcast that was answered."""
        self._take(made, rows=len(made.readings))

    def trouble(self) -> SteelError | None:
        """What was lost in the last hour, and what to do about it; None where nothing was."""
        if monotonic() >= self._lost_at_s + TOLD_S:
            return None
        return PredictionsLostError(
            f"{self._lost} predictions since the start are missing in the prediction log: {self._because}",
            remedy=f"see to it that {self._settings.predictions_dir} can be written, or ask less at once",
        )

    def close(self) -> None:
        """Write what waits."""
        self._background.close()

    def _take(self, made: ForecastMade | NowcastMade, *, rows: int) -> None:
        if not self._background.put(made, size=1 + rows):
            self._lose(1, "more came at once than can be written")

    def _write(self, batch: Sequence[ForecastMade | NowcastMade]) -> None:
        self._record("forecasts", FORECAST_COLUMNS, [made for made in batch if isinstance(made, ForecastMade)])
        self._record("nowcasts", NOWCAST_COLUMNS, [made for made in batch if isinstance(made, NowcastMade)])

    def _record(self, monitor: str, columns: Sequence[Column], batch: Sequence[Any]) -> None:
        if not batch:
            return
        try:
            _record(self._settings, monitor, columns, batch)
        except OSError as error:
            self._lose(len(batch), str(error))

    def _lose(self, lines: int, because: str) -> None:
        with self._lock:
            is_news = self.trouble() is None
            self._lost += lines
            self._lost_at_s, self._because = monotonic(), because
        self._on_lost(lines)
        if is_news:  # once an hour, not with each request
            LOG.error("the prediction log loses predictions: %s", because)


def _record(settings: ServiceSettings, monitor: str, columns: Sequence[Column], batch: Sequence[Any]) -> None:
    """Write ``batch`` as one record of BentoML's monitor of that name; in one go, so that the file is opened once."""
    import bentoml  # noqa: PLC0415 - it reads variables when it is imported, and takes a second

    from steel_service.prediction_files import RotatingMonitor, Rotation  # noqa: PLC0415 - likewise

    options = {
        "worker": bentoml.server_context.worker_index or 0,
        "rotation": Rotation(settings.predictions_file_bytes, settings.predictions_kept_files),
    }
    folder = settings.predictions_dir / monitor  # names it too: two services of one process write to their own folders
    with bentoml.monitor(str(folder), monitor_class=RotatingMonitor, monitor_options=options) as record:
        for column in columns:
            record.log_batch([column.of(made) for made in batch], column.name, column.role, column.kind)
