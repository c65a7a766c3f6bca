"""How a command of this project fails: one line on standard error and exit code 2."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from steel_energy.errors import InputError, SteelError

ERROR_EXIT = 2


class OneLineErrors(typer.core.TyperGroup):
    """Turns our own errors and wrong usage into one line on standard error; anything else is a bug and shows itself."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command line and exit."""
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except SteelError as error:
            typer.echo(f"error: {error}", err=True)
        except TyperException as error:
            typer.echo(f"error: {_usage_error(error)}", err=True)
        sys.exit(ERROR_EXIT)


def _usage_error(error: TyperException) -> InputError:
    """Typer's message in one line, with the command's help as the remedy."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "steel"
    return InputError(" ".join(error.format_message().split()).rstrip("."), remedy=f"see `{command} --help`")
