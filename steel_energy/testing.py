"""A toy plant whose numbers a person can check: one pulse is 1 kWh, 1 kg of CO2 a kWh, closed on Sundays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from steel_energy.artifacts import BundleFacts
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.meter import co2_t, energy_of_pulses, power_factor_percent
from steel_energy.plant import Meter, Plant, ProductionCalendar
from steel_energy.schema import HOURS_PER_DAY, readings_schema, require_schema
from steel_energy.tariff import DemandCharge, Season, Tariff

TOY_BANDS = "L" * 8 + "M" * 4 + "X" * 4 + "M" * 4 + "L" * 4
"""Light 20-08, medium 08-12 and 16-20, maximum 12-16."""


def toy_tariff() -> Tariff:
    """Prices 1, 2 and 3 KRW/kWh all year, no public holidays beyond Korea's, 10 KRW/kW of demand."""
    season = Season(
        months=tuple(range(1, 13)),
        bands=TOY_BANDS,
        energy_krw_per_kwh={"light": 1.0, "medium": 2.0, "maximum": 3.0},
    )
    return Tariff(
        id="toy",
        name="Toy tariff",
        source="made up for tests",
        valid_from=dt.date(2018, 1, 1),
        valid_to=dt.date(2018, 12, 31),
        country="KR",
        saturday_maximum_as="medium",
        holiday_as="light",
        demand=DemandCharge(krw_per_kw=10),
        seasons={"all-year": season},
    )


def toy_plant(*, zone: str = "Asia/Seoul", pulse_kwh: float = 1.0) -> Plant:
    """A plant that runs Monday to Saturday in January and February 2018; readings may be posted up to April."""
    return Plant(
        id="toy",
        name="Toy plant",
        zone=zone,
        first_month="2018-01",
        last_month="2018-02",
        open_until="2018-04",
        contract_kw=400,
        tariff="toy",
        meter=Meter(pulse_kwh=pulse_kwh, emission_factor_t_per_kwh=0.001),
        calendar=ProductionCalendar(closed_weekdays=frozenset({"sunday"})),
    )


def toy_fuel_plant(*, pulse_litres: float = 0.1) -> Plant:
    """The toy plant burning diesel of 10 kWh and 2.7 kg of CO2 a litre, 40 litres an hour at most."""
    return Plant.model_validate(
        toy_plant().model_dump(exclude={"meter", "contract_kw"})
        | {
            "carrier": "diesel",
            "kwh_per_litre": 10.0,
            "contract_litres_per_hour": 40,
            "tariff": "toy-fuel",
            "meter": {"pulse_litres": pulse_litres, "emission_factor_t_per_litre": 0.0027},
        }
    )


def toy_fuel_tariff() -> Tariff:
    """1,500 KRW a litre, and 1,800 from July on."""
    year = {"bands": "L" * HOURS_PER_DAY}
    return Tariff.model_validate(
        toy_tariff().model_dump(exclude={"demand", "seasons"})
        | {
            "id": "toy-fuel",
            "carrier": "diesel",
            "kwh_per_litre": 10.0,
            "saturday_maximum_as": "light",
            "seasons": {
                "first-half": year | {"months": range(1, 7), "price_krw_per_litre": {"light": 1500}},
                "second-half": year | {"months": range(7, 13), "price_krw_per_litre": {"light": 1800}},
            },
        }
    )


TOY_USAGE_KWH = {"light": 2.0, "medium": 10.0, "maximum": 20.0}


def toy_facts(**changes: Any) -> BundleFacts:  # noqa: ANN401 - any field of the record
    """What a bundle of the toy plant's first two months says of itself, with ``changes``."""
    facts = BundleFacts(
        plant="toy",
        model="seasonal_naive",
        trained_from=dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        trained_until=dt.datetime(2018, 3, 1, tzinfo=dt.UTC),
        source={"kind": "simulated", "location": "toy"},
        data_sha256="0" * 64,
        params={},
        metrics={},
    )
    return BundleFacts.model_validate(facts.model_dump() | changes)


def toy_readings(*, days: int, plant: Plant | None = None, first: dt.date = dt.date(2018, 1, 1)) -> pl.DataFrame:
    """Readings of the toy plant that a person can foretell: usage 2, 10 or 20 kWh by load type, nothing else moves.

    Reactive energy is half of the usage while it lags and never leads, so the lagging power factor is 89.44 %.
    """
    plant = plant or toy_plant()
    grid = interval_grid(
        dt.datetime.combine(first, dt.time()),
        dt.datetime.combine(first + dt.timedelta(days=days), dt.time()),
        zone=plant.zone,
    )
    usage = pl.col("load_type").cast(pl.String).replace_strict(TOY_USAGE_KWH, return_dtype=pl.Float64)
    frame = known_ahead(grid, plant=plant, tariff=toy_tariff()).with_columns(
        plant=pl.lit(plant.id),
        usage_kwh=usage,
        lagging_reactive_kvarh=usage / 2,
        leading_reactive_kvarh=pl.lit(0.0),
        lagging_power_factor=pl.lit(89.44),
        leading_power_factor=pl.lit(100.0),
        co2_t=(usage * plant.meter.emission_factor_t_per_kwh).round(2),
    )
    return require_schema(frame, readings_schema(plant.zone))


def varied_readings(*, days: int, plant: Plant, seed: int = 1) -> pl.DataFrame:
    """Readings as a plant's meter would show them, usage and reactive energy drawn at random: nothing to foretell.

    Usage 3 to 90 kWh; lagging reactive energy up to half of it, and in a third of the readings a little leading one.
    """
    random, frame = np.random.default_rng(seed), toy_readings(days=days, plant=plant)
    rows, pulse = frame.height, plant.meter.pulse_kwh
    drawn_kwh = np.exp(random.uniform(np.log(3), np.log(90), rows))
    lagging_kvarh = drawn_kwh * random.uniform(0, 0.5, rows)
    leading_kvarh = np.where(random.random(rows) < 1 / 3, drawn_kwh * random.uniform(0, 0.1, rows), 0.0)
    usage, lagging, leading = (
        energy_of_pulses(np.rint(drawn / pulse), plant.meter) for drawn in (drawn_kwh, lagging_kvarh, leading_kvarh)
    )
    return frame.with_columns(
        pl.Series("usage_kwh", usage),
        pl.Series("lagging_reactive_kvarh", lagging),
        pl.Series("leading_reactive_kvarh", leading),
        pl.Series("lagging_power_factor", power_factor_percent(usage, lagging)),
        pl.Series("leading_power_factor", power_factor_percent(usage, leading)),
        pl.Series("co2_t", co2_t(usage, plant.meter)),
    )
