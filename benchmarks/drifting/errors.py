"""What the errors of a champion's forecasts say of a scene, as ``steel_energy.monitoring`` judges them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from drifting.scenes import Scene
from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.evaluation import backtest
from steel_energy.forecasting import KINDS, Vintages
from steel_energy.monitoring.expected import measured
from steel_energy.monitoring.performance import Asked, Window, ask_again, forecast_error
from steel_energy.monitoring.table import DEGRADED
from steel_energy.params import Params
from steel_energy.testing import toy_facts
from steel_energy.trial import try_out


@dataclass(frozen=True)
class Champion:
    """A scene's champion with its earlier fits, asked at every origin that none of them had seen.

    Attributes:
        scene: its readings.
        fits: as a build publishes them.
        asked: at all origins, nothing shifted.
        params: of evaluation and monitoring.
    """

    scene: Scene
    fits: Vintages
    asked: Asked
    params: Params

    def is_degraded(self, until: dt.datetime, asked: Asked | None = None) -> bool:
        """Whether the week before ``until`` counts as degraded; unshifted unless ``asked`` tells of another."""
        return (
            forecast_error(asked or self.asked, Window.until(until), params=self.params.monitoring).verdict == DEGRADED
        )

    def shifted(self, after: Scene, *, start: dt.datetime, end: dt.datetime) -> ShiftedErrors:
        """The champion asked again from a week before a shift on, with what came instead."""
        rows = backtest(self.fits, after.readings, start=_week_before(start), end=end, params=self.params.evaluation)
        target = pl.col("interval_start").max().over("origin")
        before = self.asked.rows.filter(target < self.scene.trained_until)
        return ShiftedErrors(self, Asked(self.asked.manifest, pl.concat([before, measured(rows, after.site)])))


@dataclass(frozen=True)
class ShiftedErrors:
    """The errors of a champion around a shift."""

    champion: Champion
    asked: Asked

    def is_newly_degraded(self, until: dt.datetime) -> bool:
        """Whether the week before ``until`` counts as degraded, and would not without the shift."""
        return self.champion.is_degraded(until, self.asked) and not self.champion.is_degraded(until)


def champion(scene: Scene, model: str, params: Params) -> Champion:
    """What a build would have published at the end of the scene's training."""
    known = scene.readings.filter(pl.col("interval_start") < scene.trained_until)
    unfitted = KINDS[model](plant=scene.site.plant, tariff=scene.site.tariff, params=params.forecasting)
    fits = try_out(unfitted, known, params=params.evaluation).forecaster.fit(known)
    facts = toy_facts(
        plant=scene.site.plant.id,
        model=model,
        trained_from=known["interval_start"][0],
        trained_until=scene.trained_until,
        earlier_fits=[fit.trained_until for fit in fits.fits[:-1]],
    )
    manifest = Manifest(
        **facts.model_dump(), created_at=scene.trained_until, code=Code(package=""), libraries={}, files={}
    ).named()
    asked = ask_again(fits, manifest, scene.readings, site=scene.site, params=params.evaluation)
    return Champion(scene, fits, asked, params)


def _week_before(start: dt.datetime) -> dt.datetime:
    """Seven days before the midnight of ``start``, so that origins lie as those of the backtest do."""
    return start.replace(hour=0, minute=0) - dt.timedelta(days=7)
