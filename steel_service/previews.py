"""What POST /readings/preview answers: the verdict on readings before anything of them is kept."""

from __future__ import annotations

from collections import Counter

import polars as pl

from steel_energy.calendar import interval_end, interval_grid
from steel_energy.cleaning import RULES
from steel_energy.cleaning.review import gaps
from steel_energy.posting import Judged
from steel_service.api_models.quality import MAX_GAPS, QualityGap, RuleCount
from steel_service.api_models.readings import PreviewAnswer
from steel_service.posted import Form, judge_body, known_readings, told
from steel_service.state import State

TIME = "interval_start"


def preview_readings(content: bytes, form: Form, *, state: State, plant_id: str | None) -> PreviewAnswer:
    """Judge the rows of a body as POST /readings would, and say what cleaning would make of them.

    Raises:
        BodyError: the body as a whole is not JSON.
        InputError: it is no body of readings, or has too many rows.
        UnknownPlantError: there is no such plant.
        ConflictError: it names another plant than the request.
    """
    site, sent, judged = judge_body(content, form, state=state, plant_id=plant_id)
    standing = judged.verdicts.filter(pl.col("status") != "rejected")[TIME].unique().sort()
    known, zone = known_readings(site, state), site.plant.zone
    open_stretches = gaps(_absent(standing, zone)).reverse()
    return PreviewAnswer(
        plant=site.plant.id,
        zone=zone,
        start=None if standing.is_empty() else standing[0],
        end=None if standing.is_empty() else interval_end(standing[-1]),
        replacing=0 if known is None else judged.fresh.join(known, on=TIME, how="semi").height,
        rules=_rules(judged),
        gaps=[QualityGap(**gap) for gap in open_stretches.head(MAX_GAPS).iter_rows(named=True)],
        gaps_left_out=max(0, open_stretches.height - MAX_GAPS),
        **told(judged, sent),
    )


def _absent(standing: pl.Series, zone: str) -> pl.Series:
    """Intervals between the first and the last of ``standing`` that are not among them."""
    if standing.is_empty():
        return standing
    grid = interval_grid(standing[0], interval_end(standing[-1]), zone=zone)
    return grid.filter(~grid.is_in(standing.implode()))


def _rules(judged: Judged) -> list[RuleCount]:
    used = Counter(repair.rule for repairs in judged.repairs.values() for repair in repairs)
    return [
        RuleCount(rule=name, changes=n, confidence=RULES[name].confidence, why=RULES[name].why)
        for name, n in used.most_common()
    ]
