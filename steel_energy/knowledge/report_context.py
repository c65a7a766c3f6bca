"""What notes on reports are made of: the plant, where its tables lie, and the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from steel_energy.errors import NotEnoughDataError
from steel_energy.knowledge.sentences import Sentences
from steel_energy.lake import Lake, read_table
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings

SOURCE: Final = "reports"


@dataclass(frozen=True)
class Context:
    """A plant and its tables.

    Attributes:
        plant: whose reports.
        settings: where they lie.
        told: the sentences of the language.
    """

    plant: Plant
    settings: SteelSettings
    told: Sentences

    @property
    def lake(self) -> Lake:
        """The lake that the tables lie in."""
        return Lake(self.settings.lake_root)

    def week(self, asset: str, *, back: int = 0) -> list[dict[str, Any]]:
        """Rows of an asset's newest week, or of the one so many before; none where there is none."""
        mondays = self.lake.weeks(asset, self.plant.id)
        if len(mondays) <= back:
            return []
        return read_table(self.lake.week_path(asset, self.plant.id, mondays[-1 - back])).to_dicts()

    def newest(self, asset: str) -> list[dict[str, Any]]:
        """Rows of an asset's one table; none where it was not made yet."""
        try:
            return self.lake.read_newest(asset, self.plant.id).to_dicts()
        except NotEnoughDataError:
            return []
