"""MLflow's registry follows the champion on disk: called by ``steel champion`` through an entry point of this package.

``pyproject.toml`` names ``follow`` under ``steel_energy.champion_followers``, so that the command line, which knows no
MLflow, moves the alias where there is one.
"""

from __future__ import annotations

from steel_assets.servers import require_database
from steel_assets.settings import TRACKING_URL, AssetsSettings
from steel_assets.tracking import CHAMPION, open_tracking, registered_name
from steel_energy.errors import BundleError


def follow(plant_id: str, version: str) -> str | None:
    """Let MLflow's alias ``champion`` point at the bundle ``version``; returns what was done, None without a store.

    Raises:
        BundleError: MLflow has no such bundle; the alias stays.
        StorageError: MLflow's database does not answer.
    """
    settings = AssetsSettings()
    if not settings.is_local:
        require_database(TRACKING_URL, settings.tracking_url)
    tracking = open_tracking(settings)
    if not tracking.has_store:
        return None
    registered = tracking.follow(plant_id, version)
    if registered is None:
        raise BundleError(f"MLflow has no bundle {version}, so its alias {CHAMPION} stays", remedy="see its registry")
    return f"MLflow: {registered_name(plant_id)}@{CHAMPION} is version {registered}"
