"""What a question says, piece by piece, before it is decided what it asks: times, numbers, words and their places.

A later question of the same session says less; ``followed`` lays it over the one before.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from steel_energy.asking.clocks import hear_clocks, hear_moved_bands
from steel_energy.asking.days import hear_days
from steel_energy.asking.jobs import JobSaid, hear_jobs
from steel_energy.asking.lexicon import MARK, Language, Lexicon, lexicon
from steel_energy.asking.meters import hear_fields
from steel_energy.asking.moments import Clock, Direction, Said
from steel_energy.asking.params import AskingParams
from steel_energy.asking.quantities import Quantity, hear_quantities, measure_of
from steel_energy.asking.relating import picked, recurring, related, together, weekends_of
from steel_energy.asking.shifts import hear_shifts
from steel_energy.asking.spans import joined
from steel_energy.asking.text import Typed

CHANGES = ("power_factor", "close_day", "load_type", "move_load", "tariff", "scale_production")
"""What a scenario may change, in the order in which the words are looked for."""
PAIR = 2
EXAMPLE = " example"
"""End of an id that nobody says aloud."""
NEVER_KEPT = frozenset(
    {"text", "marked", "language", "intents", "doubtful", "jobs", "quantities", "tense", "fields", "without"}
    | {"leaning", "pick", "days", "clocks", "statistic", "recurring", "is_compared"}
)
"""Of a question before: what a later one never takes as it is."""


@dataclass(frozen=True)
class Heard:
    """A question in pieces.

    Attributes:
        text: folded.
        marked: the same with marks for what was read.
        intents: names of the intents whose words it holds, in the file's order.
        tense: past or future, where the words tell.
        leaning: which of two days is meant where nothing else tells, from the question before.
        pick: which of several options is chosen, 1 being the first.
        days: days and stretches.
        clocks: hours of the day.
        quantities: numbers with units.
        fields: values of the meter by the names of the request.
        measure: what is wanted.
        changes: what a scenario changes, of ``CHANGES``.
        jobs: what is to be planned.
        trend: less or more, whichever is said first.
        factor: times that something becomes, where it was said: doubled is 2, "to 80 %" is 0.8.
        is_automatic: whether capacitors are said to be controlled.
        without: names of equipment that is left out.
        tariffs: ids that are named.
        doubtful: words that could be several dates.
        is_compared: whether two stretches are set beside each other.
        recurring: words for days that come again and again, such as weekends, which nothing can pick out.
    """

    text: str
    marked: str
    language: Language
    intents: tuple[str, ...] = ()
    tense: Direction | None = None
    leaning: Direction | None = None
    pick: int | None = None
    days: tuple[Said, ...] = ()
    clocks: tuple[Clock, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    fields: tuple[tuple[str, float], ...] = ()
    measure: str | None = None
    statistic: str | None = None
    aggregation: str | None = None
    band: str | None = None
    changes: tuple[str, ...] = ()
    trend: str | None = None
    factor: float | None = None
    is_automatic: bool = False
    jobs: tuple[JobSaid, ...] = ()
    without: tuple[str, ...] = ()
    tariffs: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    is_compared: bool = False
    recurring: str | None = None

    def quantity(self, unit: str, *, is_limit: bool | None = None) -> float | None:
        """The first number of a unit; only those said as limits, or not, if ``is_limit`` says so."""
        fitting = (one for one in self.quantities if one.unit == unit and is_limit in (None, one.is_limit))
        return next((one.value for one in fitting), None)

    @property
    def words(self) -> Lexicon:
        """The words of its language."""
        return lexicon(self.language)


def hear(said: Typed, *, now: dt.datetime, params: AskingParams, tariffs: tuple[str, ...]) -> Heard:
    """A question in pieces; ``now`` is the end of the known readings, naive plant time."""
    words = lexicon(said.language)
    named, text = _tariffs(said.folded, tariffs)
    fields, text = hear_fields(text, words)
    marked, days, clocks, quantities = _numbers(text, words, now, params)
    tense, is_compared = _tense(marked, words), words.says(said.folded, "compared")
    days = together(days, marked, words, is_compared=is_compared, tense=tense)
    days, again = weekends_of(days, recurring(marked, words, days), words, tense)
    rest = _without_band(marked, words)
    measure = measure_of((rest, marked), quantities, words)
    quarters = "15min" if words.says(said.folded, "aggregations", "15min") else None  # marked, they are a quantity
    return Heard(
        text=said.folded,
        marked=marked,
        language=said.language,
        intents=tuple(name for name in words["intents"] if words.says(said.folded, "intents", name)),
        tense=tense,
        pick=_pick(said.folded, words),
        days=tuple(days),
        clocks=_with_targets(clocks, marked, words),
        quantities=tuple(quantities),
        fields=tuple(fields.items()),
        measure=measure,
        statistic=_statistic(rest, measure, words),
        aggregation=words.first(marked, "aggregations") or quarters,
        band=words.first(marked, "bands"),
        changes=tuple(name for name in CHANGES if words.says(marked, "changes", name)),
        trend=_trend(marked, words),
        factor=_factor(marked, quantities, words),
        is_automatic=words.says(marked, "automatic"),
        jobs=hear_jobs(marked, quantities, words),
        without=_without(marked, words),
        tariffs=named,
        doubtful=said.doubtful,
        is_compared=is_compared,
        recurring=again,
    )


def _numbers(
    text: str, words: Lexicon, now: dt.datetime, params: AskingParams
) -> tuple[str, list[Said], list[Clock], list[Quantity]]:
    """The text with its marks, and what these are: days, hours and quantities, read in this order."""
    marked, days = hear_shifts(*hear_days(text, words, now), words, params, now)
    marked, clocks = hear_clocks(marked, words, params)
    if words.says(marked, "changes", "move_load") and len(clocks) < PAIR:
        marked, clocks = hear_moved_bands(marked, clocks, words)
    marked, quantities = hear_quantities(marked, words)
    return marked, *joined(marked, days, clocks, words, now), quantities


def followed(heard: Heard, before: Heard, *, leaning: Direction | None = None, is_scenario: bool = False) -> Heard:
    """A later question with what it leaves out taken from the one before.

    A scenario that changes something else takes its days alone.
    """
    if is_scenario and set(heard.changes) - set(before.changes) and before.changes:
        return dataclasses.replace(heard, days=heard.days or before.days, leaning=leaning)
    kept: dict[str, Any] = {
        field.name: getattr(heard, field.name) or getattr(before, field.name)
        for field in dataclasses.fields(Heard)
        if field.name not in NEVER_KEPT
    }
    again = heard.recurring or (None if before.days or heard.pick else before.recurring)
    days, again = weekends_of(heard.days, again, heard.words, heard.tense)
    heard = dataclasses.replace(heard, days=tuple(days))
    return dataclasses.replace(
        heard,
        **kept,
        intents=heard.intents,
        tense=heard.tense or (None if heard.days or heard.pick else before.tense),
        leaning=leaning,
        days=_beside_before(heard, before.days) or picked(heard.pick, before.days),
        clocks=_clocks(heard, before),
        statistic=heard.statistic if heard.measure else heard.statistic or before.statistic,
        recurring=again,
        is_compared=heard.is_compared,
        jobs=_jobs(heard, before),
        quantities=_quantities(heard, before),
        fields=tuple({**dict(before.fields), **dict(heard.fields)}.items()),
    )


def _beside_before(heard: Heard, before: tuple[Said, ...]) -> tuple[Said, ...]:
    """The days said last; those told from the ones before by these, and both where they are compared."""
    days = heard.days
    if heard.is_compared and len(days) == 1 and before:
        first, second = related((before[0], days[0]), heard.words, is_compared=True, tense=None)
        return first, second
    if not (days and days[0].is_told_by_first and before):
        return days
    said, first = days[0], before[0]
    past, future = (said.from_first(one) if one else None for one in (first.past, first.future))
    return (dataclasses.replace(first, past=past, future=future), *days[1:])


def _clocks(heard: Heard, before: Heard) -> tuple[Clock, ...]:
    """The hours said last, none where both day and measure are new; of load that moves, only the end that they are."""
    if len(heard.clocks) != 1 or len(before.clocks) < PAIR or "move_load" not in before.changes:
        is_new = heard.days and heard.measure not in (None, before.measure)
        return heard.clocks or (() if is_new else before.clocks)
    source, target = sorted(before.clocks[:PAIR], key=lambda one: one.is_target)
    new = heard.clocks[0]
    return (source, new) if new.is_target else (new, dataclasses.replace(target, is_target=True))


def _quantities(heard: Heard, before: Heard) -> tuple[Quantity, ...]:
    """The new numbers, and the old ones of other units."""
    units = {one.unit for one in heard.quantities}
    return (*heard.quantities, *(one for one in before.quantities if one.unit not in units))


def _jobs(heard: Heard, before: Heard) -> tuple[JobSaid, ...]:
    """The jobs from before without those left out, and what was missing of the last one put in."""
    kept = tuple(job for job in before.jobs if job.name not in heard.without)
    if heard.without:
        return kept
    if kept and heard.jobs and all(not job.name for job in heard.jobs):
        return (*kept[:-1], kept[-1].filled(heard.jobs[0]))
    return heard.jobs or kept


def _tariffs(text: str, known: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Ids of tariffs that a text names, and the text without the digits and words in them."""
    named = []
    for name in known:
        words = name.replace("-", " ").removesuffix(EXAMPLE).split()
        spoken = re.compile(rf"(?<!\w){'[ -]'.join(map(re.escape, words))}(?!\w)")
        is_spoken = len(words) > 1 and spoken.search(text) and "tarif" in text
        if name in text or is_spoken:
            named.append(name)
            text = spoken.sub("", text.replace(name, "")) if is_spoken else text.replace(name, "")
    return tuple(named), " ".join(text.split())


