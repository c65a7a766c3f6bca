"""Runs the four programs of the Procfile until Ctrl-C and says when each of them answers.

Their output goes to ``data/logs``, one file a program; if one stops by itself, the end of its log is shown and the
others are stopped. Nothing here knows what the programs do.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from honcho import manager
from honcho.environ import parse_procfile
from honcho.printer import Message
from rich.console import Console

from steel_energy.errors import SteelError
from steel_energy.settings import PROJECT_ROOT, SteelSettings

HOST = "127.0.0.1"
STOP_SECONDS = 20  # Dagster needs about five to stop its daemon and code server
POLL_SECONDS = 0.5
SLOW_SECONDS = 180
LAST_LINES = 15


@dataclass(frozen=True)
class Program:
    """One line of the Procfile: where it listens and what a person finds there."""

    name: str
    port_variable: str
    default_port: int
    probe: str
    what: str

    @property
    def port(self) -> int:
        """Port from the environment, or the default."""
        return int(os.environ.get(self.port_variable, self.default_port))

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}"


PROGRAMS = (
    Program("dagster", "STEEL_DAGSTER_PORT", 3000, "/server_info", "asset graph, checks, runs"),
    Program("api", "STEEL_API_PORT", 8000, "/readyz", "HTTP API, its page at /docs"),
    Program("ui", "STEEL_UI_PORT", 5006, "/liveness", "dashboard for operators"),
    Program("mlflow", "STEEL_MLFLOW_PORT", 5000, "/health", "model runs and the champion"),
)


class LogFiles:
    """Takes honcho's messages and writes each program's lines to a file of its own."""

    def __init__(self, folder: Path, console: Console) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.width = 0  # honcho sets it; a terminal printer would align names by it
        self._console = console
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self._last: dict[str, deque[str]] = {}

    def write(self, message: Message) -> None:
        """Store one line; honcho's own remarks are shown only when a program stopped by itself."""
        text = message.data if isinstance(message.data, str) else message.data.decode(errors="replace")
        if message.name == manager.SYSTEM_PRINTER_NAME or not message.name:
            return self._note(text)
        if message.name not in self._files:
            path = self._folder / f"{message.name}.log"
            self._files[message.name] = path.open("w", encoding="utf-8", buffering=1)
            self._last[message.name] = deque(maxlen=LAST_LINES)
        self._files[message.name].write(text)
        self._last[message.name].append(text)
        return None

    def _note(self, text: str) -> None:
        name, _, rest = text.partition(" stopped (rc=")
        if rest and not rest.startswith(("0", "-15", "143", "130")):
            self._console.print(f"[red]{name} stopped by itself; the end of its log:[/red]")
            self._console.print("".join(self._last.get(name, ())), markup=False, highlight=False)
        elif text.startswith(("SIGINT", "SIGTERM")):
            self._console.print("Stopping ...")


def main() -> int:
    """Run the programs; the exit code is 0 after Ctrl-C, 2 if a port is taken, else that of the program that failed."""
    console = Console(soft_wrap=True, highlight=False)
    if taken := [program for program in PROGRAMS if _is_taken(program.port)]:
        for program in taken:
            console.print(
                f"error: port {program.port} of {program.name} is in use; stop what listens there or set "
                f"{program.port_variable} to a free port",
                style="red",
            )
        return 2
    try:
        settings = SteelSettings()
    except SteelError as error:
        console.print(f"error: {error}", style="red", markup=False)
        return 2
    logs = settings.data_dir.resolve() / "logs"
    manager.KILL_WAIT = STOP_SECONDS
    supervisor = manager.Manager(LogFiles(logs, console))
    for name, command in parse_procfile((PROJECT_ROOT / "Procfile").read_text(encoding="utf-8")).processes.items():
        supervisor.add_process(name, command, env=_environment(settings), cwd=str(PROJECT_ROOT))
    console.print(f"Starting {', '.join(program.name for program in PROGRAMS)}; their logs are in {logs}")
    threading.Thread(target=_announce, args=(console,), daemon=True).start()
    supervisor.loop()
    stopped_by_user = supervisor.returncode in (130, 143)
    console.print("Stopped." if stopped_by_user else "[red]Stopped because a program failed.[/red]")
    return 0 if stopped_by_user else supervisor.returncode or 1


def _environment(settings: SteelSettings) -> dict[str, str]:
    """The programs' environment: this interpreter's programs first, absolute paths, nothing sent home."""
    ports = {program.port_variable: str(program.port) for program in PROGRAMS}
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "STEEL_DATA_DIR": str(settings.data_dir.resolve()),
        "STEEL_API_URL": f"http://{HOST}:{ports['STEEL_API_PORT']}",
        "PYTHONUNBUFFERED": "1",
        "DO_NOT_TRACK": "1",
        "BENTOML_DO_NOT_TRACK": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # six idle processes otherwise
    }
    return {**os.environ, **ports, **own}


def _announce(console: Console) -> None:
    """Say once for each program that it answers, and at the end where everything is."""
    started, waiting = time.monotonic(), list(PROGRAMS)
    while waiting:
        for program in [program for program in waiting if _answers(program)]:
            waiting.remove(program)
            waited = f"answers after {time.monotonic() - started:3.0f} s"
            console.print(f"  {program.name:8} {waited}  {program.address}  {program.what}")
        if time.monotonic() - started > SLOW_SECONDS:
            names = ", ".join(program.name for program in waiting)
            console.print(f"[yellow]still waiting for {names}: see the logs[/yellow]")
            return
        time.sleep(POLL_SECONDS)
    console.print("[green]Everything answers.[/green] Stop it with Ctrl-C.")


def _answers(program: Program) -> bool:
    try:
        return httpx.get(program.address + program.probe, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
