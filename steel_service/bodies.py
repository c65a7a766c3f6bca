"""Bodies of JSON, read strictly: what a lenient reader would guess at or drop is refused, and its field is named.

A route of a router with ``route_class=JsonRoute`` takes UTF-8 JSON only, declared so, in which no name stands twice in
an object. NaN, Infinity and numbers too large for a float pass here as floats, for only the field's type
(``api_models.fields.Number``) can refuse them by the field's name. How large a body may be is ``requests``' matter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from steel_energy.errors import InputError
from steel_service.errors import BodyError, MediaTypeError

JSON_TYPE = "application/json"
SEND_UTF8 = "send JSON as UTF-8 text without a byte order mark"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRequest(Request):
    """A request whose JSON is read strictly, once."""

    async def json(self) -> Any:  # noqa: ANN401 - JSON
        """The body as `strict_json` reads it."""
        if not hasattr(self, "_json"):
            self._json = strict_json(await self.body())
        return self._json


class JsonRoute(APIRoute):
    """A route with a body of JSON; a body that is none is refused before anything else of the request is looked at."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, given a request whose body was read: it would call every refusal a 400 without details."""
        answer = super().get_route_handler()

        async def read_and_answer(request: Request) -> Response:
            read = JsonRequest(request.scope, request.receive)
            require_json(read.headers.get("content-type", ""))
            try:
                if await read.body():
                    await read.json()
            except ClientDisconnect:  # nobody is left to read an answer
                raise HTTPException(400) from None
            return await answer(read)

        return read_and_answer


def require_json(content_type: str) -> None:
    """Refuse a body by the media type it is declared as.

    Raises:
        MediaTypeError: it is not declared as JSON, or as JSON in another encoding than UTF-8.

    >>> require_json("application/json; charset=utf-8")
    """
    if content_type == JSON_TYPE:
        return
    declared = Message()
    declared["content-type"] = content_type
    if declared.get_content_type() != JSON_TYPE and not declared.get_content_subtype().endswith("+json"):
        remedy = f"send JSON with the header Content-Type: {JSON_TYPE}"
        raise MediaTypeError("the body is not declared as JSON", field="Content-Type", remedy=remedy)
    require_utf8(declared)


def require_utf8(declared: Message) -> None:
    """Refuse a body that is declared in another encoding than UTF-8 or ASCII, which is part of it.

    Raises:
        MediaTypeError: it is.
    """
    charset = declared.get_content_charset("utf-8")
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise MediaTypeError(f"the body is declared as {charset}", field="Content-Type", remedy=SEND_UTF8)


def strict_json(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """What a body of JSON says; NaN and Infinity are floats, for the field's type to refuse.

    Raises:
        BodyError: it is not JSON, not UTF-8, nested too deeply, or holds a number of thousands of digits.
        InputError: an object has a name twice; the field is that name.

    >>> strict_json(b'{"horizon": 96}')
    {'horizon': 96}
    """
    try:
        return _DECODER.decode(body.decode())
    except UnicodeDecodeError as error:
        raise BodyError("the body is not UTF-8 text", remedy=SEND_UTF8) from error
    except json.JSONDecodeError as error:
        if error.doc.startswith("\ufeff") or "\0" in error.doc:  # a byte order mark, or UTF-16 and UTF-32 without one
            raise BodyError("the body is not plain UTF-8 text", remedy=SEND_UTF8) from error
        where = f"line {error.lineno}, column {error.colno}"
        raise BodyError(f"the body is not valid JSON ({where})", remedy="send one JSON object as UTF-8 text") from error
    except RecursionError as error:  # the parser counts its levels and stops in time
        raise BodyError("the body is nested too deeply", remedy="see /docs for its shape") from error
    except ValueError as error:  # Python's guard against the quadratic cost of reading endless integers
        raise BodyError("the body has a number of too many digits", remedy="write numbers with fewer digits") from error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        [(twin, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise InputError("stands more than once in an object", field=twin, remedy="send each field once")
    return named


_DECODER = json.JSONDecoder(object_pairs_hook=_without_twins)  # made once: making one costs as much as reading a body
