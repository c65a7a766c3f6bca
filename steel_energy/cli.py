"""``steel …``: the domain on the command line, no server needed.

Each command parses its options, calls one domain function and prints; exit code 0, or one clear error line and exit
code 2.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from steel_energy.commands.alert import alert_app
from steel_energy.commands.bill import bill_command
from steel_energy.commands.champion import champion_app
from steel_energy.commands.clean import clean_command
from steel_energy.commands.damage import damage_command
from steel_energy.commands.files import PlantId, chosen_plant
from steel_energy.commands.forecast import forecast_command
from steel_energy.commands.nowcast import nowcast_command
from steel_energy.commands.one_line import OneLineErrors
from steel_energy.commands.plan import plan_command
from steel_energy.commands.shift import shift_command
from steel_energy.commands.tune import tune_command
from steel_energy.doctor import examine
from steel_energy.errors import InputError
from steel_energy.settings import SteelSettings
from steel_energy.simulation.export import FileFormat, month_files, plants_like, write_month

STATE_COLOURS = {"ok": "green", "off": "yellow", "problem": "red"}


app = typer.Typer(
    name="steel",
    cls=OneLineErrors,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Meter readings in; clean data, nowcasts, forecasts and plans out.",
)


@app.callback()
def main() -> None:
    """Keep `steel` a group of commands."""


app.command(name="bill")(bill_command)
app.command(name="clean")(clean_command)
app.command(name="damage")(damage_command)
app.command(name="forecast")(forecast_command)
app.command(name="nowcast")(nowcast_command)
app.command(name="plan")(plan_command)
app.command(name="shift")(shift_command)
app.add_typer(alert_app, name="alert")
app.add_typer(champion_app, name="champion")
app.command(name="tune")(tune_command)


@app.command()
def doctor() -> None:
    """Say what is installed, configured, built and reachable, and the remedy for what is not.

    Example: `steel doctor`
    """
    table, problems = Table("what", "state", "finding", "remedy"), 0
    for finding in examine(SteelSettings()):
        colour = STATE_COLOURS[finding.state]
        table.add_row(finding.subject, f"[{colour}]{finding.state}[/{colour}]", finding.detail, finding.remedy)
        problems += finding.state == "problem"
    Console().print(table)
    if problems:
        raise InputError(f"{problems} problems found", remedy="follow the remedies above")


@app.command(name="simulate")
def simulate_command(
    *,
    first: Annotated[dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")],
    out: Annotated[Path, typer.Option(help="Folder for the files: plant=ID/month=YYYY-MM.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same readings.")] = 1,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="parquet: the column contract; csv: as the published file.")
    ] = "parquet",
    plants: Annotated[int, typer.Option(min=1, help="Simulate this many plants, named plant-0001 and so on.")] = 1,
    plant: PlantId = None,
) -> None:
    """Simulate a plant month by month, as its meter would show it; its file's `load` section shapes the readings.

    Example: `steel simulate --plant gwangyang --from 2019-01-01 --to 2019-12-31 --seed 7 --out simulated`
    """
    chosen, tariff = chosen_plant(plant, SteelSettings())
    fleet = plants_like(chosen, plants)
    files = month_files(fleet, first=first.date(), last=last.date(), folder=out, file_format=file_format)
    console = Console(stderr=True)
    for file in track(files, "simulating", console=console, transient=True, disable=not console.is_terminal):
        write_month(file, tariff, seed=seed)
    typer.echo(f"{len(files)} files of {len(fleet)} simulated plant(s) in {out}")
