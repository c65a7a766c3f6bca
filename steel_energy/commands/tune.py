"""``steel tune``: look for values that make the boosted models better, and put them into ``params.yaml`` if asked."""

from __future__ import annotations

import importlib.util
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from steel_energy.commands.files import PlantId, chosen_plant
from steel_energy.errors import InputError
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.params import Params, load_params
from steel_energy.settings import SteelSettings

if TYPE_CHECKING:
    from steel_energy.tuning import Tuned

PACKAGES = ("optuna", "filelock")


class BoostedModel(StrEnum):
    """The models with trees to tune."""

    LIGHTGBM = "lightgbm"
    XGBOOST = "xgboost"


def tune_command(
    *,
    model: Annotated[BoostedModel | None, typer.Option(help="Which model; both if left out.")] = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="Sets of values to try in all; as in params.yaml if left out.")
    ] = None,
    plant: PlantId = None,
    write: Annotated[bool, typer.Option("--write", help="Put what was found into params.yaml.")] = False,
) -> None:
    """Search for values that let a boosted model forecast better; goes on where it was stopped.

    Judged on the readings before the test part alone. `STEEL_PROFILE=full` searches far longer.

    Example: `steel tune --model lightgbm --trials 100 --write`
    """
    _require_packages()
    settings = SteelSettings()
    params = load_params(settings.params_file, profile=settings.profile)
    if trials is not None:
        params = params.model_copy(update={"tuning": params.tuning.model_copy(update={"trials": trials})})
    console, found = Console(soft_wrap=True, highlight=False), []
    for name in [model] if model else list(BoostedModel):
        found.append(_search(name, params, plant_id=plant, settings=settings))
        _show(found[-1], console)
    if write:
        _write(found, settings=settings, console=console)


def _require_packages() -> None:
    for name in PACKAGES:
        if importlib.util.find_spec(name) is None:
            raise InputError("is not installed", field=name, remedy="pip install 'steel-energy-copilot[tuning]'")


def _search(model: str, params: Params, *, plant_id: str | None, settings: SteelSettings) -> Tuned:
    """Search with a bar on standard error."""
    from steel_energy.tuning import TUNED, tune  # noqa: PLC0415 - the trees' makers would slow down every command

    plant, tariff = chosen_plant(plant_id, settings)
    readings = Lake(settings.lake_root).read(CLEANED_READINGS, plant.id)
    forecaster = TUNED[model](plant=plant, tariff=tariff, params=params.forecasting)
    with _bar() as bar:
        task = bar.add_task(f"{model} {plant.id}", total=params.tuning.trials, best="")

        def tell(tuned: Tuned) -> None:
            best = f"{tuned.present_attempt.rmse_kwh:.3f} kWh now, best {tuned.best.rmse_kwh:.3f}"
            bar.update(task, completed=len(tuned.attempts), best=best)

        return tune(forecaster, readings, params=params, folder=settings.tuning_dir, tell=tell)


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    best = TextColumn("{task.fields[best]}")
    return Progress(
        *columns, TimeElapsedColumn(), best, console=console, transient=True, disable=not console.is_terminal
    )


def _show(tuned: Tuned, console: Console) -> None:
    from steel_energy.tuning import in_words, values_table  # noqa: PLC0415 - see above

    console.print(in_words(tuned))
    frame = values_table(tuned)
    table = Table(*frame.columns)
    for row in frame.iter_rows():
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


def _write(found: list[Tuned], *, settings: SteelSettings, console: Console) -> None:
    """Put what is better into the file.

    Raises:
        InputError: nothing is.
    """
    from steel_energy.tuning import write_values  # noqa: PLC0415 - see above

    better = [tuned for tuned in found if tuned.gain > 0]
    if not better:
        raise InputError("nothing better than the present values was found", remedy="try more: --trials")
    for tuned in better:
        write_values(settings.params_file, tuned.model, tuned.best.values, profile=settings.profile)
        console.print(f"{tuned.model}: written to {settings.params_file}")
