"""The windows of a look: which is the highest or the lowest, and what they come to on average."""

from __future__ import annotations

from collections.abc import Sequence

from steel_energy.history import Aggregation
from steel_energy.telling.looking.comparing import Said
from steel_energy.telling.looking.look import Look, span, when
from steel_energy.telling.looking.rows import Row, window_end, windows
from steel_energy.telling.looking.sums import MAIN, SUMMED, figures_of, highest

FEWEST = 2
"""Of fewer windows none is called the highest."""
NAMED = ("usage", "cost", "co2")
"""Measures whose windows are worth a word where none was asked for."""
FINE: tuple[Aggregation, ...] = ("15min", "hour")
"""Windows of which the lowest is nothing but the night."""


def highlights(look: Look, aggregation: Aggregation) -> Said:
    """Which window has the most and, of days and longer ones, the least; nothing where there are not two.

    Of short windows of energy it is the highest demand that counts.
    """
    found = _full(look, aggregation)
    if len(found) < FEWEST or look.measure not in NAMED:
        return [], {}
    say, name = look.voice, MAIN[look.measure]
    if look.measure == "usage" and aggregation in FINE:
        row = highest(look.rows)
        peak_kw = row.values["peak_kw"]
        return [say(f"highlights_peak_{_kind(look)}", peak=say.kw(peak_kw), when=when(row, look))], {"peak_kw": peak_kw}
    (low, least), (high, most) = _ends(found, look)
    if low == high:
        return [], {}
    figures = {f"highest_{name}": high}
    shown = {"highest": say.figure(name, high), "when_highest": _when(most, aggregation, look)}
    if aggregation not in FINE:
        figures[f"lowest_{name}"] = low
        shown |= {"lowest": say.figure(name, low), "when_lowest": _when(least, aggregation, look)}
    return [say(f"highlights_{aggregation}", **shown)], figures


def extreme(look: Look, aggregation: Aggregation) -> Said:
    """The highest or the lowest window, as the question wants it; nothing where there are not two."""
    found = _full(look, aggregation)
    if len(found) < FEWEST:
        return [], {}
    value, rows = _ends(found, look)[1 if look.focus.statistic == "maximum" else 0]
    say, name, statistic = look.voice, MAIN[look.measure], look.focus.statistic
    text = say(
        f"windows_{statistic}",
        **_named(look, aggregation),
        value=say.figure(name, value),
        when=_when(rows, aggregation, look),
    )
    return [text], {f"{statistic}_{name}": value}


def mean(look: Look, aggregation: Aggregation) -> Said:
    """What windows come to on average, and in total where that is a sum; nothing where there are not two."""
    found = _full(look, aggregation)
    if len(found) < FEWEST:
        return [], {}
    say, name = look.voice, MAIN[look.measure]
    value = sum(figures_of(look.measure, rows)[name] for rows in found) / len(found)
    texts = [say("windows_mean", **_named(look, aggregation), value=say.figure(name, value))]
    figures = {f"mean_{name}": value}
    if look.measure in SUMMED:
        figures[name] = look.main
        texts.append(say("windows_total", total=say.figure(name, look.main)))
    return texts, figures


def _named(look: Look, aggregation: Aggregation) -> dict[str, str]:
    say = look.voice
    return {
        "during": look.during(),
        "noun": say(f"noun_{look.measure}_{_kind(look)}"),
        "per": say(f"per_{aggregation}"),
    }


def _kind(look: Look) -> str:
    return "expected" if look.is_expected else "known"


def _full(look: Look, aggregation: Aggregation) -> list[list[Row]]:
    """The rows of each window; those that the period cuts are left out where others remain."""
    found = windows(look.rows, aggregation)
    full = [
        rows
        for opening, rows in found.items()
        if look.period.start <= opening and window_end(opening, aggregation) <= look.period.end
    ]
    return full or list(found.values())


def _ends(found: Sequence[list[Row]], look: Look) -> tuple[tuple[float, list[Row]], tuple[float, list[Row]]]:
    """The lowest and the highest window by their figure, with it; the first of several."""
    name = MAIN[look.measure]
    valued = [(figures_of(look.measure, rows)[name], rows) for rows in found]
    return min(valued, key=lambda one: one[0]), max(valued, key=lambda one: one[0])


def _when(rows: Sequence[Row], aggregation: Aggregation, look: Look) -> str:
    (opening,) = windows(rows[:1], aggregation)
    return span(opening, window_end(opening, aggregation), look)
