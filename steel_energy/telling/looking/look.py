"""A stretch of time as an answer looks at it: its rows, its figures and how it is named; known or expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from steel_energy.asking.moments import DAY
from steel_energy.asking.outcomes import Focus, Measure, Period
from steel_energy.asking.scene import Scene
from steel_energy.telling.formats import Voice
from steel_energy.telling.looking.rows import INSTANT, Row, quarters, rows_of
from steel_energy.telling.looking.sums import BANDS, MAIN, figures_of, highest
from steel_energy.telling.records import Result, moment


@dataclass(frozen=True)
class Look:
    """What of one result a question is about.

    Attributes:
        rows: those that count, oldest first.
        period: what they lie in.
        focus: which of them count.
        is_expected: whether they are forecast.
        voice: of the answer.
        scene: the plant.
    """

    rows: Sequence[Row]
    period: Period
    focus: Focus
    is_expected: bool
    voice: Voice
    scene: Scene

    @property
    def measure(self) -> Measure:
        """What of the rows is wanted."""
        return self.focus.measure

    @property
    def figures(self) -> dict[str, float]:
        """By names with units; there must be a row."""
        return figures_of(self.measure, self.rows)

    @property
    def main(self) -> float:
        """The figure that is compared."""
        return self.figures[MAIN[self.measure]]

    @property
    def is_one_day(self) -> bool:
        """Whether all of it lies in one day of the plant's clock."""
        return self.period.start.date() == (self.period.end - INSTANT).date()

    @property
    def missing(self) -> int:
        """Quarters of an hour that are not known, where the period as a whole counts."""
        if self.focus.hours or self.focus.band or self.is_expected:
            return 0
        return quarters(self.period, self.scene) - sum(row.intervals for row in self.rows)

    def opening(self) -> str:
        """The same as ``during``, before what the sentence says; with a comma where it is long."""
        during = self.during()
        return f"{during}," if ", " in during else during

    def during(self) -> str:
        """The period, with the hours and the band that count, as an adverb."""
        say = self.voice
        parts = [say.during(self.period.start, self.period.end)]
        if self.focus.hours:
            hours = say.hours(self.focus.hours)
            parts.append(hours if self.is_one_day else say("each_day", hours=hours))
        if self.focus.band:
            parts.append(say("in_band", band=say(f"billed_{self.focus.band}")))
        return " ".join(parts) if self.is_one_day and not self.focus.band else ", ".join(parts)

    def shown(self) -> dict[str, str]:
        """The figures as they are written, by the names that sentences know."""
        return {name: self.voice.figure(name, value) for name, value in self.figures.items()}

    def load_types(self) -> tuple[str, bool]:
        """Energy of each load type as an enumeration, or the only one by its name; and whether there are several."""
        figures, say = self.figures, self.voice
        names = {band: say(f"load_{band}") for band in BANDS if f"{band}_kwh" in figures}
        if len(names) == 1:
            return next(iter(names.values())), False
        parts = [
            say(
                "load_type_part",
                load_type=name,
                usage=say.kwh(figures[f"{band}_kwh"]),
                share=say.percent(figures[f"{band}_share"]),
            )
            for band, name in names.items()
        ]
        return say.listing(parts), True

    def when_highest(self) -> str:
        """When the highest demand was, as an adverb; the day is not said again."""
        return when(highest(self.rows), self)


def when(row: Row, look: Look) -> str:
    """A row's time as an adverb; only the hours where the look is at one day."""
    return span(row.start, row.end, look)


def span(start: dt.datetime, end: dt.datetime, look: Look) -> str:
    """A stretch within a look as an adverb; only its hours where the look is at one day."""
    say = look.voice
    if look.is_one_day and end - start < DAY:
        last = "24:00" if end.date() > start.date() else f"{end:%H:%M}"
        return say("between", first=f"{start:%H:%M}", last=last)
    years = {moment.year for moment in (look.period.start, look.period.end - INSTANT, start, end - INSTANT)}
    return say.during(start, end, with_year=len(years) > 1)


def look_at(result: Result, focus: Focus, period: Period | None, voice: Voice, scene: Scene) -> Look:
    """What of an answer of /history or /forecast a question is about.

    Args:
        result: the answer.
        focus: what of it is wanted.
        period: what it is about; all of the answer if None.
        voice: of the answer in words.
        scene: the plant.
    """
    there = period and Period(start=_local(period.start, scene), end=_local(period.end, scene))
    rows = rows_of(result, focus, there, scene)
    whole = there or _whole(result, scene)
    return Look(rows, whole, focus, "intervals" in result, voice, scene)


def _local(time: dt.datetime, scene: Scene) -> dt.datetime:
    """A moment on the plant's clock: a model names some with another offset."""
    return time.astimezone(scene.now.tzinfo)


def _whole(result: Result, scene: Scene) -> Period:
    """The period that an answer is about by itself."""
    if "intervals" in result:
        rows = rows_of(result, Focus(), None, scene)
        return Period(start=rows[0].start, end=rows[-1].end)
    return Period(start=moment(result["from"], scene), end=moment(result["to"], scene))
