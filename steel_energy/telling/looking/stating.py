"""What a look comes to, in words: its total, its highest window or its mean, and how it compares with another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.history import Aggregation
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.telling.formats import sentence
from steel_energy.telling.looking.comparing import Said, compared
from steel_energy.telling.looking.look import Look
from steel_energy.telling.looking.ranking import extreme, highlights, mean
from steel_energy.telling.looking.sums import highest


def stated(look: Look, beside: Sequence[Look], aggregation: Aggregation) -> Said:
    """Sentences on a look, each with a capital, and their figures.

    Args:
        look: what was asked for; may have no rows.
        beside: at most one other to compare with.
        aggregation: windows that are ranked.
    """
    if not look.rows:
        return _nothing(look)
    texts, figures = _asked(look, aggregation) if not beside else ([], {})
    if not texts:
        total, totals = _total(look)
        more, extras = _beside(look, beside[0]) if beside else highlights(look, aggregation)
        texts, figures = [*total, *more], totals | extras
    if look.missing > 0:
        known = sum(row.intervals for row in look.rows)
        counts = {"known_quarters": known, "expected_quarters": known + look.missing}
        texts.append(look.voice("partly_known", **{name: look.voice.number(one, 0) for name, one in counts.items()}))
        figures |= counts
    return [sentence(text) for text in texts], figures


def _nothing(look: Look) -> Said:
    kind = "expected" if look.is_expected else "known"
    return [sentence(look.voice(f"nothing_{kind}", during=look.during()))], {}


def _asked(look: Look, aggregation: Aggregation) -> Said:
    """The statistic that was asked for; nothing where it is what the total says anyway."""
    statistic, measure = look.focus.statistic, look.measure
    if statistic == "mean" and measure != "power_factor":
        return mean(look, aggregation)
    if statistic == "minimum" or (statistic == "maximum" and measure != "peak"):
        return extreme(look, aggregation)
    return [], {}


def _total(look: Look) -> Said:
    kind = "expected" if look.is_expected else "known"
    figures: dict[str, Any] = look.figures
    values: dict[str, Any] = {"during": look.opening(), **look.shown()}
    key = f"{look.measure}_{kind}"
    if look.measure == "peak":
        values["when"] = look.when_highest()
    elif look.measure == "load_type":
        values["parts"], is_mixed = look.load_types()
        key += "" if is_mixed else "_one"
    elif look.measure == "usage" and len(look.rows) == look.rows[0].intervals == 1:
        figures = figures | {"mean_kw": look.main * INTERVALS_PER_HOUR}
        values["mean"] = look.voice.kw(figures["mean_kw"])
        key += "_quarter"
    return [look.voice(key, **values), *_range(look, figures)], figures


def _range(look: Look, figures: dict[str, Any]) -> list[str]:
    """Between what a single quarter of an hour lies nine times in ten; adds it to the figures."""
    say = look.voice
    row = highest(look.rows) if look.measure == "peak" else look.rows[0]
    if row.range_kwh is None or (look.measure != "peak" and (look.measure != "usage" or len(look.rows) > 1)):
        return []
    low, high = row.range_kwh
    if look.measure == "peak":
        figures |= {"low_kw": low * INTERVALS_PER_HOUR, "high_kw": high * INTERVALS_PER_HOUR}
        return [say("peak_range", low=say.kw(figures["low_kw"]), high=say.kw(figures["high_kw"]))]
    figures |= {"low_kwh": low, "high_kwh": high}
    return [say("usage_range", low=say.kwh(low), high=say.kwh(high))]


def _beside(look: Look, other: Look) -> Said:
    return compared(look, other) if other.rows else _nothing(other)
