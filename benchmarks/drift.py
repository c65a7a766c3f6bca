"""How soon drift is found: shifts of every kind and size injected into readings of which the truth is known.

    python benchmarks/drift.py [--seeds 2] [--model lightgbm] [--kinds level_shift ...] [--quick] [--write]

Champions trained on parts of the published year and on simulated years are asked each midnight after a shift began,
with the readings cleaned as in use, and once more as the meter sent them where the shift breaks the meter's laws.
Their forecasts are asked each midnight too, of what cleaning lets through. Stable weeks are judged alike: every false
alarm counts. ``--quick`` leaves forecasts and simulated plants out;
``--write`` puts the figures and the picture into ``docs/drift.md``. Needs the published CSV.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from drifting.causes import Cause, is_usual, others, shifts
from drifting.errors import Champion, champion
from drifting.judging import Found, Judged, Unshifted, injected, stable_weeks
from drifting.keeping import kept_found, kept_weeks
from drifting.scenes import Scene, moment, real_scenes, simulated_scene, winter_scene
from drifting.showing import (
    either_table,
    false_alarm_table,
    found_table,
    missed_lines,
    other_table,
    size_rows,
    size_table,
)
from libraries.lacks import published
from libraries.tables import put
from rich.console import Console
from rich.progress import track

from steel_energy.params import Params, load_params
from steel_energy.settings import PROJECT_ROOT, SteelSettings
from steel_energy.simulation.shift import SHIFTS
from steel_energy.sites import Site, load_sites

ItemT = TypeVar("ItemT")
PLANT = "gwangyang"
FIRST_CHAMPION = "2018-03-05"  # nine weeks of readings, enough to train on
OTHER_MONTHS = tuple(f"2018-{month:02}-01" for month in (4, 5, 7, 8, 9, 11, 12))  # when champions may be trained too
SWINGS = (0.2, 0.4)
OTHERS = "others"
TITLES = (
    "Stable weeks",
    "Shifts of the usual size",
    "Smaller and larger shifts",
    "What `steel shift` does not make",
    "Severe drift or degraded forecasts",
    "January to April, by a champion trained on the rest of the year",
)
IN_WINTER = {
    "level_shift": (0.3, -0.3),
    "shift_pattern": (0.5,),
    "30 % more active energy, reactive as before": (None,),
}
PAGE, PICTURE = PROJECT_ROOT / "docs" / "drift.md", PROJECT_ROOT / "docs" / "drift.png"


def main() -> None:
    options = parsed()
    settings = SteelSettings()
    source = published(settings)
    site, params = load_sites(settings)[PLANT], load_params(settings.params_file, profile=settings.profile)
    real = real_scenes(source, site)
    simulated = [] if options.quick else [simulated_scene(site, seed=seed) for seed in range(1, options.seeds + 1)]
    began, seeds = time.perf_counter(), len(simulated)

    @cache
    def asked(name: str) -> Champion | None:
        scene = next(one for one in (*real, *simulated) if one.name == name)
        return None if options.quick else champion(scene, options.model, params)

    weeks = kept_weeks(options.keep, lambda: all_weeks(real, simulated, site, params, seeds=seeds, asked=asked))
    sections = [false_alarm_table(weeks)]
    print(f"{sections[0]}\n", flush=True)

    @cache
    def watched() -> list[Unshifted]:
        newest = real[-1] if options.quick else real[-1].fitted(options.model, params)
        return [Unshifted(scene, params, asked(scene.name)) for scene in [*real[:-1], newest, *simulated]]

    found: list[Found] = []
    for cause in progress(causes_of(options.kinds), "shifting"):
        found += kept_found(options.keep, cause, partial(_asked, watched, cause))
    sections += [found_table(found), size_table(found), other_table(found), either_table(found)]
    winter = Unshifted(winter_scene(real[-1]), params)
    in_winter: list[Found] = []
    for cause in progress(winter_causes(options.kinds), "shifting in winter"):
        folder = options.keep and options.keep / "winter"
        in_winter += kept_found(folder, cause, partial(injected, [winter], cause))
    sections.append(size_rows(in_winter))
    print("\n\n".join([*sections[1:], missed_lines([*found, *in_winter])]))
    print(f"\n{len(weeks)} weeks and {len(found)} shifts judged in {time.perf_counter() - began:.0f} s")
    if options.write:
        from drifting.picture import draw  # noqa: PLC0415 - matplotlib, which tables do not need

        sections[1] += f"\n\nErrors are those of `{options.model}`."
        put(
            PAGE,
            "figures: benchmarks/drift.py --write",
            "\n\n".join(f"### {title}\n\n{text}" for title, text in zip(TITLES, sections, strict=True)),
        )
        draw(PICTURE, scene=real[-1], found=[one for one in found if is_usual(one.cause)], weeks=weeks)


def causes_of(kinds: Sequence[str]) -> list[Cause]:
    """What is injected: usual sizes first, then what ``steel shift`` does not make, then the other sizes."""
    made = shifts(kinds)
    return sorted(
        [*made, *(others() if OTHERS in kinds else ())], key=lambda one: (not is_usual(one), one.size is not None)
    )


def winter_causes(kinds: Sequence[str]) -> list[Cause]:
    """What is injected from January to April, where nothing earlier is known."""
    return [cause for cause in causes_of(kinds) if cause.size in IN_WINTER.get(cause.name, ())]


def _asked(watched: Callable[[], list[Unshifted]], cause: Cause) -> Iterator[Found]:
    return injected(watched(), cause)


def all_weeks(
    real: Sequence[Scene],
    simulated: Sequence[Scene],
    site: Site,
    params: Params,
    *,
    seeds: int,
    asked: Callable[[str], Champion | None],
) -> Iterator[Judged]:
    """Stable weeks: real ones by champions trained every week and once, simulated ones, and with stronger seasons."""
    weekly = replace(
        real[0], name="2018, trained every week", trained_until=moment(FIRST_CHAMPION, site), group="retrained"
    )
    yield from stable_weeks(weekly, params, retrained=True)
    for until in OTHER_MONTHS:
        scene = replace(real[0], name=f"2018, trained until {until}", trained_until=moment(until, site), group="months")
        yield from stable_weeks(scene, params)
    for scene in [*real, *simulated]:
        yield from stable_weeks(scene, params, asked=asked(scene.name))
    for swing in SWINGS:
        for seed in range(1, seeds + 1):
            scene = simulated_scene(site, seed=seed, swing=swing)
            yield from stable_weeks(replace(scene, group=f"seasons {swing:.0%} stronger"), params)


def progress(what: Sequence[ItemT], label: str) -> Iterator[ItemT]:
    console = Console(stderr=True)
    return iter(track(what, label, console=console, transient=True, disable=not console.is_terminal))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2, help="simulated plants")
    parser.add_argument("--model", default="lightgbm", help="whose forecasts are watched")
    parser.add_argument("--kinds", nargs="+", choices=[*SHIFTS, OTHERS], default=[*SHIFTS, OTHERS])
    parser.add_argument("--quick", action="store_true", help="no forecasts and no simulated plants")
    parser.add_argument("--keep", type=Path, help="folder for results, so that a stopped run can go on")
    parser.add_argument("--write", action="store_true", help="write the figures into the page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
