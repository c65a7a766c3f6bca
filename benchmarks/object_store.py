"""What a lake in an object store costs beside one on the disk: a year read, and the months of a year built by Dagster.

    python benchmarks/object_store.py [--delays-ms 0 20] [--write]

The store is moto's S3 server in a process of its own; a delay stands for the journey to a real one. Both lakes must end
up with the same bytes. ``--write`` puts the table into ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import c_int
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
from libraries.results import PAGE
from libraries.tables import markdown, put
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from s3fs import S3FileSystem
from werkzeug.serving import make_server

from steel_assets.definitions import build_defs
from steel_assets.freshness import MONTHLY
from steel_assets.partitions import PlantMonth, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT
from steel_energy.storage import listed, load

HEAD = ("lake", "a year read, ms", "requests", "months built, s", "requests")
PLANT, FIRST, LAST = "gwangyang", "2018-01", "2018-12"
READS = 9
KEYS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}


@dataclass(frozen=True)
class Taken:
    """What one lake took, and what it holds."""

    name: str
    read_ms: float
    reads: int
    built_s: float
    calls: int
    content: dict[str, bytes]

    def row(self) -> tuple[object, ...]:
        """As in ``HEAD``."""
        return (self.name, f"{self.read_ms:.0f}", self.reads, f"{self.built_s:.1f}", self.calls)


def serve(port: int, delay_ms: int, calls: Synchronized[int]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = DomainDispatcherApplication(create_backend_app)

    def delayed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with calls.get_lock():
            calls.value += 1
        time.sleep(delay_ms / 1000)
        return app(environ, start)

    make_server("127.0.0.1", port, delayed, threaded=True).serve_forever()


@contextmanager
def object_store(delay_ms: int) -> Iterator[tuple[str, Synchronized[int]]]:
    """An empty place for a lake, and the number of requests so far."""
    port, context = free_port(), multiprocessing.get_context("spawn")
    calls = context.Value(c_int, 0)
    server = context.Process(target=serve, args=(port, delay_ms, calls), daemon=True)
    server.start()
    os.environ.update(KEYS, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{port}")
    S3FileSystem.clear_instance_cache()
    while not answers(port):
        if not server.is_alive():
            raise SystemExit("the object store did not start")
        time.sleep(0.1)
    S3FileSystem().mkdir("lake")
    try:
        yield "s3://lake/fleet", calls
    finally:
        server.terminate()
        server.join()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/moto-api/", trust_env=False).is_success
    except httpx.TransportError:
        return False


def taken(name: str, url: str | None, calls: Synchronized[int] | None) -> Taken:
    """Build a simulated year's months in a fresh folder, then read the readings again and again."""
    with tempfile.TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral() as instance:
        settings = AssetsSettings(data_dir=Path(folder), source="simulated", lake_url=url)
        job, lake = build_defs(settings).resolve_job_def("rebuild_months"), Lake(settings.lake_root)
        tags = range_tags(PlantMonth(PLANT, FIRST), PlantMonth(PLANT, LAST))
        before, started = count(calls), time.perf_counter()
        job.execute_in_process(instance=instance, tags=tags)
        built_s, built = time.perf_counter() - started, count(calls)
        read_s = [timed(lake) for _ in range(READS)]
        reads = (count(calls) - built) // READS
        files = (path for table in MONTHLY for path in listed(lake.root / table, "plant=*/*"))
        content = {str(path).removeprefix(str(lake.root)): load(path) for path in files}
    return Taken(name, statistics.median(read_s) * 1000, reads, built_s, built - before, content)


def count(calls: Synchronized[int] | None) -> int:
    return calls.value if calls else 0


def timed(lake: Lake) -> float:
    started = time.perf_counter()
    lake.read(CLEANED_READINGS, PLANT)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delays-ms", type=int, nargs="+", default=[0, 20], help="journey to the store and back")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT_ROOT)}")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # Dagster tells of each step
    taken("not counted: the libraries are imported", None, None)
    rows = [taken("disk", None, None)]
    for delay_ms in options.delays_ms:
        with object_store(delay_ms) as (url, calls):
            rows.append(taken(f"object store, {delay_ms} ms away", url, calls))
    if any(row.content != rows[0].content for row in rows):
        raise SystemExit("the lakes differ")
    table = markdown(HEAD, [row.row() for row in rows])
    print(table)
    if options.write:
        put(PAGE, "object store: benchmarks/object_store.py --write", table)


if __name__ == "__main__":
    main()
