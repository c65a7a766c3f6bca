"""Questions about a plant's models: versions, what drives and errs, and another one in the champion's place."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from steel_client.calls import got, posted, query_of, reads
from steel_client.exchange import Call
from steel_client.models import (
    ChampionChange,
    EvaluationAnswer,
    ImportanceAnswer,
    PromoteRequest,
    ReloadAnswer,
    RollbackRequest,
    VersionsAnswer,
)


def model_versions(*, plant: str | None = None) -> Call[VersionsAnswer]:
    """Every bundle that is kept, what it scored, and whether it serves, served, was rolled back or never served."""
    return got("/model/versions", VersionsAnswer, plant=plant)


def model_importance(*, plant: str | None = None) -> Call[ImportanceAnswer]:
    """What drives the champion's forecasts, as the last build explained it."""
    return got("/model/importance", ImportanceAnswer, plant=plant)


def model_evaluation(
    *, part: Literal["validation", "test"] = "test", model: str | None = None, plant: str | None = None
) -> Call[EvaluationAnswer]:
    """Where a model's backtest errs, and whether its bands hold; of the champion's kind if none is named."""
    return got("/model/evaluation", EvaluationAnswer, part=part, model=model, plant=plant)


def promote(
    version: str, *, because: str, expected: str | None = None, plant: str | None = None
) -> Call[ChampionChange]:
    """Serve another version from now on; needs a key of the role admin.

    Args:
        version: a bundle that is kept.
        because: why, in one line.
        expected: the version that has to be champion until then; any if absent.
        plant: its id.
    """
    wanted = PromoteRequest(version=version, because=because, expected=expected, plant=plant)
    return replace(posted("/admin/promote", ChampionChange, wanted), is_repeatable=False)


def rollback(
    *, because: str, to: str | None = None, expected: str | None = None, plant: str | None = None
) -> Call[ChampionChange]:
    """Serve an earlier champion again; needs a key of the role admin.

    Args:
        because: why, in one line.
        to: its version; the previous champion if absent.
        expected: the version that has to be champion until then; any if absent.
        plant: its id.
    """
    wanted = RollbackRequest(to=to, because=because, expected=expected, plant=plant)
    return replace(posted("/admin/rollback", ChampionChange, wanted), is_repeatable=False)


def reload(*, plant: str | None = None) -> Call[ReloadAnswer]:
    """Serve the newest models from now on; needs a key of the role admin. All plants if none is named."""
    return Call("POST", "/admin/reload", reads(ReloadAnswer), query=query_of({"plant": plant}), is_repeatable=False)
