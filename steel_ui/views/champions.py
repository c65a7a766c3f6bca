"""The versions that may serve beside the champion, and every change of the champion so far."""

from __future__ import annotations

from html import escape
from types import MappingProxyType

from steel_client.models import ModelVersion, Promotion, Review
from steel_ui.model_facts import ModelFacts
from steel_ui.retold import retold
from steel_ui.views.model_board import made_words
from steel_ui.views.parts.card import Tone, chip_html
from steel_ui.views.parts.states import skeleton_panel_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words

TEST = "test.over_24h."
STATE_TONES: MappingProxyType[str, Tone] = MappingProxyType(
    {"champion": "good", "standing": "", "rejected": "bad", "never_served": ""}
)
NUMBERS = frozenset({"rmse", "beside", "held"})


def versions_html(data: ModelFacts | None, *, words: Words) -> str:
    """Every version that is kept, its figures and those against the champion's."""
    if data is None:
        return skeleton_panel_html(words("loading"), lines=4).replace('class="panel"', "")
    names = ("name", "made", "until", "rmse", "beside", "held", "state")
    columns = [
        Column(words(f"version_{name}"), is_number=name in NUMBERS, hint=words(f"version_{name}_hint"))
        for name in names
    ]
    found = data.versions.versions
    rows = [_version_cells(version, data.champion, words) for version in found]
    here = next((n for n, version in enumerate(found) if version.state == "champion"), None)
    board = table_html(columns, rows, caption=words("versions"), here=here)
    head = f'<h2>{escape(words("versions"))}</h2><p class="muted small">{escape(words("versions_about"))}</p>'
    return f"<section>{head}{board if rows else nothing(words('versions_none'))}</section>"


def nothing(text: str) -> str:
    """A sentence in place of a table."""
    return f'<p class="nothing">{escape(text)}</p>'


def _version_cells(version: ModelVersion, champion: ModelVersion | None, words: Words) -> tuple[str, ...]:
    made = f"<small>{escape(made_words(version.label, words))}</small>" if version.label else ""
    rmse_kwh, held = test_score(version, "rmse_kwh"), test_score(version, "coverage_80")
    return (
        f"{escape(version_name(version, words))}{made}",
        escape(words.moment(version.created_at)) if version.created_at else DASH,
        escape(words.day(version.trained_until)) if version.trained_until else DASH,
        DASH if rmse_kwh is None else words.number(rmse_kwh, digits=2),
        beside(version, champion, words),
        DASH if held is None else words.percent(held, digits=1),
        chip_html(words("version_damaged"), "bad")
        if version.is_damaged
        else chip_html(words(f"version_{version.state}"), STATE_TONES[version.state]),
    )


def beside(version: ModelVersion, champion: ModelVersion | None, words: Words) -> str:
    """How much larger its error on unseen data is than the champion's; nothing where the two cannot be compared."""
    own, other = test_score(version, "rmse_kwh"), test_score(champion, "rmse_kwh")
    if champion is None or version.version == champion.version or None in (own, other):
        return DASH
    if not version.is_same_data:
        return escape(words("version_other_data"))
    assert own is not None and other is not None  # noqa: S101, PT018 - as above
    return f"{words.number(own - other, digits=2, signed=True)} {words.units.energy}"


def test_score(version: ModelVersion | None, name: str) -> float | None:
    """A score of the test part over 24 hours; None where the version does not claim it."""
    return version.metrics.get(f"{TEST}{name}") if version else None


def version_name(version: ModelVersion, words: Words) -> str:
    """Model and version."""
    return f"{words.label('model_name', version.model or DASH)} {version.version}"


def champions_html(data: ModelFacts | None, *, words: Words) -> str:
    """Every change of the champion, the newest first: who made it, why, and what is known of it since."""
    if data is None:
        return skeleton_panel_html(words("loading"), lines=3)
    names = ("number", "when", "name", "by", "reason", "figures", "state")
    columns = [Column(words(f"champion_{name}")) for name in names]
    made = data.models.champions
    rows = [_promotion_cells(one, data, words, is_last=one is made[-1]) for one in reversed(made)]
    board = table_html(columns, rows, caption=words("champions"), here=0)
    head = f'<h2>{escape(words("champions"))}</h2><p class="muted small">{escape(words("champions_about"))}</p>'
    return f'<section class="panel">{head}{board}</section>'


def _promotion_cells(made: Promotion, data: ModelFacts, words: Words, *, is_last: bool) -> tuple[str, ...]:
    if is_last:
        state = chip_html(words("champion_serves"), "good")
    elif made.is_rejected:
        state = chip_html(words("champion_rejected"), "bad")
    else:
        state = chip_html(words("champion_kept" if made.is_kept else "champion_gone"))
    who = f"<small>{escape(made.who)}</small>" if made.who else ""
    return (
        str(made.number),
        escape(words.moment(made.promoted_at)),
        f"{escape(words.label('model_name', made.model))}<small>{escape(made.version)}</small>",
        f"{escape(words(f'cause_{made.by}'))}{who}",
        retold(made.reason, words=words),
        _figures(made, data, words),
        state,
    )


def _figures(made: Promotion, data: ModelFacts, words: Words) -> str:
    """Its error on unseen data, and how it did when it was looked at again."""
    rmse_kwh = test_score(data.version(made.version), "rmse_kwh")
    test = DASH if rmse_kwh is None else escape(words("champion_rmse", kwh=words.number(rmse_kwh, digits=2)))
    review = next((one for one in data.versions.reviews if one.promotion == made.number), None)
    return test + (f"<small>{escape(_review(review, words))}</small>" if review else "")


def _review(review: Review, words: Words) -> str:
    return words(
        "champion_review_back" if review.is_taken_back else "champion_review_stays",
        kwh=words.number(review.champion_rmse_kwh, digits=2),
        before=words.number(review.previous_rmse_kwh, digits=2),
    )
