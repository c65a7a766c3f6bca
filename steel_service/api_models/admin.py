"""The JSON of POST /admin/reload, /admin/promote and /admin/rollback."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from steel_energy.artifacts.manifest import VERSION_LENGTH
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, PlantId, RequestModel
from steel_service.api_models.models import Promotion

MAX_BECAUSE = 300
Version = Annotated[
    str, Field(pattern=f"^[0-9a-f]{{{VERSION_LENGTH}}}$", examples=["3fd4884ef36c"], description="Name of a bundle.")
]
Because = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_BECAUSE,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
        examples=["night forecasts too low"],
        description="Why, in one line of words for people; it stands in the history and the audit log.",
    ),
]
Expected = Annotated[
    Version | None,
    Field(description="The version that has to be champion until then, as the page showed it; any if absent."),
]


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


class PromoteRequest(RequestModel):
    """Which bundle is to serve, and why."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    version: Version
    because: Because
    expected: Expected = None


class RollbackRequest(RequestModel):
    """How far to go back, and why."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    to: Annotated[Version | None, Field(description="An earlier champion; the previous one if absent.")] = None
    because: Because
    expected: Expected = None


class ChampionChange(AnswerModel):
    """What changed."""

    plant: str
    was: str | None = Field(description="Version of the champion before; null if its record could not be read.")
    champion: Promotion = Field(description="The new line of the history.")
    serves: str | None = Field(
        description="Version that this worker serves from now on; others follow at their next request."
    )
