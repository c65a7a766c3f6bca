"""``python -m steel_service keys …``: make, list and revoke API keys; a running service follows within a second."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from steel_energy.config import ids_in
from steel_energy.errors import ConfigError
from steel_service.security.key_file import create_key, read_keys, revoke_key, utc_now
from steel_service.security.keys import KeyRecord
from steel_service.security.principals import Role
from steel_service.settings import read_settings

MAX_DAYS = 3650

keys_app = typer.Typer(help="Make, list and revoke API keys.", rich_markup_mode="markdown")


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will use it; stands in the audit log.")],
    *,
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.VIEWER,
    plant: Annotated[
        list[str] | None, typer.Option(help="A plant it may ask about, as often as needed; all if left out.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Days until it expires; never if left out.", min=1, max=MAX_DAYS)
    ] = None,
) -> None:
    """Make a key and print it, this once: only its hash is kept.

    Example: `python -m steel_service keys create dashboard --role operator --days 365`
    """
    settings = read_settings()
    plants = _known(plant, settings.plants_dir) if plant else None
    record, key = create_key(settings.keys_file, name, role=role, plants=plants, days=days, now=utc_now())
    typer.echo(key)
    said = f"key {record.id} of {record.name}, {record.role} of {_plants(record)}, {_until(record)}"
    typer.echo(f"{said}; it is not shown again", err=True)


@keys_app.command(name="list")
def list_command() -> None:
    """List the keys, oldest first; never what they are.

    Example: `python -m steel_service keys list`
    """
    table = Table("id", "name", "role", "plants", "made", "state")
    for record in read_keys(read_settings().keys_file):
        table.add_row(record.id, record.name, record.role, _plants(record), _day(record.created_at), _state(record))
    Console().print(table)


@keys_app.command()
def revoke(key: Annotated[str, typer.Argument(help="Its id or name; see `keys list`.")]) -> None:
    """Take a key out of use for good.

    Example: `python -m steel_service keys revoke dashboard`
    """
    record = revoke_key(read_settings().keys_file, key, now=utc_now())
    typer.echo(f"key {record.id} of {record.name} is revoked")


def _known(wanted: list[str], plants_dir: Path) -> frozenset[str]:
    known = ids_in(plants_dir)
    if unknown := sorted(set(wanted) - set(known)):
        raise ConfigError(f"unknown plant {unknown[0]!r}", field="plant", remedy=f"known plants: {', '.join(known)}")
    return frozenset(wanted)


def _plants(record: KeyRecord) -> str:
    return "all plants" if record.plants is None else ", ".join(sorted(record.plants))


def _state(record: KeyRecord) -> str:
    if record.revoked_at is not None:
        return f"revoked {_day(record.revoked_at)}"
    return _until(record) if record.is_usable(utc_now()) else f"expired {_day(record.expires_at)}"


def _until(record: KeyRecord) -> str:
    return "never expires" if record.expires_at is None else f"expires {_day(record.expires_at)}"


def _day(moment: dt.datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"
