"""``steel nowcast``: the usage that each row of an export implies, by physics and, where it is fitted, the model."""

from __future__ import annotations

from collections import Counter

import typer

from steel_energy.calendar import in_zone
from steel_energy.commands.files import InputFile, OutFile, PlantId, chosen_plant, require_ending, write_frame
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv


def nowcast_command(source: InputFile, out: OutFile, plant: PlantId = None) -> None:
    """Add the usage that each row's other readings imply, with bounds; Usage_kWh is never read.

    Bounds are certain where a row is consistent; elsewhere the plant's fitted model answers, if there is one.

    Example: `steel nowcast export.csv --out nowcast.parquet`
    """
    from steel_energy.nowcasting.bundle import read_published  # noqa: PLC0415 - scipy would slow down every command
    from steel_energy.nowcasting.rows import nowcast_rows  # noqa: PLC0415 - as above

    require_ending(out, ".parquet", ".csv")
    settings = SteelSettings()
    chosen, _ = chosen_plant(plant, settings)
    fitted = read_published(settings, chosen)
    frame = nowcast_rows(read_csv(source, plant=chosen).rows, chosen, fitted.model if fitted else None)
    write_frame(frame, out)
    answered = Counter(frame["method"])
    by = ", ".join(f"{answered[method]} by {method}" for method in ("physics", "model") if answered[method])
    typer.echo(f"{frame.height} rows, {by or '0 answered'}, {answered['none']} without an answer: {out}")
    typer.echo(f"{(~frame['consistent']).sum()} rows contradict themselves or are not as the meter shows them")
    if fitted is None:
        typer.echo("note: no model of this plant is fitted, so physics answered alone (make build fits one)", err=True)
    else:
        until = in_zone(fitted.manifest.trained_until, chosen.zone)
        typer.echo(f"model {fitted.manifest.version}, fitted on readings before {until.isoformat()}")
