"""From a posted body to the inbox and the answer: what POST /readings calls between its header and its answer.

Runs in a thread: a body of a hundred thousand rows takes seconds. What makes a row good is the domain's to say
(``steel_energy.posting``); here bodies are told apart, and nothing is answered before it lies safely on the disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import Message
from enum import StrEnum
from typing import Any

import polars as pl
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from steel_energy.errors import InputError
from steel_energy.inbox import new_batch_id
from steel_energy.posting import Judged, Problems, Reason, Sent, judge, read_objects, read_table
from steel_energy.sites import Site
from steel_energy.sources.unpack import decode
from steel_service.api_models.readings import (
    MAX_ROWS_TOLD,
    ReadingsAnswer,
    ReadingsBody,
    RowAnswer,
    RowCounts,
    RowReason,
    RowRepair,
)
from steel_service.bodies import require_utf8, strict_json
from steel_service.errors import BodyError, ConflictError, MediaTypeError, NotReadyError
from steel_service.state import State

ORDER = ("rejected", "repaired", "unchanged")
"""In which rows are told."""


class Form(StrEnum):
    """What a body may be, by its media type."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    CSV = "text/csv"


def form_of(content_type: str) -> Form:
    """Which form a body is declared to have.

    Raises:
        MediaTypeError: none of them, or JSON in another encoding than UTF-8.

    >>> form_of("text/csv; charset=euc-kr").name
    'CSV'
    """
    declared = Message()
    declared["content-type"] = content_type
    if content_type and declared.get_content_type() in set(Form):
        form = Form(declared.get_content_type())
        if form is not Form.CSV:
            require_utf8(declared)
        return form
    raise MediaTypeError(
        "the body is not declared as a form of readings", field="Content-Type", remedy=f"send {', '.join(Form)}"
    )


def post_readings(content: bytes, form: Form, *, state: State, plant_id: str | None) -> ReadingsAnswer:
    """Judge the rows of a body and keep those that stand and are new.

    Raises:
        BodyError: the body as a whole is not JSON.
        InputError: it is no body of readings, or has too many rows.
        UnknownPlantError: there is no such plant.
        ConflictError: it names another plant than the request.
        StorageError: nothing could be kept; nothing is promised.
    """
    site, sent, judged = judge_body(content, form, state=state, plant_id=plant_id)
    batch = None if judged.fresh.is_empty() else new_batch_id()
    if batch is not None:
        state.inbox.add(site.plant.id, judged.fresh, batch_id=batch)
    return ReadingsAnswer(
        plant=site.plant.id, zone=site.plant.zone, is_new=batch is not None, batch=batch, **told(judged, sent)
    )


def judge_body(content: bytes, form: Form, *, state: State, plant_id: str | None) -> tuple[Site, Sent, Judged]:
    """Whose readings a body holds, its rows, and the verdict on each; nothing is kept. Raises as `post_readings`."""
    site, sent = _READERS[form](content, state, plant_id)
    plant, limit = site.plant, state.settings.api_max_readings_rows
    if sent.readings.height > limit:
        raise InputError(
            f"got {sent.readings.height}, at most {limit} fit", field="readings", remedy="send them in parts"
        ).named("too_many_rows", rows=sent.readings.height, most=limit)
    known = state.inbox.read(plant.id, zone=plant.zone)
    context = known_readings(site, state)
    return site, sent, judge(sent, site=site, now=dt.datetime.now(dt.UTC), known=known, context=context)


def _from_json(content: bytes, state: State, plant_id: str | None) -> tuple[Site, Sent]:
    said = strict_json(content)
    try:
        body = ReadingsBody.model_validate({"readings": said} if isinstance(said, list) else said)
    except ValidationError as error:
        raise RequestValidationError(
            [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()]
        ) from error
    if plant_id is not None and body.plant not in (None, plant_id):
        raise ConflictError("names another plant than the request", field="plant", remedy="name one plant")
    site = state.site(plant_id or body.plant)
    return site, read_objects(body.readings, site.plant)


def _from_ndjson(content: bytes, state: State, plant_id: str | None) -> tuple[Site, Sent]:
    site, problems = state.site(plant_id), Problems()
    lines = [line for line in content.splitlines() if line.strip()]
    if not lines:
        raise InputError("holds no row", field="body", remedy="send one JSON object a line")
    return site, read_objects(
        [_line(row, line, problems) for row, line in enumerate(lines)], site.plant, problems=problems
    )


def _line(row: int, line: bytes, problems: Problems) -> object:
    try:
        return strict_json(line)
    except (BodyError, InputError) as error:
        problems.add(row, Reason(None, "not_json", error.message.replace("the body", "the line")))
        return None


def _from_csv(content: bytes, state: State, plant_id: str | None) -> tuple[Site, Sent]:
    site = state.site(plant_id)
    return site, read_table(decode(content, "body"), site.plant)


_READERS: dict[Form, Callable[[bytes, State, str | None], tuple[Site, Sent]]] = {
    Form.JSON: _from_json,
    Form.NDJSON: _from_ndjson,
    Form.CSV: _from_csv,
}


def known_readings(site: Site, state: State) -> pl.DataFrame | None:
    """The clean readings of a plant; None before the first build."""
    try:
        return state.readings.of(site).readings
    except NotReadyError:  # the first readings of a plant come before any build
        return None


def told(judged: Judged, sent: Sent) -> dict[str, Any]:
    """What answers say of the rows: how many of each kind, and those that were not plainly accepted."""
    order = pl.col("status").replace_strict(ORDER, range(len(ORDER)), return_dtype=pl.UInt8)
    notable = judged.verdicts.filter(pl.col("status") != "accepted").sort(order, "row")
    rows = [
        RowAnswer(
            row=row,
            interval_start=interval_start,
            status=status,
            reasons=[RowReason.model_validate(reason) for reason in judged.reasons.get(row, [])],
            repairs=[RowRepair.model_validate(repair) for repair in judged.repairs.get(row, [])],
        )
        for row, interval_start, status in notable.head(MAX_ROWS_TOLD).iter_rows()
    ]
    return {
        "counts": RowCounts(received=sent.readings.height, **judged.counts()),
        "rows": rows,
        "rows_left_out": notable.height - len(rows),
        "ignored_columns": list(sent.ignored),
    }
