"""The model card: what is served, what it was made of, how good it is, who else stood for it and where it is weak.

Every number comes from a build: the leaderboard, the champion's manifest, the trials and the explanations. The
sentences around them stand in ``model_card.md``, the tables in ``reporting.model_tables``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import polars as pl

from steel_energy.artifacts import Manifest
from steel_energy.calendar import in_zone
from steel_energy.evaluation import BANDS, PARTS
from steel_energy.forecasting import MAX_HORIZON, QUANTILES
from steel_energy.params import EvaluationParams
from steel_energy.plant import Plant
from steel_energy.reporting import model_tables
from steel_energy.reporting.model_tables import TextTable
from steel_energy.reporting.wording import count, day, listing, number, percent
from steel_energy.schema import HOURS_PER_DAY, INTERVAL, INTERVAL_MINUTES
from steel_energy.trial import TrialRecord

TEMPLATE = "model_card.md"
HASH_DIGITS = 12  # enough to find a commit or to tell two files apart
COVERAGE_TOLERANCE = 0.05
"""A band that holds this share more or less of the readings than it promises is told as a weakness."""
SIMULATED = "**Simulated data.** No meter measured these readings: every number here comes from the plant simulator."


@dataclass(frozen=True)
class CardFacts:
    """What the card is made of.

    Attributes:
        leaderboard: as ``evaluation.Leaderboard.frame`` makes it.
        manifest: of the champion's bundle.
        reason: why it is the champion, in words.
        plant: whose usage it forecasts.
        trials: of every model of the build, also of those that could not be tried out.
        drivers: ``explaining.driver_importance`` of what explains the champion.
        explained: what that is, in words.
        params: the split, the distance of the origins and the promotion margin.
    """

    leaderboard: pl.DataFrame
    manifest: Manifest
    reason: str
    plant: Plant
    trials: Sequence[TrialRecord]
    drivers: pl.DataFrame
    explained: str
    params: EvaluationParams


def model_card(facts: CardFacts) -> str:
    """The card as Markdown; the same build gives the same text."""
    template = files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8")
    return Template(template).substitute(
        **_about_model(facts.manifest, facts.plant),
        **_about_choice(facts),
        scores=_markdown(model_tables.scores(facts.manifest.metrics)),
        standings_words=model_tables.STANDINGS_WORDS,
        standings=_markdown(model_tables.standings(facts.leaderboard)),
        absent=_absent(facts.trials),
        explained=facts.explained,
        drivers=_markdown(model_tables.drivers(facts.drivers)),
        weaknesses=_bullets(weaknesses(facts)),
    )


def weaknesses(facts: CardFacts) -> list[str]:
    """Where the champion is weak, in sentences: what the build found, then what no build can find."""
    times = HOURS_PER_DAY // facts.params.origin_every_hours
    return [
        *_wrong_bands(facts.manifest.metrics),
        *_worst_week(facts.leaderboard.filter(pl.col("model") == facts.manifest.model)),
        "A production stop that is not in the plant's calendar comes as a surprise.",
        "The history of one plant says nothing of other plants, and little of other years: every plant trains its own.",
        f"The error at one lead time is measured at {count(times, 'time')} of the day only.",
    ]


def _about_model(manifest: Manifest, plant: Plant) -> dict[str, str]:
    source, code = manifest.source, manifest.code
    first, last = (in_zone(time, plant.zone) for time in (manifest.trained_from, manifest.trained_until - INTERVAL))
    changed = " with local changes" if code.is_dirty else ""
    return {
        "max_horizon": str(MAX_HORIZON),
        "interval_minutes": str(INTERVAL_MINUTES),
        "quantiles": listing([f"{100 * level:.0f}" for level in QUANTILES]),
        "model": manifest.model,
        "label": f" ({manifest.label})" if manifest.label else "",
        "kind": model_tables.kind_in_words(manifest.model),
        "plant": plant.name,
        "trained_on": f"{day(first)} to {day(last)} ({plant.zone}), from {source['kind']} `{_name(source)}`",
        "simulated": f"\n{SIMULATED}\n" if source.get("is_simulated") else "",
        "version": manifest.version,
        "package": code.package,
        "commit": f", commit `{code.commit[:HASH_DIGITS]}`{changed}" if code.commit else "",
        "data_sha256": manifest.data_sha256[:HASH_DIGITS],
        "earlier_fits": count(len(manifest.earlier_fits), "older fit"),
    }


def _name(source: Mapping[str, Any]) -> str:
    """Where the readings come from; of a file its name alone, for a card travels and a machine's folders do not."""
    return Path(source["location"]).name if source["kind"] == "file" else str(source["location"])


def _about_choice(facts: CardFacts) -> dict[str, str]:
    params = facts.params
    return {
        "train_share": percent(params.train_share, 0),
        "validation_share": percent(params.validation_share, 0),
        "test_share": percent(1 - params.train_share - params.validation_share, 0),
        "promotion_margin": percent(params.promotion_margin, 0),
        "reason": facts.reason,
        "origin_every_hours": str(params.origin_every_hours),
    }


def _absent(trials: Sequence[TrialRecord]) -> str:
    reasons = [f"`{trial.model}`: {trial.absent_because}." for trial in trials if trial.absent_because]
    return f"\nNot among them:\n\n{_bullets(reasons)}\n" if reasons else ""


def _wrong_bands(metrics: Mapping[str, float]) -> list[str]:
    """A sentence for each part in which bands hold far more or far fewer readings than they promise."""
    sentences = []
    for part in PARTS:
        seen = {int(name.rpartition("_")[2]): metrics.get(f"{part}.over_24h.{name}") for name in BANDS}
        wrong = {
            at: share for at, share in seen.items() if share is not None and abs(share - at / 100) > COVERAGE_TOLERANCE
        }
        if wrong:
            shares = listing([f"{percent(share)} (the {at} % band)" for at, share in wrong.items()])
            sentences.append(f"Bands are not what they promise on the {part} part: they hold {shares} of the readings.")
    return sentences


def _worst_week(champion: pl.DataFrame) -> list[str]:
    columns = ["weekly_rmse_mean_kwh", "weekly_rmse_worst_kwh"]
    if champion.is_empty() or not set(columns) <= set(champion.columns):
        return []
    mean, worst = (number(value, 1) for value in champion.select(columns).row(0))
    return [f"Weeks differ: over the test part the RMSE of a week is {mean} kWh in the mean, {worst} kWh in the worst."]


def _bullets(sentences: Sequence[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _markdown(table: TextTable) -> str:
    if not table.rows:
        return ""
    lines = [table.head, ("---", *["---:"] * (len(table.head) - 1)), *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
