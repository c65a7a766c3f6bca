"""What is injected: the shifts that ``steel shift`` makes at every size, and others that nothing was designed by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.calendar import in_zone
from steel_energy.plant import Plant
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR, LOAD_TYPES, LoadType
from steel_energy.simulation.metering import metered
from steel_energy.simulation.shift import ENERGIES, SHIFTS, ShiftKind, shifted

SIZES: dict[ShiftKind, tuple[float, ...]] = {
    "co2_level": (0.1, 0.2, 0.5),
    "load_type_mix": (0.125, 0.25, 0.5),
    "outliers": (0.005, 0.01, 0.02, 0.05),
    "level_shift": (-0.3, 0.1, 0.2, 0.3, 0.5),
    "stuck_sensor": (0.05, 0.1, 0.25, 1.0),
    "shift_pattern": (0.1, 0.25, 0.5),
    "seasonal": (0.2, 0.4),
}
THIRD_MORE, BASE_KWH, TAN_PHI = 1.3, 10.0, 0.5  # 10 kWh in 15 minutes are 40 kW, twice the idle plant and more
RANDOM_SHARE = 0.3
EIGHT_HOURS = INTERVALS_PER_DAY // 3
COMPENSATED_HOURS = (9, 21)  # of the day, when the plant's capacitors are switched on
SPIKES_SHARE, SPIKE_FACTORS = 0.05, (3.0, 6.0)

Send = Callable[[pl.DataFrame, Plant, np.random.Generator], pl.DataFrame]
Energies = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class Cause:
    """Something that shifts readings.

    Attributes:
        name: of a kind of shift, or in words.
        size: of the shift; None for what has none.
        is_physical: whether the readings still obey the meter's physics, so that cleaning lets them through.
        send: what the meter sends from a moment on, beside the readings before.
    """

    name: str
    size: float | None
    is_physical: bool
    send: Callable[[pl.DataFrame, dt.datetime, Plant], pl.DataFrame]


def shifts(kinds: Iterable[str]) -> list[Cause]:
    """The kinds of ``steel shift``: all at their usual size first, then at the other ones."""
    every = [
        Cause(kind, size, SHIFTS[kind].is_physical, _shift(kind, size))
        for kind, sizes in SIZES.items()
        for size in (sizes if kind in kinds else ())
    ]
    return sorted(every, key=lambda cause: not is_usual(cause))


def is_usual(cause: Cause) -> bool:
    """Whether the size is the one that ``steel shift`` takes by itself."""
    return cause.name in SHIFTS and cause.size == SHIFTS[cause.name].size


def others() -> Iterator[Cause]:
    """Other things that happen to plants and meters."""
    for name, (is_physical, send) in OTHERS.items():
        yield Cause(name, None, is_physical, _other(send))


def _shift(kind: ShiftKind, size: float) -> Callable[[pl.DataFrame, dt.datetime, Plant], pl.DataFrame]:
    def send(readings: pl.DataFrame, start: dt.datetime, plant: Plant) -> pl.DataFrame:
        return shifted(readings, kind=kind, size=size, start=start, seed=start.toordinal(), plant=plant)

    return send


def _other(change: Send) -> Callable[[pl.DataFrame, dt.datetime, Plant], pl.DataFrame]:
    def send(readings: pl.DataFrame, start: dt.datetime, plant: Plant) -> pl.DataFrame:
        is_new = pl.col("interval_start") >= in_zone(start, plant.zone)
        new = change(readings.filter(is_new), plant, np.random.default_rng(start.toordinal()))
        return pl.concat([readings.filter(~is_new), new.select(readings.columns)])

    return send


def _flows(new: pl.DataFrame) -> Energies:
    usage, lagging, leading = (new[name].to_numpy() for name in ENERGIES)
    return usage, lagging, leading


def _shown(new: pl.DataFrame, plant: Plant, flows: Energies) -> pl.DataFrame:
    return new.with_columns(**metered(*flows, meter=plant.meter))


def _usage_alone(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    usage, lagging, leading = _flows(new)
    return _shown(new, plant, (THIRD_MORE * usage, lagging, leading))


def _usage_cell(new: pl.DataFrame, _: Plant, __: np.random.Generator) -> pl.DataFrame:
    return new.with_columns((pl.col("usage_kwh") * THIRD_MORE).round(2))


def _base_load(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    usage, lagging, leading = _flows(new)
    net = lagging - leading + TAN_PHI * BASE_KWH
    both = np.minimum(lagging, leading)
    return _shown(new, plant, (usage + BASE_KWH, np.maximum(net, 0) + both, np.maximum(-net, 0) + both))


def _capacitors_off(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    usage, lagging, leading = _flows(new)
    compensated = plant.load.capacitors[0].power_share * plant.contract_kw / INTERVALS_PER_HOUR
    is_on = new["interval_start"].dt.hour().is_between(*COMPENSATED_HOURS).to_numpy()
    net = lagging - leading + np.where(is_on, compensated, 0)
    return _shown(new, plant, (usage, np.maximum(net, 0), np.maximum(-net, 0)))


def _rolled(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    usage, lagging, leading = (np.roll(flow, EIGHT_HOURS) for flow in _flows(new))
    return _shown(new, plant, (usage, lagging, leading))


def _night_work(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    usage, lagging, leading = _flows(new)
    work = np.concatenate([np.zeros(min(INTERVALS_PER_DAY // 2, usage.size)), usage[: -INTERVALS_PER_DAY // 2]])
    extra = np.maximum(work - np.quantile(usage, 0.25), 0)
    return _shown(new, plant, (usage + extra, lagging + TAN_PHI * extra, leading))


def _random_types(new: pl.DataFrame, _: Plant, rng: np.random.Generator) -> pl.DataFrame:
    drawn = pl.Series([LOAD_TYPES[one] for one in rng.integers(3, size=new.height)], dtype=LoadType)
    is_drawn = pl.Series(rng.random(new.height) < RANDOM_SHARE)
    return new.with_columns(load_type=pl.when(is_drawn).then(drawn).otherwise("load_type"))


def _all_maximum(new: pl.DataFrame, _: Plant, __: np.random.Generator) -> pl.DataFrame:
    return new.with_columns(load_type=pl.lit("maximum", LoadType))


def _usage_stuck(new: pl.DataFrame, _: Plant, __: np.random.Generator) -> pl.DataFrame:
    return new.with_columns(pl.col("usage_kwh").first())


def _reads_nothing(new: pl.DataFrame, plant: Plant, _: np.random.Generator) -> pl.DataFrame:
    nothing = np.zeros(new.height)
    return _shown(new, plant, (nothing, nothing, nothing))


def _spikes(new: pl.DataFrame, plant: Plant, rng: np.random.Generator) -> pl.DataFrame:
    factor = np.where(rng.random(new.height) < SPIKES_SHARE, rng.uniform(*SPIKE_FACTORS, new.height), 1.0)
    limit = 1.4 * plant.contract_kw / INTERVALS_PER_HOUR
    usage, lagging, leading = (np.minimum(factor * flow, np.maximum(flow, limit)) for flow in _flows(new))
    return _shown(new, plant, (usage, lagging, leading))


def _noise(new: pl.DataFrame, _: Plant, rng: np.random.Generator) -> pl.DataFrame:
    return new.with_columns((pl.col("usage_kwh") * pl.Series(rng.normal(1, 0.2, new.height)).clip(0)).round(2))


OTHERS: dict[str, tuple[bool, Send]] = {
    "30 % more active energy, reactive as before": (True, _usage_alone),
    "usage cell 30 % too high, the rest true": (False, _usage_cell),
    "40 kW more around the clock": (True, _base_load),
    "a capacitor bank fails": (True, _capacitors_off),
    "everything eight hours later": (True, _rolled),
    "a night shift on top of the day's": (True, _night_work),
    "30 % of load types at random": (False, _random_types),
    "every load type maximum": (False, _all_maximum),
    "usage register hangs, the rest goes on": (False, _usage_stuck),
    "meter reads nothing": (False, _reads_nothing),
    "one reading in 20 three to six times as large, all cells agree": (True, _spikes),
    "usage cell off by 20 % at random": (False, _noise),
}
"""Whether the meter's physics still hold, and how; nothing in ``drift`` was made for these."""
