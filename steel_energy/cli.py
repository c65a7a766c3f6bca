"""``steel …``: the domain on the command line, no server needed.

Each command parses its options, calls one domain function and prints; exit code 0, or one clear error line and exit
code 2.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from steel_energy.commands.clean import clean_command
from steel_energy.commands.damage import damage_command
from steel_energy.commands.files import DEFAULT_PLANT, InputFile, OutFile, PlantId, write_frame
from steel_energy.commands.forecast import forecast_command
from steel_energy.doctor import examine
from steel_energy.errors import InputError, SteelError
from steel_energy.nowcasting import nowcast_rows
from steel_energy.plant import load_plant
from steel_energy.settings import SteelSettings
from steel_energy.simulation.export import FileFormat, month_files, plants_like, write_month
from steel_energy.sources.file import read_csv
from steel_energy.tariff import load_tariff

ERROR_EXIT = 2
STATE_COLOURS = {"ok": "green", "off": "yellow", "problem": "red"}


class OneLineErrors(typer.core.TyperGroup):
    """Turns our own errors into one line on standard error and exit code 2; anything else is a bug and shows itself."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command line."""
        try:
            return super().main(*args, **kwargs)
        except SteelError as error:
            typer.echo(f"error: {error}", err=True)
            sys.exit(ERROR_EXIT)


app = typer.Typer(
    cls=OneLineErrors,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Meter readings in; clean data, nowcasts, forecasts and plans out.",
)


@app.callback()
def main() -> None:
    """Keep `steel` a group of commands."""


app.command(name="clean")(clean_command)
app.command(name="damage")(damage_command)
app.command(name="forecast")(forecast_command)


@app.command()
def nowcast(source: InputFile, out: OutFile, plant: PlantId = DEFAULT_PLANT) -> None:
    """Add the usage that each row's other readings imply, with certain bounds; Usage_kWh is never read.

    Example: `steel nowcast export.csv --out nowcast.parquet`
    """
    rows = read_csv(source).rows
    frame = nowcast_rows(rows, load_plant(plant, plants_dir=SteelSettings().plants_dir))
    write_frame(frame, out)
    Console().print(f"{frame.height} rows, {(~frame['consistent']).sum()} of them contradict themselves: {out}")


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
    plant: Annotated[str, typer.Option(help="Id of a file in data/plants; its `load` section shapes the readings.")],
    first: Annotated[dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")],
    out: Annotated[Path, typer.Option(help="Folder for the files: plant=ID/month=YYYY-MM.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same readings.")] = 1,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="parquet: the column contract; csv: as the published file.")
    ] = "parquet",
    plants: Annotated[int, typer.Option(min=1, help="Simulate this many plants, named plant-0001 and so on.")] = 1,
) -> None:
    """Simulate a plant month by month, as its meter would show it.

    Example: `steel simulate --plant gwangyang --from 2019-01-01 --to 2019-12-31 --seed 7 --out simulated`
    """
    settings = SteelSettings()
    chosen = load_plant(plant, plants_dir=settings.plants_dir)
    tariff = load_tariff(chosen.tariff, tariffs_dir=settings.tariffs_dir)
    fleet = plants_like(chosen, plants)
    files = month_files(fleet, first=first.date(), last=last.date(), folder=out, file_format=file_format)
    for file in track(files, description="simulating", console=Console(stderr=True)):
        write_month(file, tariff, seed=seed)
    typer.echo(f"{len(files)} files of {len(fleet)} simulated plant(s) in {out}")
