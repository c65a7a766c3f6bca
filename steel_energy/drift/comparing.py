"""Drift: whether the newest readings still look like those that the champion was trained on.

Readings only; whether forecasts got worse is told by their errors (``streaming``, ``monitoring``). A week hangs
together, so any week differs from a year by far more than chance allows, and winter differs from summer. Therefore the
newest days are compared with the nearest days of the training of the same kind, and a figure has moved only where it
moved further than in nearly all stretches of the training itself, each measured in the same way. A training of another
season gives way to all days before, for both.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.drift import remedies
from steel_energy.drift.indices import bin_edges, psi
from steel_energy.drift.observed import KINDS
from steel_energy.drift.parting import Parts, parted
from steel_energy.drift.records import VERDICTS, ColumnDrift, Drift, DriftParams
from steel_energy.drift.usual import Counts, Usual, counted, usual_of
from steel_energy.drift.watched import Comparison, figures
from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_energy.sites import Site

COLUMNS = (*(column.name for column in MEASURED), LOAD_TYPE.name)


def drift(
    readings: pl.DataFrame,
    *,
    site: Site,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    repairs: pl.DataFrame | None = None,
    until: dt.datetime | None = None,
) -> Drift:
    """Compare the newest days of ``readings`` with the training's readings.

    Args:
        readings: data contract's readings of one plant, at least one row, in any order.
        site: plant and tariff: which days are closed, and which load types they should have.
        trained_from: start of the champion's training, with a zone.
        trained_until: its end, exclusive; readings of the newest days are never counted as the training's.
        params: how many days, bins and rows, and the limits.
        repairs: the audit of cleaning; without it, what cleaning changed is not told.
        until: end of the newest days, exclusive; the end of the readings by default. Of later readings only those of
            the training are looked at.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    parts = parted(
        readings, site=site, trained_from=trained_from, trained_until=trained_until, params=params, until=until
    )
    binned = [_binned(parts, number, params) for number in range(len(MEASURED))]
    binned.append(counted(parts.observed.load_type, parts.observed))
    usual = usual_of(
        parts.observed,
        parts.known_days,
        binned,
        newest=int(parts.newest_days[0]),
        meter=site.plant.meter,
        params=params,
    )
    columns = tuple(_column(parts, number, one, usual, params) for number, one in enumerate(binned))
    compared = Comparison(
        parts.observed, parts.newest, parts.trained, parts.known, parts.whole_days, parts.beside, usual
    )
    watched = figures(compared, repairs, plant=site.plant, params=params)
    zone = site.plant.zone
    end = in_zone(trained_until, zone)
    return Drift(
        newest_from=parts.newest_from,
        newest_until=parts.newest_until,
        newest_rows=int(parts.newest.sum()),
        trained_from=in_zone(trained_from, zone),
        trained_until=parts.newest_from if parts.newest_from < end <= parts.newest_until else end,
        trained_rows=int(parts.trained.sum()),
        reference=parts.told,
        reference_rows=int(parts.reference.sum()),
        verdict=max((one.verdict for group in (columns, watched) for one in group), key=VERDICTS.index),
        columns=columns,
        figures=watched,
    )


def reference(
    readings: pl.DataFrame,
    *,
    site: Site,
    trained_from: dt.datetime,
    trained_until: dt.datetime,
    params: DriftParams,
    until: dt.datetime | None = None,
) -> pl.DataFrame:
    """The rows that ``drift`` compares the newest ones with, as the data contract has them, in time order.

    Raises:
        NotEnoughDataError: fewer than ``min_rows`` readings on one side.
    """
    parts = parted(
        readings, site=site, trained_from=trained_from, trained_until=trained_until, params=params, until=until
    )
    return parts.readings.filter(parts.reference)


def _binned(parts: Parts, number: int, params: DriftParams) -> Counts:
    """A measured column by day and bin; the bins hold equal shares of the reference."""
    values = parts.observed.cells[:, number]
    edges = bin_edges(values[parts.reference], bins=params.bins)
    return counted(np.searchsorted(edges, values), parts.observed)


def _column(parts: Parts, number: int, binned: Counts, usual: Usual, params: DriftParams) -> ColumnDrift:
    name = COLUMNS[number]
    kinds = np.bincount(parts.observed.kind[parts.observed.day[parts.newest]], minlength=len(KINDS)).astype(float)
    expected = binned.expected(parts.beside, kinds)
    before = binned.of(parts.reference) if expected is None else expected
    index, usual_psi = psi(before, binned.of(parts.newest)), usual.index(number, share=params.usual_share)
    verdict = params.verdict(index, usual_psi, furthest=usual.index(number, share=1.0))
    return ColumnDrift(
        column=name,
        psi=index,
        usual_psi=usual_psi,
        verdict=verdict,
        remedy=remedies.of_column(name, verdict),
        **(_measured(parts, number) if name != LOAD_TYPE.name else {}),
    )


def _measured(parts: Parts, number: int) -> dict[str, float]:
    """What can be told of numbers alone."""
    from scipy.stats import ks_2samp  # noqa: PLC0415 - takes half a second, and parameters are read everywhere

    before, now = (parts.observed.cells[rows, number] for rows in (parts.reference, parts.newest))
    tested = ks_2samp(before, now, method="asymp")
    return {
        "ks_statistic": float(tested.statistic),
        "ks_p_value": float(tested.pvalue),
        "trained_mean": float(before.mean()),
        "newest_mean": float(now.mean()),
    }
