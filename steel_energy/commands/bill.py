"""``steel bill``: what the readings of a period cost, line by line, under the plant's tariff or another one."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from steel_energy.billing import Bill, bill
from steel_energy.carrier import Measure
from steel_energy.commands.files import PlantId, ReadingsFile, chosen_plant, working
from steel_energy.commands.forecast import parse_moment, read_history
from steel_energy.lake import Lake
from steel_energy.settings import SteelSettings
from steel_energy.tariff import load_tariff


def bill_command(
    *,
    start: Annotated[str, typer.Option("--from", help="First day or moment, as 2018-01-01, in plant time.")],
    end: Annotated[str, typer.Option("--to", help="Day or moment after the last one, as 2018-02-01.")],
    readings: ReadingsFile = None,
    tariff: Annotated[
        str | None, typer.Option(help="Id of a file in data/tariffs; the plant's own if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    plant: PlantId = None,
) -> None:
    """Bill a period: energy by season and band, demand charge, power factor and CO2, each with its rule and source.

    Example: `steel bill --from 2018-01-01 --to 2018-02-01`
    """
    settings = SteelSettings()
    found, own_tariff = chosen_plant(plant, settings)
    billed_by = load_tariff(tariff, tariffs_dir=settings.tariffs_dir) if tariff else own_tariff
    first, last = parse_moment(start, field="--from", zone=found.zone), parse_moment(end, field="--to", zone=found.zone)
    with working("billing"):
        known = read_history(readings, None, plant=found, tariff=own_tariff, lake=Lake(settings.lake_root))
        made = bill(known, plant=found, tariff=billed_by, start=first, end=last)
    if as_json:
        typer.echo(json.dumps(bill_record(made), indent=2, ensure_ascii=False))
    else:
        _print(made, title=f"{found.name}, {billed_by.name}", measure=found.measure)


def bill_record(made: Bill) -> dict[str, Any]:
    """A bill as JSON values: times in ISO 8601, amounts with their sums."""
    lines = [{**dataclasses.asdict(line), "amount_krw": line.amount_krw} for line in made.lines]
    head: dict[str, Any] = {field.name: getattr(made, field.name) for field in dataclasses.fields(made)}
    times = {name: head[name].isoformat() for name in ("start", "end")}
    return {**head, **times, "lines": lines, "total_krw": made.total_krw}


def _print(made: Bill, *, title: str, measure: Measure) -> None:
    table = Table(title=f"{title}\n{made.start:%Y-%m-%d %H:%M} to {made.end:%Y-%m-%d %H:%M}", caption_justify="left")
    for name, side in (("month", "left"), ("quantity", "right"), ("", "left"), ("price", "right"), ("KRW", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type] # rich's literal
    table.add_column("rule")
    for line in made.lines:
        quantity, price, amount = f"{line.quantity:,.2f}", f"{line.price_krw:,.2f}", f"{line.amount_krw:,.0f}"
        table.add_row(line.month, quantity, line.unit, price, amount, line.rule)
    table.add_section()
    usage, peak = made.usage_kwh / measure.kwh_per_unit, made.peak_kw / measure.kwh_per_unit
    highest = f"peak {peak:,.1f} {measure.power_unit}"
    table.add_row("total", f"{usage:,.2f}", measure.energy_unit, "", f"{made.total_krw:,.0f}", highest)
    console = Console(soft_wrap=False)
    console.print(table)
    sources = dict.fromkeys(line.source for line in made.lines)
    for text in (*(f"prices: {source}" for source in sources), *(f"note: {note}" for note in made.notes)):
        console.print(text, style="dim", highlight=False, markup=False)
