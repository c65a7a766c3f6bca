"""What a bundle says of itself: what it holds, what it was made of and how it scored. Files lie in ``bundles``.

A bundle's version is the hash of its *content*: the model's files, the readings it was trained on and the scores that
are claimed of it. How it came about (the moment, code, libraries, parameters, where the readings lay) is recorded and
guarded by a checksum, but does not name it: a model that comes out the same to the byte is the same version, whichever
commit made it, and what stands there of its making is that of the first time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from typing import Any

from pydantic import FiniteFloat

from steel_energy.artifacts.provenance import Code
from steel_energy.config import Record

VERSION_LENGTH = 12  # hexadecimal digits of the content hash: 48 bits tell any number of builds apart
CIRCUMSTANCES = {"version", "checksum", "created_at", "code", "libraries", "params"}


class BundleFacts(Record):
    """What the maker of a bundle says of it.

    Attributes:
        plant: plant id.
        model: the forecaster's name.
        label: how the model came to be, where its name would promise more than that.
        trained_from: start of the readings that the model has seen.
        trained_until: their end, exclusive.
        earlier_fits: ends of the readings that older fits in the bundle have seen, for forecasts from the past.
        source: the origin of the readings, as the lake's facts hold it.
        data_sha256: ``provenance.readings_sha256`` of the readings.
        params: the parameters of the build, as ``Params`` holds them for its profile.
        metrics: flat name to value, finite; nothing that differs between two builds of the same data, such as a time.
    """

    plant: str
    model: str
    label: str = ""
    trained_from: dt.datetime
    trained_until: dt.datetime
    earlier_fits: tuple[dt.datetime, ...] = ()
    source: dict[str, Any]
    data_sha256: str
    params: dict[str, Any]
    metrics: dict[str, FiniteFloat]

    def trained_until_for(self, origin: dt.datetime) -> dt.datetime:
        """End of the readings that the fit behind a forecast from ``origin`` has seen; zoned times only.

        The newest fit that ends by then; the oldest one where all have seen more, so that its answer says little of
        the model's accuracy.
        """
        return seen_until((*self.earlier_fits, self.trained_until), origin)


class Manifest(BundleFacts):
    """``manifest.json``: the facts, and what was found out when the bundle was first made.

    Attributes:
        version: hash of the content.
        created_at: when it was made, UTC.
        code: which code made it.
        libraries: version by name of Python and of what the build had loaded to compute with.
        files: SHA-256 by path in the bundle.
        checksum: hash of everything else here.
    """

    version: str = ""
    created_at: dt.datetime
    code: Code
    libraries: dict[str, str]
    files: dict[str, str]
    checksum: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether version and checksum are those of what stands here."""
        return (self.version, self.checksum) == (_version(self), _checksum(self))

    def named(self) -> Manifest:
        """With the version and checksum that belong to it."""
        versioned = self.model_copy(update={"version": _version(self)})
        return versioned.model_copy(update={"checksum": _checksum(versioned)})


def seen_until(ends: Collection[dt.datetime], origin: dt.datetime) -> dt.datetime:
    """Which of several fits answers a forecast from ``origin``, by the ``ends`` of what each has seen.

    The one rule behind what is forecast and what is said of it: the newest end by then, the oldest where none is.
    """
    return max((end for end in ends if end <= origin), default=min(ends))


def _version(manifest: Manifest) -> str:
    content = manifest.model_dump(mode="json", exclude=CIRCUMSTANCES)
    return _sha256({**content, "source": manifest.source.get("kind")})[:VERSION_LENGTH]


def _checksum(manifest: Manifest) -> str:
    return _sha256(manifest.model_dump(mode="json", exclude={"checksum"}))


def _sha256(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
