"""One row for each interval: which of several rows of an interval stands, and what the others lend it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import IntArray
from steel_energy.cleaning.cells import CELLS, is_copy, read_load_types, read_numbers
from steel_energy.cleaning.physics import contradicts, plausible
from steel_energy.cleaning.placement import UNPLACEABLE
from steel_energy.plant import Plant
from steel_energy.schema import LOAD_TYPE

SHOWN = [*CELLS, LOAD_TYPE.name]
CONTRADICTION_COST = 3  # readable cells that weigh as much as one contradiction between them


@dataclass(frozen=True)
class Copies:
    """The rows of each interval, sorted out.

    Attributes:
        standing: one row for each interval that has one: ``interval_start``, ``placed_by``, ``label``, the shown
            cells as read (null where unreadable), each with its text in ``<cell>_text``; ``lent`` names the cells that
            came from a copy.
        removed: the other rows: ``interval_start``, ``text`` (what the row said) and ``rule``.
    """

    standing: pl.DataFrame
    removed: pl.DataFrame


def sort_out(placed: pl.DataFrame, plant: Plant) -> Copies:
    """Let the best row of each interval stand: readable, free of contradictions, surely placed, first in the file."""
    read = placed.with_columns(pl.col(name).alias(f"{name}_text") for name in SHOWN).with_columns(
        *(read_numbers(placed[name]) for name in CELLS), read_load_types(placed[LOAD_TYPE.name])
    )
    lost = pl.col("placed_by") == UNPLACEABLE
    ranked = read.with_columns(merit=pl.Series(_merit(read, plant), dtype=pl.Int64)).sort(
        "interval_start", lost, "merit", "source_row", descending=[False, False, True, False]
    )
    stands = (pl.int_range(pl.len()).over("interval_start") == 0) & ~lost
    standing, others = ranked.filter(stands), ranked.filter(~stands)
    judged = _judged(others, standing)
    return Copies(_borrowed(standing, judged.filter("lends"), plant), _removed(judged))


def _judged(others: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The rows that do not stand, with the ``rule`` why not and whether each ``lends`` the standing one its cells."""
    kept = standing.select("interval_start", *SHOWN)
    compared = others.join(kept, on="interval_start", how="left", suffix="_kept", maintain_order="left")
    same = [pl.col(name).is_null() | pl.col(name).eq_missing(pl.col(f"{name}_kept")) for name in SHOWN]
    rule = (
        pl.when(pl.col("placed_by") == UNPLACEABLE)
        .then(pl.lit(UNPLACEABLE))
        .when(pl.all_horizontal(same))
        .then(pl.lit("duplicate"))
        .otherwise(pl.lit("near_duplicate"))
    )
    return compared.with_columns(lends=is_copy("_kept"), rule=rule)


def _merit(read: pl.DataFrame, plant: Plant) -> IntArray:
    """Readable cells of each row, less what its contradictions weigh; of equals, the one that was surely placed."""
    cells = read.select(CELLS).fill_null(np.nan).to_numpy()
    possible = plausible(cells, plant)
    broken = contradicts(np.where(possible, cells, np.nan), plant).sum(axis=1)
    sure = (read["placed_by"] == "label").cast(pl.Int64).to_numpy()
    merit: IntArray = possible.sum(axis=1) - CONTRADICTION_COST * broken + sure
    return merit


def _borrowed(standing: pl.DataFrame, lenders: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    """Fill cells that the standing row cannot have shown with those of its copies."""
    sound = (
        _sound(lenders, plant).group_by("interval_start", maintain_order=True).agg(pl.col(SHOWN).drop_nulls().first())
    )
    own = _sound(standing, plant)
    joined = standing.join(sound, on="interval_start", how="left", suffix="_lent", maintain_order="left")
    lacks = {name: own[name].is_null() & joined[f"{name}_lent"].is_not_null() for name in SHOWN}
    lent = pl.concat_list(pl.when(flags).then(pl.lit(name)) for name, flags in lacks.items()).list.drop_nulls()
    filled = [pl.when(lacks[name]).then(f"{name}_lent").otherwise(name).alias(name) for name in SHOWN]
    return joined.with_columns(*filled, lent=lent).select(*standing.columns, "lent")


def _sound(rows: pl.DataFrame, plant: Plant) -> pl.DataFrame:
    cells = rows.select(CELLS).fill_null(np.nan).to_numpy()
    possible = plausible(cells, plant)
    return rows.select("interval_start", *SHOWN).with_columns(
        pl.when(pl.Series(possible[:, column])).then(name).alias(name) for column, name in enumerate(CELLS)
    )


def _removed(others: pl.DataFrame) -> pl.DataFrame:
    said = [pl.col(name).fill_null("") for name in ("label", *(f"{name}_text" for name in SHOWN))]
    text = pl.format("row {}: {}", "source_row", pl.concat_str(said, separator=";"))
    return others.select("interval_start", text=text, rule="rule")
