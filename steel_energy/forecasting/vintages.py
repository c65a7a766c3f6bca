"""One model fitted at several times, so that a forecast from the past comes from a fit that had not seen its future.

A backtest needs a fit for each part it forecasts, and whoever replays a past day must not be answered by a model that
knows how the day went. Vintages keep those fits together: each origin gets the newest fit that ends before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

import polars as pl

from steel_energy.artifacts import seen_until
from steel_energy.calendar import in_utc
from steel_energy.errors import NotFittedError
from steel_energy.forecasting.base import Forecaster, write_state
from steel_energy.history import readings_end
from steel_energy.timeline import DEFAULT_HORIZON, History

FOLDER_FORMAT = "until-%Y%m%dT%H%MZ"


@dataclass(frozen=True)
class Vintage:
    """A fitted forecaster and the end of the readings it has seen (UTC)."""

    trained_until: dt.datetime
    forecaster: Forecaster

    @property
    def folder(self) -> str:
        """Name of its folder in a saved bundle."""
        return self.trained_until.strftime(FOLDER_FORMAT)


@dataclass(frozen=True)
class Vintages:
    """Fits of one kind of forecaster, oldest first; ``model`` is what the next one is fitted from."""

    model: Forecaster
    zone: str
    fits: tuple[Vintage, ...] = ()
    KIND: ClassVar[str] = "vintages"

    @property
    def name(self) -> str:
        """The model's name: vintages of it are still that model."""
        return self.model.name

    @property
    def label(self) -> str:
        """The newest fit's label, the model's own where nothing is fitted."""
        return self.fits[-1].forecaster.label if self.fits else self.model.label

    def fit(self, readings: pl.DataFrame) -> Self:
        """These vintages and one more, fitted on ``readings``; it replaces one that ended at the same time."""
        until = in_utc(readings_end(readings), self.zone)
        others = [vintage for vintage in self.fits if vintage.trained_until != until]
        fits = sorted([*others, Vintage(until, self.model.fit(readings))], key=lambda vintage: vintage.trained_until)
        return replace(self, fits=tuple(fits))

    def at(self, origin: dt.datetime) -> Vintage:
        """The newest fit that has seen nothing at or after ``origin``; the oldest one where all have.

        Raises:
            NotFittedError: nothing is fitted yet.
        """
        if not self.fits:
            raise NotFittedError(self.name)
        by_end = {vintage.trained_until: vintage for vintage in self.fits}
        return by_end[seen_until(by_end, in_utc(origin, self.zone))]

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        """See ``Forecaster.predict``."""
        return self.at(origin).forecaster.predict(history, origin=origin, horizon=horizon)

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        """See ``Forecaster.predict_many``; origins of one fit stand together, oldest fit first."""
        groups: dict[dt.datetime, list[dt.datetime]] = {}
        for origin in origins:
            groups.setdefault(self.at(origin).trained_until, []).append(origin)
        return pl.concat(
            self.at(group[0]).forecaster.predict_many(history, group, horizon=horizon)
            for _, group in sorted(groups.items())
        )

    def save(self, folder: Path) -> None:
        """See ``Forecaster.save``: a folder for each fit."""
        for vintage in self.fits:
            (folder / vintage.folder).mkdir()
            vintage.forecaster.save(folder / vintage.folder)
        write_state(folder, {"name": self.KIND, "fits": [vintage.trained_until.isoformat() for vintage in self.fits]})
