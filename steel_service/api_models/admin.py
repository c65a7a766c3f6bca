"""The JSON of POST /admin/reload."""

from __future__ import annotations

from pydantic import Field

from steel_service.api_models.fields import AnswerModel


class Reloaded(AnswerModel):
    """A kind of model of a plant, before and after."""

    was: str | None = Field(description="Version that served before; null if none did.")
    now: str | None = Field(description="Version that serves now; null if none is published.")


class PlantReload(AnswerModel):
    """The models of a plant."""

    plant: str
    champion: Reloaded
    nowcast: Reloaded


class ReloadAnswer(AnswerModel):
    """What is served now, of each plant that was asked for."""

    plants: list[PlantReload]
