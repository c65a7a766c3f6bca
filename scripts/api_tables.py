"""The tables of docs/api.md that the code itself can tell: the routes, and the settings that limit requests."""

from __future__ import annotations

import re
from typing import Any

from generate_client import openapi_document

from steel_service.settings import ServiceSettings

LIMITS = re.compile("(api|copilot)_max_.*|api_.*rate_limit")


def with_tables(text: str) -> str:
    """``text`` with its tables written anew, each between ``<!-- name -->`` and ``<!-- end of name -->``."""
    for name, table in (("routes", routes_table(openapi_document())), ("limits", limits_table())):
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: found[1] + table + found[2], text)
    return text


def routes_table(document: dict[str, Any]) -> str:
    """Method, path and summary of each route."""
    rows = [
        f"| {method.upper()} `{path}` | {operation['summary']} |"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    return "\n".join(("| Route | What |", "|---|---|", *rows, ""))


def limits_table() -> str:
    """Variable, default and meaning of each limit."""
    fields = {name: field for name, field in ServiceSettings.model_fields.items() if LIMITS.fullmatch(name)}
    rows = [
        f"| `STEEL_{name.upper()}` | {_shown(field.default)} | {field.description} |" for name, field in fields.items()
    ]
    return "\n".join(("| Setting | Default | What |", "|---|---|---|", *rows, ""))


def _shown(default: object) -> str:
    if default is None:
        return "none"
    return f"{default:,}" if isinstance(default, int) else str(default)
