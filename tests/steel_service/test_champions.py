from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from steel_energy.artifacts import publish
from steel_energy.errors import BundleError
from steel_service.champions import Champions

MOMENT = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)


class Loads:
    """Loads a bundle as the text of its model file, and remembers how often."""

    def __init__(self) -> None:
        self.count = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, folder: Path, /, **_: Any) -> Any:
        self.count += 1
        self.meanwhile()
        return (folder / "model.txt").read_text()


def put(bundles: Path, text: str) -> Path:
    manifest = publish(
        bundles,
        plant="toy",
        model="toy",
        trained_from=MOMENT,
        trained_until=MOMENT,
        source={},
        metrics={},
        write=lambda folder: (folder / "model.txt").write_text(text) and None,
    )
    return bundles / "toy" / manifest.version / "model.txt"


def test_a_bundle_is_loaded_once(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads = Loads()
    champions = Champions(tmp_path, load=loads)

    found = [champions.current(site).forecaster for _ in range(3)]

    assert (found, loads.count) == (["first"] * 3, 1)


def test_a_newer_champion_is_served_from_the_next_request_on(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    champions = Champions(tmp_path, load=Loads())
    champions.current(site)

    put(tmp_path, "second")

    assert champions.current(site).forecaster == "second"
    assert champions.refusal("toy") is None


def test_without_a_bundle_there_is_a_clear_error_until_one_comes(site: Any, tmp_path: Path) -> None:
    champions = Champions(tmp_path, load=Loads())
    with pytest.raises(BundleError, match="no champion"):
        champions.current(site)

    put(tmp_path, "first")

    assert champions.current(site).forecaster == "first"


def test_a_broken_bundle_is_refused_once_and_the_old_one_stays(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads = Loads()
    champions = Champions(tmp_path, load=loads)
    champions.current(site)
    put(tmp_path, "second").write_text("altered")

    found = [champions.current(site).forecaster for _ in range(3)]

    assert (found, loads.count) == (["first"] * 3, 1)
    refusal = champions.refusal("toy")
    assert refusal is not None
    assert refusal.message == "was altered"


def test_a_sound_bundle_after_a_broken_one_is_served(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    champions = Champions(tmp_path, load=Loads())
    champions.current(site)
    put(tmp_path, "second").write_text("altered")
    champions.current(site)

    put(tmp_path, "third")

    assert champions.current(site).forecaster == "third"
    assert champions.refusal("toy") is None


def test_a_bundle_that_was_mended_under_its_version_is_served_in_the_end(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    champions = Champions(tmp_path, load=Loads(), retry_s=0)
    champions.current(site)
    put(tmp_path, "second").write_text("altered")
    refused = champions.current(site).forecaster

    put(tmp_path, "second")

    assert (refused, champions.current(site).forecaster) == ("first", "second")
    assert champions.refusal("toy") is None


@pytest.mark.parametrize("record", ["", "{}", None], ids=["empty", "without-version", "gone"])
def test_an_unreadable_champion_record_leaves_the_old_one(site: Any, tmp_path: Path, record: str | None) -> None:
    put(tmp_path, "first")
    champions = Champions(tmp_path, load=Loads())
    champions.current(site)
    path = tmp_path / "toy" / "champion.json"
    path.unlink() if record is None else path.write_text(record)

    assert champions.current(site).forecaster == "first"
    assert champions.refusal("toy") is not None


def test_other_requests_go_on_with_the_old_champion_while_a_new_one_loads(site: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads, loading, go_on = Loads(), Event(), Event()
    champions = Champions(tmp_path, load=loads)
    champions.current(site)
    put(tmp_path, "second")

    def wait() -> None:
        loading.set()
        go_on.wait(10)

    loads.meanwhile = wait
    renewal = Thread(target=champions.current, args=(site,))
    renewal.start()
    assert loading.wait(10)

    during = champions.current(site).forecaster
    go_on.set()
    renewal.join()

    assert (during, champions.current(site).forecaster) == ("first", "second")
