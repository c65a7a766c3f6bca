"""A week as ISO 8601 counts them, Monday to Sunday, such as 2018-W47."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from steel_energy.errors import InputError
from steel_energy.schema import DAYS_PER_WEEK

NAME = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, order=True)
class Week:
    """One week, by its Monday."""

    monday: dt.date

    @classmethod
    def parse(cls, name: str) -> Week:
        """Read ``2018-W47``.

        Raises:
            InputError: it is no such week.

        >>> Week.parse("2018-W47").monday
        datetime.date(2018, 11, 19)
        """
        try:
            year, number = NAME.fullmatch(name).groups()  # type: ignore[union-attr]  # caught below
            return cls(dt.date.fromisocalendar(int(year), int(number), 1))
        except (AttributeError, ValueError) as error:
            raise InputError(f"{name!r} is no week", field="week", remedy="write it as 2018-W47") from error

    @classmethod
    def of(cls, day: dt.date) -> Week:
        """The week of a day.

        >>> Week.of(dt.date(2018, 12, 31)).name
        '2019-W01'
        """
        return cls(day - dt.timedelta(days=day.weekday()))

    @property
    def name(self) -> str:
        """As ISO 8601 writes it; the year is the one that its Thursday lies in."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        """1 to 53."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=DAYS_PER_WEEK - 1)

    @property
    def days(self) -> list[dt.date]:
        """Its seven days."""
        return [self.monday + dt.timedelta(days=day) for day in range(DAYS_PER_WEEK)]

    def shifted(self, weeks: int) -> Week:
        """The week that lies ``weeks`` later."""
        return Week(self.monday + dt.timedelta(weeks=weeks))

    def bounds(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """Its first moment and that of the next week, on the clock of ``zone``."""
        first = dt.datetime.combine(self.monday, dt.time(), tzinfo=ZoneInfo(zone))
        return first, first + dt.timedelta(days=DAYS_PER_WEEK)
