"""When the jobs of a plan run, at which price, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from steel_energy.asking.scene import Scene
from steel_energy.telling.changing.phrases import exact_kwh, per_energy, short_day, span
from steel_energy.telling.formats import Voice
from steel_energy.telling.records import Result, moment

MOST_RUNS = 4


def job_lines(result: Result, scene: Scene, figures: dict[str, Any], voice: Voice, *, during: str) -> Iterator[str]:
    """A sentence for one job; a line each for several.

    Args:
        result: of /optimize.
        scene: whose zone times are shown in.
        figures: gets what the lines are made of.
        voice: of the answer.
        during: the period as an adverb.
    """
    jobs = result["jobs"]
    if len(jobs) == 1:
        (job,) = jobs
        if not job["runs"]:
            yield voice("op_left_out_one", job=_quoted(job, voice))
            return
        yield voice("op_one_job", job=_quoted(job, voice), when=_runs(job, scene, voice))
        yield _cost(job, result, "job", figures, voice)
    elif jobs:
        yield voice("op_jobs", during=during)
        for place, job in enumerate(jobs, start=1):
            if job["runs"]:
                line = voice("op_job", job=job["name"], when=_runs(job, scene, voice))
                yield f"{line}. {_cost(job, result, f'job_{place}', figures, voice)}"
            else:
                yield f"{voice('op_left_out', job=job['name'])}."


def _quoted(job: Result, voice: Voice) -> str:
    return voice("op_quoted", job=job["name"])


def _runs(job: Result, scene: Scene, voice: Voice) -> str:
    """The stretches of a job: the day with its hours, of several days each."""
    runs = [(moment(run["start"], scene), moment(run["end"], scene)) for run in job["runs"]]
    by_day: dict[dt.date, list[str]] = {}
    for start, end in runs[:MOST_RUNS]:
        by_day.setdefault(start.date(), []).append(span(start, end, voice))
    shown = [voice("op_run", day=short_day(day, voice), hours=voice.listing(spans)) for day, spans in by_day.items()]
    more = len(runs) - MOST_RUNS
    return voice.listing(shown) + (voice("op_more_runs") if more > 0 else "")


def _cost(job: Result, result: Result, name: str, figures: dict[str, Any], voice: Voice) -> str:
    """Energy, its charge and price, beside the dearest price of the period."""
    energy = sum(run["energy_kwh"] for run in job["runs"])
    price = job["energy_krw"] / energy if energy else 0.0
    dearest = max(one["energy_krw_per_kwh"] for one in result["schedule"])
    figures.update(
        {f"{name}_energy_kwh": energy, f"{name}_energy_krw": job["energy_krw"], f"{name}_krw_per_kwh": price}
    )
    beside = ""
    if dearest > price and len(result["jobs"]) == 1:
        figures["dearest_krw_per_kwh"] = dearest
        beside = voice("op_dearest", price=voice.number(dearest * voice.measure.kwh_per_unit, 1))
    return voice(
        "op_cost",
        energy=exact_kwh(round(energy, 1), voice),
        cost=voice.krw(job["energy_krw"]),
        price=per_energy(price, voice),
        dearest=beside,
    )
