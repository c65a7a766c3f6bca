"""Notes on the model that is served, on the leaderboard, and on the plan of the next days."""

from __future__ import annotations

from collections.abc import Iterator

from steel_energy.calendar import in_zone, interval_end
from steel_energy.catalogue import read_catalogue
from steel_energy.evaluation import Standing
from steel_energy.knowledge.records import Note
from steel_energy.knowledge.report_context import SOURCE, Context
from steel_energy.knowledge.sentences import Sentences
from steel_energy.knowledge.shown import plain

MODELS_NAMED = 5
PLAN = "day_ahead_plan"


def champion(context: Context) -> Iterator[Note]:
    """Which model is served, since when and why, and how it fared on the test part."""
    catalogue, told = read_catalogue(context.settings, context.plant.id), context.told
    if not catalogue.promotions:
        return
    now = catalogue.promotions[-1]
    values = {
        "model": plain(now.model),
        "version": plain(now.version),
        "since": told.words.long_day(in_zone(now.promoted_at, context.plant.zone)),
        "by": told.content["causes"].get(now.by, now.by),
    }
    texts = [told.say(SOURCE, "champion", "text", **values)]
    standing = next((one for one in catalogue.standings if one.model == now.model), None)
    if standing:
        texts.append(told.say(SOURCE, "champion", "scores", **_scores(standing, told)))
    yield told.note(SOURCE, "champion", [" ".join(texts)])


def _scores(standing: Standing, told: Sentences) -> dict[str, str]:
    words, test = told.words, standing.test
    return {
        "rmse": words.number(test.get("rmse_kwh"), 2),
        "mae": words.number(test.get("mae_kwh"), 2),
        "mase": words.number(test.get("mase"), 2),
        "skill": words.percent(test.get("skill")),
        "held": words.percent(test.get("coverage_80"), 1),
    }


def leaderboard(context: Context) -> Iterator[Note]:
    """The models that were tried out, best first."""
    standings, told = read_catalogue(context.settings, context.plant.id).standings, context.told
    if not standings:
        return
    lines = [
        told.say(SOURCE, "leaderboard", "line", place=place, model=plain(one.model), **_errors(one, told))
        for place, one in enumerate(standings[:MODELS_NAMED], start=1)
    ]
    text = told.say(SOURCE, "leaderboard", "text", models=len(standings))
    yield told.note(SOURCE, "leaderboard", [text, *lines])


def _errors(standing: Standing, told: Sentences) -> dict[str, str]:
    numbers = {"validation": standing.validation, "test": standing.test}
    return {part: told.words.number(scores.get("rmse_kwh"), 2) for part, scores in numbers.items()}


def plan_ahead(context: Context) -> Iterator[Note]:
    """What the standard plan of the next days promises."""
    rows, told = context.newest(PLAN), context.told
    facts = context.lake.read_facts(PLAN, context.plant.id)
    if not rows or facts is None:
        return
    words = told.words
    last = interval_end(rows[-1]["interval_start"])
    values = {
        "first": words.moment(rows[0]["interval_start"]),
        "last": words.moment(last),
        "planned": words.money(facts["planned_krw"]),
        "baseline": words.money(facts["baseline_krw"]),
        "savings": words.money(facts["savings_krw"]),
        "peak": words.number(facts["peak_kw"], 1),
        "baseline_peak": words.number(facts["baseline_peak_kw"], 1),
    }
    yield told.note(SOURCE, "plan-ahead", [told.say(SOURCE, "plan-ahead", "text", **values)])
