"""What is expected, in words: energy, cost, CO2 or the highest demand of what is to come, and by which model."""

from __future__ import annotations

from collections.abc import Sequence

from steel_energy.asking.looking import HOURLY_DAYS
from steel_energy.asking.moments import DAY
from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.history import Aggregation
from steel_energy.telling.formats import voice
from steel_energy.telling.looking.calls import NOT_FORECAST, expected_focus
from steel_energy.telling.looking.look import look_at
from steel_energy.telling.looking.pictures import comparison_chart, forecast_chart
from steel_energy.telling.looking.stating import stated
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines


def forecast(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer on a forecast; its origin, the end of the readings that it knows, is said with the model."""
    say, focus, made = voice(request.language, scene.tariff.measure), expected_focus(request.focus), results[0]
    look = look_at(made, focus, focus.period, say, scene)
    beside = [look_at(results[-1], focus, focus.compared, say, scene)] if focus.compared else []
    is_short = look.period.end - look.period.start <= HOURLY_DAYS * DAY
    aggregation: Aggregation = "hour" if is_short else "day"
    texts, figures = stated(look, beside, aggregation)
    if request.focus.measure in NOT_FORECAST:
        texts.insert(0, say(f"not_forecast_{request.focus.measure}"))
    version = made["model_version"]
    origin = say.moment(moment(made["origin"], scene))
    made_by = say("forecast_made", origin=origin, model=made["model"], version=version)
    notes = [*note_lines(request.notes, look.period.end, say), made_by, *origin_lines(results, say)]
    return Told(
        text=joined(texts, notes),
        figures=figures | {"model": made["model"], "model_version": version},
        chart=comparison_chart(look, beside[0]) if beside else forecast_chart(look),
        period=look.period,
        model_version=version,
    )
