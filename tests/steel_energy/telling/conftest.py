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
from steel_energy.config import ids_in
from steel_energy.history import history
from steel_energy.params import load_params
from steel_energy.planning.request import Movable
from steel_energy.plant import Plant, load_plant
from steel_energy.schema import repairs_schema
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import Tariff, load_tariff
from steel_energy.telling.records import Call, Told
from steel_energy.telling.tell import calls_of, tell
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings
from steel_energy.timeline import DEFAULT_HORIZON
from steel_service.bills import bill_under

SEOUL = ZoneInfo("Asia/Seoul")
DAYS = 29
YEAR_DAYS = 373  # a week beyond the year can be forecast
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
    """The routes of a plant.

    Attributes:
        readings: of it, those after ``now`` too, which a forecast expects.
        plant: whose they are.
        tariffs: by id, its own first.
        now: end of the known ones.
    """

    readings: pl.DataFrame
    plant: Plant
    tariffs: Mapping[str, Tariff]
    now: dt.datetime

    def __call__(self, call: Call) -> dict[str, Any]:
        """The JSON of a route's answer."""
        routes = {"history": self.history, "bill": self.bill, "forecast": self.forecast}
        answer: dict[str, Any] = json.loads(json.dumps(routes[call.tool](call.arguments), default=str))
        return answer

    @property
    def own(self) -> Tariff:
        """The plant's own tariff."""
        return next(iter(self.tariffs.values()))

    def history(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        start, end = self._ends(asked)
        repairs = pl.DataFrame(schema=repairs_schema(self.plant.zone))
        rows = history(self._known(), repairs, tariff=self.own, start=start, end=end, aggregation=asked["aggregation"])
        return {**FACTS, **asked, "rows": rows.select("interval_start", *asked["columns"]).to_dicts()}

    def bill(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        start, end = self._ends(asked)
        named = [self.tariffs[name] for name in asked.get("tariffs") or [self.own.id]]
        made = compare(self._known(), plant=self.plant, tariffs=named, start=start, end=end)
        bills = [bill_under(one, name=self.tariffs[one.tariff].name, cheapest=made[0]) for one in made]
        facts = {"usage_kwh": made[0].usage_kwh, "peak_kw": made[0].peak_kw}
        return {**FACTS, **asked, **facts, "bills": [one.model_dump(mode="json") for one in bills]}

    def forecast(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        origin = in_zone(dt.datetime.fromisoformat(asked["at"]), self.plant.zone) if asked.get("at") else self.now
        coming = self.readings.filter(pl.col("interval_start") >= origin)
        rows = coming.head(asked.get("horizon", DEFAULT_HORIZON))
        priced = self.own.billed(rows["interval_start"])
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
        return {**FACTS, **MODEL, "origin": origin, "intervals": intervals.to_dicts()}

    def _known(self) -> pl.DataFrame:
        return self.readings.filter(pl.col("interval_start") < self.now)

    def _ends(self, asked: Mapping[str, Any]) -> tuple[dt.datetime, dt.datetime]:
        start, end = (in_zone(dt.datetime.fromisoformat(asked[name]), self.plant.zone) for name in ("from", "to"))
        return start, end


@pytest.fixture(scope="session")
def toy_scene() -> Scene:
    """The toy plant, known until Monday 22 January 2018, 00:00."""
    asking = load_params(PROJECT_ROOT / "params.yaml").asking
    movable = Movable(share=0.1, max_added_kw=50)
    return Scene(now=NOW, tariff=toy_tariff(), tariffs=("flat", "toy"), movable=movable, params=asking)


@pytest.fixture(scope="session")
def toy_tools() -> Tools:
    """Its routes."""
    return Tools(toy_readings(days=DAYS), toy_plant(), {"toy": toy_tariff(), "flat": flat_tariff()}, NOW)


@pytest.fixture(scope="session")
def varied_tools() -> Tools:
    """The same over readings drawn at random."""
    plant = toy_plant()
    tariffs = {"toy": toy_tariff(), "flat": flat_tariff()}
    return Tools(varied_readings(days=DAYS, plant=plant), plant, tariffs, NOW)


@pytest.fixture(scope="session")
def tools_at() -> Callable[[Scene], Tools]:
    """The routes of the published plant over a year drawn at random, as a scene meets it."""
    plant = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    readings = varied_readings(days=YEAR_DAYS, plant=plant)
    tariffs_dir = PROJECT_ROOT / "data" / "tariffs"
    names = (plant.tariff, *(name for name in ids_in(tariffs_dir) if name != plant.tariff))
    tariffs = {name: load_tariff(name, tariffs_dir=tariffs_dir) for name in names}
    return lambda scene: Tools(readings, plant, tariffs, scene.now)


@pytest.fixture(scope="session")
def toy_told(toy_scene: Scene, toy_tools: Tools) -> Callable[[Request], Told]:
    """From a request to its answer by way of its calls."""
    return lambda request: tell(request, [toy_tools(call) for call in calls_of(request)], toy_scene)
