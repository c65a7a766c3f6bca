"""The secret behind the cookie of who signed in: from the settings, or made once and kept for its owner alone."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from steel_ui.settings import UiSettings

SECRET_BYTES = 32
OWNER_ONLY = 0o600
FILE = "ui-cookie.secret"


def cookie_secret(settings: UiSettings) -> str:
    """The secret; it survives a restart, so that nobody has to sign in again after one.

    Raises:
        OSError: there is none, and none can be kept.
    """
    if settings.ui_cookie_secret is not None:
        return settings.ui_cookie_secret.get_secret_value()
    file = settings.data_dir / FILE
    if not file.exists():
        _make(file)
    return file.read_text(encoding="ascii").strip()


def encryption(secret: str) -> Fernet:
    """What encrypts the keys in cookies; of ``secret``, yet not what they are signed by."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"encryption of keys:" + secret.encode()).digest()))


def _make(file: Path) -> None:
    """Write a new secret in one step, so that of two dashboards that start together both read the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY), "w") as opened:
        opened.write(secrets.token_urlsafe(SECRET_BYTES))
    try:
        os.link(scratch, file)  # unlike a rename it fails where the other was faster
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
