"""What was measured, in words: totals, the highest demand, power factors, load types; compared, or ranked."""

from __future__ import annotations

from collections.abc import Sequence

from steel_energy.asking.looking import HOURLY_DAYS
from steel_energy.asking.moments import DAY
from steel_energy.asking.outcomes import HistorySlots, Request
from steel_energy.asking.scene import Scene
from steel_energy.history import Aggregation
from steel_energy.telling.formats import voice
from steel_energy.telling.looking.calls import ORDER, known_focus
from steel_energy.telling.looking.look import Look, look_at
from steel_energy.telling.looking.pictures import comparison_chart, history_chart
from steel_energy.telling.looking.stating import stated
from steel_energy.telling.records import Result, Told
from steel_energy.telling.said import joined, note_lines, origin_lines


def history(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer on readings of the past."""
    say, focus = voice(request.language, scene.tariff.measure), known_focus(request.focus)
    look = look_at(results[0], focus, focus.period, say, scene)
    beside = [look_at(one, focus, focus.compared, say, scene) for one in results[1:]]
    aggregation = max(_windows(request, look), results[0]["aggregation"], key=ORDER.index)
    texts, figures = stated(look, beside, aggregation)
    lacks_demand = request.intent == "bill" and focus.measure == "cost"
    notes = [*note_lines(request.notes, look.period.end, say), *([say("no_bill_of_hours")] if lacks_demand else [])]
    return Told(
        text=joined(texts, [*notes, *origin_lines(results, say)]),
        figures=figures,
        chart=comparison_chart(look, beside[0]) if beside else history_chart(look, aggregation),
        period=look.period,
    )


def _windows(request: Request, look: Look) -> Aggregation:
    """Windows that are worth a word: those that were asked for; of some hours or a band of several days, the days.

    Hours are asked for where only some of them count, so that they can be told apart.
    """
    if not isinstance(request.slots, HistorySlots):
        return "day"
    is_for_parts = (look.focus.hours or look.focus.band) and look.period.end - look.period.start > HOURLY_DAYS * DAY
    asked = request.slots.aggregation
    return "day" if asked == "hour" and is_for_parts else asked
