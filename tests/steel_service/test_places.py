from __future__ import annotations

from pathlib import Path

import pytest

from steel_energy.errors import BundleError
from steel_service.places import public_error, public_location, public_text
from steel_service.settings import ServiceSettings

SETTINGS = ServiceSettings(data_dir=Path("/srv/steel/data"), home=Path("/srv/steel"))


@pytest.mark.parametrize(
    ("location", "public"),
    [
        ("/mnt/meters/line 4.csv", "line 4.csv"),
        ("gwangyang, seed 7", "gwangyang, seed 7"),
        ("https://archive.example/851.zip", "https://archive.example/851.zip"),
        ("https://me:pass@plant.example:8443/data.csv?key=1#top", "https://plant.example:8443/data.csv"),
    ],
)
def test_a_source_keeps_what_tells_it_and_loses_what_is_private(location: str, public: str) -> None:
    assert public_location(location) == public


def test_an_error_tells_files_from_the_data_folder_or_the_project_on() -> None:
    error = BundleError(
        "see /srv/steel/params.yaml",
        field="/srv/steel/data/bundles/toy/manifest.json",
        remedy="mend /srv/steel/data/lake",
    )

    told = public_error(error, SETTINGS)

    assert (type(told), told.message, told.field, told.remedy) == (
        BundleError,
        "see params.yaml",
        "bundles/toy/manifest.json",
        "mend lake",
    )
    assert error.field == "/srv/steel/data/bundles/toy/manifest.json"


def test_other_paths_and_routes_stay() -> None:
    assert public_text("see /docs for the routes", SETTINGS) == "see /docs for the routes"
