"""``python -m steel_ui``: serve the dashboard on ``STEEL_UI_HOST`` and ``STEEL_UI_PORT`` until it is told to stop."""

from __future__ import annotations

import logging

from tornado.websocket import WebSocketClosedError

from steel_ui.app import serve
from steel_ui.settings import UiSettings

logger = logging.getLogger("steel_ui")


def is_news(record: logging.LogRecord) -> bool:
    """False for the complaint that a message was on its way to a tab that has just been closed."""
    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def main() -> None:
    """Read the settings and serve."""
    settings = UiSettings()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("bokeh.server.views.ws").setLevel(logging.ERROR)
    logging.getLogger("asyncio").addFilter(is_news)
    logger.setLevel(logging.INFO)
    logger.info("dashboard on http://%s:%s, service at %s", settings.ui_host, settings.ui_port, settings.api_url)
    serve(settings)


if __name__ == "__main__":
    main()