def _without_band(text: str, words: Lexicon) -> str:
    """A text without the words of a billing band, "in maximum load", which name no peak."""
    return words.pattern("band_phrases").sub(" ", text)


def _statistic(text: str, measure: str | None, words: Lexicon) -> str | None:
    """The figure that is wanted; the worst is the lowest of power factors and the highest of all else."""
    if words.says(text, "worst"):
        return "minimum" if measure == "power_factor" else "maximum"
    return words.first(text, "statistics")


def _tense(text: str, words: Lexicon) -> Direction | None:
    past, future = (words.says(text, "tense", name) for name in ("past", "future"))
    if past == future:
        return None
    return "past" if past else "future"


def _pick(text: str, words: Lexicon) -> int | None:
    """Which of several options an answer such as "the second one" picks."""
    match = words.compiled(words["picks"], {"picked": f"(?P<picked>{words.slot('ordinal')})"}).fullmatch(text)
    return int(words["ordinals"][match["picked"]]) if match else None


def _with_targets(clocks: list[Clock], text: str, words: Lexicon) -> tuple[Clock, ...]:
    """The hours, those marked that a word such as "to" stands before."""
    to = "|".join(words["to"])
    targets = {int(place) for place in re.findall(rf"(?<!\w)(?:{to}) {MARK}h(\d+)", text)}
    return tuple(dataclasses.replace(one, is_target=place in targets) for place, one in enumerate(clocks))


def _trend(text: str, words: Lexicon) -> str | None:
    """What is said first: less or more."""
    found = {name: words.pattern(name).search(text) for name in ("less", "more")}
    said = {name: match.start() for name, match in found.items() if match}
    return min(said, key=lambda name: said[name], default=None)


def _factor(text: str, quantities: list[Quantity], words: Lexicon) -> float | None:
    """Times that something becomes, such as "doubled", "to 80 %" or "at 80 %"; "at 20 % more" is a change of it."""
    if match := words.compiled(words["factors"]).search(text):
        return float(words["factors"][match[0]])
    to = "|".join([*words["to"], *(() if _trend(text, words) else words["clock"]["at"])])
    found = re.search(rf"(?<!\w)(?:{to}) {MARK}q(\d+)", text)
    quantity = quantities[int(found[1])] if found else None
    return quantity.value if quantity and quantity.unit == "share" else None


def _without(text: str, words: Lexicon) -> tuple[str, ...]:
    """Equipment that stands behind a word such as "without"."""
    found = []
    for match in words.pattern("without").finditer(text):
        rest = text[match.end() :].split()
        if rest and (name := words["equipment"].get(rest[0])):
            found.append(name)
    return tuple(found)
