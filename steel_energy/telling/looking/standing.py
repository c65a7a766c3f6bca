"""How things stand, in words: drift of the readings, health of the service, and the model that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steel_energy.asking.outcomes import Period, Request
from steel_energy.asking.scene import Scene
from steel_energy.telling.formats import Voice, sentence, voice
from steel_energy.telling.looking.drift_words import moved
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, origin_lines

SCORES = ("rmse_kwh", "mae_kwh", "wape", "skill")
"""Scores of the backtest that are told, as the manifest names them behind ``test.over_24h.``."""
TEST_PART = "test.over_24h."
SHARES = {"wape": "error_share", "skill": "better_share"}


def drift(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """Whether the newest readings look like the training, and what moved."""
    say, found = voice(request.language, scene.tariff.measure), results[0]
    period = Period(start=moment(found["newest_from"], scene), end=moment(found["newest_until"], scene))
    parts, remedies, figures = moved(found, say)
    texts = [say(f"drift_verdict_{found['verdict']}", during=say.during(period.start, period.end))]
    if parts:
        texts.append(say("drift_moved", parts=say.listing(parts)))
    version = found["champion"]["version"]
    compared = say("drift_reference", model=found["champion"]["model"], version=version)
    return Told(
        text=joined(map(sentence, texts), remedies, [compared]),
        figures={"verdict": found["verdict"], **figures, "model_version": version},
        period=period,
        model_version=version,
    )


def health(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """What is there and what is missing; a problem is told in the words of the service."""
    say, found = voice(request.language, scene.tariff.measure), results[0]
    problems = {f"problem_{place}": _problem(one, say) for place, one in enumerate(found["problems"], start=1)}
    texts = [say(f"health_{found['status']}")]
    if found["readings_until"]:
        texts.append(say("health_readings", until=say.moment(moment(found["readings_until"], scene))))
    figures: dict[str, Any] = {"status": found["status"], **problems}
    champion = found["champion"]
    if champion:
        figures |= {"model": champion["model"], "model_version": champion["version"]}
        texts.append(say("health_model", model=champion["model"], version=champion["version"]))
    return Told(
        text=joined(texts, *([one] for one in problems.values()), origin_lines(results, say)),
        figures=figures,
        model_version=champion["version"] if champion else None,
    )


def model(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """Which model forecasts, what it was trained on and how far it errs."""
    say, found = voice(request.language, scene.tariff.measure), results[0]
    figures: dict[str, Any] = {"model": found["model"], "model_version": found["version"]}
    names = {"model": found["model"], "version": found["version"]}
    texts = [say("model", **names)]
    if found["label"]:
        figures["label"] = found["label"]
        texts.append(say("model_label", label=found["label"]))
    since, until = (moment(found[name], scene) for name in ("trained_from", "trained_until"))
    texts.append(say("model_trained", during=say.during(since, until)))
    scores = {name: found["metrics"].get(f"{TEST_PART}{name}") for name in SCORES}
    if all(value is not None for value in scores.values()):
        named = {SHARES.get(name, name): value for name, value in scores.items()}
        figures |= named
        texts.append(say("model_error", **{name: say.figure(name, value) for name, value in named.items()}))
    texts.append(say("model_nowcast", version=found["nowcast"]["version"]))
    return Told(
        text=joined(texts[:1], texts[1:], origin_lines(results, say)),
        figures=figures | {"nowcast_version": found["nowcast"]["version"]},
        model_version=found["version"],
    )


def _problem(problem: Mapping[str, str], voice: Voice) -> str:
    return voice("health_problem", what=problem["what"], remedy=problem["remedy"])
