"""From a request to the calls it needs, and from their results to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steel_energy.asking.outcomes import Intent, Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.changing import TELLERS as CHANGING
from steel_energy.telling.counting import counted_chart, counted_figures
from steel_energy.telling.looking.bill import bill
from steel_energy.telling.looking.calls import bill_calls, forecast_calls, history_calls, knowledge_calls
from steel_energy.telling.looking.forecast import forecast
from steel_energy.telling.looking.history import history
from steel_energy.telling.looking.knowledge import knowledge
from steel_energy.telling.looking.nowcast import nowcast
from steel_energy.telling.looking.standing import drift, health, model
from steel_energy.telling.records import Call, Caller, Chart, Result, Teller, Told

DECIMALS = 6
"""Of figures and points: finer than any meter, and enough for the CO2 of a quarter of an hour in tonnes."""
_TELLERS: Mapping[Intent, Teller] = {
    "nowcast": nowcast,
    "forecast": forecast,
    "history": history,
    "bill": bill,
    "drift": drift,
    "health": health,
    "model": model,
    "knowledge": knowledge,
    **CHANGING,
}
_CALLERS: Mapping[Intent, Caller] = {
    "forecast": forecast_calls,
    "history": history_calls,
    "bill": bill_calls,
    "knowledge": knowledge_calls,
}


def calls_of(request: Request) -> tuple[Call, ...]:
    """What must be asked of the tools: one call, or two where periods are compared.

    Args:
        request: as understood, or as a model's tool call was read.
    """
    caller = _CALLERS.get(request.intent)
    return caller(request) if caller else (Call(tool=request.intent, arguments=request.body()),)


def tell(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer in the request's language.

    Args:
        request: what was asked.
        results: JSON of the answers to ``calls_of``, in their order.
        scene: the plant as it stands; its zone is that of all times in the answer.
    """
    measure = scene.tariff.measure
    told = _TELLERS[request.intent](request, results, scene)
    counted = counted_chart(told.chart, measure)
    chart = counted and Chart.model_validate(_rounded(counted.model_dump()))
    return told.model_copy(update={"figures": _rounded(counted_figures(told.figures, measure)), "chart": chart})


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON, at any depth
    """Without the digits that adding up leaves behind, which nobody measured and everybody would have to carry."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
