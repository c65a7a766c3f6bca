"""The core of cleaning in pandas and in DuckDB's SQL: peers of ``steel_energy.cleaning``, from CSV file to clean rows.

What both say naturally: cells to numbers; labels to the start of their interval, 00:00 ending its own date, an
unreadable one standing after the row before it; of several rows of an interval the most readable; values out of range
or against the meter's relations are unknown; unknown ones from the row's others, in closed form and rounded to the
pulse grid; what is left from the rows before and after; load types from the calendar, which they are given.
They have no audit, no other notation, unit or date format, no row out of place and no search for the cell that lies.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.cleaning.physics import largest_kwh
from steel_energy.months import first_day, shift_month
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.tariff import Tariff

LABEL = "%d/%m/%Y %H:%M"
SHOWN = 0.006  # a power factor or CO2 further than this from what the meter computes is contradicted
FACTORS = {"lagging_reactive_kvarh": "lagging_power_factor", "leading_reactive_kvarh": "leading_power_factor"}
ENERGIES = ("usage_kwh", *FACTORS)
READ = (*ENERGIES, *FACTORS.values(), "co2_t")


@dataclass(frozen=True)
class Facts:
    """What both are told of a plant: its meter, and each interval's wall-clock ``interval_start`` and ``load_type``."""

    pulse_kwh: float
    t_per_kwh: float
    largest_kwh: float
    calendar: pl.DataFrame

    @classmethod
    def of(cls, plant: Plant, tariff: Tariff) -> Facts:
        """Those of a plant's whole period; it has no clock changes."""
        months = (plant.first_month, shift_month(plant.last_month, 1))
        start, end = (dt.datetime.combine(first_day(month), dt.time()) for month in months)
        known = known_ahead(interval_grid(start, end, zone=plant.zone), plant=plant, tariff=tariff)
        calendar = known.select(
            pl.col("interval_start").dt.replace_time_zone(None), pl.col("load_type").cast(pl.String)
        )
        return cls(plant.meter.pulse_kwh, plant.meter.emission_factor_t_per_kwh, largest_kwh(plant), calendar)


def cleaned_by_pandas(csv: Path, facts: Facts) -> pl.DataFrame:
    """One row for each interval of the calendar."""
    raw = pd.read_csv(csv, dtype=str, encoding="utf-8-sig")
    step = pd.Timedelta(minutes=INTERVAL_MINUTES)
    label = pd.to_datetime(raw[PUBLISHED_HEADER["label"]], format=LABEL, errors="coerce")
    start = label + pd.Timedelta(days=1) * (label.dt.normalize() == label) - step
    rows = pd.DataFrame(
        {name: pd.to_numeric(raw[PUBLISHED_HEADER[name]].str.strip(), errors="coerce") for name in READ}
    )
    for name in READ:
        most = 100.0 if name in FACTORS.values() else facts.largest_kwh
        rows[name] = rows[name].where(rows[name].between(0, most))
    rows["readable"] = rows.notna().sum(axis=1)
    rows["interval_start"] = start.fillna(start.shift() + step)
    rows = rows.dropna(subset="interval_start").sort_values(
        ["interval_start", "readable"], ascending=[True, False], kind="stable"
    )
    calendar = facts.calendar.to_pandas().set_index("interval_start")
    rows = rows.drop_duplicates("interval_start").set_index("interval_start")[list(READ)].reindex(calendar.index)
    _complete(rows, facts)
    return pl.from_pandas(rows.assign(load_type=calendar["load_type"]).reset_index())


def _complete(rows: pd.DataFrame, facts: Facts) -> None:
    """Forget what contradicts the rest, then work out what is unknown, in place."""

    def on_grid(energy: pd.Series) -> pd.Series:
        return (np.round(energy / facts.pulse_kwh) * facts.pulse_kwh).round(2)

    usage = rows["usage_kwh"]
    odd = {q: (_factor(usage, rows[q]) - rows[pf]).abs() > SHOWN for q, pf in FACTORS.items()}
    odd_co2 = (usage * facts.t_per_kwh - rows["co2_t"]).abs() > SHOWN
    lies = pd.concat([*odd.values(), odd_co2], axis=1).sum(axis=1) > 1
    rows["usage_kwh"] = usage.mask(lies)
    rows["co2_t"] = rows["co2_t"].mask(odd_co2 & ~lies)
    for q in FACTORS:
        rows[q] = rows[q].mask(odd[q] & ~lies)
    for q, pf in FACTORS.items():
        share = (rows[pf] / 100).where(rows[pf].between(1, 99.99) & (rows[q] > 0))
        rows["usage_kwh"] = rows["usage_kwh"].fillna(on_grid(rows[q] * share / np.sqrt(1 - share**2)))
    rows["usage_kwh"] = on_grid(rows["usage_kwh"].interpolate(limit_direction="both"))
    for q, pf in FACTORS.items():
        share = (rows[pf] / 100).where(rows[pf] > 0)
        rows[q] = rows[q].fillna(on_grid(rows["usage_kwh"] * np.sqrt(1 / share**2 - 1)))
        rows[q] = on_grid(rows[q].interpolate(limit_direction="both"))
        rows[pf] = rows[pf].fillna(_factor(rows["usage_kwh"], rows[q]).round(2))
    rows["co2_t"] = rows["co2_t"].fillna((rows["usage_kwh"] * facts.t_per_kwh).round(2))


def _factor(usage: pd.Series, reactive: pd.Series) -> pd.Series:
    """Power factor in percent; unknown where there is no energy at all."""
    return 100 * usage / np.hypot(usage, reactive).replace(0, np.nan)


