"""Where pretrained weights come from: a local folder, the hub's cache, or the hub itself. No model is built here.

A machine without a network must not wait: what lies on the disk is taken first, and the hub is asked one short question
before anything is downloaded. What cannot be had is an error with its reason, never another model in its place.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from steel_energy.errors import ConfigError, ModelUnavailableError
from steel_energy.params import NetworkParams

WEIGHT_FILES = ["config.json", "*.safetensors", "*.safetensors.index.json"]


def require_extra(package: str, *, extra: str) -> None:
    """Refuse to go on without an optional package.

    Raises:
        ModelUnavailableError: ``package`` is not installed; the remedy names the extra that brings it.
    """
    if importlib.util.find_spec(package) is None:
        raise ModelUnavailableError(
            "is not installed", field=package, remedy=f"pip install 'steel-energy-copilot[{extra}]'"
        )


def pretrained_folder(params: NetworkParams, *, field: str) -> Path:
    """The folder with a pretrained model's ``config.json`` and weights; downloaded if it must be and can be.

    Args:
        params: which model, at which revision, and how long the hub may take to answer.
        field: the parameter that names the model, for the error.

    Raises:
        ConfigError: a model of the hub without a revision.
        ModelUnavailableError: none is configured, or it is neither on the disk nor to be had from the hub.
    """
    model, revision = params.model, params.revision
    if model is None:
        raise ModelUnavailableError(
            "no pretrained weights are configured", field=field, remedy="name them, with their revision, in params.yaml"
        )
    if Path(model).is_dir():
        return Path(model)
    if revision is None:
        raise ConfigError(f"{model} has no revision", field=field, remedy="pin the hub's commit beside it")
    return _from_cache(model, revision) or _from_hub(model, revision, timeout_s=params.hub_timeout_s)


def described(params: NetworkParams) -> str:
    """Which pretrained weights these are."""
    return f"{params.model} at revision {params.revision}" if params.revision else f"weights in {params.model}"


def _from_cache(model: str, revision: str) -> Path | None:
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415 - optional, and slow

    try:
        return _snapshot(model, revision, local_files_only=True)
    except LocalEntryNotFoundError:
        return None
    except HFValidationError as error:
        raise ConfigError("is neither a folder nor an id of the hub", field=model, remedy="check the name") from error


def _from_hub(model: str, revision: str, *, timeout_s: float) -> Path:
    import httpx2  # noqa: PLC0415 - the hub's own client, optional as the hub is
    from huggingface_hub import constants  # noqa: PLC0415 - optional, and slow to import

    if constants.is_offline_mode():
        raise _unavailable(model, "HF_HUB_OFFLINE forbids to ask the hub")
    try:
        httpx2.head(constants.ENDPOINT, timeout=timeout_s)
        return _snapshot(model, revision)
    except (httpx2.HTTPError, OSError) as error:
        raise _unavailable(model, f"{constants.ENDPOINT} does not give it: {_first_line(error)}") from error


def _snapshot(model: str, revision: str, **options: Any) -> Path:  # noqa: ANN401 - the hub's own options
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - optional, and slow to import

    return Path(snapshot_download(model, revision=revision, allow_patterns=WEIGHT_FILES, **options))


def _unavailable(model: str, reason: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"is not on this disk, and {reason}", field=model, remedy="go online, or name a folder that holds its weights"
    )


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
