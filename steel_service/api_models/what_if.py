"""The JSON of /what-if: a load and changes to it in, baseline against scenario out. The changes are the domain's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi.openapi.models import Example
from pydantic import ConfigDict, Field

from steel_energy.billing import Kind
from steel_energy.fields import Moment, WholeNumber, kind_required
from steel_energy.tariff import Band
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON
from steel_energy.whatif.changes import MAX_CHANGES, Change
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, Fallback, PlantId, RequestModel, Source

DECEMBER = {"kind": "measured", "from": "2018-12-01", "to": "2019-01-01"}
MOVE = {
    "kind": "move_load",
    "share": 0.2,
    "from_hours": {"from_hour": 10, "to_hour": 12},
    "to_hours": {"from_hour": 23, "to_hour": 5},
}
MORNING = {"hours": {"from_hour": 10, "to_hour": 12}, "days": ["2018-12-03"]}
BANK = {"kind": "power_factor", "capacitor_kvar": 100, "control": "automatic", "investment_krw": 5_000_000}
EXAMPLES: dict[str, Example] = {
    "hours": {
        "summary": "A fifth of 10-12 h goes to the night, next week",
        "value": {"load": {"kind": "forecast", "horizon": 672}, "changes": [MOVE]},
    },
    "day": {
        "summary": "A Saturday closed, last December",
        "value": {"load": DECEMBER, "changes": [{"kind": "close_day", "day": "2018-12-08"}]},
    },
    "load type": {
        "summary": "A morning as light as on closed days",
        "value": {"load": DECEMBER, "changes": [{"kind": "load_type", "load_type": "light", **MORNING}]},
    },
    "production": {
        "summary": "A tenth less production tomorrow",
        "value": {"changes": [{"kind": "scale_production", "factor": 0.9}]},
    },
    "power factor": {
        "summary": "A capacitor bank over a year, and when it has paid for itself",
        "value": {"load": DECEMBER | {"from": "2018-01-01"}, "changes": [BANK]},
    },
    "tariff": {
        "summary": "Less at noon under another tariff",
        "value": {"load": DECEMBER, "changes": [MOVE, {"kind": "tariff", "tariff": "day-and-night-example"}]},
    },
}
"""Requests that /docs offers to try."""


class MeasuredLoad(RequestModel):
    """A period that was measured: its difference is certain."""

    kind: Literal["measured"]
    start: Moment = Field(
        alias="from",
        description="Start of the period, a full quarter of an hour. Without an offset it is plant time.",
        examples=["2018-12-01"],
    )
    end: Moment = Field(alias="to", description="End of the period, exclusive.", examples=["2019-01-01"])


class ForecastLoad(RequestModel):
    """The next intervals as they are forecast: the difference has a range."""

    model_config = ConfigDict(json_schema_extra=kind_required)

    kind: Literal["forecast"] = "forecast"
    at: Moment | None = Field(
        default=None,
        description="Origin: end of the last reading to use; the end of the known readings if absent.",
        examples=["2018-12-03T00:00:00+09:00"],
    )
    horizon: WholeNumber = Field(
        default=DEFAULT_HORIZON, ge=1, le=MAX_HORIZON, description="Number of 15-minute intervals.", examples=[672]
    )


class WhatIfRequest(RequestModel):
    """A load, and the changes that make the scenario of it."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    load: Annotated[MeasuredLoad | ForecastLoad, Field(discriminator="kind")] = Field(
        default_factory=ForecastLoad, description="What is changed; the forecast of the next day if absent."
    )
    changes: list[Change] = Field(
        default=[],
        max_length=MAX_CHANGES,
        description="Made one after the other, each to what the ones before it left.",
        examples=[[MOVE, BANK]],
    )


class WhatIfForecast(AnswerModel):
    """The forecast that the load is."""

    prediction_id: str = Field(description="Id of the forecast in the prediction log.")
    origin: dt.datetime = Field(description="Nothing measured at or after this moment was used.")
    horizon: int = Field(description="Number of 15-minute intervals.")
    model: str
    model_label: str
    model_version: str
    fallback: Fallback | None = Field(description="Null where the champion answered.")


