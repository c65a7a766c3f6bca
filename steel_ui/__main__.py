"""``python -m steel_ui``: serve the dashboard on ``STEEL_UI_HOST`` and ``STEEL_UI_PORT`` until it is told to stop."""

from __future__ import annotations

import logging

from steel_ui.app import serve
from steel_ui.settings import UiSettings

logger = logging.getLogger("steel_ui")


def main() -> None:
    """Read the settings and serve."""
    settings = UiSettings()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logger.setLevel(logging.INFO)
    logger.info("dashboard on http://%s:%s, service at %s", settings.ui_host, settings.ui_port, settings.api_url)
    serve(settings)


if __name__ == "__main__":
    main()
