"""Fixtures shared by all tests: the published data where ``STEEL_SOURCE`` names it, and toy records."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from steel_energy.plant import Plant, load_plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import Tariff, load_tariff

if TYPE_CHECKING:
    import polars as pl
    from example_service import ExampleService
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

TOGETHER = {
    "every page in a browser": ("tests/e2e/test_pages",),  # as long as all the others
    "a browser and the dashboard": ("tests/e2e/test_",),
    "the example service": (
        "tests/docs/test_api_examples",
        "tests/steel_client/test_real_",
        "tests/steel_service/test_mcp_",
    ),
}
"""Files that share what takes long to start, and so a worker: what it is, and how their names begin; the first wins."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Of ``--dist loadfile``: a file at a time to each worker, but those that belong together to the same one."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - only where several workers run

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next(
                (what for what, files in TOGETHER.items() if nodeid.startswith(files)), super()._split_scope(nodeid)
            )

    return ByWhatIsShared(config, log)


@pytest.fixture(scope="session")
def real_csv() -> Path:
    """The published data set; skips where ``STEEL_SOURCE`` is not a file."""
    path = Path(os.environ.get("STEEL_SOURCE", ""))
    if not path.is_file():
        pytest.skip("STEEL_SOURCE is not the path of the published data set")
    return path


@pytest.fixture(scope="session")
def dirty_csv(real_csv: Path) -> Path:
    """The published dirty copy beside the data set; skips where it is absent."""
    path = real_csv.with_name("steel_industry_dirty.csv")
    if not path.is_file():
        pytest.skip(f"there is no {path.name} beside the published data set")
    return path


@pytest.fixture(scope="session")
def gwangyang() -> Plant:
    return load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")


@pytest.fixture(scope="session")
def kepco(gwangyang: Plant) -> Tariff:
    return load_tariff(gwangyang.tariff, tariffs_dir=PROJECT_ROOT / "data" / "tariffs")


@pytest.fixture(scope="session")
def real_readings(real_csv: Path, gwangyang: Plant, kepco: Tariff) -> pl.DataFrame:
    """The published year as it is after cleaning, which takes seconds."""
    from steel_energy.cleaning import clean, place  # noqa: PLC0415 - few tests need it
    from steel_energy.sources.file import read_csv  # noqa: PLC0415 - as above

    placed = place(read_csv(real_csv, plant=gwangyang).rows, gwangyang)
    return clean(placed, plant=gwangyang, tariff=kepco).readings


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleService]:
    """A real service over two simulated months, which asks for keys."""
    from example_service import example_service  # noqa: PLC0415 - few tests need what it imports

    with example_service(tmp_path_factory.mktemp("example")) as service:
        yield service


@pytest.fixture(scope="session")
def make_bucket() -> Iterator[Callable[[], str]]:
    """Makes empty places for a lake in a real object store on this machine, which AWS's variables lead to."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow, and few tests need it
    from s3fs import S3FileSystem  # noqa: PLC0415 - as above

    server, numbers = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False), count(1)
    server.start()
    host, port = server.get_host_and_port()

    def make() -> str:
        bucket = f"lake-{next(numbers)}"
        S3FileSystem().mkdir(bucket)
        return f"s3://{bucket}/fleet"

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield make
        S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB; skips where nobody may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "steel-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only the superuser may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
