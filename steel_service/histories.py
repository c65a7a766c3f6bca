"""The answer of /history in the form that a client wants: a page of readings as JSON, CSV or Parquet.

Polars writes all three, so a year of single intervals takes a fraction of a second; a page is bounded by its rows.
"""

from __future__ import annotations

import datetime as dt
import io
from email.message import Message
from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response

from steel_energy.calendar import in_zone
from steel_energy.carrier import REACTIVE
from steel_energy.history import history, page, readings_end
from steel_energy.plant import Plant
from steel_service.answers import source_answer
from steel_service.api_models.history import HistoryAnswer, HistoryFacts, HistoryQuery
from steel_service.errors import ConflictError
from steel_service.negotiation import wanted_type
from steel_service.readings import PlantReadings
from steel_service.state import State

DEFAULT_DAYS = 14  # shown where a request names no start
JSON, CSV, PARQUET = "application/json", "text/csv", "application/vnd.apache.parquet"
CSV_UTF8 = f"{CSV}; charset=utf-8"
OFFERED = (JSON, CSV, CSV_UTF8, PARQUET)
SUFFIXES = {CSV: "csv", CSV_UTF8: "csv", PARQUET: "parquet"}
ISO_8601 = "%Y-%m-%dT%H:%M:%S%:z"
TOTAL_HEADER = "X-Total-Count"

HISTORY_RESPONSE: dict[str, Any] = {
    "model": HistoryAnswer,
    "description": "A page of readings, oldest first, in the form that the Accept header likes best.",
    "content": {
        CSV: {
            "schema": {"type": "string"},
            "example": "interval_start,usage_kwh\n2018-12-01T00:00:00+09:00,3.17\n",
        },
        PARQUET: {"schema": {"type": "string", "format": "binary"}},
    },
    "headers": {
        "Link": {"description": "The next page, as rel=next; absent on the last.", "schema": {"type": "string"}},
        TOTAL_HEADER: {"description": "Rows of the whole period.", "schema": {"type": "integer"}},
        "Content-Disposition": {"description": "A file's name, but for JSON.", "schema": {"type": "string"}},
    },
}
"""What /docs says of the answer."""


def history_response(query: HistoryQuery, state: State, *, request: Request) -> Response:
    """A page of known readings in the form that ``request`` accepts.

    Raises:
        NotAcceptableError: it accepts none of ours.
        UnknownPlantError: there is no such plant.
        ConflictError: the period ends before it starts.
        NotReadyError: no readings yet.
    """
    media_type = wanted_type(request, OFFERED)
    facts, rows = _page(query, state)
    headers = {TOTAL_HEADER: str(facts.total), "Vary": "Accept", **_next_link(facts, request)}
    if suffix := SUFFIXES.get(media_type):
        headers["Content-Disposition"] = _attachment(facts, suffix)
    return Response(_written(rows, facts, media_type), media_type=media_type, headers=headers)


def _page(query: HistoryQuery, state: State) -> tuple[HistoryFacts, pl.DataFrame]:
    site = state.site(query.plant)
    zone, known = site.plant.zone, state.readings.of(site)
    since, until = _period(query, known, zone=zone)
    rows = history(
        known.readings, known.repairs, tariff=site.tariff, start=since, end=until, aggregation=query.aggregation
    )
    cursor = in_zone(query.cursor, zone) if query.cursor else None
    found = page(rows.select(_applicable(query, site.plant)), limit=query.limit, cursor=cursor)
    facts = HistoryFacts(
        plant=site.plant.id,
        zone=zone,
        aggregation=query.aggregation,
        start=since,
        end=until,
        source=source_answer(known.source),
        total=found.total,
        next=found.next,
    )
    return facts, found.rows


def _applicable(query: HistoryQuery, plant: Plant) -> list[str]:
    """The wanted columns; those of reactive energy are left out of a fuel's, and refused where they are named.

    Raises:
        NotElectricError: one was named.
    """
    if plant.is_fuel and any(column in REACTIVE for column in query.columns):
        plant.require_electricity(field="columns")
    return [column for column in query.wanted if not (plant.is_fuel and column in REACTIVE)]


def _period(query: HistoryQuery, known: PlantReadings, *, zone: str) -> tuple[dt.datetime, dt.datetime]:
    until = in_zone(query.end or readings_end(known.readings), zone)
    since = in_zone(query.start or until - dt.timedelta(days=DEFAULT_DAYS), zone)
    if since.astimezone(dt.UTC) >= until.astimezone(dt.UTC):  # clocks of one zone can show an hour twice
        remedy = "swap from and to" if query.end else "name an earlier start, or an end"
        raise ConflictError(f"must lie before the end of the period, {until.isoformat()}", field="from", remedy=remedy)
    return since, until


def _written(rows: pl.DataFrame, facts: HistoryFacts, media_type: str) -> bytes:
    file = io.BytesIO()
    if media_type == PARQUET:
        rows.write_parquet(file)
    elif media_type == JSON:
        file.write(facts.model_dump_json(by_alias=True).removesuffix("}").encode() + b',"rows":')
        rows.write_json(file)
        file.write(b"}")
    else:
        rows.with_columns(pl.col("interval_start").dt.strftime(ISO_8601)).write_csv(file)
    return file.getvalue()


def _next_link(facts: HistoryFacts, request: Request) -> dict[str, str]:
    """Where the next page is: the request with its period spelled out, as a default one moves with the readings."""
    if facts.next is None:
        return {}
    moments = {"from": facts.start, "to": facts.end, "cursor": facts.next}
    url = request.url.include_query_params(**{name: moment.isoformat() for name, moment in moments.items()})
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}


def _attachment(facts: HistoryFacts, suffix: str) -> str:
    """A file's name for browsers, of plant, aggregation and days; one beyond ASCII is written as RFC 2231 says."""
    name = f"{facts.plant}-{facts.aggregation}-{facts.start:%Y%m%d}-{facts.end:%Y%m%d}.{suffix}"
    header = Message()
    header.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
    return header["Content-Disposition"]
