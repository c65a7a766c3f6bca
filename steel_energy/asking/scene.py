"""What a question is asked about: the end of the known readings, the plant's tariff and what may be assumed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steel_energy.asking.moments import MINUTES_PER_DAY, Stretch
from steel_energy.asking.params import AskingParams
from steel_energy.calendar import in_utc
from steel_energy.planning.request import Movable
from steel_energy.schema import HOURS_PER_DAY, INTERVAL
from steel_energy.tariff import BAND_LETTERS, Band, Tariff
from steel_energy.timeline import MAX_HORIZON

MINUTES = MINUTES_PER_DAY // HOURS_PER_DAY


@dataclass(frozen=True)
class Scene:
    """The plant as a question meets it.

    Attributes:
        now: end of the known readings, with the plant's zone.
        tariff: the plant's own.
        tariffs: ids that a question may name.
        movable: what of the load may move where a question leaves that open.
        params: hours behind words.
    """

    now: dt.datetime
    tariff: Tariff
    tariffs: tuple[str, ...]
    movable: Movable
    params: AskingParams

    @property
    def clock(self) -> dt.datetime:
        """``now`` as the plant's clock shows it, without a zone."""
        return self.now.replace(tzinfo=None)

    @property
    def reach(self) -> dt.timedelta:
        """How far ahead a forecast goes."""
        return MAX_HORIZON * INTERVAL

    @property
    def last(self) -> dt.datetime:
        """End of the longest forecast, naive plant time."""
        return (in_utc(self.now, self.zone) + self.reach).astimezone(self.now.tzinfo).replace(tzinfo=None)

    @property
    def zone(self) -> str:
        """IANA name of the plant's zone."""
        return str(self.now.tzinfo)

    def aware(self, moment: dt.datetime) -> dt.datetime:
        """A naive plant time with its zone."""
        return moment.replace(tzinfo=self.now.tzinfo)

    def intervals_until(self, moment: dt.datetime) -> int:
        """Intervals from now until a naive plant time, rounded up."""
        ahead = in_utc(self.aware(moment), self.zone) - in_utc(self.now, self.zone)
        return -(-ahead // INTERVAL)

    def band_spans(self, band: Band, stretch: Stretch) -> tuple[tuple[int, int], ...]:
        """Minutes of the day in which the tariff's clock has a band, by the season of the stretch's start.

        A stretch over midnight is one, so that its end lies beyond 1440.
        """
        month = stretch.start.month
        season = next(season for season in self.tariff.seasons.values() if month in season.months)
        hours = [hour for hour in range(HOURS_PER_DAY) if BAND_LETTERS[season.bands[hour]] == band]
        runs = _runs(hours)
        if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == HOURS_PER_DAY:
            runs = [*runs[1:-1], (runs[-1][0], HOURS_PER_DAY + runs[0][1])]
        return tuple((first * MINUTES, last * MINUTES) for first, last in runs)


def _runs(hours: list[int]) -> list[tuple[int, int]]:
    """Hours in a row as first and last, exclusive.

    >>> _runs([0, 1, 5])
    [(0, 2), (5, 6)]
    """
    runs: list[tuple[int, int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour:
            runs[-1] = (runs[-1][0], hour + 1)
        else:
            runs.append((hour, hour + 1))
    return runs
