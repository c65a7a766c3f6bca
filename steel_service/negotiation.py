"""In which form a client wants an answer: its Accept header against what there is. Bodies sent to us are `bodies`'."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from steel_service.errors import NotAcceptableError

ANYTHING = "*/*"


def wanted_type(request: Request, offered: Sequence[str]) -> str:
    """The media type of ``offered`` that the client likes best; the first of those it likes alike.

    A client without an Accept header takes anything.

    Raises:
        NotAcceptableError: it takes none of them.
    """
    accepted = ", ".join(request.headers.getlist("accept")) or ANYTHING
    best = parse_accept_header(accepted, MIMEAccept).best_match(offered)
    if best is None:
        kinds = ", ".join(offered)
        raise NotAcceptableError("no such form of the answer", field="Accept", remedy=f"accept one of: {kinds}")
    return best
