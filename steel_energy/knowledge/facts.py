"""What written notes may name a figure of: the parameters, the plant, its tariff, and limits of the code."""

from __future__ import annotations

from types import SimpleNamespace

from steel_energy.asking.lexicon import Language
from steel_energy.knowledge.shown import Shown
from steel_energy.params import Params
from steel_energy.planning.request import MAX_DAYS, MAX_JOBS
from steel_energy.reporting.weekly_words import words
from steel_energy.schema import INTERVAL_MINUTES, INTERVALS_PER_DAY
from steel_energy.sites import Site
from steel_energy.timeline import MAX_HORIZON


def facts_of(site: Site, params: Params, language: Language) -> dict[str, Shown]:
    """The names that a note may use: sections of params.yaml, ``plant``, ``tariff`` and ``limits``."""
    told = words(language)
    values = {name: getattr(params, name) for name in type(params).model_fields}
    limits = SimpleNamespace(
        interval_minutes=INTERVAL_MINUTES,
        intervals_per_day=INTERVALS_PER_DAY,
        horizon=MAX_HORIZON,
        horizon_days=MAX_HORIZON // INTERVALS_PER_DAY,
        plan_days=MAX_DAYS,
        plan_jobs=MAX_JOBS,
    )
    values |= {"plant": site.plant, "tariff": site.tariff, "limits": limits}
    return {name: Shown(value, told) for name, value in values.items()}
