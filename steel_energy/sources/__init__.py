"""Where raw readings come from: a file, the UCI archive or the simulated plant.

``read_source`` is the door: it turns the setting ``STEEL_SOURCE`` into raw readings and never hides which source it
was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from steel_energy.errors import InputError, SourceError, SteelError
from steel_energy.plant import Plant
from steel_energy.sources.file import read_csv
from steel_energy.sources.http import PATIENT, Patience, fetch
from steel_energy.sources.raw import Origin, RawReadings
from steel_energy.sources.simulated import simulated_readings
from steel_energy.sources.uci import DATASET, FILE_NAME, UCI_URL, download
from steel_energy.tariff import Tariff

logger = logging.getLogger(__name__)

SUFFIXES = (".csv", ".txt", ".tsv", ".gz", ".zip", ".parquet")


def read_source(
    setting: str,
    *,
    plant: Plant,
    tariff: Tariff,
    raw_dir: Path,
    seed: int,
    uci_url: str = UCI_URL,
    patience: Patience = PATIENT,
) -> RawReadings:
    """The raw readings of a plant.

    Args:
        setting: ``uci``, ``simulated``, the path or http(s) address of a meter export, or ``auto``: the first that
            works of a file in ``raw_dir/<plant id>`` or ``raw_dir`` (the newest first), the UCI archive if it holds
            this plant, the simulated plant.
        plant: whose readings.
        tariff: of the plant; the simulator needs its bands.
        raw_dir: folder of raw files, where the download is kept too.
        seed: of the simulated plant.
        uci_url: where the UCI archive is.
        patience: with servers.

    Returns:
        The readings; their origin names the source, and each one that was tried before it with the reason.

    Raises:
        InputError: the named file is not a meter export of one plant.
        SourceError: the named source cannot be reached or is not what it should be.
    """
    sources: dict[str, Callable[[], RawReadings]] = {
        "file": lambda: _newest_file(plant, raw_dir),
        "uci": lambda: _uci(plant, raw_dir, uci_url, patience),
        "simulated": lambda: simulated_readings(plant, tariff, seed=seed),
    }
    if setting == "auto":
        return _first_that_works(sources)
    if setting in ("uci", "simulated"):
        return sources[setting]()
    if setting.startswith(("http://", "https://")):
        return read_csv(fetch(setting, patience=patience), location=setting, plant=plant)
    return read_csv(Path(setting).expanduser(), plant=plant)


def _first_that_works(sources: dict[str, Callable[[], RawReadings]]) -> RawReadings:
    """The simulator, the last source, fails only where the plant file is wrong: then its error is the right one."""
    skipped: list[str] = []
    *tried_first, last = sources
    for name in tried_first:
        try:
            return _noting(sources[name](), tuple(skipped))
        except SteelError as error:
            logger.warning("source %s skipped: %s", name, error)
            skipped.append(f"{name}: {error}")
    return _noting(sources[last](), tuple(skipped))


def _noting(readings: RawReadings, skipped: tuple[str, ...]) -> RawReadings:
    skipped = (*readings.origin.skipped, *skipped)
    return RawReadings(readings.rows, readings.origin.model_copy(update={"skipped": skipped}))


def _newest_file(plant: Plant, raw_dir: Path) -> RawReadings:
    paths = [path for folder in (raw_dir / plant.id, raw_dir) for path in exports(folder)]
    skipped: list[str] = []
    for path in paths:
        try:
            return _noting(read_csv(path, plant=plant), tuple(skipped))
        except InputError as error:
            logger.warning("raw file skipped: %s", error)
            skipped.append(f"file: {error}")
    raise SourceError(
        "; ".join(skipped) or "no meter export there", field=str(raw_dir), remedy="put a meter export into the folder"
    )


def exports(folder: Path) -> list[Path]:
    """Files that may be meter exports, newest first; the kept UCI download is not one of them, it is ``_uci``'s."""
    files = [path for path in folder.glob("[!.]*") if path.is_file() and path.name != FILE_NAME]
    found = [path for path in files if path.suffix.lower() in SUFFIXES]
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def _uci(plant: Plant, raw_dir: Path, url: str, patience: Patience) -> RawReadings:
    if plant.dataset != DATASET:
        raise SourceError(
            f"the archive does not hold plant {plant.id}",
            field="uci",
            remedy="name a meter export of the plant instead",
        )
    readings = read_csv(download(raw_dir / plant.id, url=url, patience=patience))
    return RawReadings(readings.rows, readings.origin.model_copy(update={"kind": "uci", "location": url}))


__all__ = ["Origin", "RawReadings", "exports", "read_source"]
