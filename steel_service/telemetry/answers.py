"""From counts and models to the JSON of /model/metrics."""

from __future__ import annotations

from steel_energy.sites import Site
from steel_service.api_models.info import ChampionName
from steel_service.api_models.metrics import ModelMetrics, RouteMetrics
from steel_service.state import State
from steel_service.telemetry.in_use import in_use
from steel_service.telemetry.summary import RouteCounts, quantile_s, summed_up

MS_PER_S = 1000


def model_metrics(site: Site, state: State) -> ModelMetrics:
    """How the service fares, and which models of a plant answer; without any model the counts are told all the same."""
    told = summed_up(state.metrics.collect())
    counts = told.routes.values()
    requests, errors = sum(count.requests for count in counts), sum(count.errors for count in counts)
    now = in_use(site, state)
    manifest = now.forecast.served.manifest if now.forecast else None
    return ModelMetrics(
        since=told.since,
        requests=requests,
        refused=sum(count.refused for count in counts),
        errors=errors,
        error_rate=errors / requests if requests else None,
        routes=[_route(*key, counts) for key, counts in sorted(told.routes.items())],
        plant=site.plant.id,
        champion=ChampionName.model_validate(manifest) if manifest else None,
        fallback=now.forecast.fallback if now.forecast else None,
        nowcast_version=now.nowcast_version,
        backtest=manifest.metrics if manifest else {},
    )


def _route(method: str, route: str, counts: RouteCounts) -> RouteMetrics:
    p50_ms, p95_ms, p99_ms = (round(MS_PER_S * quantile_s(counts.by_bound_s, share), 3) for share in (0.5, 0.95, 0.99))
    return RouteMetrics(
        method=method,
        route=route,
        requests=counts.requests,
        refused=counts.refused,
        errors=counts.errors,
        p50_ms=p50_ms,
        p95_ms=p95_ms,
        p99_ms=p99_ms,
    )
