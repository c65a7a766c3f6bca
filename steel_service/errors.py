"""Every answer that is not a success, in one shape: ``{"error": {"code", "message", "field", "hint"}}``.

The only place where errors become HTTP. Answers never echo the request's values nor show a stack trace; what is not
the caller's fault is answered as 500 and its trace goes to the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from steel_energy.config import LOCATION
from steel_energy.errors import (
    BundleError,
    InfeasiblePlanError,
    InputError,
    ModelUnavailableError,
    SourceError,
    SteelError,
    StorageError,
)
from steel_service.error_shape import error_answer
from steel_service.places import public_error


class UnknownThingError(InputError):
    """A request names something that there is not."""


class UnknownPlantError(UnknownThingError):
    """A request names a plant that there is no file of."""

    code: ClassVar[str] = "unknown_plant"


class UnknownReportError(UnknownThingError):
    """A request names a report that has not been written."""

    code: ClassVar[str] = "unknown_report"


class UnknownTariffError(UnknownThingError):
    """A request names a tariff that there is no file of."""

    code: ClassVar[str] = "unknown_tariff"


class UnknownSessionError(UnknownThingError):
    """A request goes on with a conversation that there is not."""

    code: ClassVar[str] = "unknown_session"


class ConflictError(InputError):
    """Each value of a request is right, but they do not go together, or not with what is there."""

    code: ClassVar[str] = "conflict"


class NotAcceptableError(SteelError):
    """The answer is wanted in a form that there is not."""

    code: ClassVar[str] = "not_acceptable"


class NotReadyError(SteelError):
    """Something that is served has not been built yet."""

    code: ClassVar[str] = "not_ready"


class BodyError(SteelError):
    """The body cannot be read at all."""

    code: ClassVar[str] = "bad_request"


class PredictionsLostError(SteelError):
    """Predictions that were answered could not be logged."""

    code: ClassVar[str] = "predictions_lost"


class MediaTypeError(SteelError):
    """The body is not declared as JSON."""

    code: ClassVar[str] = "unsupported_media_type"


class RefusedError(SteelError):
    """The service refuses who asks or how; ``headers`` of the answer tell a client what would help."""

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.headers = headers


class UnauthorizedError(RefusedError):
    """Nobody proved who they are, or the proof is wrong."""

    code: ClassVar[str] = "unauthorized"


class ForbiddenError(RefusedError):
    """Who asks may not do this."""

    code: ClassVar[str] = "forbidden"


class RateLimitedError(RefusedError):
    """Who asks did so too often."""

    code: ClassVar[str] = "rate_limited"


class PassedOnError(SteelError):
    """Another route of this service refused, which was asked on a caller's behalf.

    Attributes:
        status: of its answer.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTPStatus.SERVICE_UNAVAILABLE,
        code: str = SteelError.code,
        field: str | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        vars(self)["code"] = code  # each has its own, where other errors have that of their class
        self.status = HTTPStatus(status)


STATUS_OF_ERROR: tuple[tuple[type[SteelError], HTTPStatus], ...] = (
    (UnknownThingError, HTTPStatus.NOT_FOUND),
    (ConflictError, HTTPStatus.CONFLICT),
    (InfeasiblePlanError, HTTPStatus.CONFLICT),
    (NotAcceptableError, HTTPStatus.NOT_ACCEPTABLE),
    (BodyError, HTTPStatus.BAD_REQUEST),
    (MediaTypeError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (UnauthorizedError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (RateLimitedError, HTTPStatus.TOO_MANY_REQUESTS),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotReadyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (BundleError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ModelUnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (SourceError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The first match wins; any other error of ours is a fault of the service."""

MESSAGES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "the body is not valid JSON",
    HTTPStatus.NOT_FOUND: "there is no such route",
    HTTPStatus.METHOD_NOT_ALLOWED: "this route has another method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is too large",
}
HINTS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "send one JSON object as UTF-8 text",
    HTTPStatus.NOT_FOUND: "see /docs for the routes",
    HTTPStatus.METHOD_NOT_ALLOWED: "see /docs for the method of this route",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "split the rows over several requests",
}
VALIDATION_HINT = "see /docs for each field's unit, range and an example"
CONTRADICTIONS = frozenset({"fault_within", "value_error"})
"""Faults of fields that are each as the document says, but do not go together: a conflict, not a wrong value."""
CONTRADICTION_HINT = "change one of the fields so that they go together"
FIELD_SOURCES = ("body", "query")


def steel_answer(error: SteelError) -> JSONResponse:
    """The error shape of one of our own errors."""
    headers = error.headers if isinstance(error, RefusedError) else None
    return error_answer(
        status_of(error),
        code=error.code,
        message=error.message,
        field=error.field,
        hint=error.remedy,
        headers=headers,
        reason=error.reason,
        values=error.values,
    )


def http_answer(status: int, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The error shape of a failure that HTTP itself names, such as 404 or 413."""
    known = HTTPStatus(status)
    return error_answer(
        status,
        code=known.name.lower(),
        message=MESSAGES.get(status, known.phrase),
        hint=HINTS.get(status, ""),
        headers=headers,
    )


def install_error_handlers(app: FastAPI) -> None:
    """Give every failure of ``app`` the one error shape."""
    app.add_exception_handler(SteelError, _of_steel_error)
    app.add_exception_handler(RequestValidationError, _of_validation_error)
    app.add_exception_handler(HTTPException, _of_http_exception)
    app.add_exception_handler(Exception, _of_unexpected)


def status_of(error: SteelError) -> HTTPStatus:
    """The HTTP status of one of our errors: the caller's faults 4xx, what is missing 503, the rest 500."""
    if isinstance(error, PassedOnError):
        return error.status
    found = (status for kind, status in STATUS_OF_ERROR if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


async def _of_steel_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SteelError)  # noqa: S101 - what it was registered for
    return steel_answer(public_error(error, request.app.state.steel.settings))


async def _of_validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it was registered for
    problems = [problem for problem in error.errors() if not _follows(problem, error.errors())]
    faults = [problem for problem in problems if problem["type"] not in CONTRADICTIONS]
    first = faults[0] if faults else problems[0]
    if first["type"] == "json_invalid":
        return http_answer(HTTPStatus.BAD_REQUEST)
    field = _field((*first["loc"], *first.get("ctx", {}).get(LOCATION, ())))
    message = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
    return error_answer(
        HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.CONFLICT,
        code="validation" if faults else ConflictError.code,
        message=message + more if field or not faults else "the body should be one JSON object",
        field=field,
        hint=VALIDATION_HINT if faults else CONTRADICTION_HINT,
        reason=first["type"] if faults and len(problems) == 1 else "",
        values={name: value for name, value in first.get("ctx", {}).items() if isinstance(value, str | int | float)},
    )


def _follows(problem: Any, problems: Sequence[Any]) -> bool:  # noqa: ANN401 - FastAPI's
    """Whether a list is called too short only because a faulty item of it does not count."""
    place = problem["loc"]
    return problem["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in problems
    )


async def _of_http_exception(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it was registered for
    return http_answer(error.status_code, headers=error.headers)


async def _of_unexpected(_request: Request, _error: Exception) -> JSONResponse:
    """Answer a bug; the server re-raises it after this answer, so its trace is logged once."""
    return error_answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal",
        message="the service failed on this request",
        hint="the service's log has the details",
    )


def _field(location: Sequence[Any]) -> str | None:
    parts = location[1:] if location and location[0] in FIELD_SOURCES else location
    return ".".join(str(part) for part in parts) or None
