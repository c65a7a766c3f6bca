"""The id of a request: the caller's own where it is a plain one, else a new one; answered in the same header."""

from __future__ import annotations

import re
from uuid import uuid4

from starlette.types import Message, Scope, Send

HEADER = b"x-request-id"
PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def request_id_of(scope: Scope) -> str:
    """The id that the caller sent, or a new one of 32 hexadecimal digits; one that could garble a log is not taken."""
    sent: bytes = next((value for name, value in scope["headers"] if name == HEADER), b"")
    return sent.decode("ascii") if PLAIN.fullmatch(sent) else uuid4().hex


def with_request_id(send: Send, request_id: str) -> Send:
    """``send`` that puts the id into the headers of the answer."""
    header = (HEADER, request_id.encode("ascii"))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), header]
        await send(message)

    return sending
