"""The model report of a plant: who stands where, the champion's scores and pictures, and what drives its forecasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from steel_energy.model_card import SIMULATED, CardFacts, weaknesses
from steel_energy.reporting import model_tables
from steel_energy.reporting.model_tables import TextTable
from steel_energy.reporting.page import Page, Section, Tile, bullets, grid, picture, table, write_page
from steel_energy.reporting.wording import count, number, percent

TILES: tuple[tuple[str, str, Callable[[float], str], str], ...] = (
    ("RMSE over 24 hours", "rmse_kwh", lambda kwh: f"{number(kwh, 2)} kWh", "test part"),
    ("MAE of the median", "median_mae_kwh", lambda kwh: f"{number(kwh, 2)} kWh", "test part"),
    ("Saved error", "skill", percent, "RMSE against the same slot last week"),
    ("In the 80 % band", "coverage_80", percent, "of the readings of the test part"),
)
"""What is said, the metric of the manifest, how it is written, a remark."""
BACKTEST_PICTURES = {
    "predicted_vs_actual": "Each forecast of the test part against what came",
    "sample_fortnight": "The last two weeks, forecast a day ahead",
    "error_by_lead_time": "Error by lead time",
    "error_by_hour": "Error by hour of the day, before the mean reading",
    "residuals_over_time": "Errors of each day",
    "residual_distribution": "Sizes of the errors",
    "quantile_reliability": "Readings below each quantile, less what it promises",
}
EXPLAINING_PICTURES = {
    "shap_by_lead_range": "Mean size of what each driver adds, by lead time",
    "top_features": "The features that move forecasts most",
    "shap_next_interval": "How features push the next interval",
    "shap_day_ahead": "How features push the rest of a day",
    "explained_forecast": "One forecast, taken apart",
}
"""Pictures by name, and what each shows."""


def write_model_page(
    facts: CardFacts, path: Path, *, backtest_pictures: Mapping[str, bytes], explaining_pictures: Mapping[str, bytes]
) -> Path:
    """Write the report of a plant's models as one self-contained HTML file, atomically.

    Args:
        facts: what the model card is made of.
        path: the file to replace; its folder is made.
        backtest_pictures: ``trial_pictures`` of the champion; empty where its model was not tried out again.
        explaining_pictures: ``importance_pictures`` of what explains it, and ``explained_forecast``.
    """
    return write_page(_page(facts, backtest_pictures, explaining_pictures), path)


def _page(facts: CardFacts, backtest: Mapping[str, bytes], explaining: Mapping[str, bytes]) -> Page:
    manifest, source = facts.manifest, facts.manifest.source
    return Page(
        kicker="Model report",
        title=f"{facts.plant.name}: forecasts of the next day",
        lead=(
            f"{count(facts.leaderboard.height, 'model')} forecast the same intervals from the same origins; "
            f"**{manifest.model}** is served. {model_tables.kind_in_words(manifest.model)} "
            f"Source of the readings: {source['kind']} {source['location']}."
        ),
        notice=SIMULATED if source.get("is_simulated") else "",
        tiles=_tiles(facts),
        sections=(_standings(facts), _champion(facts, backtest), _drivers(facts, explaining), _weak(facts)),
        footer=f"Bundle {manifest.version}. Every number here comes from a build. The file works without a network.",
    )


def _tiles(facts: CardFacts) -> list[Tile]:
    manifest = facts.manifest
    figures = {name: manifest.metrics.get(f"test.over_24h.{name}") for _, name, _, _ in TILES}
    return [
        Tile("Served", manifest.model, manifest.label or f"version {manifest.version}"),
        *(
            Tile(words, write(kwh), remark)
            for words, name, write, remark in TILES
            if (kwh := figures[name]) is not None
        ),
    ]


def _standings(facts: CardFacts) -> Section:
    text = (
        "The best on the validation part first; of the test part where nothing else is said, errors in kWh. "
        + model_tables.STANDINGS_WORDS.replace("*", "**")
    )
    absent = [f"{trial.model} is absent: {trial.absent_because}" for trial in facts.trials if trial.absent_because]
    blocks = (_table(model_tables.standings(facts.leaderboard)), *([bullets(absent)] if absent else []))
    return Section("standings", "Who stands where", text, blocks)


def _champion(facts: CardFacts, pictures: Mapping[str, bytes]) -> Section:
    text = (
        "It was chosen by the validation part, the test part is only reported; each part was forecast by a fit that "
        f"had not seen it. It is served because: **{facts.reason}**. The pictures show the test part."
    )
    blocks = (_table(model_tables.scores(facts.manifest.metrics)), _shown(pictures, BACKTEST_PICTURES))
    return Section("champion", f"How good {facts.manifest.model} is", text, blocks)


def _drivers(facts: CardFacts, pictures: Mapping[str, bytes]) -> Section:
    text = (
        "What the features add to forecasts and take from them, in kWh (SHAP): base and contributions add up to each "
        f"forecast. Explained is **{facts.explained}**."
    )
    blocks = (_table(model_tables.drivers(facts.drivers)), _shown(pictures, EXPLAINING_PICTURES))
    return Section("drivers", "What drives its forecasts", text, blocks)


def _weak(facts: CardFacts) -> Section:
    text = "What this build found, and what no build can find."
    return Section("weak", "Where it is weak", text, (bullets(weaknesses(facts)),))


def _shown(pictures: Mapping[str, bytes], captions: Mapping[str, str]) -> str:
    shown = [picture(pictures[name], caption) for name, caption in captions.items() if name in pictures]
    return grid(*shown, least_rem=30)


def _table(rows: TextTable) -> str:
    return table(rows.head, rows.rows, numbers=range(1, len(rows.head))) if rows.rows else ""
