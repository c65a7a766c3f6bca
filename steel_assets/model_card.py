"""The command that puts a plant's model card where people read it: ``python -m steel_assets.model_card``.

A build writes the card into the data folder; this copies it, so that the page in ``docs`` is always one of a build.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from steel_assets.definitions import build_resources
from steel_assets.explanations import card_file
from steel_assets.settings import AssetsSettings
from steel_energy.errors import REBUILD, BundleError, SteelError
from steel_energy.lake import write_text
from steel_energy.plant import load_plants

ERROR_EXIT = 2
DEFAULT_OUT = Path("docs") / "model-card.md"


def main(arguments: Sequence[str] | None = None, *, settings: AssetsSettings | None = None) -> int:
    """Run the command; returns its exit code."""
    console = Console(stderr=True, soft_wrap=True)
    settings = settings or AssetsSettings()
    plants = sorted(load_plants(settings.plants_dir))
    parser = argparse.ArgumentParser(prog="python -m steel_assets.model_card", description=__doc__)
    parser.add_argument("--plant", choices=plants, default=plants[0], help="plant id (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=settings.home / DEFAULT_OUT, help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        path = copy_card(options.plant, options.out, settings=settings)
    except SteelError as error:
        console.print(f"error: {error}", markup=False)
        return ERROR_EXIT
    console.print(f"wrote {path}", markup=False)
    return 0


def copy_card(plant_id: str, out: Path, *, settings: AssetsSettings) -> Path:
    """Copy the card that the newest build made of a plant.

    Raises:
        BundleError: no build has made one yet.
    """
    card = card_file(plant_id, build_resources(settings)["project"])
    if not card.is_file():
        raise BundleError("there is no model card of a build", field=str(card), remedy=REBUILD)
    return write_text(out, card.read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main())
