"""Faults of the dashboard itself: written down, and shown to the one reader who met them; nobody else notices."""

from __future__ import annotations

import logging
import uuid

from steel_ui.client import Problem, ServiceError

logger = logging.getLogger("steel_ui")


def problem_of(error: BaseException) -> Problem:
    """What the reader is told of ``error``: what the service said, or a name under which the log has the rest."""
    if isinstance(error, ServiceError):
        return error.problem
    name = uuid.uuid4().hex[:8]
    logger.error("fault %s", name, exc_info=error)
    return Problem(code="fault", what=name, is_refusal=True)
