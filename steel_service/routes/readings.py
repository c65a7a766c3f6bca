"""POST /readings: new meter readings, kept before they are answered; POST /readings/preview keeps none."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.routing import APIRoute

from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_service.api_models.fields import ErrorAnswer
from steel_service.api_models.readings import EXAMPLE, PostedBytes, PreviewAnswer, ReadingsAnswer
from steel_service.bodies import Handler
from steel_service.posted import Form, form_of, post_readings
from steel_service.previews import preview_readings
from steel_service.requests import BODY_ERRORS, PlantQuery, Responses
from steel_service.security.audit import count_for_audit, name_plant_for_audit
from steel_service.state import StateOf

ERRORS: Responses = {
    **BODY_ERRORS,
    400: {"model": ErrorAnswer, "description": "The body is not valid JSON."},
    409: {"model": ErrorAnswer, "description": "The body names another plant than the request."},
    415: {"model": ErrorAnswer, "description": "The body is declared as none of the three forms."},
    422: {"model": ErrorAnswer, "description": "The body as a whole holds no readings, or too many."},
    503: {"model": ErrorAnswer, "description": "Nothing could be kept, so nothing is promised."},
}
CELL_NAMES = "|".join(name for name in EXAMPLE if name not in ("interval_start", "usage_kwh"))
CONTRACT = rf"interval_start,usage_kwh(,({CELL_NAMES}))*"
PUBLISHED = re.escape(",".join(PUBLISHED_HEADER.values()))
CSV_FORM: dict[str, Any] = {
    "schema": {
        "type": "string",
        "pattern": rf"^({CONTRACT}|{PUBLISHED})(\r?\n[^\x00-\x08\x0a\x0b\x0d-\x1f]*)+$",
        "description": "A header and a line for each reading: the fields of a Reading, or a meter's own export. The "
        "pattern shows the published header; delimiter, encoding, order and spelling may differ.",
    },
    "example": "\n".join(",".join(str(cell) for cell in line) for line in (EXAMPLE, EXAMPLE.values())),
}
NDJSON_FORM: dict[str, Any] = {
    "schema": {"type": "string", "description": f"One Reading as JSON a line, such as `{json.dumps(EXAMPLE)}`."}
}
OTHER_FORMS = {"requestBody": {"required": True, "content": {Form.NDJSON: NDJSON_FORM, Form.CSV: CSV_FORM}}}


class _AsItCame(Request):
    """A request whose JSON is not parsed on the event loop."""

    async def json(self) -> bytes:
        """The body's bytes."""
        return await self.body()


class _ReadingsRoute(APIRoute):
    """A route that takes its body as bytes, whatever it is declared as."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, given a request that leaves the body as it came."""
        answer = super().get_route_handler()

        async def unparsed(request: Request) -> Response:
            return await answer(_AsItCame(request.scope, request.receive))

        return unparsed


async def _form(request: Request) -> Form:
    return form_of(request.headers.get("content-type", ""))


router = APIRouter(tags=["readings"], route_class=_ReadingsRoute, responses=ERRORS)


@router.post(
    "/readings",
    summary="Send new meter readings",
    status_code=HTTPStatus.ACCEPTED,
    responses={HTTPStatus.OK: {"model": ReadingsAnswer, "description": "Nothing was new, so nothing was kept."}},
    openapi_extra=OTHER_FORMS,
)
def readings(
    *,
    body: Annotated[PostedBytes, Body()],
    form: Annotated[Form, Depends(_form)],
    state: StateOf,
    request: Request,
    response: Response,
    plant: PlantQuery = None,
) -> ReadingsAnswer:
    """Take in readings of 15-minute intervals, judged row by row: one that is wrong refuses no other.

    Answered is what became of each row: accepted, `repaired`, `unchanged` or `rejected` with reasons. Accepted and
    repaired readings are on the disk before the answer, and a sensor then builds their months again, after which
    /history and the forecasts know them. They are kept as sent: a repair is told here and made by that build, with the
    whole month before it. A reading is a whole: one with other values for a known interval replaces it, and both are
    kept in the inbox; sending the same again changes nothing. Of several readings of one interval in a body the last
    stands. A time without an offset is plant time; in the hour that the clock shows twice, the first such row of a
    body is the earlier hour's and the second the later's, so better send the offset.
    """
    answer = post_readings(body, form, state=state, plant_id=plant)
    name_plant_for_audit(request.scope, answer.plant)
    count_for_audit(request.scope, **answer.counts.model_dump())
    if not answer.is_new:
        response.status_code = HTTPStatus.OK
    return answer


@router.post("/readings/preview", summary="What would become of readings", openapi_extra=OTHER_FORMS)
def preview(
    *,
    body: Annotated[PostedBytes, Body()],
    form: Annotated[Form, Depends(_form)],
    state: StateOf,
    plant: PlantQuery = None,
) -> PreviewAnswer:
    """The verdict that POST /readings would give on each row, and nothing is kept.

    Beside it stand what cleaning would change by rule, the gaps between the rows, and how many of them would take the
    place of a known reading.
    """
    return preview_readings(body, form, state=state, plant_id=plant)
