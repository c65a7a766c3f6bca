"""Results of /what-if and /optimize on the toy plant as the routes answer them, and requests to tell them to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from pydantic import TypeAdapter

from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Focus, PlanSlots, Request, WhatIfSlots
from steel_energy.asking.scene import Scene
from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.params import Params, load_params
from steel_energy.planning import plan
from steel_energy.planning.record import plan_record
from steel_energy.planning.request import Movable
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import PowerFactorClause, Tariff
from steel_energy.telling.records import Told
from steel_energy.telling.tell import tell
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.whatif import WhatIf, what_if
from steel_energy.whatif.loads import LOAD_COLUMNS

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2018, 1, 8, tzinfo=SEOUL)
NEXT_MONDAY = MONDAY + dt.timedelta(days=7)
SPREAD = dict(zip(QUANTILE_COLUMNS, (0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0), strict=True))
SOURCE = {"kind": "file", "location": "toy.csv", "is_simulated": False}
FORECAST = {
    "origin": MONDAY.isoformat(),
    "model": "ensemble",
    "model_version": "0f1e2d3c4b5a",
    "fallback": None,
}
CLAUSES = (
    PowerFactorClause(
        reactive="lagging", from_hour=9, to_hour=23, limit_percent=90, credit_until_percent=95, share_per_point=0.002
    ),
    PowerFactorClause(
        reactive="leading", from_hour=23, to_hour=9, limit_percent=95, credit_until_percent=None, share_per_point=0.002
    ),
)
LOAD = {"measured": {"kind": "measured", "from": MONDAY, "to": NEXT_MONDAY}, "forecast": {"kind": "forecast"}}


@cache
def known_readings() -> pl.DataFrame:
    """The toy plant's January."""
    return toy_readings(days=31)


@cache
def toy_params() -> Params:
    """The parameters of the project."""
    return load_params(PROJECT_ROOT / "params.yaml")


def clause_tariff() -> Tariff:
    """The toy tariff with a clause on either power factor."""
    return toy_tariff().model_copy(update={"power_factor": CLAUSES})


@cache
def toy_scene() -> Scene:
    """The toy plant on Monday, 15 January 2018."""
    params = toy_params().asking
    return Scene(
        now=NEXT_MONDAY,
        tariff=toy_tariff(),
        tariffs=("toy",),
        movable=Movable(share=0.1, max_added_kw=20),
        params=params,
    )


def told_what_if(
    changes: Sequence[dict[str, Any]],
    *,
    load: str = "measured",
    language: Language = "en",
    tariff: Tariff | None = None,
    focus: Focus | None = None,
    **result: Any,
) -> Told:
    """The answer to changes of the toy plant's week, with ``result`` in place of what the route gives."""
    slots = WhatIfSlots.model_validate({"load": LOAD[load], "changes": changes})
    answer = what_if_result(slots, load=load, tariff=tariff) | result
    request = Request(intent="what_if", slots=slots, language=language, focus=focus or Focus(measure="cost"))
    return tell(request, [answer], toy_scene())


def what_if_result(slots: WhatIfSlots, *, load: str, tariff: Tariff | None = None) -> dict[str, Any]:
    """What the route answers."""
    known = known_readings()
    week = known.filter(pl.col("interval_start").is_between(MONDAY, NEXT_MONDAY, closed="left")).select(LOAD_COLUMNS)
    if load == "forecast":
        week = week.with_columns(**{name: pl.col("usage_kwh") * factor for name, factor in SPREAD.items()})
        known = known.filter(pl.col("interval_start") < MONDAY)
    others = {"other": toy_tariff().model_copy(update={"id": "other"})}
    own = tariff or toy_tariff()
    made = what_if(week, slots.changes, plant=toy_plant(), tariff=own, known=known, tariffs=others)
    record = TypeAdapter(WhatIf).dump_python(made, mode="json")
    lines = [{**line, **_krw(line)} for line in record["lines"]]
    facts = {"from": MONDAY.isoformat(), "to": NEXT_MONDAY.isoformat(), "source": SOURCE, "contract_kw": 400.0}
    return {**record, **facts, "lines": lines, "forecast": FORECAST if load == "forecast" else None}


def told_plan(
    content: dict[str, Any], *, language: Language = "en", notes: tuple[str, ...] = (), **result: Any
) -> Told:
    """The answer to a plan of Monday, 8 January 2018, with ``result`` in place of what the route gives."""
    request = plan_request(content, language=language, notes=notes)
    return tell(request, [plan_result(request) | result], toy_scene())


def plan_request(content: dict[str, Any], *, language: Language = "en", notes: tuple[str, ...] = ()) -> Request:
    """A request for a plan of that day."""
    slots = PlanSlots.model_validate({"start": MONDAY, "end": MONDAY + dt.timedelta(days=1), **content})
    return Request.model_validate({"intent": "optimize", "slots": slots, "language": language, "notes": notes})


def plan_result(request: Request) -> dict[str, Any]:
    """What the route answers."""
    assert isinstance(request.slots, PlanSlots)
    params = toy_params().planning.model_copy(update={"time_limit_s": 60.0})
    made = plan(request.slots, known_readings(), plant=toy_plant(), tariff=toy_tariff(), params=params)
    peaks = {"baseline_peak_kw": made.baseline.peak_kw, "planned_peak_kw": made.planned.peak_kw}
    facts = {
        "start": MONDAY.isoformat(),
        "end": (MONDAY + dt.timedelta(days=1)).isoformat(),
        "planned_co2_t": made.co2_t,
    }
    return {**plan_record(made), **peaks, **facts, "contract_kw": 400.0, "source": SOURCE, "forecast": FORECAST}


def _krw(line: dict[str, Any]) -> dict[str, float]:
    baseline, scenario = (line[f"{side}_quantity"] * line[f"{side}_price_krw"] for side in ("baseline", "scenario"))
    return {"baseline_krw": baseline, "scenario_krw": scenario, "difference_krw": scenario - baseline}


@pytest.fixture(scope="session")
def scenario() -> Callable[..., Told]:
    return told_what_if


@pytest.fixture(scope="session")
def planned() -> Callable[..., Told]:
    return told_plan


@pytest.fixture(scope="session")
def clauses() -> Tariff:
    return clause_tariff()


@pytest.fixture(scope="session")
def fallback() -> dict[str, Any]:
    return FORECAST | {"fallback": {"step": "seasonal naive", "because": "the champion is missing"}}


@pytest.fixture(scope="session")
def plan_of() -> Callable[[dict[str, Any], Language], tuple[Request, Callable[[], object]]]:
    """A request for a plan, and what makes it."""

    def prepared(content: dict[str, Any], language: Language) -> tuple[Request, Callable[[], object]]:
        request = plan_request(content, language=language)
        return request, lambda: plan_result(request)

    return prepared


@pytest.fixture(scope="session")
def scene() -> Scene:
    return toy_scene()
