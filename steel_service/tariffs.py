"""Tariffs that a request names, from the folder of the tariff files, and the period that it wants billed."""

from __future__ import annotations

import datetime as dt

import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.config import ids_in
from steel_energy.errors import ConfigError
from steel_energy.history import readings_end
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.settings import SteelSettings
from steel_energy.tariff import Tariff, load_tariff
from steel_service.errors import ConflictError, NotReadyError, UnknownTariffError


def tariff_named(tariff_id: str, settings: SteelSettings, *, field: str) -> Tariff:
    """The tariff of an id, read anew, so that an edited file counts at once.

    Raises:
        UnknownTariffError: there is no such file; names ``field`` and the ids that there are.
        NotReadyError: the file does not validate, which is not the asker's fault.
    """
    known = ids_in(settings.tariffs_dir)
    if tariff_id not in known:
        remedy = f"known tariffs: {', '.join(known) or 'none; add a file to data/tariffs'}"
        raise UnknownTariffError(f"unknown tariff {tariff_id!r}", field=field, remedy=remedy).named(
            "unknown_tariff", tariff=tariff_id, known=", ".join(known)
        )
    try:
        return load_tariff(tariff_id, tariffs_dir=settings.tariffs_dir)
    except ConfigError as error:
        raise NotReadyError(f"the file of tariff {tariff_id} is faulty: {error.what}", remedy=error.remedy) from error


def measured_period(
    start: dt.datetime, end: dt.datetime, readings: pl.DataFrame, *, zone: str
) -> tuple[dt.datetime, dt.datetime]:
    """``[start, end)`` in the plant's zone.

    Raises:
        ConflictError: it is empty or reversed, off the 15-minute grid, or not wholly known.
    """
    since, until = in_zone(start, zone), in_zone(end, zone)
    first, last = readings["interval_start"][0], readings_end(readings)
    for field, moment in (("from", since), ("to", until)):
        if moment.minute % INTERVAL_MINUTES or moment.second or moment.microsecond:
            raise ConflictError("is no full quarter of an hour", field=field, remedy="use :00, :15, :30 or :45")
    if since.astimezone(dt.UTC) >= until.astimezone(dt.UTC):
        raise ConflictError(
            f"must lie before the end of the period, {until.isoformat()}", field="from", remedy="swap from and to"
        )
    for field, moment, is_known in (("from", since, since >= first), ("to", until, until <= last)):
        if not is_known:
            raise ConflictError(
                f"{moment.isoformat()} lies outside of the known readings",
                field=field,
                remedy=f"they reach from {first.isoformat()} to {last.isoformat()}",
            )
    return since, until
