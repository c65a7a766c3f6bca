"""A fleet on this machine, for tests and benchmarks: a real Redis, a real PostgreSQL and workers as real processes.

Redis and PostgreSQL are Debian's programs, started on free ports in folders of their own; where they are not installed,
``missing_programs`` says so. Nothing listens on another address than 127.0.0.1, and nothing is left behind where who
started it is killed.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy

from steel_assets.testing import POLL_SECONDS, START_SECONDS, STOP_SECONDS
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT

POSTGRES_PROGRAMS = Path("/usr/lib/postgresql")
POSTGRES_USER = "postgres"
USER, DATABASES = "steel", ("dagster", "mlflow")
ENDS_WITH_PARENT = ("setpriv", "--pdeathsig")
"""A command's beginning; the signal follows."""


@dataclass
class RunningWorker:
    """A started worker: its process and the file that it logs to."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_alive(self) -> bool:
        """Whether it works."""
        return self.process.poll() is None

    @property
    def child(self) -> psutil.Process:
        """The process that does its steps."""
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def kill(self) -> None:
        """``kill -9`` all of it, as when its machine is lost."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        for process in family:
            process.kill()
        self.process.wait(STOP_SECONDS)
        psutil.wait_procs(family, timeout=STOP_SECONDS)


def missing_programs() -> list[str]:
    """What has to be installed first, by the names of Debian's packages."""
    found = {"redis-server": shutil.which("redis-server"), "postgresql": _postgres_programs()}
    return [name for name, program in found.items() if not program]


@contextmanager
def running_servers() -> Iterator[dict[str, str]]:
    """Redis and PostgreSQL, empty; the variables with their addresses."""
    with running_redis() as broker_url, running_postgres() as databases:
        dagster, mlflow = (databases[name] for name in DATABASES)
        yield {"STEEL_BROKER_URL": broker_url, "STEEL_DATABASE_URL": dagster, "STEEL_TRACKING_URL": mlflow}


@contextmanager
def running_redis() -> Iterator[str]:
    """A Redis that asks for a password; its address."""
    port, password = free_port(), secrets.token_hex(8)
    address = f"redis://:{password}@127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="steel-redis-") as folder:
        config = Path(folder) / "redis.conf"
        config.write_text(f'port {port}\nbind 127.0.0.1\nsave ""\nrequirepass {password}\n', encoding="utf-8")
        server = _start([], "redis-server", str(config))
        with _ended(server):
            _wait(lambda: _answers_redis(address), server)
            yield address


@contextmanager
def running_postgres() -> Iterator[dict[str, str]]:
    """A PostgreSQL server; the addresses of its databases by name. It runs as Debian's user where root starts it."""
    programs, port, password = _postgres_programs(), free_port(), secrets.token_hex(8)
    with tempfile.TemporaryDirectory(prefix="steel-postgres-") as folder:
        data, password_file = Path(folder) / "data", Path(folder) / "password"
        password_file.write_text(password, encoding="utf-8")
        _give_to_postgres(Path(folder), password_file)
        made = [f"{programs}/initdb", "--pgdata", str(data), "--username", USER, "--auth", "scram-sha-256", "--no-sync"]
        _run_as_postgres([*made, "--pwfile", str(password_file)])
        quick = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        server = _start(_as_postgres(), f"{programs}/postgres", "-D", str(data), "-p", str(port), *quick)
        with _ended(server):
            address = f"postgresql+psycopg2://{USER}:{password}@127.0.0.1:{port}"
            addresses = {name: f"{address}/{name}" for name in DATABASES}
            _wait(lambda: _made_databases(f"{address}/postgres"), server)
            yield addresses


@contextmanager
def running_worker(log: Path, *, environment: Mapping[str, str], queues: Sequence[str] = ()) -> Iterator[RunningWorker]:
    """A worker that waits for steps.

    Args:
        log: file for everything it prints.
        environment: variables beside those of this process.
        queues: whose steps; all if left out.
    """
    chosen = ["--queues", *queues] if queues else []
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*ENDS_WITH_PARENT, "TERM", sys.executable, "-m", "steel_assets.worker", *chosen],
            env={**os.environ, **environment, "PYTHONPATH": str(PROJECT_ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    worker = RunningWorker(process, log)
    try:
        _wait(lambda: b" ready." in log.read_bytes(), process)
        yield worker
    finally:
        if worker.is_alive:
            worker.kill()


def _postgres_programs() -> Path | None:
    """Folder of the newest version's programs."""
    return max(POSTGRES_PROGRAMS.glob("*/bin"), key=lambda folder: float(folder.parent.name), default=None)


def _as_postgres() -> list[str]:
    """Options of setpriv: PostgreSQL refuses to run as root."""
    return [f"--reuid={POSTGRES_USER}", f"--regid={POSTGRES_USER}", "--clear-groups"] if _is_root() else []


def _run_as_postgres(command: Sequence[str]) -> None:
    whole = [ENDS_WITH_PARENT[0], *_as_postgres(), *command]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own command
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _give_to_postgres(*paths: Path) -> None:
    if _is_root():
        account = pwd.getpwnam(POSTGRES_USER)
        for path in paths:
            os.chown(path, account.pw_uid, account.pw_gid)


def _is_root() -> bool:
    return os.geteuid() == 0


def _answers_redis(address: str) -> bool:
    import redis  # noqa: PLC0415 - of the extra `fleet`

    try:
        with redis.Redis.from_url(address) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _made_databases(address: str) -> bool:
    engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    try:
        with engine.connect() as connection:
            for name in DATABASES:
                connection.execute(sqlalchemy.text(f"create database {name}"))
    except sqlalchemy.exc.OperationalError:
        return False
    return True


def _start(user: Sequence[str], *command: str) -> subprocess.Popen[bytes]:
    whole = [*ENDS_WITH_PARENT, "INT", *user, *command]
    return subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")  # noqa: S603 - our own command


@contextmanager
def _ended(server: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        server.send_signal(signal.SIGINT)  # both end at once then, whoever is connected
        server.wait(STOP_SECONDS)


def _wait(is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"did not start: {process.args!r}")
        time.sleep(POLL_SECONDS)
