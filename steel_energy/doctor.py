"""What is installed, configured, built and reachable on this machine, and the remedy for what is not.

Every finding is looked up when asked; nothing here repairs anything.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import httpx

from steel_energy.alerts.settings import read_alert_settings
from steel_energy.alerts.state import ChannelState, channel_states
from steel_energy.artifacts import champion_to_serve, history, previous_champion, read_bundle
from steel_energy.errors import SteelError
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake
from steel_energy.params import load_params
from steel_energy.plant import Plant, load_plants
from steel_energy.settings import SteelSettings
from steel_energy.storage import require_reachable
from steel_energy.tariff import load_tariff

State = Literal["ok", "off", "problem"]
PYTHON = (3, 11)
PROGRAMS = {
    "dagster": ("STEEL_DAGSTER_PORT", 3000, "dagster", "/server_info"),
    "api": ("STEEL_API_PORT", 8000, "bentoml", "/health"),
    "ui": ("STEEL_UI_PORT", 5006, "panel", "/liveness"),
    "mlflow": ("STEEL_MLFLOW_PORT", 5000, "mlflow", "/health"),
}
"""Each program: the variable of its port, the default, the package it needs, what answers when it runs."""
OLLAMA_URL = ("STEEL_OLLAMA_URL", "http://127.0.0.1:11434")
OLLAMA_MODEL = ("STEEL_OLLAMA_MODEL", "llama3.2:3b")
"""Each a variable and its default, as the service has them."""
LATEST = ":latest"
PROBE_SECONDS = 1.0
INSTALL = "make up installs what is pinned in constraints.txt"
BUILD = "make build"
TRY_OUT = "steel alert test"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ``off`` is not running or not there yet, ``problem`` needs the remedy."""

    subject: str
    state: State
    detail: str
    remedy: str = ""


def examine(settings: SteelSettings) -> Iterator[Finding]:
    """Look at everything, cheapest first; the readings' age is told and not judged: a data set may end in the past."""
    yield _python()
    yield from (_package(name, package) for name, (_, _, package, _) in PROGRAMS.items())
    yield _parameters(settings)
    yield _source(settings)
    yield from _alerts(settings)
    yield (lake := _lake(settings))
    try:
        plants = load_plants(settings.plants_dir)
    except SteelError as error:
        yield Finding("plants", "problem", error.message, error.remedy)
        return
    for plant in plants.values():
        yield _tariff(plant, settings)
        if lake.state == "ok":
            yield _readings(plant, settings)
        yield from _champions(plant, settings)
    yield from (_program(name) for name in PROGRAMS)
    yield _ollama()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info[:2] == PYTHON
    return Finding("python", "ok" if fits else "problem", version, "" if fits else "use Python 3.11")


def _package(name: str, package: str) -> Finding:
    if importlib.util.find_spec(package) is None:
        return Finding(f"{name} package", "off", f"{package} is not installed", INSTALL)
    return Finding(f"{name} package", "ok", f"{package} {importlib.metadata.version(package)}")


def _parameters(settings: SteelSettings) -> Finding:
    try:
        load_params(settings.params_file, profile=settings.profile)
    except SteelError as error:
        return Finding("params.yaml", "problem", error.message, error.remedy)
    return Finding("params.yaml", "ok", f"{settings.params_file}, STEEL_PROFILE={settings.profile}")


def _source(settings: SteelSettings) -> Finding:
    """The setting alone: whether the UCI archive answers is seen only by a build that needs it."""
    source = settings.source
    if source in {"auto", "uci", "posted", "simulated"} or source.startswith(("http://", "https://")):
        return Finding("source", "ok", f"STEEL_SOURCE={source}")
    if os.path.isfile(source):  # noqa: PTH113 - a setting, not yet a path
        return Finding("source", "ok", source)
    return Finding(
        "source", "problem", f"no file {source}", "set STEEL_SOURCE to a file, a URL, uci, posted, simulated or auto"
    )


def _alerts(settings: SteelSettings) -> Iterator[Finding]:
    """The channels of alerts as they are set; whether they take anything is seen by `steel alert test`."""
    try:
        alerts = read_alert_settings()
        states = list(channel_states(alerts, logs_dir=settings.logs_dir, alerts_dir=settings.alerts_dir))
    except SteelError as error:
        yield Finding("alerts", "problem", error.what, error.remedy)
        return
    yield from map(_channel, states)
    if alerts.links_lead_here:
        remedy = "set STEEL_ALERT_DASHBOARD_URL and STEEL_ALERT_DAGSTER_URL"
        yield Finding("alerts' links", "off", "they lead to this machine, which others cannot follow", remedy)


def _channel(state: ChannelState) -> Finding:
    subject = f"alerts by {state.name}"
    if state.target is None:
        return Finding(subject, "off", "not set", state.remedy)
    if state.failed is not None:
        return Finding(subject, "problem", f"failed {state.failed.times} times: {state.failed.reason}", TRY_OUT)
    return Finding(subject, "ok", f"{state.target}, from {state.least} on")


