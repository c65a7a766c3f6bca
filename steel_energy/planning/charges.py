"""What a tariff charges over a plan's intervals, as arrays: the same rules as ``billing``, which has the last word.

``tests/.../test_charges.py`` holds the two against each other. The power factor's part is not linear; ``slope`` gives
what it adds to prices near a load, and ``error_krw`` by how much that may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import BoolArray, FloatArray
from steel_energy.billing import RATCHET_MONTHS_BACK
from steel_energy.meter import FULL_PERCENT
from steel_energy.months import MONTH_FORMAT, month_start, shift_month
from steel_energy.planning.horizon import Horizon
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, INTERVALS_PER_HOUR
from steel_energy.tariff import PowerFactorClause, Tariff


@dataclass(frozen=True)
class Load:
    """A load by interval: active and reactive energies."""

    usage_kwh: FloatArray
    lagging_kvarh: FloatArray
    leading_kvarh: FloatArray

    def frame(self, horizon: Horizon) -> pl.DataFrame:
        """As bills read it."""
        return pl.DataFrame(
            {
                "interval_start": horizon.grid,
                "usage_kwh": self.usage_kwh,
                "lagging_reactive_kvarh": self.lagging_kvarh,
                "leading_reactive_kvarh": self.leading_kvarh,
            }
        )


@dataclass(frozen=True)
class Clause:
    """A power-factor clause and the intervals of a month that it counts."""

    rule: PowerFactorClause
    counts: BoolArray

    def energies(self, load: Load) -> tuple[float, float]:
        """Active and reactive energy that it counts."""
        reactive = load.lagging_kvarh if self.rule.reactive == "lagging" else load.leading_kvarh
        return float(load.usage_kwh[self.counts].sum()), float(reactive[self.counts].sum())

    def points(self, active_kwh: float, reactive_kvarh: float) -> float:
        """Points that are billed for these energies."""
        apparent = float(np.hypot(active_kwh, reactive_kvarh))
        return self.rule.points(FULL_PERCENT * active_kwh / apparent if apparent else float(FULL_PERCENT))

    def slopes(self, active_kwh: float, reactive_kvarh: float) -> tuple[float, float]:
        """What a kWh and a kvarh more add to the points; nothing beyond the best power factor that counts."""
        apparent = float(np.hypot(active_kwh, reactive_kvarh))
        best = self.rule.limit_percent if self.rule.credit_until_percent is None else self.rule.credit_until_percent
        if not apparent or FULL_PERCENT * active_kwh / apparent >= best:
            return 0.0, 0.0
        scale = FULL_PERCENT / apparent**3
        return -scale * reactive_kvarh**2, scale * active_kwh * reactive_kvarh


@dataclass(frozen=True)
class Month:
    """A calendar month's demand charge over the period.

    Attributes:
        own: intervals of the month.
        counts: intervals whose demand counts for it: its own, and earlier ones of the period by the ratchet.
        floor_kw: demand that is billed anyhow: of earlier readings and of the contract.
        krw_per_kw: price of a kW, for the month's share that lies in the period.
    """

    month: str
    own: BoolArray
    counts: BoolArray
    floor_kw: float
    krw_per_kw: float
    clauses: tuple[Clause, ...]

    def demand_kw(self, usage_kwh: FloatArray) -> float:
        """The demand that is billed."""
        return max(self.floor_kw, float(usage_kwh[self.counts].max()) * INTERVALS_PER_HOUR)


@dataclass(frozen=True)
class Charges:
    """All that the tariff charges over the period.

    Attributes:
        energy_krw_per_kwh: price of each interval, the tariff's CO2 price left out.
        billing_band: of each interval.
        co2_krw_per_kwh: the tariff's CO2 price at the meter's factor.
    """

    energy_krw_per_kwh: FloatArray
    billing_band: pl.Series
    co2_krw_per_kwh: float
    months: tuple[Month, ...]

    def cost_krw(self, load: Load) -> float:
        """What ``billing.bill`` bills for the load."""
        total = float(load.usage_kwh @ (self.energy_krw_per_kwh + self.co2_krw_per_kwh))
        for month in self.months:
            points = sum(
                clause.rule.share_per_point * clause.points(*clause.energies(load)) for clause in month.clauses
            )
            total += month.krw_per_kw * month.demand_kw(load.usage_kwh) * (1 + points)
        return total


def charges_of(horizon: Horizon, *, plant: Plant, tariff: Tariff, known: pl.DataFrame) -> Charges:
    """The charges of a period.

    Args:
        horizon: the period.
        plant: gives contracted demand and emission factor.
        tariff: which need not be the plant's own.
        known: readings before the period; may be empty.
    """
    billed = tariff.billed(horizon.grid)
    months = horizon.grid.dt.strftime(MONTH_FORMAT)
    peaks = _peaks(known)
    return Charges(
        energy_krw_per_kwh=billed["energy_krw_per_kwh"].to_numpy(),
        billing_band=billed["billing_band"],
        co2_krw_per_kwh=tariff.co2_krw_per_t * plant.meter.emission_factor_t_per_kwh,
        months=tuple(
            _month(month, horizon, months, peaks, plant=plant, tariff=tariff) for month in months.unique().sort()
        ),
    )


def _peaks(known: pl.DataFrame) -> dict[str, float]:
    """Highest demand of each month with readings, kW."""
    by_month = known.group_by(month=pl.col("interval_start").dt.strftime(MONTH_FORMAT))
    return dict(by_month.agg(pl.col("usage_kwh").max() * INTERVALS_PER_HOUR).iter_rows())


def _month(
    month: str, horizon: Horizon, months: pl.Series, peaks: dict[str, float], *, plant: Plant, tariff: Tariff
) -> Month:
    earlier = [shift_month(month, -back) for back in range(1, RATCHET_MONTHS_BACK + 1)]
    counted = [month, *(one for one in earlier if int(one[-2:]) in tariff.demand.ratchet_months)]
    own = (months == month).to_numpy()
    length = month_start(shift_month(month, 1), zone=horizon.zone).timestamp()
    length -= month_start(month, zone=horizon.zone).timestamp()
    share = float(own.sum()) * INTERVAL.total_seconds() / length
    return Month(
        month=month,
        own=own,
        counts=months.is_in(counted).to_numpy(),
        floor_kw=max(
            tariff.demand.min_contract_share * plant.contract_kw, *(peaks.get(one, 0.0) for one in counted), 0.0
        ),
        krw_per_kw=tariff.demand.krw_per_kw * share,
        clauses=tuple(Clause(rule, own & _counts(rule, horizon)) for rule in tariff.power_factor),
    )


def _counts(rule: PowerFactorClause, horizon: Horizon) -> BoolArray:
    return pl.DataFrame({"hour": horizon.grid.dt.hour()}).select(rule.counts(pl.col("hour"))).to_series().to_numpy()
