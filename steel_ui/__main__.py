"""``python -m steel_ui``: serve the dashboard on ``STEEL_UI_HOST`` and ``STEEL_UI_PORT`` until it is told to stop.

A wrong setting or a taken port is one clear line and exit code 2.
"""

from __future__ import annotations

import logging
import sys

from pydantic import ValidationError
from tornado.websocket import WebSocketClosedError

from steel_ui.app import build_server
from steel_ui.settings import UiSettings

ERROR_EXIT = 2
SECRETS = {("ui_api_key",), ("ui_cookie_secret",)}
logger = logging.getLogger("steel_ui")


def main() -> int:
    """Read the settings and serve."""
    quiet_logs()
    try:
        settings = UiSettings()
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:  # of several together
            return refuse(first["msg"])
        got = "" if first["loc"] in SECRETS else f", got {first['input']!r}"
        return refuse(f"STEEL_{'.'.join(map(str, first['loc'])).upper()}: {first['msg']}{got}")
    try:
        server = build_server(settings)
    except OSError as error:
        if error.filename is not None:
            remedy = "set STEEL_UI_COOKIE_SECRET, or STEEL_DATA_DIR to a folder that can be written to"
            return refuse(f"cannot keep the secret of cookies in {error.filename}: {error.strerror} ({remedy})")
        return refuse(f"cannot listen on {settings.ui_host}:{settings.ui_port}: {error.strerror} (set STEEL_UI_PORT)")
    logger.info("dashboard on http://%s:%s, service at %s", settings.ui_host, server.port, settings.api_url)
    server.run_until_shutdown()
    return 0


def quiet_logs() -> None:
    """One line at the start, then only what needs attention; a message to a tab just closed does not."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("bokeh.server.views.ws").setLevel(logging.ERROR)
    logging.getLogger("asyncio").addFilter(is_news)
    logger.setLevel(logging.INFO)


def is_news(record: logging.LogRecord) -> bool:
    """False for the complaint that a message was on its way to a tab that has just been closed."""
    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def refuse(message: str) -> int:
    """Say why the dashboard does not start; returns the exit code."""
    sys.stderr.write(f"error: {message}\n")
    return ERROR_EXIT


if __name__ == "__main__":
    sys.exit(main())
