"""The small grammar of times: which form's phrases are looked for, in which order, and what reads each.

The phrases lie in the words' files under ``times``, by form.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from steel_energy.asking import named_days, named_periods
from steel_energy.asking.found import Found, patterns
from steel_energy.asking.lexicon import MARK, Lexicon, in_order
from steel_energy.asking.moments import Said
from steel_energy.asking.parts import fitted, hear_parts

Reader = Callable[[Found], Said | None]
READERS: dict[str, Reader] = {
    "day_range": named_days.day_range,
    "day_pair": named_days.day_pair,
    "part_of_month": named_days.part_of_month,
    "week_of": named_days.week_of,
    "weekday_date": named_days.weekday_date,
    "date": named_days.date,
    "ago": named_days.ago,
    "from_now": named_days.from_now,
    "day_of_month": named_days.day_of_month,
    "same_before": named_days.same_before,
    "day_before": named_days.day_before,
    "day_after": named_days.day_after,
    "same_last_year": named_days.same_last_year,
    "one_before": named_days.one_before,
    "one_after": named_days.one_after,
    "unit_before": named_periods.unit_before,
    "weekday_of_week": named_days.weekday_of_week,
    "weekday_last": named_days.weekday_last,
    "weekday_before": named_days.weekday_before,
    "weekday_next": named_days.weekday_next,
    "weekday_this": named_days.weekday_this,
    "last_n": named_periods.last_n,
    "vague": named_periods.vague,
    "rest_of_unit": named_periods.rest_of_unit,
    "next_n": named_periods.next_n,
    "quarter": named_periods.quarter,
    "part_of_year": named_periods.part_of_year,
    "unit_last": named_periods.unit_last,
    "unit_this": named_periods.unit_this,
    "unit_next": named_periods.unit_next,
    "offset": named_days.offset,
    "feast": named_days.feast,
    "month_last": named_periods.month_last,
    "month_next": named_periods.month_next,
    "month": named_periods.month,
    "weekday": named_days.weekday,
    "weekend": named_periods.weekend,
    "year": named_periods.year,
    "bare_n": named_periods.bare_n,
    "now": named_periods.now,
}
"""Form to its reading, in the order in which they are tried: what one has read is gone for the next."""


def hear_days(text: str, lexicon: Lexicon, now: dt.datetime) -> tuple[str, list[Said]]:
    """The text with a mark for each day or stretch that it names, and what these are, in the order of the marks."""
    said: list[Said] = []
    text, parts = hear_parts(text, lexicon)
    for form, reader in READERS.items():
        for pattern in patterns(lexicon, form):
            text = " ".join(pattern.sub(_marker(text, reader, said, lexicon, now), text).split())
    text, said = fitted(text, said, parts)
    return in_order(text, "d", said)


def _marker(
    text: str, reader: Reader, said: list[Said], lexicon: Lexicon, now: dt.datetime
) -> Callable[[re.Match[str]], str]:
    """What puts a mark in place of a phrase, and what it names behind the rest."""

    def mark(match: re.Match[str]) -> str:
        before = text[: match.start()].split()[-1:]
        parts = {name: value for name, value in match.groupdict().items() if value}
        read = reader(Found(match[0], parts, before[0] if before else "", now, lexicon))
        if read is None:
            return match[0]
        said.append(read)
        return f" {MARK}d{len(said) - 1} "

    return mark
