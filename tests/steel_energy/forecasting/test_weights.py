from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from steel_energy.errors import ConfigError, ModelUnavailableError
from steel_energy.forecasting.weights import described, pretrained_folder, require_extra
from steel_energy.params import NetworkParams

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FIELD = "forecasting.chronos.model"
FILES = {"config.json": b'{"model_type": "t5"}', "model.safetensors": b"weights", "README.md": b"not needed"}
UNROUTABLE = "http://192.0.2.1"  # kept for documentation by RFC 5737: nobody answers


def weights(model: str | None, *, revision: str | None = COMMIT, timeout_s: float = 2) -> NetworkParams:
    return NetworkParams(
        model=model, revision=revision, hub_timeout_s=timeout_s, device="cpu", threads=1, held_out_every_weeks=3
    )


class Hub(BaseHTTPRequestHandler):
    """The hub's protocol as far as a download needs it: the list of a commit's files, their heads and bodies."""

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, *, with_body: bool) -> None:
        path = self.path.split("?")[0]
        body = {
            "/": b"",
            f"/api/models/steel/tiny/tree/{COMMIT}": json.dumps(
                [{"type": "file", "path": name, "size": len(data), "oid": name} for name, data in FILES.items()]
            ).encode(),
            **{f"/steel/tiny/resolve/{COMMIT}/{name}": data for name, data in FILES.items()},
        }.get(path)
        self.send_response(404 if body is None else 200)
        self.send_header("ETag", f'"{path.rsplit("/", 1)[-1]}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        if with_body and body:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


def move_the_hub(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """As HF_ENDPOINT does before the library is first imported."""
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", address)


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    move_the_hub(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_package_that_is_not_installed_is_named_with_the_extra_that_brings_it():
    with pytest.raises(ModelUnavailableError, match=r"no_such_package: is not installed .*copilot\[chronos\]"):
        require_extra("no_such_package", extra="chronos")


def test_without_a_configured_model_there_are_no_weights():
    with pytest.raises(
        ModelUnavailableError, match=r"forecasting\.chronos\.model: no pretrained weights are configured"
    ):
        pretrained_folder(weights(None), field=FIELD)


def test_a_folder_is_taken_as_it_is(tmp_path: Path):
    params = weights(str(tmp_path), revision=None)

    assert pretrained_folder(params, field=FIELD) == tmp_path
    assert described(params) == f"weights in {tmp_path}"


def test_a_model_of_the_hub_needs_a_revision():
    with pytest.raises(ConfigError, match="steel/tiny has no revision"):
        pretrained_folder(weights("steel/tiny", revision=None), field=FIELD)


def test_a_misspelt_folder_is_no_model_of_the_hub():
    with pytest.raises(ConfigError, match="neither a folder nor an id of the hub"):
        pretrained_folder(weights("/no/such/folder"), field=FIELD)


@pytest.mark.usefixtures("hub")
def test_a_model_of_the_hub_is_downloaded_once(monkeypatch: pytest.MonkeyPatch):
    params = weights("steel/tiny")

    folder = pretrained_folder(params, field=FIELD)
    move_the_hub(monkeypatch, UNROUTABLE)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: FILES[name] for name in ("config.json", "model.safetensors")
    }
    assert pretrained_folder(params, field=FIELD) == folder
    assert described(params) == f"steel/tiny at revision {COMMIT}"


@pytest.mark.usefixtures("hub")
def test_a_model_that_the_hub_does_not_have_is_unavailable():
    with pytest.raises(ModelUnavailableError, match=r"steel/other: is not on this disk, and http://127\.0\.0\.1"):
        pretrained_folder(weights("steel/other"), field=FIELD)


def test_a_machine_without_a_network_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch):
    move_the_hub(monkeypatch, UNROUTABLE)
    started = time.monotonic()

    with pytest.raises(ModelUnavailableError) as refusal:
        pretrained_folder(weights("steel/tiny", timeout_s=0.2), field=FIELD)

    assert time.monotonic() - started < 5
    assert "name a folder that holds its weights" in refusal.value.remedy


@pytest.mark.usefixtures("hub")
def test_the_hub_is_not_asked_where_that_is_forbidden(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    with pytest.raises(ModelUnavailableError, match="HF_HUB_OFFLINE forbids"):
        pretrained_folder(weights("steel/tiny"), field=FIELD)
