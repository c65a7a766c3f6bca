"""``python -m steel_service`` starts the service, until Ctrl-C or SIGTERM; ``… keys`` its keys, ``… mcp`` MCP tools."""

from __future__ import annotations

import os
import socket

import anyio
import typer
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from steel_energy.commands.one_line import OneLineErrors
from steel_energy.errors import ConfigError
from steel_service import mcp_server
from steel_service.security.commands import keys_app
from steel_service.security.layers import require_credentials
from steel_service.settings import ServiceSettings, read_settings
from steel_service.state import build_state

PORT_PATIENCE_S = 3.0

app = typer.Typer(cls=OneLineErrors, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")
app.add_typer(keys_app, name="keys")


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Start the service; a wrong setting or a taken port is one clear line and exit code 2."""
    if context.invoked_subcommand is None:
        settings = read_settings()
        require_credentials(settings)
        build_state(settings)
        require_free_port(settings)
        serve(settings)


@app.command()
def mcp() -> None:
    """Offer the read-only routes of a running service as tools over stdio, by the Model Context Protocol.

    Asks the service at STEEL_API_URL (http://127.0.0.1:8000) with the key STEEL_API_KEY, if it asks for one.
    """
    anyio.run(mcp_server.serve, mcp_server.ClientSettings())


@retry(
    retry=retry_if_exception_type(ConfigError),
    stop=stop_after_delay(PORT_PATIENCE_S),
    wait=wait_fixed(0.2),
    reraise=True,
)
def require_free_port(settings: ServiceSettings) -> None:
    """Refuse to start on a port that is taken, and stays so while a worker of a killed service would stop.

    Raises:
        ConfigError: something else listens there.
    """
    with socket.socket(socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.api_host, settings.api_port))
        except OSError as error:
            taken = f"cannot listen on {settings.api_host}:{settings.api_port}: {error.strerror}"
            raise ConfigError(
                taken, field="STEEL_API_PORT", remedy="stop what listens there, or name another"
            ) from error


def serve(settings: ServiceSettings) -> None:
    """Run BentoML's server until a signal; its state lies in the data folder, and it sends no usage statistics."""
    os.environ["BENTOML_DO_NOT_TRACK"] = "True"
    os.environ.setdefault("BENTOML_HOME", str(settings.data_dir / "bentoml"))
    from steel_service.service import SteelService  # noqa: PLC0415 - BentoML reads both variables when it is imported

    SteelService.serve_http(host=settings.api_host, port=settings.api_port)


if __name__ == "__main__":
    app()
