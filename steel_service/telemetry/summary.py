"""Counts and latency quantiles of each route, read from the Prometheus metrics, as /model/metrics tells them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from prometheus_client import Metric

from steel_service.telemetry.metrics import LATENCY, REQUESTS, SINCE

CLIENT_ERRORS = range(400, 500)
FIRST_SERVER_ERROR = 500


@dataclass
class RouteCounts:
    """What the metrics hold of one method and route.

    Attributes:
        by_status: requests answered with each status.
        by_bound_s: requests that took at most so many seconds, by upper bound of each bucket; the last is infinite.
    """

    by_status: dict[int, int] = field(default_factory=dict)
    by_bound_s: dict[float, float] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """All that were answered."""
        return sum(self.by_status.values())

    @property
    def refused(self) -> int:
        """Those answered with 4xx."""
        return sum(count for status, count in self.by_status.items() if status in CLIENT_ERRORS)

    @property
    def errors(self) -> int:
        """Those answered with 5xx."""
        return sum(count for status, count in self.by_status.items() if status >= FIRST_SERVER_ERROR)


@dataclass
class Summary:
    """Since when was counted, and the counts of each (method, route) that was asked."""

    since: dt.datetime
    routes: dict[tuple[str, str], RouteCounts]


def summed_up(metrics: Iterable[Metric]) -> Summary:
    """The counts of all routes from ``RequestMetrics.collect``."""
    routes: dict[tuple[str, str], RouteCounts] = defaultdict(RouteCounts)
    since = 0.0
    for sample in (sample for metric in metrics for sample in metric.samples):
        labels = sample.labels
        if sample.name == SINCE:
            since = sample.value
        elif sample.name == f"{REQUESTS}_total":
            routes[labels["method"], labels["route"]].by_status[int(labels["status"])] = int(sample.value)
        elif sample.name == f"{LATENCY}_bucket":
            routes[labels["method"], labels["route"]].by_bound_s[float(labels["le"])] = sample.value
    return Summary(dt.datetime.fromtimestamp(since, dt.UTC), dict(routes))


def quantile_s(by_bound_s: Mapping[float, float], share: float) -> float:
    """The latency that ``share`` of the requests did not exceed, as if they lay evenly within each bucket.

    Args:
        by_bound_s: requests that took at most so many seconds, by upper bound; the last bound is infinite.
        share: 0 to 1.

    Returns:
        Seconds; the largest finite bound where the answer lies beyond it, 0 without any request.

    Example:
        Of four requests two took up to 1 s and two between 1 s and 2 s; three quarters took up to 1.5 s.

        >>> quantile_s({1.0: 2, 2.0: 4, inf: 4}, 0.75)
        1.5
    """
    wanted = share * by_bound_s.get(inf, 0)
    below_s, below = 0.0, 0.0
    for bound_s, count in sorted(by_bound_s.items()) if wanted else ():
        if count >= wanted:
            return below_s if bound_s == inf else below_s + (bound_s - below_s) * (wanted - below) / (count - below)
        below_s, below = bound_s, count
    return below_s
