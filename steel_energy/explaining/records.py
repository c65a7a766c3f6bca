"""What an explanation of the past consists of: figures and codes; the sentences are made of them in ``words``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from steel_energy.billing import Kind

PastKind = Literal["interval", "day", "peak"]
Compare = Literal["earlier", "all"]
"""What a past event is measured against: days before its own alone, or all other known days, later ones too."""

DayType = Literal["open_weekday", "open_saturday", "open_sunday", "closed"]
Code = Literal["day_type", "hour", "operating_state", "tariff_band", "reactive", "recent_level", "remainder"]
BillCode = Literal["energy", "demand", "ratchet", "power_factor", "co2"]
Value = float | str


@dataclass(frozen=True)
class Contribution:
    """A signed part of a difference.

    Attributes:
        code: which part.
        kwh: by how much it raises or lowers the energy.
        values: what its sentence is made of; a name ends in the unit of its value.
    """

    code: Code
    kwh: float
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Usual:
    """How the usual value comes about: ``plant_kwh`` and ``parts`` add up to ``kwh``.

    Attributes:
        plant_kwh: median of all intervals, or days, that are compared with.
        parts: what the kind of day and, of an interval, the hour add to it.
        kwh: median of the comparable ones: of the same kind of day and, of intervals, the same time of day.
        day_type: that kind of day.
        cases: number of comparable ones.
        first: date of the first of them.
        last: date of the last of them.
        compare: which days were looked at.
    """

    plant_kwh: float
    parts: tuple[Contribution, ...]
    kwh: float
    day_type: DayType
    cases: int
    first: dt.date
    last: dt.date
    compare: Compare


@dataclass(frozen=True)
class HourOfDay:
    """A clock hour of a day beside its usual energy; both add up over the day to the day's and to its usual one."""

    hour: int
    usage_kwh: float
    usual_kwh: float


@dataclass(frozen=True)
class SimilarEvent:
    """A past event like the explained one.

    Attributes:
        start: when it began.
        usage_kwh: its energy.
        day_type: its kind of day.
        values: what its sentence is made of.
    """

    start: dt.datetime
    usage_kwh: float
    day_type: DayType
    values: Mapping[str, Value]


@dataclass(frozen=True)
class BillChange:
    """What the event changed in a line of a month's bill, against the usual in its place.

    Attributes:
        month: the calendar month it is of.
        kind: what is charged.
        band: season and billing band, of energy.
        quantity: more (positive) or less of what is charged.
        unit: of the quantity.
        price_krw: of one unit.
        amount_krw: what it costs more, or saves where negative.
        code: as ``kind``; ``ratchet`` is the demand charge of a later month.
        is_final: whether nothing later can change it: not of a month that is not known to its end.
        values: further figures of its sentence.
    """

    month: str
    kind: Kind
    band: str | None
    quantity: float
    unit: str
    price_krw: float
    amount_krw: float
    code: BillCode
    is_final: bool
    values: Mapping[str, Value]


@dataclass(frozen=True)
class PastExplanation:
    """Why an interval, a day or a peak was what it was.

    ``usual.kwh`` and ``contributions`` add up to ``usage_kwh``.

    Attributes:
        kind: what is explained.
        start: its beginning, plant zone.
        end: its end, exclusive.
        usage_kwh: its energy.
        usual: the value it is measured against.
        contributions: signed parts of the difference, the largest first, the remainder last.
        hours: of a day, its clock hours; else empty.
        similar: past events most like it, the nearest first.
        bill: what it changed in the bills.
    """

    kind: PastKind
    start: dt.datetime
    end: dt.datetime
    usage_kwh: float
    usual: Usual
    contributions: tuple[Contribution, ...]
    hours: tuple[HourOfDay, ...]
    similar: tuple[SimilarEvent, ...]
    bill: tuple[BillChange, ...]

    @property
    def difference_kwh(self) -> float:
        """How far it was above the usual, or below where negative."""
        return self.usage_kwh - self.usual.kwh
