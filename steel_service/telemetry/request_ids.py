"""The id of a request: the caller's own where it is a plain one, else a new one; answered in the same header."""

from __future__ import annotations

import re

from starlette.types import Scope

from steel_service.ids import new_id

HEADER = b"x-request-id"
PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def request_id_of(scope: Scope) -> str:
    """The id that the caller sent, or a new one of 32 hexadecimal digits; one that could garble a log is not taken.

    Example:
        >>> request_id_of({"headers": [(b"x-request-id", b"order-17.b")]})
        'order-17.b'
        >>> len(request_id_of({"headers": [(b"x-request-id", b'"}{')]}))
        32
    """
    for name, value in scope["headers"]:
        if name == HEADER and PLAIN.fullmatch(value):
            sent: str = value.decode("ascii")
            return sent
    return new_id()
