from __future__ import annotations

import datetime as dt
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from steel_energy.errors import ConfigError
from steel_service.errors import NotReadyError
from steel_service.security.key_file import LiveKeys, create_key, read_keys, revoke_key
from steel_service.security.principals import Principal, Role

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


def create(file: Path, name: str = "a", *, days: int | None = None) -> str:
    return create_key(file, name, role=Role.VIEWER, days=days, now=NOW)[1]


def test_without_a_file_there_are_no_keys(file: Path) -> None:
    assert read_keys(file) == ()


def test_the_file_is_its_owners_alone_and_holds_no_key(file: Path) -> None:
    key = create(file)
    create(file, "b")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.split("_", 2)[2] not in file.read_text()
    assert [path.name for path in file.parent.iterdir()] == ["keys.json"]


def test_days_are_counted_from_now(file: Path) -> None:
    create(file, days=2)

    assert read_keys(file)[0].expires_at == NOW + dt.timedelta(days=2)


def test_a_name_is_free_again_once_its_key_is_out_of_use(file: Path) -> None:
    create(file, days=1)
    with pytest.raises(ConfigError, match="'a' is the name of another key"):
        create(file)
    create_key(file, "a", role=Role.VIEWER, days=None, now=NOW + dt.timedelta(days=1))

    assert [record.name for record in read_keys(file)] == ["a", "a"]


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_key_is_revoked_by_its_id_or_name_and_stays_on_record(file: Path, by: str) -> None:
    create(file)
    named = getattr(read_keys(file)[0], by)

    revoke_key(file, named, now=NOW)

    assert read_keys(file)[0].revoked_at == NOW
    with pytest.raises(ConfigError, match="no usable key is called"):
        revoke_key(file, named, now=NOW)


def test_keys_that_are_made_at_the_same_time_are_all_kept(file: Path) -> None:
    names = [f"key{number}" for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: create(file, name), names))

    assert sorted(record.name for record in read_keys(file)) == sorted(names)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"version": 2, "keys": []}', b'{"keys": [{"id": "sesame"}]}', b"\xff\xfe"]
)
def test_a_damaged_file_is_an_error_that_repeats_nothing_of_it(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    with pytest.raises(ConfigError) as raised:
        read_keys(file)

    assert raised.value.field == str(file)
    assert "sesame" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_damaged_file_is_not_overwritten(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")

    with pytest.raises(ConfigError):
        create(file)

    assert file.read_text() == "{"


def test_a_running_service_notices_new_and_revoked_keys(file: Path) -> None:
    live = LiveKeys(file)
    key = create(file)
    before = live.holder(key)
    live.refresh()
    known = live.holder(key)
    revoke_key(file, "a", now=NOW)
    live.refresh()

    assert (before, known, live.holder(key)) == (None, Principal("a", Role.VIEWER, "key"), None)


def test_no_key_is_accepted_while_the_file_is_damaged_and_the_log_says_so(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = create(file)
    live = LiveKeys(file)
    sound = file.read_bytes()
    file.write_text("{")
    with caplog.at_level(logging.ERROR):
        live.refresh()
        live.refresh()
    with pytest.raises(NotReadyError, match="the file of keys cannot be read"):
        live.holder(key)
    file.write_bytes(sound)
    live.refresh()

    assert len(caplog.records) == 1
    assert live.holder(key) == Principal("a", Role.VIEWER, "key")


def test_a_file_that_is_removed_leaves_no_key(file: Path) -> None:
    key = create(file)
    live = LiveKeys(file)
    file.unlink()
    live.refresh()

    assert live.holder(key) is None


def test_one_request_in_an_interval_refreshes_for_all(file: Path) -> None:
    live = LiveKeys(file, every_s=3600)

    assert [live.is_due() for _ in range(3)] == [True, False, False]
