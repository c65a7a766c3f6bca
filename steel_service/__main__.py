"""``python -m steel_service``: start the service and stop it on Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import socket
import sys

from pydantic import ValidationError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from steel_energy.errors import ConfigError, SteelError
from steel_service.settings import ServiceSettings
from steel_service.state import build_state

ERROR_EXIT = 2
PORT_PATIENCE_S = 3.0


def main() -> int:
    """Start the service; a wrong setting or a taken port is one clear line and exit code 2."""
    try:
        settings = read_settings()
        build_state(settings)
        require_free_port(settings)
    except SteelError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR_EXIT
    serve(settings)
    return 0


def read_settings() -> ServiceSettings:
    """The settings of the environment.

    Raises:
        ConfigError: a variable does not validate; names it.
    """
    try:
        return ServiceSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "STEEL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(first["msg"], field=name, remedy="correct or unset it") from error


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
    sys.exit(main())
