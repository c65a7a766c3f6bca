"""``steel alert …``: try every channel out, and see what stands. Looking and telling is the sensors' work."""

from __future__ import annotations

import datetime as dt

import typer
from rich.console import Console
from rich.table import Table

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert, local
from steel_energy.alerts.delivery import channels_of, send
from steel_energy.alerts.links import Links
from steel_energy.alerts.message import Message, message_of
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.policy import Notice
from steel_energy.alerts.settings import AlertSettings, read_alert_settings
from steel_energy.alerts.state import CHANNELS, open_alerts
from steel_energy.calendar import in_zone
from steel_energy.errors import InputError, SteelError
from steel_energy.params import load_params
from steel_energy.settings import SteelSettings

alert_app = typer.Typer(help="Try the channels of alerts out, and see what stands.", rich_markup_mode="markdown")


@alert_app.command()
def test() -> None:
    """Send a test message through every channel that is set, and say what arrived.

    Example: `steel alert test`
    """
    settings, alerts = SteelSettings(), read_alert_settings()
    params = load_params(settings.params_file, profile=settings.profile).alerts
    table, lost = Table("channel", "arrived", "where to, or why not"), list[str]()
    known = {channel.name: channel for channel in channels_of(alerts, logs_dir=settings.logs_dir)}
    for name, remedy in CHANNELS.items():
        if (channel := known.get(name)) is None:
            table.add_row(name, "not set", remedy)
            continue
        try:
            complaints = send(channel, _message(name, alerts, params), params)
            table.add_row(name, "[green]yes[/green]", "; ".join((channel.target, *complaints)))
        except SteelError as error:
            lost.append(name)
            table.add_row(name, "[red]no[/red]", str(error))
    Console().print(table)
    if lost:
        raise InputError(f"nothing arrived by {', '.join(lost)}", remedy="follow the remedies above")


@alert_app.command(name="list")
def list_command() -> None:
    """Show what was told and is not over, worst first.

    Example: `steel alert list`
    """
    table = Table("severity", "plant", "what", "since", "last told, UTC")
    for told in open_alerts(SteelSettings().alerts_dir):
        alert = told.notice.alert
        since = local(in_zone(alert.since, alert.zone)) if alert.since else ""
        table.add_row(alert.severity, alert.plant, alert.title, since, local(told.at.astimezone(dt.UTC)))
    Console().print(table)


def _message(channel: str, settings: AlertSettings, params: AlertParams) -> Message:
    now = dt.datetime.now(dt.UTC)
    alert = Alert(
        key="test",
        plant=WHOLE_SYSTEM,
        kind="test",
        severity="info",
        title="this is a test, nothing happened",
        facts=(
            f"Something that lasts is recalled after {params.cool_down_hours.critical:g} hours if it is critical, "
            f"after {params.cool_down_hours.warning:g} if it is a warning, then ever less often.",
        ),
        since=now,
        advice="Nothing to do: alerts reach you here.",
        link=Links(settings.dagster_url, settings.dashboard_url).dashboard_url,
        is_lasting=False,
    )
    return message_of([Notice(alert=alert, change="new")], channel=f"{channel} {now:%c %f}", told={}, at=now)
