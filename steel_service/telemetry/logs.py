"""How every line is logged, ours and those of the libraries: JSON by structlog, written by a thread of its own.

``configure_logs`` is called once, where a process starts; nothing is configured on import.
"""

from __future__ import annotations

import atexit
import logging
import sys
from collections.abc import Sequence
from typing import IO, Any

import orjson
import structlog
from structlog.processors import JSONRenderer, TimeStamper, add_log_level, format_exc_info
from structlog.stdlib import ProcessorFormatter, add_logger_name
from structlog.typing import Processor

from steel_service.background import Background
from steel_service.settings import LogFormat

CAPACITY_LINES = 10_000
OURS = ("steel_service", "steel_energy")
LIBRARIES = ("bentoml", "circus", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Those that set up handlers of their own."""

COMMON: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    add_log_level,
    TimeStamper(fmt="iso", utc=True),
)


class QueuedStream:
    """Stands for ``target`` where lines are logged; a full pipe or a slow disk keeps nobody waiting.

    Lines that come while 10,000 wait are dropped; a line says how many.
    """

    def __init__(self, target: IO[str]) -> None:
        self._target = target
        self._background = Background(self._write, name="log", capacity=CAPACITY_LINES)
        self._dropped = 0

    def write(self, line: str) -> None:
        """Take a line."""
        if not self._background.put(line):
            self._dropped += 1

    def flush(self) -> None:
        """Do nothing: the thread flushes what it writes."""

    def close(self) -> None:
        """Write what waits."""
        self._background.close()

    def _write(self, lines: Sequence[str]) -> None:
        self._target.write("".join(lines))
        self._target.flush()
        dropped, self._dropped = self._dropped, 0
        if dropped:
            logging.getLogger(__name__).warning("%d log lines were dropped", dropped)


def configure_logs(log_format: LogFormat) -> QueuedStream:
    """Send all lines of this process to standard output, in one format.

    Args:
        log_format: ``json`` or ``console``.

    Returns:
        What takes the lines; closing it writes those that wait, which the end of the interpreter does too.
    """
    stream = QueuedStream(sys.stdout)
    atexit.register(stream.close)
    render = _renderers(log_format)
    structlog.configure(
        processors=[*COMMON, *render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),  # type: ignore[arg-type] # all that it needs of a file
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*COMMON, add_logger_name],
            processors=[ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    _send_all_to(handler)
    return stream


def _send_all_to(handler: logging.Handler) -> None:
    logging.captureWarnings(capture=True)
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True


def _renderers(log_format: LogFormat) -> tuple[Processor, ...]:
    if log_format == "console":
        plain = structlog.dev.plain_traceback  # the other one shows local variables
        return (structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain),)
    # a trace has frames and message, never the local variables, which hold bodies
    return format_exc_info, JSONRenderer(serializer=_dumps)


def _dumps(event: Any, **options: Any) -> str:  # noqa: ANN401 - whatever is logged
    return orjson.dumps(event, default=options.get("default"), option=orjson.OPT_NON_STR_KEYS).decode()
