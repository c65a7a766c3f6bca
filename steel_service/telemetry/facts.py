"""Prometheus metrics that are looked up for each scrape, so that they are never older than the answer they stand in.

What is not there, such as a champion before the first build, has no line; nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from steel_energy.errors import SteelError
from steel_energy.history import readings_end
from steel_energy.sites import Site
from steel_service.nowcast import NOWCAST_VERSION
from steel_service.nowcasts import usable
from steel_service.readings import PlantReadings
from steel_service.state import State


@dataclass(frozen=True, eq=False)  # a registry knows it by its identity
class StateFacts:
    """The models in use and the end of the readings, of each plant."""

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
        for site in self.state.sites.values():
            known = self._readings(site)
            if known is not None:
                until.add_metric((site.plant.id,), readings_end(known.readings).timestamp())
            for step, model, version in self._models(site, known):
                models.add_metric((site.plant.id, step, model, version), 1)
        return models, until

    def _readings(self, site: Site) -> PlantReadings | None:
        try:
            return self.state.readings.of(site)
        except SteelError:  # none yet, or damaged: /health says which
            return None

    def _models(self, site: Site, known: PlantReadings | None) -> Iterable[tuple[str, str, str]]:
        """Step, name and version of each model in use."""
        try:
            answered = self.state.champions.in_use(site, known)
        except SteelError:  # no step can answer: /health says why
            pass
        else:
            yield answered.step, answered.served.manifest.model, answered.served.manifest.version
        fitted = usable(self.state.nowcasts, site.plant)
        yield "nowcast", "virtual meter", fitted.manifest.version if fitted else NOWCAST_VERSION
