"""What is said of files to whoever asks over the network: their names, never where on this machine they lie."""

from __future__ import annotations

import copy
from pathlib import PurePath
from urllib.parse import urlsplit

from steel_energy.errors import SteelError
from steel_energy.settings import SteelSettings


def public_text(text: str, settings: SteelSettings) -> str:
    """``text`` with paths from the data folder, the lake's or the project's on, instead of from the root of a disk."""
    for folder in filter(None, (settings.lake_url, settings.data_dir, settings.home)):
        text = text.replace(f"{folder}/", "")
    return text


def public_error(error: SteelError, settings: SteelSettings) -> SteelError:
    """``error`` with such texts."""
    told = copy.copy(error)
    told.message, told.remedy = public_text(error.message, settings), public_text(error.remedy, settings)
    told.field = error.field and public_text(error.field, settings)
    return told


def public_location(location: str) -> str:
    """A source without what is nobody's business: a file's folder, and what may be secret in a URL.

    >>> public_location("/mnt/meters/line 4.csv"), public_location("https://me:pass@plant.example/data.csv?key=1")
    ('line 4.csv', 'https://plant.example/data.csv')
    """
    url = urlsplit(location)
    if url.scheme and url.hostname:
        port = f":{url.port}" if url.port else ""
        return f"{url.scheme}://{url.hostname}{port}{url.path}"
    return PurePath(location).name if PurePath(location).is_absolute() else location
