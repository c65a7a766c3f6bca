"""``steel …``: the domain on the command line, no server needed.

Each command parses its options, calls one domain function and prints; exit code 0, or one clear error line and exit code 2.
"""

from __future__ import annotations

import sys
from typing import Any

import typer
from rich.console import Console

from steel_energy.errors import SteelError

ERROR_EXIT = 2


class OneLineErrors(typer.core.TyperGroup):
    """Turns our own errors into one line on standard error and exit code 2; anything else is a bug and shows itself."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command line."""
        try:
            return super().main(*args, **kwargs)
        except SteelError as error:
            Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {error}", markup=False)
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
