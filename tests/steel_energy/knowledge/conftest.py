"""The library of the published plant over an empty data folder, and one to write reports into."""

from __future__ import annotations

from pathlib import Path

import pytest

from steel_energy.knowledge import Library
from steel_energy.params import load_params
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_tariff


def library_over(data_dir: Path, site: Site) -> Library:
    """The library of ``site`` with its reports in ``data_dir``."""
    settings = SteelSettings(data_dir=data_dir)
    return Library.of(site, params=load_params(settings.params_file), settings=settings)


@pytest.fixture(scope="session")
def library(tmp_path_factory, gwangyang, kepco) -> Library:
    """The published plant's; nothing was built."""
    return library_over(tmp_path_factory.mktemp("nothing"), Site(gwangyang, kepco))


@pytest.fixture
def toy_library(tmp_path) -> Library:
    """The toy plant's, over a folder of its own."""
    return library_over(tmp_path, Site(toy_plant(), toy_tariff()))
