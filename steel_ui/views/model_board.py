"""The model that answers, and how those that were tried out compare."""

from __future__ import annotations

from html import escape

from steel_client.models import ModelStanding
from steel_ui.model_facts import ModelFacts
from steel_ui.retold import retold
from steel_ui.views.parts.card import Card, card_html, row_html, skeleton_html
from steel_ui.views.parts.states import skeleton_panel_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words
from steel_ui.words import words as english

NAME, MADE = "model_name_", "made_"
CARDS = ("model_served", "model_error", "model_coverage", "model_value")


def cards_html(data: ModelFacts | None, *, words: Words) -> str:
    """The model that serves: its name, its error, how often its bands hold, and what plans by it save."""
    if data is None:
        return row_html([skeleton_html(words(name)) for name in CARDS], label=words("loading"))
    serving = data.models.serving
    standing = next((row for row in data.models.leaderboard if serving and row.model == serving.model), None)
    served = Card(
        words("model_served"),
        words.label("model_name", serving.model) if serving else DASH,
        "",
        (escape(serving.version if serving else ""), escape(made_words(serving.label, words) if serving else "")),
    )
    figures = [] if standing is None else _figures(standing, words)
    return row_html([card_html(card) for card in (served, *figures)], label=words("model_served"))


def _figures(standing: ModelStanding, words: Words) -> list[Card]:
    test, further = standing.test, standing.further
    skill = words("model_skill", percent=words.percent(test["skill"], signed=True)) if "skill" in test else ""
    cards = [Card(words("model_error"), _kwh(test.get("rmse_kwh"), words), words.units.energy, (escape(skill),))]
    if (held := test.get("coverage_80")) is not None:
        note = words("model_coverage_note", percent=words.percent(test.get("coverage_90", 0)))
        cards.append(Card(words("model_coverage"), words.number(100 * held, digits=1), "%", (escape(note),)))
    if (value := further.get("value_krw_per_week")) is not None:
        regret = words("model_regret", amount=words.number(further.get("regret_krw_per_week") or 0))
        cards.append(Card(words("model_value"), words.number(value), "KRW", (escape(regret),)))
    return cards


def leaderboard_html(data: ModelFacts | None, *, words: Words) -> str:
    """Every model that was tried out, best first; those that could not be, with the reason."""
    if data is None:
        return skeleton_panel_html(words("loading"), lines=8)
    found = data.models
    names = ("rank", "name", "validation", "test", "mae", "coverage", "skill", "worst_week", "value", "fit")
    columns = [
        Column(words(f"board_{name}"), is_number=name not in {"rank", "name"}, hint=words(f"board_{name}_hint"))
        for name in names
    ]
    rows = [_standing_cells(standing, words) for standing in found.leaderboard]
    serving = found.serving.model if found.serving else ""
    here = next((n for n, row in enumerate(found.leaderboard) if row.model == serving), None)
    board = table_html(columns, rows, caption=words("leaderboard"), here=here)
    absent = "".join(
        f"<li>{escape(words.label('model_name', model.model))}: {retold(model.because, words=words)}</li>"
        for model in found.absent
    )
    missing = f'<h3>{escape(words("absent"))}</h3><ul class="small muted">{absent}</ul>' if absent else ""
    about = f'<h2>{escape(words("leaderboard"))}</h2><p class="muted small">{escape(words("leaderboard_about"))}</p>'
    return f'<section class="panel">{about}{board}{missing}</section>'


def _standing_cells(standing: ModelStanding, words: Words) -> tuple[str, ...]:
    validation, test, further = standing.validation, standing.test, standing.further
    made = f"<small>{escape(made_words(standing.label, words))}</small>" if standing.label else ""
    return (
        str(standing.rank),
        f"{escape(words.label('model_name', standing.model))}{made}",
        _kwh(validation.get("rmse_kwh"), words),
        _kwh(test.get("rmse_kwh"), words),
        _kwh(test.get("mae_kwh"), words),
        _percent(test.get("coverage_80"), words),
        _percent(test.get("skill"), words),
        _kwh(further.get("weekly_rmse_worst_kwh"), words),
        _number(further.get("value_krw_per_week"), words),
        _number(further.get("training_s"), words, digits=1),
    )


def made_words(label: str, words: Words) -> str:
    """How a model came to be, with the models in it named as everywhere here.

    The English texts ``made_*`` are the service's own words; what is new to the dashboard stays as it came.
    """
    for key, phrase in english("en").texts.items():
        if key.startswith(MADE):
            label = label.replace(phrase, words(key))
    names = {key.removeprefix(NAME): text for key, text in words.texts.items() if key.startswith(NAME)}
    for name in sorted(names, key=len, reverse=True):  # one name is the beginning of another
        label = label.replace(name, names[name])
    return label


def _kwh(value: float | None, words: Words) -> str:
    return _number(value, words, digits=2)


def _percent(value: float | None, words: Words) -> str:
    return DASH if value is None else words.percent(value, digits=1)


def _number(value: float | None, words: Words, *, digits: int = 0) -> str:
    return DASH if value is None else words.number(value, digits=digits)
