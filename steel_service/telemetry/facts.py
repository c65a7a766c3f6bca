"""Prometheus metrics that are looked up for each scrape, so that they are never older than the answer they stand in.

What is not there, such as a champion before the first build, has no line; nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from steel_energy.history import readings_end
from steel_service.security.principals import permitted
from steel_service.state import State
from steel_service.telemetry.in_use import in_use


@dataclass(frozen=True, eq=False)  # a registry knows it by its identity
class StateFacts:
    """The models in use, the end of the readings and their drift, of each plant."""

    state: State

    def collect(self) -> Iterable[Metric]:
        """The metrics, as a registry asks for them."""
        models = GaugeMetricFamily(
            "steel_model_info",
            "The model that answers now: as champion, as a step below it, or as nowcast.",
            labels=("plant", "step", "model", "version"),
        )
        until = GaugeMetricFamily(
            "steel_readings_until_timestamp_seconds", "End of the last known reading.", labels=("plant",)
        )
        for site in self.state.asked_sites.values():
            now = in_use(site, self.state)
            plant = site.plant.id
            if now.readings is not None:
                until.add_metric((plant,), readings_end(now.readings.readings).timestamp())
            if now.forecast is not None:
                manifest = now.forecast.served.manifest
                models.add_metric((plant, now.forecast.step, manifest.model, manifest.version), 1)
            models.add_metric((plant, "nowcast", "virtual meter", now.nowcast_version), 1)
        return models, until, self._drift()

    def _drift(self) -> Metric:
        """What /drift worked out last; working it out takes too long for a scrape."""
        drift = GaugeMetricFamily(
            "steel_drift_psi",
            "How far the newest readings lie from the champion's training, as /drift found it last.",
            labels=("plant", "column"),
        )
        for plant, found in permitted(self.state.drifts.newest()).items():
            for column in found.columns:
                drift.add_metric((plant, column.column), column.psi)
        return drift
