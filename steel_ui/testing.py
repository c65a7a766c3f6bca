"""A stand-in for the energy service whose numbers a person can check.

Two weeks from Monday 2018-01-01: 5 kWh in each off-peak interval, 20 in mid-peak and 30 at the peak, so 1,360 kWh a
day. The forecast of Monday 2018-01-15 is 10 % more: 1,496 kWh; 162,800 KRW at 50, 100 and 150 KRW/kWh; 0.748 tCO2 at
0.0005 t/kWh; and a peak of 132 kW from 12:00.

It has two fits: one that had seen the first week, and one that had seen everything. A forecast of an earlier moment is
made by the newest fit that had not seen its future; in the first week there is none, and the first fit answers.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import httpx

from steel_ui import testing_answers as answers
from steel_ui import testing_calendar, testing_chat
from steel_ui import testing_models as model_answers
from steel_ui import testing_plans as plan_answers
from steel_ui import testing_quality as quality_answers

SEOUL = dt.timezone(dt.timedelta(hours=9))
FIRST = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
ORIGIN = dt.datetime(2018, 1, 15, tzinfo=SEOUL)
INTERVAL = dt.timedelta(minutes=15)
BANDS = ("light",) * 8 + ("medium",) * 4 + ("maximum",) * 4 + ("medium",) * 4 + ("light",) * 4
USAGE_KWH = {"light": 5.0, "medium": 20.0, "maximum": 30.0}
PRICE_KRW_PER_KWH = {"light": 50.0, "medium": 100.0, "maximum": 150.0}
CO2_T_PER_KWH = 0.0005
FITS_UNTIL = (FIRST + dt.timedelta(days=7), ORIGIN)
NEEDED = dt.timedelta(days=3)
"""Readings that a forecast needs before its origin."""
REPAIRED = FIRST + dt.timedelta(days=13, hours=10)
QUANTILE_FACTORS = {"q05": 0.8, "q10": 0.9, "q25": 0.95, "q50": 1.0, "q75": 1.05, "q90": 1.1, "q95": 1.2}


@dataclass
class ToyService:
    """Answers by route, as JSON; tests change what they need before or while a page is open.

    Questions that name a plant of ``others`` are that one's.
    """

    is_up: bool = True
    answers: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    queries: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    others: dict[str, ToyService] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fill in the answers of a service that has everything."""
        self.answers = {
            "/health": health(),
            "/whoami": {"name": "anonymous", "role": "operator", "means": "loopback", "plants": ["toy", "moon"]},
            "/plants": {"plants": [plant()]},
            "/history": history(),
            "/forecast": forecast(),
            "/model/info": model_info(),
            "/bill": answers.bill(),
            "/models": answers.models(),
            "/model/versions": model_answers.versions(),
            "/model/importance": model_answers.importance(),
            "/model/evaluation": model_answers.evaluation(),
            "/drift": answers.drift(),
            "/reports": answers.reports(),
            "/optimize": plan_answers.plan(forecast()),
            "/what-if": plan_answers.what_if(),
            "/quality": quality_answers.quality(),
            "/readings/preview": quality_answers.preview(),
            "/readings": quality_answers.kept(),
            "/calendar": {},
        }

    def answer(self, path: str, query: str = "", content: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer to a request for ``path`` with a query string and a JSON body."""
        asked = dict(parse_qsl(query)) | _body(path, content)
        if other := self.others.get(asked.get("plant", "")):
            return other.answer(path, query, content)
        self.asked.append(path)
        self.queries.append((path, asked))
        status, body = self.refusals.get(path, (200, self.answers.get(path)))
        if status == HTTPStatus.OK and path == "/forecast" and "at" in asked:
            status, body = forecast_at(_in_seoul(asked["at"]))
        if status == HTTPStatus.OK:
            body = self._made(path, asked, body)
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def _made(self, path: str, asked: dict[str, Any], body: Any) -> Any:  # noqa: ANN401 - JSON
        """What depends on the request: ``body`` where nothing does; bytes are no JSON."""
        if path.startswith("/reports/"):
            return f"<title>{path}</title>".encode()
        if path in {"/admin/promote", "/admin/rollback"}:
            return model_answers.changed(asked, by=path.removeprefix("/admin/"))
        if path == "/history" and "from" in asked:
            body = between(self.answers[path], _in_seoul(asked["from"]), _in_seoul(asked["to"]))
            if asked["aggregation"] != "15min":
                body |= {"rows": answers.windows(body["rows"], asked["aggregation"])}
        makers: dict[str, Callable[[], Any]] = {
            "/explain": lambda: answers.explanation(forecast(_in_seoul(asked["at"])), asked.get("interval")),
            "/copilot/chat/stream": lambda: testing_chat.told(asked["question"]),
            "/copilot/feedback": lambda: testing_chat.feedback(asked),
        }
        return makers[path]() if path in makers else testing_calendar.by_closed_days(path, body, asked)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """For ``httpx.MockTransport``; a service that is not up refuses the connection."""
        if not self.is_up:
            raise httpx.ConnectError("connection refused", request=request)
        status, body = self.answer(request.url.path, request.url.query.decode(), request.content)
        return httpx.Response(
            status, content=body, headers={"Content-Type": media_type(request.url.path), **self.headers}
        )


def media_type(path: str) -> str:
    """Of the answer of a route."""
    return "text/event-stream" if path.endswith("/stream") else "application/json"


def health(*, simulated: bool = False) -> dict[str, Any]:
    """A service that is well."""
    source = {"kind": "simulated", "location": "toy"} if simulated else {"kind": "file", "location": "/data/meter.csv"}
    return {
        "status": "ok",
        "plant": "toy",
        "zone": "Asia/Seoul",
        "source": source | {"is_simulated": simulated},
        "readings_until": ORIGIN.isoformat(),
        "champion": {"model": "lightgbm", "version": "abc12345", "label": ""},
        "fallback": None,
        "problems": [],
        "copilot": {"answers": "planner", "model": "llama3.2:3b", "state": "down", "remedy": "start Ollama"},
        "service_version": "0.1.0",
    }


def plant(**changes: object) -> dict[str, Any]:
    """A plant of the service: its highest demand, 120 kW, is four fifths of what is contracted."""
    toy = {"id": "toy", "name": "Toy plant", "zone": "Asia/Seoul", "contract_kw": 150.0, "carrier": "electricity"}
    toy |= {"energy_unit": "kWh", "power_unit": "kW", "kwh_per_unit": 1.0}
    return toy | {"tariff": "toy", "tariff_name": "Toy tariff", "is_default": True} | changes


def history() -> dict[str, Any]:
    """Fourteen days of readings, one of them repaired."""
    rows = [_reading(FIRST + INTERVAL * n) for n in range(14 * 96)]
    facts = {"aggregation": "15min", "from": FIRST.isoformat(), "to": ORIGIN.isoformat(), "total": len(rows)}
    return {"plant": "toy", "zone": "Asia/Seoul", "source": None, "next": None, "rows": rows} | facts


def between(answer: dict[str, Any], start: dt.datetime, end: dt.datetime) -> dict[str, Any]:
    """``answer`` of ``GET /history`` with the rows from ``start`` to ``end`` alone."""
    rows = [row for row in answer["rows"] if start <= dt.datetime.fromisoformat(row["interval_start"]) < end]
    return answer | {"rows": rows}


def forecast_at(origin: dt.datetime) -> tuple[int, dict[str, Any]]:
    """Status and body of a forecast of an earlier moment; one outside of the readings is refused."""
    if origin > ORIGIN:
        what = f"lies after the end of the known readings, {ORIGIN.isoformat()}"
        named = {"code": "conflict", "reason": "after_readings", "values": {"until": ORIGIN.isoformat()}}
        return HTTPStatus.CONFLICT, refusal(what, "leave it out to forecast from there", **named)
    if origin - FIRST < NEEDED:
        return HTTPStatus.CONFLICT, refusal("a forecast needs 3 days of readings", "name a later moment")
    return HTTPStatus.OK, forecast(origin)


def forecast(origin: dt.datetime = ORIGIN) -> dict[str, Any]:
    """The day after ``origin``, ten percent higher than a day of the readings."""
    steps = [_step(origin + INTERVAL * n) for n in range(96)]
    totals = {
        "usage_kwh": sum(step["mean_kwh"] for step in steps),
        "cost_krw": sum(step["cost_krw"] for step in steps),
        "co2_t": sum(step["co2_t"] for step in steps),
        "peak_kw": 4 * max(step["mean_kwh"] for step in steps),
    }
    return {
        "prediction_id": "toy",
        "plant": "toy",
        "zone": "Asia/Seoul",
        "origin": origin.isoformat(),
        "horizon": 96,
        "model": "lightgbm",
        "model_label": "",
        "model_version": "abc12345",
        "model_trained_until": max((fit for fit in FITS_UNTIL if fit <= origin), default=FITS_UNTIL[0]).isoformat(),
        "fallback": None,
        "source": None,
        "currency": "KRW",
        "intervals": steps,
        "totals": totals,
    }


def model_info() -> dict[str, Any]:
    """The champion's manifest."""
    return {
        "plant": "toy",
        "model": "lightgbm",
        "label": "",
        "version": "abc12345",
        "fallback": None,
        "created_at": ORIGIN.isoformat(),
        "trained_from": FIRST.isoformat(),
        "trained_until": ORIGIN.isoformat(),
        "earlier_fits": [fit.isoformat() for fit in FITS_UNTIL[:-1]],
        "source": None,
        "data_sha256": "0" * 64,
        "code": {"package": "0.1.0", "commit": None, "is_dirty": None},
        "libraries": {},
        "params": {},
        "metrics": {},
        "files": {},
        "nowcast": {"version": "toy", "model_version": None, "pulse_kwh": 0.01, "emission_factor_t_per_kwh": 0.0005},
    }


def refusal(message: str, hint: str, **more: object) -> dict[str, Any]:
    """The one JSON shape of the service's errors; ``more`` of it, such as its reason."""
    return {"error": {"code": "bundle", "message": message, "field": None, "hint": hint} | more}


def _body(path: str, content: bytes) -> dict[str, Any]:
    """What a request says: JSON, or the readings of a file as text."""
    if path.startswith("/readings"):
        return {"csv": content.decode()}
    said: dict[str, Any] = json.loads(content) if content else {}
    return said


def _in_seoul(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


def _reading(start: dt.datetime) -> dict[str, Any]:
    band = BANDS[start.hour]
    usage = USAGE_KWH[band]
    return {
        "interval_start": start.isoformat(),
        "usage_kwh": usage,
        "lagging_reactive_kvarh": usage / 2,
        "leading_reactive_kvarh": 0.0,
        "co2_t": usage * CO2_T_PER_KWH,
        "lagging_power_factor": answers.LAGGING_PERCENT,
        "leading_power_factor": 100.0,
        "load_type": band,
        "billing_band": band,
        "peak_kw": 4 * usage,
        "cost_krw": usage * PRICE_KRW_PER_KWH[band],
        "repaired": start == REPAIRED,
        "intervals": 1,
    }


def _step(start: dt.datetime) -> dict[str, Any]:
    band = BANDS[start.hour]
    mean = USAGE_KWH[band] * 1.1
    return {
        "interval_start": start.isoformat(),
        "mean_kwh": mean,
        **{name: mean * factor for name, factor in QUANTILE_FACTORS.items()},
        "load_type": band,
        "billing_band": band,
        "cost_krw": mean * PRICE_KRW_PER_KWH[band],
        "co2_t": mean * CO2_T_PER_KWH,
    }
