"""Models on disk: what the assets publish and the service reads. Which model is the better one is decided elsewhere.

``provenance`` says where a bundle comes from, ``manifest`` what it says of itself, ``bundles`` how it lies on disk and
``champions`` which one is served and which were before.
"""

from steel_energy.artifacts.bundles import MANIFEST_FILE, kept_versions, read_bundle, read_manifest, write_bundle
from steel_energy.artifacts.champions import (
    CHAMPION_FILE,
    FLEET,
    HISTORY_FILE,
    Promotion,
    champion_to_serve,
    champion_version,
    history,
    previous_champion,
    previous_to_serve,
    promote,
    prune,
    publish,
    read_champion,
    rejected,
    rollback,
    standing,
)
from steel_energy.artifacts.manifest import BundleFacts, Manifest, seen_until
from steel_energy.artifacts.provenance import readings_sha256

__all__ = [
    "CHAMPION_FILE",
    "FLEET",
    "HISTORY_FILE",
    "MANIFEST_FILE",
    "BundleFacts",
    "Manifest",
    "Promotion",
    "champion_to_serve",
    "champion_version",
    "history",
    "kept_versions",
    "previous_champion",
    "previous_to_serve",
    "promote",
    "prune",
    "publish",
    "read_bundle",
    "read_champion",
    "read_manifest",
    "readings_sha256",
    "rejected",
    "rollback",
    "seen_until",
    "standing",
    "write_bundle",
]
