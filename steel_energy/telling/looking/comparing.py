"""One look beside another: how much more or less, and by the day where they are not equally long."""

from __future__ import annotations

from typing import Any

from steel_energy.schema import HOURS_PER_DAY
from steel_energy.telling.looking.look import Look
from steel_energy.telling.looking.rows import hours_of
from steel_energy.telling.looking.sums import MAIN, SUMMED

Said = tuple[list[str], dict[str, Any]]
"""Sentences, and the figures in them."""
SAME_SHARE = 0.0005
"""Below this a difference would be shown as 0.0 %."""


def compared(look: Look, beside: Look) -> Said:
    """How a look differs from another one of the same measure; both have rows."""
    say, name = look.voice, MAIN[look.measure]
    figures: dict[str, Any] = {f"compared_{key}": value for key, value in beside.figures.items()}
    if look.measure == "power_factor":
        return [say("compared_power_factor", during=beside.during(), **beside.shown())], figures
    shown = {"during": beside.during(), "other": say.figure(name, beside.main)}
    trend, change = difference(look.main, beside.main)
    figures |= {"change_share": change}
    texts = [say(f"compared_{trend}", share=say.percent(abs(change)), **shown)]
    if look.measure in SUMMED and hours_of(look.rows) != hours_of(beside.rows):
        by_day = {f"{name}_per_day": _per_day(look), f"compared_{name}_per_day": _per_day(beside)}
        trend, change = difference(*by_day.values())
        figures |= by_day | {"change_per_day_share": change}
        value, other = (say.figure(name, one) for one in by_day.values())
        texts.append(say(f"by_day_{trend}", value=value, other=other, share=say.percent(abs(change))))
    return texts, figures


def difference(value: float, other: float) -> tuple[str, float]:
    """The direction and the share by which ``value`` differs from ``other``; beside nothing there is no share.

    >>> difference(110, 100)[0], difference(0, 100), difference(5, 0)
    ('more', ('less', -1.0), ('none', 0.0))
    """
    if not other:
        return ("none" if value else "same"), 0.0
    change = value / other - 1
    if abs(change) < SAME_SHARE:
        return "same", change
    return ("more" if change > 0 else "less"), change


def _per_day(look: Look) -> float:
    return look.main * HOURS_PER_DAY / hours_of(look.rows)
