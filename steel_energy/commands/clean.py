"""``steel clean``: any meter export in, one sound row for each interval out, with the audit and a page about it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from steel_energy.cleaning import Cleaned, clean, place, reference_match
from steel_energy.commands.files import (
    InputFile,
    OutFile,
    PlantId,
    chosen_plant,
    require_ending,
    require_other_file,
    working,
    write_file,
    write_frame,
)
from steel_energy.errors import InputError
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import Origin, as_shown


def clean_command(
    source: InputFile,
    out: OutFile,
    *,
    repairs: Annotated[
        Path | None, typer.Option(help="A row for every changed cell, removed and inserted row: .parquet, or .csv.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="A page about the quality of the export: .html.")] = None,
    reference: Annotated[
        Path | None, typer.Option(readable=False, help="An export with the true values, to compare with.")
    ] = None,
    plant: PlantId = None,
) -> None:
    """Clean a meter export: one row for every interval, and every change on record.

    Example: `steel clean export.csv --out clean.parquet --repairs repairs.parquet --report quality.html`
    """
    _require_writable_names(out, repairs, report, inputs=[source, reference or source])
    chosen, tariff = chosen_plant(plant, SteelSettings())
    with working("reading"):
        raw = read_csv(source, plant=chosen)
        truth = as_shown(place(read_csv(reference, plant=chosen).rows, chosen)) if reference else None
    with working("cleaning"):
        cleaned = clean(place(raw.rows, chosen), plant=chosen, tariff=tariff)
        match = None if truth is None else _match(cleaned.readings, truth)
    with working("writing"):
        write_frame(cleaned.readings, out)
        if repairs:
            write_frame(cleaned.repairs, repairs)
        if report:
            from steel_energy.reporting.quality import write_quality_report  # noqa: PLC0415 - plotly is slow to import

            write_file(
                report, partial(write_quality_report, cleaned, plant=chosen, origin=raw.origin, reference_match=match)
            )
    _print_summary(cleaned, raw.origin, match, out)


def _require_writable_names(out: Path, repairs: Path | None, report: Path | None, *, inputs: list[Path]) -> None:
    for path, endings in ((out, (".parquet", ".csv")), (repairs, (".parquet", ".csv")), (report, (".html",))):
        if path:
            require_ending(path, *endings)
            require_other_file(path, *inputs)
    if repairs == out:
        raise InputError("is written twice", field=str(out), remedy="give readings and repairs different names")


def _match(readings: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """The match over the period that the export covers."""
    first, last = readings["interval_start"].gather([0, -1])
    return reference_match(readings, truth.filter(pl.col("interval_start").is_between(first, last)))


def _print_summary(cleaned: Cleaned, origin: Origin, match: dict[str, float] | None, out: Path) -> None:
    table = Table("what", "how many", show_edge=False)
    for what, how_many in _figures(cleaned, match).items():
        table.add_row(what, how_many)
    console = Console(highlight=False, emoji=False)
    console.print(table)
    for what, columns in (("missing", origin.missing_columns), ("ignored", origin.ignored_columns)):
        if columns:
            console.print(f"{what} columns: {', '.join(columns)}", markup=False)
    console.print(f"written to {out}", markup=False, soft_wrap=True)


def _figures(cleaned: Cleaned, match: dict[str, float] | None) -> dict[str, str]:
    report = cleaned.report
    first, last = cleaned.readings["interval_start"].dt.strftime("%Y-%m-%d %H:%M").gather([0, -1])
    figures = {
        "rows read": f"{report.rows_read:,}",
        "intervals written": f"{report.intervals:,} ({first} to {last})",
        "duplicates removed": f"{report.duplicates_removed:,}",
        "intervals inserted": f"{report.intervals_inserted:,}",
        "cells repaired": f"{report.repaired_cells:,} ({report.repaired_share:.2%})",
        "changes on record": f"{cleaned.repairs.height:,}",
        **{f"  {rule}": f"{count:,}" for rule, count in report.cells_by_rule.items()},
        "energy": f"{report.energy_after_kwh:,.0f} kWh ({report.energy_before_kwh:,.0f} before)",
    }
    if match is None:
        return figures
    shares = {f"  {name}": f"{share:.3%}" for name, share in match.items() if name != "all"}
    return figures | {"cells equal to the reference": f"{match['all']:.3%}"} | shares
