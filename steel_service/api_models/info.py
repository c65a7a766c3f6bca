"""The JSON of /whoami, /health, /plants and /model/info."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from steel_energy.carrier import Carrier
from steel_service.api_models.fields import AnswerModel, Fallback, Source
from steel_service.security.principals import Means


class WhoAmI(AnswerModel):
    """Who asks, and what they may ask for."""

    name: str = Field(description="As the audit log has it.", examples=["planner"])
    role: Literal["viewer", "operator", "admin"] = Field(description="Each may do all that the one before it may.")
    means: Means = Field(description="By a key, by a token, or by asking from this machine where that is open.")
    plants: list[str] = Field(description="Ids of the plants that may be asked about.", examples=[["gwangyang"]])


class Problem(AnswerModel):
    """Something that is missing or wrong, and its remedy."""

    what: str
    remedy: str
    code: str = Field(default="", description="Stable name of the kind of problem, as of an error.")
    reason: str = Field(default="", description="Stable name of what is wrong, finer than the code; empty if none.")
    values: dict[str, str | float] = Field(default={}, description="What it speaks of, by name.")


class ChampionName(AnswerModel):
    """Which model answers."""

    model: str
    label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    version: str


class CopilotHealth(AnswerModel):
    """Who answers questions in plain language."""

    answers: Literal["llm", "planner"] = Field(description="A language model with tools, or the planner alone.")
    model: str | None = Field(description="The language model that is wanted; null where none is.")
    state: Literal["ready", "off", "checking", "down", "model_missing", "no_tools", "slow", "broken"] = Field(
        description="Of the language model; without it the planner answers. `off`: none is wanted."
    )
    remedy: str = Field(description="What would help; empty where nothing is missing.")


class Health(AnswerModel):
    """Whether everything that is served is there."""

    status: Literal["ok", "degraded"]
    plant: str
    zone: str
    source: Source | None
    readings_until: dt.datetime | None = Field(description="End of the last known interval.")
    champion: ChampionName | None = Field(description="The model that answers now, be it the champion or a step below.")
    fallback: Fallback | None = Field(description="Null where the champion answers.")
    problems: list[Problem]
    copilot: CopilotHealth = Field(description="Without a language model nothing is degraded.")
    service_version: str


class PlantFacts(AnswerModel):
    """A plant that may be asked about."""

    id: str = Field(description="What other routes take as `plant`.", examples=["gwangyang"])
    name: str = Field(examples=["DAEWOO Steel, Gwangyang"])
    zone: str = Field(description="IANA time zone of its clock.", examples=["Asia/Seoul"])
    contract_kw: float = Field(description="Contracted demand in kW.", examples=[700])
    carrier: Carrier = Field(description="What it meters. All energies of answers are kWh, also of a fuel.")
    energy_unit: str = Field(description="What people count its energy in: kWh, or L (litres).", examples=["kWh"])
    power_unit: str = Field(description="What people count its power in: kW, or L/h.", examples=["kW"])
    kwh_per_unit: float = Field(description="Energy of one `energy_unit`: 1, or a litre's heating value.", examples=[1])
    tariff: str = Field(description="Id of the tariff it is billed under.")
    tariff_name: str
    is_default: bool = Field(description="Whether it is the one that answers where no plant is named.")


class PlantsAnswer(AnswerModel):
    """Every plant of this service."""

    plants: list[PlantFacts]


class NowcastInfo(AnswerModel):
    """The virtual meter behind /predict."""

    method: Literal["physics"] = "physics"
    version: str
    model_version: str | None = Field(description="The fitted model that answers where physics cannot; null if none.")
    pulse_kwh: float = Field(description="Energy of one pulse of the meter.")
    emission_factor_t_per_kwh: float = Field(description="CO2 the meter books for each kWh.")


class CodeInfo(AnswerModel):
    """Which code made the model."""

    package: str = Field(description="Version of the package.")
    commit: str | None = Field(description="Git commit of the checkout; null where it ran from no checkout.")
    is_dirty: bool | None = Field(description="Whether that checkout had uncommitted changes.")


class ModelInfo(AnswerModel):
    """The model that answers now, as its manifest tells it, and the nowcast."""

    plant: str
    model: str
    label: str = Field(description="How the model came to be, where its name would promise more; mostly empty.")
    version: str = Field(description="Hash of the bundle's content; on-the-spot where it was fitted for the answer.")
    fallback: Fallback | None = Field(description="Null where this is the champion.")
    created_at: dt.datetime
    trained_from: dt.datetime
    trained_until: dt.datetime
    earlier_fits: list[dt.datetime] = Field(description="Ends of the readings that older fits of it have seen.")
    source: Source | None
    data_sha256: str = Field(description="Hash of the readings it was trained on.")
    code: CodeInfo
    libraries: dict[str, str] = Field(description="Version of Python and of the libraries that made it.")
    params: dict[str, Any] = Field(description="Parameters of the build.")
    metrics: dict[str, float] = Field(description="Scores of the backtest, as the manifest names them.")
    files: dict[str, str] = Field(description="SHA-256 of each file of the bundle.")
    nowcast: NowcastInfo
