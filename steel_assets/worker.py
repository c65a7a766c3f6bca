"""``python -m steel_assets.worker``: take steps from the queues and do them, until Ctrl-C or SIGTERM.

A worker that is told to stop takes nothing more and ends its step first. Being impatient with it is being killed, and
worse: a second Ctrl-C lets Celery forget the step, for which its run would wait. A server that does not answer when it
starts is one clear line and exit code 2; one that goes away later is looked for again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from steel_assets import engines
from steel_assets.servers import require_servers
from steel_assets.settings import AssetsSettings
from steel_energy.errors import ConfigError, SteelError

ERROR_EXIT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Work until told to stop."""
    asked = parser().parse_args(arguments)
    try:
        settings = AssetsSettings()
        if settings.engine != "celery":
            raise ConfigError("no step ever waits for a worker", field="STEEL_ENGINE", remedy="set it to celery")
        require_servers(settings)
    except SteelError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {error}", markup=False)
        return ERROR_EXIT
    engines.celery_app(settings).worker_main(celery_arguments(asked.queues, at_once=asked.at_once))
    return 0


def parser() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    found = argparse.ArgumentParser(prog="python -m steel_assets.worker", description="Do the steps of runs.")
    queues = ", ".join(engines.QUEUES)
    found.add_argument(
        "--queues",
        nargs="+",
        choices=engines.QUEUES,
        default=engines.QUEUES,
        help=f"whose steps: {queues}; all if left out",
    )
    found.add_argument("--at-once", type=int, default=1, metavar="N", help="steps at the same time; 1 if left out")
    return found


def celery_arguments(queues: Sequence[str], *, at_once: int) -> list[str]:
    """What Celery is told: queues, processes, and a name that says which worker of the machine it is."""
    name = f"{'-'.join(queues)}-{os.getpid()}@%h"
    chosen = [f"--queues={','.join(queues)}", f"--concurrency={at_once}", f"--hostname={name}"]
    return ["worker", *chosen, "--loglevel=INFO", "--without-gossip", "--without-mingle"]


if __name__ == "__main__":
    sys.exit(main())
