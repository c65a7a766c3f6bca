"""What loading the graph costs as plants are added: the code location does it once, and every step's process.

    python benchmarks/graph.py [--plants 1 100 1000] [--write]

Each size is loaded by a process of its own, from as many plant files. ``--write`` puts the table into
``docs/capacity.md``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from libraries.tables import markdown, put

from steel_energy.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "capacity.md"
LOAD = """
import time
from steel_assets.definitions import build_defs
from steel_assets.settings import AssetsSettings
imported = time.process_time()
definitions = build_defs(AssetsSettings(source="simulated"))
definitions.resolve_all_job_defs()
print(imported, time.process_time() - imported)
"""


def loaded(plants: int, folder: Path) -> tuple[float, float]:
    """CPU seconds of the imports and of the graph."""
    sites = folder / str(plants)
    (sites / "plants").mkdir(parents=True)
    (sites / "tariffs").symlink_to(PROJECT_ROOT / "data" / "tariffs")
    plant = yaml.safe_load((PROJECT_ROOT / "data" / "plants" / "gwangyang.yaml").read_text(encoding="utf-8"))
    for number in range(1, plants + 1):
        text = yaml.safe_dump(plant | {"id": f"plant-{number:05}"})
        (sites / "plants" / f"plant-{number:05}.yaml").write_text(text, encoding="utf-8")
    environment = {"STEEL_SITES_DIR": str(sites), "STEEL_DATA_DIR": str(folder), "PYTHONPATH": str(PROJECT_ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    imports_s, graph_s = map(float, told[-2:])
    return imports_s, graph_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plants", nargs="+", type=int, default=[1, 100, 1000])
    parser.add_argument("--write", action="store_true", help="put the table into docs/capacity.md")
    asked = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for plants in asked.plants:
            imports_s, graph_s = loaded(plants, Path(folder))
            lines.append((f"{plants:,}", f"{imports_s:.1f}", f"{graph_s:.1f}"))
            print(lines[-1], flush=True)
    table = markdown(("plants", "imports, CPU s", "graph, CPU s"), lines)
    if asked.write:
        put(PAGE, "graph: benchmarks/graph.py --write", table)


if __name__ == "__main__":
    main()