MACROS = """
CREATE MACRO factor(p, q) AS 100 * p / nullif(sqrt(p * p + q * q), 0);
CREATE MACRO on_grid(e) AS round(round(e / {pulse}) * {pulse}, 2);
CREATE MACRO usage_of(q, pf) AS
  CASE WHEN q > 0 AND pf BETWEEN 1 AND 99.99 THEN on_grid(q * pf / 100 / sqrt(1 - pow(pf / 100, 2))) END;
CREATE MACRO reactive_of(p, pf) AS CASE WHEN pf > 0 THEN on_grid(p * sqrt(1 / pow(pf / 100, 2) - 1)) END;
CREATE MACRO contradicts(computed, shown) AS coalesce(abs(computed - shown) > {shown}, false);
"""

SQL = """
WITH raw AS (SELECT row_number() OVER () AS n, * FROM read_csv({csv!r}, all_varchar = true, header = true)),
read AS (SELECT n, try_strptime({date}, '{label}') AS label, {numbers} FROM raw),
placed AS (
  SELECT *, CASE WHEN label = date_trunc('day', label) THEN label + INTERVAL 1 DAY ELSE label END
    - INTERVAL {minutes} MINUTE AS start
  FROM read),
ranked AS (
  SELECT *, coalesce(start, lag(start) OVER (ORDER BY n) + INTERVAL {minutes} MINUTE) AS interval_start,
    {readable} AS readable
  FROM placed),
single AS (
  SELECT * FROM ranked WHERE interval_start IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY interval_start ORDER BY readable DESC, n) = 1),
grid AS (SELECT c.interval_start, c.load_type, single.* EXCLUDE (interval_start)
  FROM calendar c LEFT JOIN single USING (interval_start)),
judged AS (
  SELECT *, contradicts(factor(usage_kwh, lagging_reactive_kvarh), lagging_power_factor) AS odd_lagging,
    contradicts(factor(usage_kwh, leading_reactive_kvarh), leading_power_factor) AS odd_leading,
    contradicts(usage_kwh * {t_per_kwh}, co2_t) AS odd_co2,
    odd_lagging::INT + odd_leading::INT + odd_co2::INT > 1 AS lies
  FROM grid),
trusted AS (
  SELECT * REPLACE (
    CASE WHEN NOT lies THEN usage_kwh END AS usage_kwh,
    CASE WHEN lies OR NOT odd_co2 THEN co2_t END AS co2_t,
    CASE WHEN lies OR NOT odd_lagging THEN lagging_reactive_kvarh END AS lagging_reactive_kvarh,
    CASE WHEN lies OR NOT odd_leading THEN leading_reactive_kvarh END AS leading_reactive_kvarh)
  FROM judged),
used AS (
  SELECT * REPLACE (coalesce(usage_kwh, usage_of(lagging_reactive_kvarh, lagging_power_factor),
    usage_of(leading_reactive_kvarh, leading_power_factor)) AS usage_kwh)
  FROM trusted),
whole AS (
  SELECT * REPLACE (on_grid(fill(usage_kwh ORDER BY interval_start) OVER (ORDER BY interval_start)) AS usage_kwh)
  FROM used),
known AS (
  SELECT * REPLACE (
    coalesce(lagging_reactive_kvarh, reactive_of(usage_kwh, lagging_power_factor)) AS lagging_reactive_kvarh,
    coalesce(leading_reactive_kvarh, reactive_of(usage_kwh, leading_power_factor)) AS leading_reactive_kvarh)
  FROM whole),
filled AS (
  SELECT * REPLACE (
    on_grid(fill(lagging_reactive_kvarh ORDER BY interval_start) OVER (ORDER BY interval_start))
      AS lagging_reactive_kvarh,
    on_grid(fill(leading_reactive_kvarh ORDER BY interval_start) OVER (ORDER BY interval_start))
      AS leading_reactive_kvarh)
  FROM known)
SELECT interval_start, usage_kwh, lagging_reactive_kvarh, leading_reactive_kvarh,
  coalesce(lagging_power_factor, round(factor(usage_kwh, lagging_reactive_kvarh), 2)) AS lagging_power_factor,
  coalesce(leading_power_factor, round(factor(usage_kwh, leading_reactive_kvarh), 2)) AS leading_power_factor,
  coalesce(co2_t, round(usage_kwh * {t_per_kwh}, 2)) AS co2_t, load_type
FROM filled ORDER BY interval_start
"""


def cleaned_by_duckdb(csv: Path, facts: Facts) -> pl.DataFrame:
    """One row for each interval of the calendar."""

    def in_range(name: str) -> str:
        most = 100.0 if name in FACTORS.values() else facts.largest_kwh
        number = f'try_cast(trim("{PUBLISHED_HEADER[name]}") AS DOUBLE)'
        return f"CASE WHEN {number} BETWEEN 0 AND {most} THEN {number} END AS {name}"

    query = SQL.format(
        csv=str(csv),
        date=f'"{PUBLISHED_HEADER["label"]}"',
        label=LABEL,
        minutes=INTERVAL_MINUTES,
        numbers=", ".join(in_range(name) for name in READ),
        readable=" + ".join(f"({name} IS NOT NULL)::INT" for name in READ),
        t_per_kwh=facts.t_per_kwh,
    )
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("calendar", facts.calendar.to_arrow())
        database.execute(MACROS.format(pulse=facts.pulse_kwh, shown=SHOWN))
        return database.sql(query).pl()
