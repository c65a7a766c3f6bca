"""The published data set: UCI 851, Steel Industry Energy Consumption (CC BY 4.0, DOI 10.24432/C52G8C).

What is downloaded is checked by its values, so another archive format, byte order mark or line end does no harm, and a
changed number does.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from steel_energy.errors import InputError, SourceError, StorageError
from steel_energy.lake import write_atomically
from steel_energy.sources.file import read_csv
from steel_energy.sources.http import PATIENT, Patience, fetch
from steel_energy.sources.raw import RAW_NUMBERS, RawReadings, to_published

DATASET = "uci-851"
UCI_URL = "https://archive.ics.uci.edu/static/public/851/steel+industry+energy+consumption.zip"
FILE_NAME = f"{DATASET}.csv"
VALUES_SHA256 = "be821f2d747e9bd276af098dfc2976ebd491ec4ff6c08921956150bf2061f046"
"""``values_sha256`` of the 35,040 published rows, computed from a copy of the data set when this was written."""


def download(raw_dir: Path, *, url: str = UCI_URL, sha256: str = VALUES_SHA256, patience: Patience = PATIENT) -> Path:
    """Fetch the data set into ``raw_dir``; a sound copy from an earlier download is kept and nothing fetched.

    Returns:
        The path of the CSV file.

    Raises:
        SourceError: it cannot be fetched, or its values are not the published ones; nothing is written then.
    """
    path = raw_dir / FILE_NAME
    if not _is_sound(path, sha256):
        content = fetch(url, patience=patience)
        readings = _verified(content, url, sha256)
        _write(readings, path)
    return path


def values_sha256(rows: pl.DataFrame) -> str:
    """The checksum of raw rows by value and order: 3.1, 3.10 and " 3.1" are the same, as are 0:15 and 00:15."""
    label = pl.col("label").str.strip_chars()
    canonical = rows.select(
        pl.coalesce(
            label.str.to_datetime("%d/%m/%Y %H:%M", strict=False),
            label.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False),
        ),
        (pl.col(RAW_NUMBERS).str.strip_chars().cast(pl.Float64, strict=False) * 100).round(),
        pl.col("week_status", "weekday", "load_type").str.strip_chars(),
    )
    return hashlib.sha256(canonical.write_csv(float_precision=0).encode()).hexdigest()


def _is_sound(path: Path, sha256: str) -> bool:
    try:
        return values_sha256(read_csv(path).rows) == sha256
    except InputError:
        return False


def _verified(content: bytes, url: str, sha256: str) -> RawReadings:
    try:
        readings = read_csv(content, location=url)
    except InputError as error:
        raise SourceError(f"is not the data set: {error.message}", field=url, remedy="download it by hand") from error
    found = values_sha256(readings.rows)
    if found != sha256:
        raise SourceError(
            f"has other values than the published data set (checksum {found[:12]} instead of {sha256[:12]})",
            field=url,
            remedy="check the file, then name it as the source if it is the right one",
        )
    return readings


def _write(readings: RawReadings, path: Path) -> None:
    try:
        write_atomically(path, to_published(readings.rows).write_csv)
    except StorageError as error:
        raise SourceError(error.message, field=str(path), remedy="check the folder's permissions") from error
