"""Prometheus metrics of the requests: how many and how long; and what the prediction log lost.

Values lie in the files of all workers where the server prepares a folder for them (BentoML does), else in this
process. What is looked up anew for each scrape, such as the model in use, is ``facts``'s.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector

BOUNDS_S = (
    *(0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075),
    *(0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75),
    *(1.0, 2.5, 5.0, 10.0, 30.0),
)
"""Upper bounds of the latency histogram: narrow where answers usually are, so that quantiles read from it are too."""

REQUESTS = "steel_requests"
LATENCY = "steel_request_duration_seconds"
SINCE = "steel_metrics_since_timestamp_seconds"


class RequestMetrics:
    """The metrics of one app, in a registry of their own, so that a second app in the process has its own too.

    Where workers share a folder, apps of one process share its values as well.
    """

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            REQUESTS, "Requests answered.", ("method", "route", "status"), registry=registry
        )  # shown as steel_requests_total
        self._latency = Histogram(
            LATENCY, "Seconds until an answer was sent.", ("method", "route"), buckets=BOUNDS_S, registry=registry
        )
        self._lost = Counter(
            "steel_predictions_lost", "Predictions that the prediction log could not write.", registry=registry
        )
        Gauge(SINCE, "When these metrics began to count.", registry=registry, multiprocess_mode="min").set(time.time())
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, *, status: int, seconds: float) -> None:
        """A request has been answered; ``route`` is a template and ``method`` a known one, as each makes a series."""
        key = (method, route, status)
        if (children := self._children.get(key)) is None:
            children = self._requests.labels(method, route, status), self._latency.labels(method, route)
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def lost(self, predictions: int) -> None:
        """So many predictions could not be logged."""
        self._lost.inc(predictions)

    def collect(self) -> Iterable[Metric]:
        """The metrics of all workers, as a registry asks for them."""
        if values.ValueClass is values.MutexValue:
            return self._registry.collect()
        collected: Iterable[Metric] = MultiProcessCollector(None).collect()  # type: ignore[no-untyped-call]
        return collected
