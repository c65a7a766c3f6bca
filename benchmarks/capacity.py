"""The capacity page's figures: every line is a formula over ``capacity.yaml``, so that they can be computed again.

    python benchmarks/capacity.py [--write]

``--write`` puts both tables into ``docs/capacity.md``; a test asserts that what stands there is what comes out.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import yaml
from libraries.tables import markdown, put

from steel_energy.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "capacity.md"
INPUTS = Path(__file__).with_name("capacity.yaml")
WORD = re.compile(r"[a-z_]+")

LINES = (
    ("readings taken in, on average", "", "plants * readings_a_day / 86400", "a second"),
    ("the same, all posted within one minute", "", "plants * readings_a_day / posts_a_day / 60", "a second"),
    ("posts, on average", "", "plants * posts_a_day / 86400", "a second"),
    ("readings as JSON", "", "plants * readings_a_day * reading_bytes / 2**30", "GiB a day"),
    ("lake: readings, repairs, features", "lake", "plants * lake_mib_a_year / 1024", "GiB a year"),
    ("lake: files", "", "plants * files_a_year / 1e6", "million a year"),
    ("drift pages, all kept", "pages", "plants * report_mib_a_week * 52 / 1024", "GiB a year"),
    ("models to serve and to go back to", "models", "plants * models_mib * bundles_kept / 1024", "GiB"),
    ("cleaning and features of a whole year", "", "plants * clean_cpu_s_a_year / 3600", "core hours"),
    (
        "taking a month in, the work itself",
        "taken",
        "plants * clean_cpu_s_a_year / 12 * take_ins_a_day / 3600",
        "core hours a day",
    ),
    ("forecast and plan", "planned", "plants * plan_core_s / 3600", "core hours a day"),
    (
        "watch and report",
        "watched",
        "plants * (watch_core_s_a_week + report_core_s_a_week) / 7 / 3600",
        "core hours a day",
    ),
    ("train own models", "trained", "plants * retrain_core_s * retrainings_a_year / 365 / 3600", "core hours a day"),
    (
        "steps",
        "steps",
        "plants * (take_ins_a_day * steps_a_take_in + steps_a_plan + steps_a_week / 7"
        " + steps_a_retraining * retrainings_a_year / 365)",
        "a day",
    ),
    ("their processes: imports", "imported", "steps * step_import_core_s / 3600", "core hours a day"),
    (
        "their processes: the graph, one place for all plants",
        "",
        "steps * plants * graph_core_s_a_plant / 3600",
        "core hours a day",
    ),
    (
        "their processes: the graph, places of some plants each",
        "loaded",
        "steps * plants_a_place * graph_core_s_a_plant / 3600",
        "core hours a day",
    ),
    (
        "warehouse, after each take-in, of all plants",
        "",
        "plants * take_ins_a_day * plants * warehouse_core_s_a_year / 3600",
        "core hours a day",
    ),
    (
        "warehouse, once a day, in each place",
        "copied",
        "plants * warehouse_core_s_a_year / 3600",
        "core hours a day",
    ),
    ("partitions of a monthly table after three years", "", "plants * 36", "keys"),
    ("the same in a place", "", "plants_a_place * 36", "keys"),
    ("forecasts asked, on average", "asked", "plants * forecasts_a_day / 86400", "a second"),
    ("cores that answer them", "answering", "asked * forecast_ms / 1000", "cores"),
    ("champions in memory, at least their files", "", "plants * models_mib / 1024", "GiB"),
    ("the same in a place", "", "plants_a_place * models_mib / 1024", "GiB"),
    ("global model: rows on Dask's workers", "", "plants * rows_mib_a_plant / 1024", "GiB"),
    ("global model: rows and scores", "", "plants * global_core_s_a_plant / 3600", "core hours a training"),
    (
        "all of it, in places",
        "day",
        "taken + planned + watched + trained + imported + loaded + copied + 24 * answering",
        "core hours a day",
    ),
    ("the same, evenly over the day", "cores", "day / 24", "cores"),
    ("memory of as many workers", "", "cores * worker_mib / 1024", "GiB"),
    ("kept after a year", "kept", "lake + pages + models", "GiB"),
    ("what a month costs", "", "30 * day * price_core_hour + kept * price_gib_month", "of your money"),
)
"""What is computed, the name by which later formulas know it, its formula, and its unit."""


def inputs() -> dict[str, dict[str, Any]]:
    """Name to value and where it is from."""
    content: dict[str, dict[str, Any]] = yaml.safe_load(INPUTS.read_text(encoding="utf-8"))
    return content


def computed(values: dict[str, float]) -> list[float | None]:
    """Each line's value; None where the reader has not filled in a price."""
    known: dict[str, float | None] = dict(values)
    found = []
    for _, name, formula, _ in LINES:
        asked = {word for word in WORD.findall(formula) if word in known}
        missing = any(known[word] is None for word in asked)
        value = None if missing else eval(formula, {"__builtins__": {}, **known})  # noqa: S307 - our own formulas
        found.append(value)
        if name:
            known[name] = value
    return found


def tables() -> tuple[str, str]:
    """The inputs, and what follows from them."""
    given = inputs()
    found = computed({name: told["value"] for name, told in given.items()})
    rows = [
        (what, f"`{name + ' = ' if name else ''}{formula}`", "-" if value is None else f"{shown(value)} {unit}")
        for (what, name, formula, unit), value in zip(LINES, found, strict=True)
    ]
    inputs_rows = [(f"`{name}`", shown_input(told["value"]), told["of"]) for name, told in given.items()]
    return markdown(("input", "value", "where from"), inputs_rows), markdown(("what", "formula", "value"), rows)


def shown_input(value: float | None) -> str:
    """As it stands in the file."""
    return "fill in" if value is None else f"{value:,}"


def shown(value: float) -> str:
    """Two digits that count, or whole numbers.

    >>> shown(0.01234), shown(12.34), shown(12345.6)
    ('0.012', '12', '12,346')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"  # noqa: PLR2004


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put both tables into docs/capacity.md")
    options = parser.parse_args()
    given, found = tables()
    print(f"{given}\n\n{found}")
    if options.write:
        put(PAGE, "inputs: benchmarks/capacity.py --write", given)
        put(PAGE, "figures: benchmarks/capacity.py --write", found)


if __name__ == "__main__":
    main()
