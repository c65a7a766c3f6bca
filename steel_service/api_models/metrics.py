"""The JSON of /model/metrics."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from steel_service.api_models.fields import AnswerModel, Fallback
from steel_service.api_models.info import ChampionName

IN_BUCKETS = "milliseconds, read from a histogram and so right to the width of a bucket"


class RouteMetrics(AnswerModel):
    """How one route fared."""

    method: str = Field(examples=["POST"])
    route: str = Field(description="Its path as /docs writes it; unmatched where there is none.", examples=["/predict"])
    requests: int = Field(examples=[200])
    refused: int = Field(description="Answered with 4xx: the caller's fault.", examples=[1])
    errors: int = Field(description="Answered with 5xx: not the caller's fault.", examples=[0])
    p50_ms: float = Field(description=f"Half of the answers took no longer; {IN_BUCKETS}.", examples=[1.6])
    p95_ms: float = Field(description="95 % of the answers took no longer.", examples=[2.9])
    p99_ms: float = Field(description="99 % of the answers took no longer.", examples=[4.2])


class ModelMetrics(AnswerModel):
    """How the service and a plant's model fare: requests of all workers, and the scores of the model's backtest."""

    since: dt.datetime = Field(description="When counting began, UTC: the service's start.")
    requests: int = Field(description="Answered requests of all routes, probes aside.", examples=[231])
    refused: int = Field(description="Answered with 4xx: the caller's fault.", examples=[1])
    errors: int = Field(description="Answered with 5xx: not the caller's fault.", examples=[0])
    error_rate: float | None = Field(
        description="Share of errors in the requests; null before the first.", examples=[0]
    )
    routes: list[RouteMetrics] = Field(description="Those that were asked, by route.")
    plant: str
    champion: ChampionName | None = Field(description="The model that answers now, be it the champion or a step below.")
    fallback: Fallback | None = Field(description="Null where the champion answers.")
    nowcast_version: str = Field(description="The fitted model behind /predict, or the physics alone.")
    backtest: dict[str, float] = Field(description="Scores of the model's backtest, as its manifest names them.")