class WhatIfAmounts(AnswerModel):
    """What a load comes to; of a difference, scenario less baseline, so a saving is negative."""

    usage_kwh: float = Field(description="Active energy.")
    cost_krw: float = Field(description="The whole bill: the sum of the next four.")
    energy_krw: float = Field(description="Energy charge.")
    demand_krw: float = Field(description="Demand charge, of a begun month its part.")
    power_factor_krw: float = Field(description="Power-factor clauses; a credit if negative.")
    co2_krw: float = Field(description="CO2 price; 0 where the tariff has none.")
    co2_t: float = Field(description="CO2 of the energy in tonnes, charged or not.")
    peak_kw: float = Field(description="Highest 15-minute demand.")


class WhatIfRange(AnswerModel):
    """Least and greatest difference of each amount, each by itself."""

    low: WhatIfAmounts
    high: WhatIfAmounts


class WhatIfDerivation(AnswerModel):
    """How the differences came about, in words."""

    usage: str
    cost: str
    co2: str
    peak: str


class WhatIfLine(AnswerModel):
    """A line of both bills side by side; quantity and price are 0 where a bill has no such line."""

    month: str = Field(description="Calendar month, as 2018-12.")
    kind: Kind = Field(description="What is charged.")
    season: str | None
    band: Band | None
    unit: str = Field(description="Of the quantities: kWh, kW, points of power factor, or t.")
    baseline_quantity: float = Field(description="In `unit`.")
    scenario_quantity: float = Field(description="In `unit`.")
    baseline_price_krw: float = Field(description="For one unit.")
    scenario_price_krw: float = Field(description="For one unit.")
    baseline_krw: float
    scenario_krw: float
    difference_krw: float
    derivation: str = Field(description="Quantities, prices and rule in words.")


class WhatIfPowerFactor(AnswerModel):
    """The power factor that a clause of the scenario's tariff counts, over the whole period."""

    reactive: Literal["lagging", "leading"]
    hours: str
    limit_percent: float
    baseline_percent: float
    scenario_percent: float


class WhatIfCapacitorBank(AnswerModel):
    """What a capacitor bank of the scenario is worth, against the same scenario without it."""

    change: int = Field(description="Its place among the changes, 0 being the first.")
    capacitor_kvar: float
    saving_krw: float = Field(description="In the period; negative where it makes the bill dearer.")
    yearly_saving_krw: float = Field(description="As much per day for 365 days.")
    investment_krw: float | None
    payback_years: float | None = Field(description="Null without an investment, or where it never comes back.")
    derivation: str


class WhatIfEffect(AnswerModel):
    """A change's own part of the difference, after the changes before it."""

    kind: str = Field(description="Of the change.")
    usage_kwh: float = Field(description="More (positive) or less active energy.")
    moved_kwh: float = Field(description="Energy that leaves intervals for others.")
    lagging_kvarh: float = Field(description="More or less lagging reactive energy.")
    leading_kvarh: float = Field(description="More or less leading reactive energy.")
    cost_krw: float = Field(description="Dearer, or cheaper where negative.")
    first_day: dt.date | None = Field(description="First day whose energies it changes; null where it changes none.")
    last_day: dt.date | None = Field(description="The last of them.")


class WhatIfAnswer(AnswerModel):
    """Baseline against scenario, each number with how it came about."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    start: dt.datetime = Field(serialization_alias="from", description="Start of the period.")
    end: dt.datetime = Field(serialization_alias="to", description="End of the period, exclusive.")
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    contract_kw: float = Field(description="Demand that the plant has contracted.")
    forecast: WhatIfForecast | None = Field(description="Null for a measured load.")
    baseline_tariff: str
    scenario_tariff: str
    baseline: WhatIfAmounts
    scenario: WhatIfAmounts
    difference: WhatIfAmounts
    range: WhatIfRange | None = Field(description="Of the difference, from the quantiles; null for a measured load.")
    range_derivation: str = Field(description="What the range is, or why there is none.")
    derivation: WhatIfDerivation
    changes: list[str] = Field(description="What each change did, in their order.")
    effects: list[WhatIfEffect] = Field(
        description="The same in figures: each change's own part; energies and costs add up to the difference."
    )
    lines: list[WhatIfLine]
    power_factors: list[WhatIfPowerFactor]
    capacitor_banks: list[WhatIfCapacitorBank]
    notes: list[str] = Field(description="What a reader must know.")
