from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from steel_ui.login.secret import FILE, cookie_secret, encryption
from steel_ui.settings import UiSettings


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    settings = UiSettings(data_dir=tmp_path / "new")

    secret = cookie_secret(settings)

    assert len(secret) >= 43
    assert cookie_secret(settings) == secret
    assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


def test_two_folders_have_two_secrets(tmp_path: Path) -> None:
    assert cookie_secret(UiSettings(data_dir=tmp_path / "a")) != cookie_secret(UiSettings(data_dir=tmp_path / "b"))


def test_a_secret_of_the_settings_is_taken_and_nothing_is_written(tmp_path: Path) -> None:
    settings = UiSettings(data_dir=tmp_path, ui_cookie_secret="s" * 32)  # type: ignore[arg-type]

    assert cookie_secret(settings) == "s" * 32
    assert list(tmp_path.iterdir()) == []


def test_what_one_secret_encrypts_another_cannot_read() -> None:
    hidden = encryption("a" * 32).encrypt(b"steel_key")

    assert encryption("a" * 32).decrypt(hidden) == b"steel_key"
    assert b"steel" not in hidden
    with pytest.raises(InvalidToken):
        encryption("b" * 32).decrypt(hidden)
