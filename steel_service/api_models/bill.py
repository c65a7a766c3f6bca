"""The JSON of /bill: a period's bill, line by line, under one tariff or several."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi.openapi.models import Example
from pydantic import Field

from steel_energy.billing import Kind
from steel_energy.fields import Moment
from steel_energy.tariff import Band
from steel_service.api_models.fields import PLANT_MEANING, AnswerModel, PlantId, RequestModel, Source

MAX_TARIFFS = 20
DECEMBER = {"from": "2018-12-01", "to": "2019-01-01"}
EXAMPLES: dict[str, Example] = {
    "month": {"summary": "A month under the plant's own tariff", "value": DECEMBER},
    "compare": {
        "summary": "The same month under two tariffs",
        "value": DECEMBER | {"tariffs": ["kepco-industrial-b-hv-a-ii-2018", "day-and-night-example"]},
    },
}
"""Requests that /docs offers to try."""


class BillRequest(RequestModel):
    """Which period is billed, and under which tariffs."""

    plant: PlantId | None = Field(default=None, description=PLANT_MEANING)
    start: Moment = Field(
        alias="from",
        description="Start of the period, a full quarter of an hour. Without an offset it is plant time.",
        examples=["2018-12-01"],
    )
    end: Moment = Field(alias="to", description="End of the period, exclusive.", examples=["2019-01-01"])
    tariffs: list[str] = Field(
        default=[],
        max_length=MAX_TARIFFS,
        description="Ids of files in data/tariffs, to compare; the plant's own tariff if empty.",
        examples=[["kepco-industrial-b-hv-a-ii-2018", "day-and-night-example"]],
    )


class BillLineAnswer(AnswerModel):
    """One line of a bill: amount is quantity times price, a credit if it is negative."""

    month: str = Field(description="Calendar month, as 2018-12.")
    kind: Kind = Field(description="What is charged.")
    season: str | None = Field(description="Season of the tariff, for energy.")
    band: Band | None = Field(description="Band the utility bills, for energy.")
    quantity: float = Field(description="In `unit`.")
    unit: str = Field(description="kWh, kW, points of power factor, or t.")
    price_krw: float = Field(description="For one unit.")
    amount_krw: float = Field(description="Quantity times price, not rounded.")
    rule: str = Field(description="How quantity and price came about.")
    source: str = Field(description="Who publishes the price.")


class BillUnderTariff(AnswerModel):
    """The bill under one tariff; its amounts are not rounded."""

    tariff: str = Field(description="Id of the tariff.")
    tariff_name: str
    total_krw: float = Field(description="Sum of all lines.")
    energy_krw: float = Field(description="Sum of the lines of this kind, as the next three.")
    demand_krw: float
    power_factor_krw: float = Field(description="Negative where credits outweigh surcharges.")
    co2_krw: float = Field(description="0 where the tariff has no price of CO2.")
    above_cheapest_krw: float = Field(description="Total less that of the cheapest of the tariffs; 0 for that one.")
    lines: list[BillLineAnswer]
    notes: list[str] = Field(description="What a reader must know, such as a tariff that was not in force.")


class BillAnswer(AnswerModel):
    """The bills of a period, cheapest first."""

    plant: str
    zone: str = Field(description="IANA time zone of the plant.")
    start: dt.datetime = Field(serialization_alias="from", description="Start of the period.")
    end: dt.datetime = Field(serialization_alias="to", description="End of the period, exclusive.")
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    usage_kwh: float = Field(description="Energy of the period.")
    peak_kw: float = Field(description="Highest 15-minute demand of the period.")
    bills: list[BillUnderTariff]
