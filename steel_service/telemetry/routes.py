"""Which route a request asked for, as a template such as ``/reports/{name}``: logs and metrics never hold raw paths."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.types import Scope

UNMATCHED = "unmatched"


def route_finder(app: FastAPI) -> Callable[[Scope], str]:
    """How to tell the template of a request that ``app`` answered, or that a layer around it refused.

    A request that was refused before it was routed has its path as template where a route without parameters has it;
    any other path, and whatever there is no route of, is ``unmatched``.
    """
    mounts = tuple(route.path for route in app.routes if isinstance(route, Mount))
    paths = {route.path for route in iter_route_contexts(app.routes) if isinstance(route.path, str)}
    plain = {path for path in paths if "{" not in path}

    def route_of(scope: Scope) -> str:
        routed = getattr(scope.get("route"), "path", None)
        if isinstance(routed, str):
            return routed
        path: str = scope["path"]
        if path in plain:
            return path
        return next((mount for mount in mounts if path.startswith(mount)), UNMATCHED)

    return route_of
