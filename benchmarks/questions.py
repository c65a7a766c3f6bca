"""How well questions in plain language are understood: the sets tests/steel_energy/asking/questions*.yaml.

Prints of each set the share of questions whose request, period and slots are right, by language and by request, and
the time of a question; ``--faults`` lists what is wrong with the rest, ``--half`` keeps to one half of a set. Whatever
answers questions can be scored: a reader takes a question, the scene and what it kept of the question before, and gives
an outcome and what to keep.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import functools
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from steel_energy.asking.outcomes import Clarify, Outcome, OutOfScope, Period
from steel_energy.asking.planner import understand
from steel_energy.asking.scene import Scene
from steel_energy.config import ids_in, read_yaml
from steel_energy.params import load_params
from steel_energy.planning.request import Movable
from steel_energy.plant import load_plant
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import load_tariff

SETS_DIR = PROJECT_ROOT / "tests" / "steel_energy" / "asking"
QUESTIONS = SETS_DIR / "questions.yaml"
HALVES = ("mend", "closed")
FOCUSED = ("measure", "band", "statistic", "hours")
Reader = Callable[..., tuple[Outcome, Any]]


@dataclass(frozen=True)
class Asked:
    """A question with what must be understood.

    Attributes:
        question: as typed.
        after: the questions before it in the same session.
        now: end of the known readings, plant time.
        language: of the answer.
        expected: the rest of its entry.
    """

    question: str
    after: tuple[str, ...]
    now: dt.datetime
    language: str
    expected: dict[str, Any]


def half_of(question: str) -> str:
    """Which half of its set a question belongs to: the one that rules are made better with, or the other."""
    return HALVES[hashlib.sha256(question.encode()).digest()[0] % len(HALVES)]


def questions(path: Path = QUESTIONS) -> Iterator[Asked]:
    """Every question of the file."""
    for group in read_yaml(path):
        for entry in group["questions"]:
            rest = {key: value for key, value in entry.items() if key not in ("ask", "after")}
            now = dt.datetime.fromisoformat(str(group["now"]))
            yield Asked(entry["ask"], tuple(entry.get("after", ())), now, group["language"], rest)


def scene_at(now: dt.datetime) -> Scene:
    """The published plant, its readings known until ``now`` (naive plant time)."""
    return dataclasses.replace(_scene(), now=now.replace(tzinfo=_scene().now.tzinfo))


@functools.cache
def _scene() -> Scene:
    plant = load_plant("gwangyang", plants_dir=PROJECT_ROOT / "data" / "plants")
    params = load_params(PROJECT_ROOT / "params.yaml")
    tariffs_dir, standard = PROJECT_ROOT / "data" / "tariffs", params.savings.standard_plan
    return Scene(
        now=dt.datetime(2019, 1, 1, tzinfo=ZoneInfo(plant.zone)),
        tariff=load_tariff(plant.tariff, tariffs_dir=tariffs_dir),
        tariffs=tuple(ids_in(tariffs_dir)),
        movable=Movable(share=standard.movable_share, max_added_kw=standard.max_added_share * plant.contract_kw),
        params=params.asking,
    )


def faults(asked: Asked, outcome: Outcome) -> list[str]:
    """What of an outcome is not as expected; empty if all is."""
    expected, found = asked.expected, [] if outcome.language == asked.language else [f"language {outcome.language}"]
    kind = kind_of(outcome)
    if kind not in as_any(expected["intent"]):
        return [*found, f"intent {kind}"]
    if isinstance(outcome, OutOfScope):
        return found if outcome.reason in as_any(expected.get("reason", outcome.reason)) else [*found, outcome.reason]
    if isinstance(outcome, Clarify):
        is_asked = outcome.missing in as_any(expected.get("missing", outcome.missing))
        return found if is_asked else [*found, f"asks for {outcome.missing}"]
    focus = outcome.focus
    found += _period_faults(expected, "from", "to", focus.period)
    found += _period_faults(expected, "compare_from", "compare_to", focus.compared)
    found += [
        f"{name} {value}"
        for name, value in focus.model_dump(mode="json").items()
        if name in FOCUSED and name in expected and value != expected[name]
    ]
    if not holds(outcome.body(), expected.get("slots", {})):
        found.append(f"slots {outcome.body()}")
    return found


def ask(asked: Asked, scene: Scene, reader: Reader = understand) -> Outcome:
    """What a reader makes of a question after those before it."""
    kept = None
    for earlier in asked.after:
        _, kept = reader(earlier, scene, kept)
    outcome, _ = reader(asked.question, scene, kept)
    return outcome


def kind_of(outcome: Outcome) -> str:
    """The name of what came out: an intent, ``clarify`` or ``out_of_scope``."""
    if isinstance(outcome, OutOfScope):
        return "out_of_scope"
    return "clarify" if isinstance(outcome, Clarify) else outcome.intent


def as_any(expected: object) -> list[object]:
    return expected if isinstance(expected, list) else [expected]


def _period_faults(expected: dict[str, Any], first: str, last: str, period: Period | None) -> list[str]:
    ends = {first: period.start, last: period.end} if period else {}
    wrong = []
    for name in (first, last):
        if name in expected:
            wanted = dt.datetime.fromisoformat(str(expected[name]))
            if name not in ends or ends[name].replace(tzinfo=None) != wanted:
                wrong.append(f"{name} {ends.get(name)}")
    return wrong


def holds(found: object, expected: object) -> bool:
    """Whether all that is expected is there, at any depth; lists must be as long."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(found.get(name), value) for name, value in expected.items())
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return False
        return all(holds(one, other) for one, other in zip(found, expected, strict=True))
    return bool(found == expected)


def score(path: Path, *, half: str | None = None, are_faults_shown: bool = False) -> None:
    """Ask every question of a set and print how many are understood."""
    scenes: dict[dt.datetime, Scene] = {}
    right: dict[str, list[bool]] = defaultdict(list)
    taken_s = []
    for asked in questions(path):
        if half not in (None, half_of(asked.question)):
            continue
        scene = scenes.setdefault(asked.now, scene_at(asked.now))
        ask(asked, scene)  # the first question of a language compiles its words
        began = time.perf_counter()
        outcome = ask(asked, scene)
        taken_s.append((time.perf_counter() - began) / (1 + len(asked.after)))
        wrong = faults(asked, outcome)
        for group in ("all", asked.language, as_any(asked.expected["intent"])[0]):
            right[str(group)].append(not wrong)
        if wrong and are_faults_shown:
            print(f"- {' > '.join((*asked.after, asked.question))}\n      {'; '.join(wrong)}")
    for group, outcomes in right.items():
        print(f"{group:<14}{sum(outcomes):>5} of {len(outcomes):>4}  {sum(outcomes) / len(outcomes):7.1%}")
    taken_s.sort()
    print(f"a question takes {1e3 * taken_s[len(taken_s) // 2]:.1f} ms, at most {1e3 * taken_s[-1]:.1f} ms")


def main() -> None:
    """Score the sets that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="*", type=Path, default=sorted(SETS_DIR.glob("questions*.yaml")))
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    for path in options.sets:
        print(f"-- {path.name}")
        score(path, half=options.half, are_faults_shown=options.faults)


if __name__ == "__main__":
    main()
