"""No worker outlives the process that started it: a supervisor killed outright would leave it alone on the port."""

from __future__ import annotations

import os
import signal
import time
from threading import Thread

POLL_S = 0.2


def stop_with_parent() -> None:
    """Stop this process as on SIGTERM, its answers under way finished, soon after its parent has ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="stop-with-parent", daemon=True).start()
