"""Tools over the toy plant, known for the three weeks from Monday 1 January 2018: what the routes would answer.

A working day uses 736 kWh: 96 in light, 320 in medium and 320 in maximum load, at 1, 2 and 3 KRW/kWh 1,696 KRW; its
highest demand is 80 kW, from 12:00 on. A Sunday uses 192 kWh. The forecast expects the same, between half and twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.billing import compare
from steel_energy.calendar import in_zone
from steel_energy.history import history
from steel_energy.params import load_params
from steel_energy.planning.request import Movable
from steel_energy.schema import INTERVALS_PER_HOUR, repairs_schema
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import Tariff
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of, tell
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import DEFAULT_HORIZON
from steel_service.bills import bill_under

SEOUL = ZoneInfo("Asia/Seoul")
KNOWN_DAYS, COMING_DAYS = 21, 8
NOW = dt.datetime(2018, 1, 22, tzinfo=SEOUL)
FACTS: dict[str, Any] = {"source": {"kind": "file", "location": "toy.csv", "is_simulated": False}, "fallback": None}
MODEL = {"model": "counting", "model_version": "1a2b3c4d5e6f"}


def flat_tariff() -> Tariff:
    """1 KRW/kWh at any hour and no demand charge."""
    own = toy_tariff()
    season = own.seasons["all-year"].model_copy(update={"bands": "L" * 24, "energy_krw_per_kwh": {"light": 1.0}})
    demand = own.demand.model_copy(update={"krw_per_kw": 0.0})
    changes = {"id": "flat", "name": "Flat", "saturday_maximum_as": None, "seasons": {"all-year": season}}
    return own.model_copy(update={**changes, "demand": demand})


@dataclass(frozen=True)
class Tools:
    """The toy plant's routes over ``readings``; a forecast is of what ``coming`` holds."""

    readings: pl.DataFrame
    coming: pl.DataFrame

    def __call__(self, call: Call) -> dict[str, Any]:
        """The JSON of a route's answer."""
        routes = {"history": self.history, "bill": self.bill, "forecast": self.forecast}
        answer: dict[str, Any] = json.loads(json.dumps(routes[call.tool](call.arguments), default=str))
        return answer

    def history(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        start, end = (in_zone(dt.datetime.fromisoformat(asked[name]), "Asia/Seoul") for name in ("from", "to"))
        repairs = pl.DataFrame(schema=repairs_schema("Asia/Seoul"))
        windows = {"tariff": toy_tariff(), "start": start, "end": end, "aggregation": asked["aggregation"]}
        rows = history(self.readings, repairs, **windows).select("interval_start", *asked["columns"])
        return {**FACTS, **asked, "rows": rows.to_dicts()}

    def bill(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        start, end = (in_zone(dt.datetime.fromisoformat(asked[name]), "Asia/Seoul") for name in ("from", "to"))
        tariffs = {one.id: one for one in (toy_tariff(), flat_tariff())}
        named = [tariffs[name] for name in asked.get("tariffs") or ["toy"]]
        made = compare(self.readings, plant=toy_plant(), tariffs=named, start=start, end=end)
        bills = [
            bill_under(one, name=tariffs[one.tariff].name, cheapest=made[0]).model_dump(mode="json") for one in made
        ]
        return {**FACTS, **asked, "usage_kwh": made[0].usage_kwh, "peak_kw": made[0].peak_kw, "bills": bills}

    def forecast(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        rows = self.coming.head(asked.get("horizon", DEFAULT_HORIZON))
        priced = toy_tariff().billed(rows["interval_start"])
        mean = pl.col("usage_kwh")
        intervals = rows.select(
            "interval_start",
            "load_type",
            "co2_t",
            billing_band=priced["billing_band"],
            mean_kwh=mean,
            q05=mean / 2,
            q95=mean * 2,
            cost_krw=mean * priced["energy_krw_per_kwh"],
        )
        return {**FACTS, **MODEL, "origin": NOW, "intervals": intervals.to_dicts()}


@pytest.fixture(scope="session")
def toy_scene() -> Scene:
    """The toy plant, known until Monday 22 January 2018, 00:00."""
    asking = load_params(PROJECT_ROOT / "params.yaml").asking
    movable = Movable(share=0.1, max_added_kw=50)
    return Scene(now=NOW, tariff=toy_tariff(), tariffs=("flat", "toy"), movable=movable, params=asking)


@pytest.fixture(scope="session")
def toy_tools() -> Tools:
    """Its routes."""
    whole = toy_readings(days=KNOWN_DAYS + COMING_DAYS)
    known = KNOWN_DAYS * 24 * INTERVALS_PER_HOUR
    return Tools(whole.head(known), whole.tail(-known))


@pytest.fixture(scope="session")
def toy_told(toy_scene: Scene, toy_tools: Tools) -> Callable[[Request], Told]:
    """From a request to its answer by way of its calls."""
    return lambda request: tell(request, [toy_tools(call) for call in calls_of(request)], toy_scene)
