"""Of when a question is: its days and hours put together, once it is known whether it looks back or ahead."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from steel_energy.asking.hearing import Heard
from steel_energy.asking.moments import DAY, MINUTES_PER_DAY, Clock, Direction, Said, Stretch, days, settled
from steel_energy.asking.outcomes import Doubt, Note, Period
from steel_energy.asking.scene import Scene
from steel_energy.tariff import BAND_LETTERS, Band

PAIR = 2
LAST_YEAR = 2199


@dataclass(frozen=True)
class When:
    """A stretch that a question is of.

    Attributes:
        stretch: naive plant time; with the hours, where there is one run of them on one day.
        hours: minutes of each day that count, where there are several days or runs of hours.
        day: the stretch as it was without hours.
        is_moment: whether a single moment was named.
        notes: what was left out of what was named.
    """

    stretch: Stretch
    day: Stretch
    hours: tuple[tuple[int, int], ...] = ()
    is_moment: bool = False
    notes: tuple[Note, ...] = field(default=())

    def period(self, scene: Scene) -> Period:
        """The stretch with the plant's zone."""
        return Period(start=scene.aware(self.stretch.start), end=scene.aware(self.stretch.end))


def when(heard: Heard, scene: Scene, direction: Direction | None) -> When | None:
    """What a question is of; None if it names no time.

    Raises:
        Doubt: it names what can be read in several ways, or in none.
    """
    require_readable(heard)
    if heard.days:
        return with_clocks(day_of(heard.days[0], heard, scene, direction), heard.clocks, heard.days[0], scene)
    return _nearest(heard.clocks, scene, direction) if heard.clocks else None


def require_readable(heard: Heard) -> None:
    """Refuse words that could be several days, or are none, and those that nothing can pick out.

    Raises:
        Doubt: there is one.
    """
    if heard.doubtful and not heard.days:
        raise Doubt("period", text="period_unclear", said=heard.doubtful[0])
    if heard.recurring:
        raise Doubt("period", text="period_only", said=heard.recurring)
    for place, said in enumerate(heard.days):
        if said.others:
            raise _options(said.others, heard)
        if not (said.is_clear or (place and said.is_told_by_first)):
            raise Doubt("period", text="period_unclear", said=said.words)


def day_of(said: Said, heard: Heard, scene: Scene, direction: Direction | None) -> Stretch:
    """The days that are meant.

    Raises:
        Doubt: they cannot be told.
    """
    if said.is_told_by_first and heard.days[0] is not said:
        return said.from_first(day_of(heard.days[0], heard, scene, direction))
    meant = settled(said, direction, now=scene.clock, reach=scene.reach)
    if meant is None and said.past and said.future:
        raise _options((said.past, said.future), heard)
    if meant is None or not 1970 <= meant.start.year <= meant.end.year <= LAST_YEAR:  # noqa: PLR2004 - as fields.Moment
        raise Doubt("period", text="period_unclear", said=said.words)
    return meant


def with_clocks(day: Stretch, clocks: Sequence[Clock], said: Said, scene: Scene) -> When:
    """Days with the hours that were named for them."""
    spans = _narrowest(_ended(clocks, [span for clock in clocks for span in spans_of(clock, day, scene)]))
    if not spans or said.is_exact:
        return When(day, day)
    if day.is_one_day and len(spans) == 1:
        return When(day.at(spans[0]), day, is_moment=any(clock.is_moment for clock in clocks))
    return When(day, day, hours=spans)


def _ended(clocks: Sequence[Clock], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Part of a day with the hour that ends it: "this afternoon until 8", "tonight, before 7" of the morning after."""
    last = next((clock.spans[0][1] for clock in clocks if clock.is_until and clock.spans), None)
    parts = [span for clock in clocks if not (clock.is_until or clock.is_moment) for span in clock.spans]
    if last is None or len(clocks) != PAIR or len(parts) != 1 or last >= parts[0][0]:
        return spans
    start, end = parts[0]
    later = last + MINUTES_PER_DAY if end > MINUTES_PER_DAY else last + MINUTES_PER_DAY // 2
    return [(start, later)] if later > start else spans


def _narrowest(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Each once, without those that hold another: "at 9:15 in the morning" is one time.

    >>> _narrowest([(555, 570), (360, 720)])
    ((555, 570),)
    """
    once = dict.fromkeys(spans)
    return tuple(
        one for one in once if not any(one != other and one[0] <= other[0] and other[1] <= one[1] for other in once)
    )


def spans_of(clock: Clock, day: Stretch, scene: Scene) -> tuple[tuple[int, int], ...]:
    """Minutes of the day that a clock names.

    Raises:
        Doubt: it names none that can be told, such as midnight, which ends a day as well as it begins one.
    """
    spans = clock.spans
    if clock.band in BAND_LETTERS.values():
        spans = scene.band_spans(_band(clock.band), day)
    if not spans:
        raise Doubt("period", text="period_unclear", said=clock.words)
    return spans


def _band(name: str | None) -> Band:
    return next(band for band in BAND_LETTERS.values() if band == name)


def _nearest(clocks: Sequence[Clock], scene: Scene, direction: Direction | None) -> When:
    """Hours without a day: the last time they were, or the next time they will be."""
    today = days(scene.clock.date())
    if direction is None:
        raise Doubt("period")
    shifts = (0, 1, 2) if direction == "future" else (0, -1, -2)
    for shift in shifts:
        day = Stretch(today.start + shift * DAY, today.end + shift * DAY)
        there = with_clocks(day, clocks, Said("", day, day), scene)
        if _is_on(there.stretch, direction, scene):
            return there
    raise Doubt("period")


def _is_on(stretch: Stretch, direction: Direction, scene: Scene) -> bool:
    """Whether all of it lies on a side of now."""
    return stretch.start >= scene.clock if direction == "future" else stretch.end <= scene.clock


def ahead(there: When, scene: Scene) -> When:
    """The part of it that can be forecast.

    Raises:
        Doubt: there is none.
    """
    now, last = scene.clock, scene.last
    if there.stretch.start >= last:
        raise Doubt("period", text="period_horizon", first=_shown(now), last=_shown(last))
    if there.stretch.end <= now:
        raise Doubt("period", text="period_past", now=_shown(now))
    kept = Stretch(max(there.stretch.start, now), min(there.stretch.end, last))
    notes: tuple[Note, ...] = ("cut_to_horizon",) if there.stretch.end > last else ()
    return dataclasses.replace(there, stretch=kept, notes=(*there.notes, *notes))


def known(there: When, scene: Scene) -> When:
    """The part of it that has been measured.

    Raises:
        Doubt: there is none.
    """
    now = scene.clock
    if there.stretch.start >= now:
        raise Doubt("period", text="period_future", now=_shown(now))
    kept = Stretch(there.stretch.start, min(there.stretch.end, now))
    notes: tuple[Note, ...] = ("cut_to_known",) if there.stretch.end > now else ()
    return dataclasses.replace(there, stretch=kept, notes=(*there.notes, *notes))


def _options(stretches: tuple[Stretch, ...], heard: Heard) -> Doubt:
    shown = tuple(_shown_days(one) for one in stretches)
    return Doubt("period", text="period_options", options=shown, joined=heard.words.text("or").join(shown))


def _shown_days(stretch: Stretch) -> str:
    """A day, or the first and the last of several."""
    first, last = stretch.start.date(), (stretch.end - dt.timedelta(minutes=1)).date()
    return f"{first}" if first == last else f"{first} – {last}"  # noqa: RUF001 - a span's dash


def _shown(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