def _tariff(plant: Plant, settings: SteelSettings) -> Finding:
    try:
        tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    except SteelError as error:
        return Finding(f"{plant.id} tariff", "problem", error.message, error.remedy)
    return Finding(f"{plant.id} tariff", "ok", f"{tariff.name}, valid {tariff.valid_from} to {tariff.valid_to}")


def _lake(settings: SteelSettings) -> Finding:
    """Where the lake lies, and whether an object store lets us in."""
    try:
        require_reachable(settings.lake_root)
    except SteelError as error:
        return Finding("lake", "problem", error.what, error.remedy)
    return Finding("lake", "ok", str(settings.lake_root))


def _readings(plant: Plant, settings: SteelSettings) -> Finding:
    lake, subject = Lake(settings.lake_root), f"{plant.id} readings"
    try:
        months, origin = lake.months(CLEANED_READINGS, plant.id), lake.read_facts(RAW_READINGS, plant.id) or {}
    except SteelError as error:
        return Finding(subject, "problem", error.what, error.remedy)
    if not months:
        return Finding(subject, "off", "nothing cleaned yet", BUILD)
    return Finding(subject, "ok", f"{months[0]} to {months[-1]}, source: {origin.get('kind', 'unknown')}")


def _champions(plant: Plant, settings: SteelSettings) -> Iterator[Finding]:
    """The champion and what forecasts step down to without it; whole bundles only, none of them is loaded."""
    bundles, champion, before = settings.bundles_dir, f"{plant.id} champion", f"{plant.id} previous champion"
    try:
        promotions, previous = history(bundles, plant.id), previous_champion(bundles, plant.id)
    except SteelError as error:
        yield Finding(champion, "problem", error.what, error.remedy)
        return
    below = _whole(before, previous, plant, settings) if previous else None
    steps_to = f"its previous champion {previous}" if below and below.state == "ok" else "a seasonal naive forecast"
    if not promotions:
        yield Finding(champion, "off", f"none yet, {steps_to} answers", BUILD)
        return
    try:
        found = _whole(champion, champion_to_serve(bundles, plant.id), plant, settings)
    except SteelError as error:
        found = Finding(champion, "problem", error.what, error.remedy)
    told = f"by {promotions[-1].by}, number {promotions[-1].number}" if found.state == "ok" else f"{steps_to} answers"
    yield replace(found, detail=f"{found.detail}; {told}")
    if below:
        yield below


def _whole(subject: str, version: str, plant: Plant, settings: SteelSettings) -> Finding:
    """A bundle that is expected to be whole: its model, version and age, or what is wrong with it."""
    try:
        manifest = read_bundle(settings.bundles_dir, plant.id, version)
    except SteelError as error:
        return Finding(subject, "problem", error.what, error.remedy)
    age_days = (dt.datetime.now(dt.UTC) - manifest.created_at).days
    return Finding(subject, "ok", f"{manifest.model} {version}, {age_days} days old")


def _program(name: str) -> Finding:
    variable, default, _, probe = PROGRAMS[name]
    address = f"http://127.0.0.1:{os.environ.get(variable, default)}"
    try:
        answer = httpx.get(address + probe, timeout=PROBE_SECONDS, trust_env=False)
    except httpx.HTTPError:
        return Finding(name, "off", f"nothing answers at {address}", "make up, or make serve")
    if answer.is_success and (stepped := _stepped_down(answer)):
        return Finding(name, "problem", f"{address} forecasts by the {stepped['step']}: {stepped['because']}", BUILD)
    if answer.is_success:
        return Finding(name, "ok", f"answers at {address}")
    return Finding(name, "problem", f"{address}{probe} answers {answer.status_code}", "see data/logs")


def _ollama() -> Finding:
    """The copilot's language model; without it the copilot's planner answers, so that its absence is no problem."""
    subject, url = "copilot's model", os.environ.get(*OLLAMA_URL).rstrip("/")
    model = os.environ.get(*OLLAMA_MODEL)
    if os.environ.get("STEEL_COPILOT_LLM") == "off":
        return Finding(subject, "off", "not wanted: the planner answers", "unset STEEL_COPILOT_LLM to have one")
    try:
        answer = httpx.get(f"{url}/api/tags", timeout=PROBE_SECONDS, trust_env=False).raise_for_status()
        installed = {str(one["model"]).removesuffix(LATEST) for one in answer.json()["models"]}
    except httpx.HTTPError:
        remedy = "install Ollama and start it with `ollama serve`, or set STEEL_OLLAMA_URL"
        return Finding(subject, "off", f"no Ollama answers at {url}: the planner answers", remedy)
    except (httpx.InvalidURL, ValueError, KeyError, TypeError):
        return Finding(subject, "problem", f"what answers at {url} is no Ollama", "correct STEEL_OLLAMA_URL")
    if model.removesuffix(LATEST) not in installed:
        return Finding(subject, "off", f"Ollama lacks {model}: the planner answers", f"ollama pull {model}")
    return Finding(subject, "ok", f"{model} at {url}")


def _stepped_down(answer: httpx.Response) -> dict[str, str] | None:
    """How the service says that its champion does not answer; None from any other program."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body.get("fallback") if isinstance(body, dict) else None
