"""Top of the page: what it is about, the period it speaks of, and the plant, source and model behind it."""

from __future__ import annotations

from html import escape
from pathlib import PurePath

from steel_ui.client import Health, ModelInfo, Source
from steel_ui.expected import Data
from steel_ui.words import Words


def heading_html(data: Data, *, words: Words) -> str:
    """The headline, its period, and the facts; a part that is not known yet is left out or said to be missing."""
    return (
        f'<header class="heading"><div><h1>{escape(words("headline"))}</h1>'
        f"<p>{escape(_subtitle(data, words))}</p></div>{_facts(data, words)}</header>"
    )


def source_name(source: Source, *, words: Words) -> str:
    """The source in words: a file by its name, the archive, or the simulated plant."""
    if source.is_simulated:
        return words("source_simulated")
    if source.kind == "file":
        return words("source_file", name=PurePath(source.location).name)
    return words("source_uci") if source.kind == "uci" else f"{source.kind} {source.location}".strip()


def _subtitle(data: Data, words: Words) -> str:
    if data.health is None:
        return words("waiting_subtitle")
    if data.forecast is None and data.at is not None:
        return words("refused_subtitle", moment=words.moment(data.at), zone=data.health.zone)
    if data.forecast is None:
        return words("empty_subtitle" if data.history is None else "no_forecast_subtitle")
    starts, ends = data.forecast.origin, data.forecast.ends
    return words(
        "subtitle" if data.at is None else "replay_subtitle",
        starts=words.moment(starts),
        ends=words.moment(ends),
        zone=data.health.zone,
    )


def _facts(data: Data, words: Words) -> str:
    if data.health is None:
        return ""
    facts = [_fact(words("plant"), data.health.plant), _source_fact(data.health, words), _model_fact(data, words)]
    return f'<dl class="facts">{"".join(facts)}</dl>'


def _source_fact(health: Health, words: Words) -> str:
    source = health.source
    if source is None:
        return ""
    return _fact(words("source"), source_name(source, words=words), hint=source.location, warn=source.is_simulated)


def _model_fact(data: Data, words: Words) -> str:
    champion = data.health.champion if data.health else None
    if champion is None:
        return _fact(words("model"), words("no_model"), warn=True)
    hints = (champion.label, _trained(data.model, words))
    return _fact(
        words("model"),
        f"{words.label('model_name', champion.model)} · {champion.version}",
        hint="; ".join(filter(None, hints)),
    )


def _trained(model: ModelInfo | None, words: Words) -> str:
    if model is None:
        return ""
    return words("trained", starts=words.day(model.trained_from), ends=words.day(model.trained_until))


def _fact(name: str, value: str, *, hint: str = "", warn: bool = False) -> str:
    kind = "fact attention" if warn else "fact"
    return f'<div class="{kind}" title="{escape(hint or value)}"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>'
