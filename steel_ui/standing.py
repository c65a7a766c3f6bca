"""Where the plant stands: now, today and this month, from the readings, the bill and the forecast; no words here.

Now is the end of the known readings. CO2 follows from the energy and the plant's emission factor, as of the forecast:
the meter's own column is rounded to 0.01 t in each interval, so that the sum of quiet days would read too low.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from steel_client import questions
from steel_client.models import BillAnswer, BillUnderTariff, DriftAnswer, HistoryRow
from steel_ui.client import INTERVAL, INTERVALS_PER_HOUR, EnergyService, Forecast, Health, PlantFacts, Problem
from steel_ui.expected import known, or_problem, problems_in
from steel_ui.outlook import Outlook, outlook

WEEK = dt.timedelta(days=7)
WARN_AT = 0.9
"""Share of the contracted demand from which a peak is worth a look."""
COLUMNS = ("usage_kwh", "peak_kw", "cost_krw", "intervals")
FACTORS = ("lagging_power_factor", "leading_power_factor")
"""Columns of a plant that meters electricity."""


@dataclass(frozen=True)
class Standing:
    """The figures of the overview; what could not be had is None.

    Attributes:
        ends: end of the known readings, on the plant's clock.
        plant: its contract.
        latest: the last interval.
        days: this month's days, oldest first, as far as they are known; the last one is today.
        week_ago: the same weekday a week before today.
        month: this month as a whole.
        bill: what this month costs so far, demand charge included.
        factor_t_per_kwh: CO2 of a kWh.
        peak_at: when today's highest demand was.
        ahead: the next 24 hours.
        drift: whether the readings still look like the training.
    """

    ends: dt.datetime
    plant: PlantFacts | None
    latest: HistoryRow
    days: tuple[HistoryRow, ...]
    week_ago: HistoryRow | None
    month: HistoryRow
    peak_at: dt.datetime
    bill: BillUnderTariff | None
    factor_t_per_kwh: float | None
    ahead: Outlook | None
    drift: DriftAnswer | None

    @property
    def today(self) -> HistoryRow:
        """The day of the last interval, as far as it is known."""
        return self.days[-1]

    @property
    def now_kw(self) -> float:
        """Mean power of the last interval."""
        return (self.latest.usage_kwh or 0) * INTERVALS_PER_HOUR

    @property
    def is_electric(self) -> bool:
        """Whether there is a power factor, and with it a demand charge."""
        return self.plant is None or self.plant.carrier == "electricity"

    @property
    def peak_day(self) -> HistoryRow:
        """The day of this month's highest demand so far."""
        return max(self.days, key=lambda day: day.peak_kw or 0)

    @property
    def contract_share(self) -> float | None:
        """This month's highest demand over the contracted one; None where no contract is known."""
        return (self.month.peak_kw or 0) / self.plant.contract_kw if self.plant else None

    @property
    def week_ago_is_whole(self) -> bool:
        """Whether today and the day a week ago may be compared: both are known to their ends."""
        return self.week_ago is not None and self.week_ago.intervals == self.today.intervals

    def co2_t(self, usage_kwh: float) -> float | None:
        """CO2 of an energy in tonnes."""
        return None if self.factor_t_per_kwh is None else usage_kwh * self.factor_t_per_kwh


async def standing(
    service: EnergyService, health: Health, plant: PlantFacts | None
) -> tuple[Standing | None, tuple[Problem, ...]]:
    """Ask for everything that the overview shows; None where there are no readings.

    Raises:
        ServiceError: the readings cannot be had; anything else that is missing is among the problems.
    """
    if health.readings_until is None:
        return None, (Problem(code="no_readings", what="the service has no readings"),)
    ends = health.readings_until
    last = ends - INTERVAL
    today = last.replace(hour=0, minute=0)
    month = today.replace(day=1)
    ask, own = service.ask, service.plant
    columns = COLUMNS if plant and plant.carrier != "electricity" else (*COLUMNS, *FACTORS)
    by_day = questions.history(start=min(month, today - WEEK), end=ends, aggregation="day", columns=columns, plant=own)
    by_month = questions.history(start=month, end=ends, aggregation="month", columns=columns, plant=own)
    quarters = questions.history(start=today, end=ends, plant=own)
    days, months, rows = await asyncio.gather(ask(by_day), ask(by_month), ask(quarters))
    billing, drifting = ask(questions.bill(start=month, end=ends, plant=own)), ask(questions.drift(plant=own))
    bill, model, forecast, drift = others = await asyncio.gather(
        or_problem(billing), or_problem(service.model_info()), or_problem(service.forecast()), or_problem(drifting)
    )
    if not (days.rows and months.rows and rows.rows):
        return None, (Problem(code="no_readings", what="the service has no readings"),)
    found, foreseen, expected = known(bill), known(model), known(forecast)
    return Standing(
        ends=ends,
        plant=plant,
        latest=rows.rows[-1],
        days=tuple(row for row in days.rows if row.interval_start >= month),
        week_ago=next((row for row in days.rows if row.interval_start == today - WEEK), None),
        month=months.rows[0],
        peak_at=_highest(rows.rows).interval_start,
        bill=_own_bill(found),
        factor_t_per_kwh=foreseen.nowcast.emission_factor_t_per_kwh if foreseen else None,
        ahead=_ahead(expected),
        drift=known(drift),
    ), problems_in(others)


def _highest(rows: Sequence[HistoryRow]) -> HistoryRow:
    return max(rows, key=lambda row: row.usage_kwh or 0)


def _own_bill(answer: BillAnswer | None) -> BillUnderTariff | None:
    return answer.bills[0] if answer else None


def _ahead(forecast: Forecast | None) -> Outlook | None:
    return outlook(forecast, None) if forecast else None
