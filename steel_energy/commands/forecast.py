"""``steel forecast``: the champion's forecast from the lake's readings or a file, reading nothing after the origin."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from steel_energy.calendar import in_utc, in_zone
from steel_energy.cleaning import clean, place
from steel_energy.commands.files import (
    OutFile,
    PlantId,
    ReadingsFile,
    chosen_plant,
    require_ending,
    require_other_file,
    working,
    write_frame,
)
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.schema import readings_schema, require_schema
from steel_energy.settings import SteelSettings
from steel_energy.sites import Site
from steel_energy.sources.file import read_csv
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, check_horizon


def forecast_command(
    out: OutFile,
    *,
    readings: ReadingsFile = None,
    at: Annotated[
        str | None, typer.Option(help="Origin, as 2018-11-06T07:15 in plant time; the end of the readings if left out.")
    ] = None,
    horizon: Annotated[int, typer.Option(help="Intervals of 15 minutes, 1 to 672.")] = DEFAULT_HORIZON,
    plant: PlantId = None,
) -> None:
    """Forecast the usage of the next intervals with the plant's champion: mean and quantiles in kWh.

    Where the champion cannot answer, the previous champion, the global model or the newest similar day does; that is
    said.

    Example: `steel forecast --at 2018-11-06T07:15 --horizon 96 --out forecast.parquet`
    """
    from steel_energy.ladder import forecast_from_disk  # noqa: PLC0415 - lightgbm would slow down every command

    require_ending(out, ".parquet", ".csv")
    if readings:
        require_other_file(out, readings)
    check_horizon(horizon)
    settings = SteelSettings()
    site = Site(*chosen_plant(plant, settings))
    zone, params = site.plant.zone, load_params(settings.params_file, profile=settings.profile).forecasting
    origin = None if at is None else parse_moment(at, field="--at", zone=zone)
    with working("forecasting"):
        lake = Lake(settings.lake_root)
        history = read_history(readings, origin, plant=site.plant, tariff=site.tariff, lake=lake)
        start = in_zone(origin or readings_end(history), zone)
        answered = forecast_from_disk(
            settings.bundles_dir, site, history=history, origin=start, horizon=horizon, params=params
        )
        write_frame(answered.value, out)
    manifest = answered.served.manifest
    typer.echo(f"{horizon} x 15 minutes from {start.isoformat()} by {manifest.model} {manifest.version}: {out}")
    until = in_zone(manifest.trained_until_for(start), zone)
    typer.echo(f"fitted on readings before {until.isoformat()}")
    if manifest.label:
        typer.echo(f"{manifest.model}: {manifest.label}")
    if answered.fallback:
        typer.echo(f"note: not the champion, the {answered.step} answers. {answered.fallback.because}", err=True)
    if start < until:
        typer.echo("note: no fit is as old as --at, so this says little of the model's accuracy", err=True)


def parse_moment(text: str, *, field: str, zone: str) -> dt.datetime:
    """An ISO 8601 moment in UTC; without an offset it is plant time.

    Raises:
        InputError: it is no such moment.

    >>> parse_moment("2018-11-06T09:00", field="--at", zone="Asia/Seoul").isoformat()
    '2018-11-06T00:00:00+00:00'
    """
    try:
        return in_utc(dt.datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text!r} is no time", field=field, remedy="write it as 2018-11-06T07:15") from error


def read_history(
    file: Path | None, origin: dt.datetime | None, *, plant: Plant, tariff: Tariff, lake: Lake
) -> pl.DataFrame:
    """Readings in the data contract that start before ``origin``, all of them where it is None.

    Args:
        file: data contract in Parquet, or any meter export, which is cleaned; None for the lake.
        origin: rows at or after it are dropped before anything is repaired.
        plant: whose readings.
        tariff: its bands.
        lake: where the cleaned readings lie.

    Raises:
        InputError: the file is of another plant, or not a meter export.
        NotEnoughDataError: the lake has no readings of the plant, or the file none before ``origin``.
    """
    before = pl.lit(value=True) if origin is None else pl.col("interval_start").dt.convert_time_zone("UTC") < origin
    if file is None:
        return lake.read(CLEANED_READINGS, plant.id).filter(before)
    contract = readings_schema(plant.zone)
    raw = read_csv(file, plant=plant)
    if file.suffix == ".parquet" and set(contract) <= set(pl.read_parquet_schema(file)):
        return require_schema(pl.read_parquet(file), contract).filter(before)
    placed = place(raw.rows, plant)
    known = placed.filter(before)
    if known.is_empty():
        raise NotEnoughDataError("no reading lies before --at", field=str(file), remedy="choose a later --at")
    end = origin if known.height < placed.height else None
    return clean(known, plant=plant, tariff=tariff, end=end).readings
