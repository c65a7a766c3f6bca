"""What a scenario changes, in words: all of it as the subject of a sentence, and each change by a short name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import singledispatch

from steel_energy.telling.changing.phrases import (
    exactly,
    hours_of,
    is_whole_day,
    on_days,
    share_of,
    short_day,
)
from steel_energy.telling.formats import Voice
from steel_energy.whatif.changes import (
    Change,
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
)


def subject_of(changes: Sequence[Change], voice: Voice) -> str:
    """What a scenario does, as the subject of a sentence: changes that differ in day or hours alone are one."""
    if not changes:
        return voice("wi_nothing")
    if len({_alike(change) for change in changes}) > 1:
        return voice("wi_scenario")
    return _subject(changes[0], changes, voice)


def label_of(change: Change, changes: Sequence[Change], voice: Voice) -> str:
    """A short name of a change, to tell it from the others."""
    if isinstance(change, CloseDay):
        return short_day(change.day, voice)
    if isinstance(change, MoveLoad):
        days = {getattr(one, "from_day", None) for one in changes}
        return _hours([change.from_hours], voice) if len(days) == 1 else _source([change], voice)
    return _subject(change, [change], voice)


@singledispatch
def _alike(change: Change) -> object:
    """What must be equal for changes to be told as one; else each is its own."""
    return change


@_alike.register
def _(change: CloseDay) -> object:
    return type(change)


@_alike.register
def _(change: MoveLoad) -> object:
    return change.share, change.to_hours, change.to_day, change.from_day is None


@_alike.register
def _(change: ScaleProduction) -> object:
    return change.factor, change.days is None


@_alike.register
def _(change: ChangeLoadType) -> object:
    return change.load_type, change.days


@singledispatch
def _subject(change: Change, changes: Sequence[Change], voice: Voice) -> str:
    raise TypeError(f"{change!r} of {changes!r} has no words in {voice.words.language}")


@_subject.register
def _move(change: MoveLoad, changes: Sequence[MoveLoad], voice: Voice) -> str:
    kind, share = ("all", "") if change.share == 1 else ("share", share_of(change.share, voice))
    source = _source(changes, voice)
    if change.to_day not in (None, change.from_day):
        target = _day_and_hours(change.to_day, change.to_hours, voice=voice)
        return voice(f"wi_move_day_{kind}", share=share, source=source, target=target)
    if change.from_day is None:
        target = voice("wi_same_day", hours=hours_of(change.to_hours, voice))
        return voice(f"wi_move_{kind}", share=share, source=source, target=target)
    target, sources = hours_of(change.to_hours, voice), _hours([one.from_hours for one in changes], voice)
    moved = voice(f"wi_move_{kind}", share=share, source=sources, target=target)
    days = [one.from_day for one in changes if one.from_day]
    return voice("wi_days_on", subject=moved, days=on_days(days, voice))


@_subject.register
def _close(_: CloseDay, changes: Sequence[CloseDay], voice: Voice) -> str:
    return voice("wi_close", days=on_days([one.day for one in changes], voice))


@_subject.register
def _run_as(change: ChangeLoadType, changes: Sequence[ChangeLoadType], voice: Voice) -> str:
    kind, spans = voice(f"wi_kind_{change.load_type}"), [one.hours for one in changes]
    is_day = any(is_whole_day(hours) for hours in spans)
    words = (
        voice("wi_load_type_day", kind=kind) if is_day else voice("wi_load_type", kind=kind, hours=_hours(spans, voice))
    )
    return _on(words, change.days, voice)


@_subject.register
def _scale(change: ScaleProduction, changes: Sequence[ScaleProduction], voice: Voice) -> str:
    key = "wi_same" if change.factor == 1 else "wi_less" if change.factor < 1 else "wi_more"
    words = voice(key, share=share_of(abs(change.factor - 1), voice))
    days = [day for one in changes for day in one.days or ()]
    return _on(words, days, voice)


@_subject.register
def _correct(change: CorrectPowerFactor, _: Sequence[CorrectPowerFactor], voice: Voice) -> str:
    size = f"{exactly(change.capacitor_kvar, voice)} kvar"
    if change.control == "automatic":
        return voice("wi_bank_automatic", size=size)
    key = "wi_bank_fixed" if is_whole_day(change.hours) else "wi_bank_hours"
    return voice(key, size=size, hours=hours_of(change.hours, voice))


@_subject.register
def _bill_otherwise(change: OtherTariff, _: Sequence[OtherTariff], voice: Voice) -> str:
    return voice("wi_tariff", tariff=change.tariff)


def _source(changes: Sequence[MoveLoad], voice: Voice) -> str:
    """Where load is taken from: hours of every day, a day, or hours of a day."""
    hours = [one.from_hours for one in changes]
    day = changes[0].from_day
    return _hours(hours, voice) if day is None else _day_and_hours(day, *hours, voice=voice)


def _day_and_hours(day: dt.date | None, *hours: Hours, voice: Voice) -> str:
    shown = short_day(day, voice) if day else ""
    if any(is_whole_day(one) for one in hours):
        return shown
    return voice("wi_day_hours", day=shown, hours=_hours(hours, voice))


def _hours(hours: Sequence[Hours], voice: Voice) -> str:
    if any(is_whole_day(one) for one in hours):
        return voice("wi_whole_day")
    return voice.listing(list(dict.fromkeys(hours_of(one, voice) for one in hours)))


def _on(words: str, days: Sequence[dt.date] | None, voice: Voice) -> str:
    return voice("wi_days_on", subject=words, days=on_days(days, voice)) if days else words
