"""What the page shows is what the programs kept, and a benchmark that cannot measure is no failure."""

from __future__ import annotations

import os
import re
from pathlib import Path

import psutil
import pytest
from bench import FOLDER, STEPS, Outcome, Step, run, run_all
from libraries.lacks import LACKING, published, require_built
from libraries.results import PAGE, Result, Run, keep, kept
from summary import SECTION, rows_of, summary

from steel_energy.settings import PROJECT_ROOT, SteelSettings

FAST = Result(
    what="features: ms", ours=10.0, peer="pandas", theirs=4.0, limit=2.0, limited_by="bytes moved once", digits=1
)


def run_of(result: Result, *, bytes_per_s: float = 1e9) -> Run:
    command = "benchmarks/features.py --write"
    return Run(command=command, machine="A core.", bytes_per_s=bytes_per_s, flops_per_s=2e9, results=(result,))


def test_a_machine_is_told_once_with_the_most_that_it_did():
    table = summary([run_of(FAST), run_of(FAST, bytes_per_s=3e9)])

    machine = "Machine: A core. One core moves 3.0 GB a second, and multiplies and adds 2 billion times."
    assert table.split("\n\n")[1:] == [machine]


def test_a_result_is_kept_by_the_name_of_its_program_with_its_options_and_the_machine(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("libraries.machine.COPIED_BYTES", 2**20)
    monkeypatch.setattr("sys.argv", ["/somewhere/benchmarks/features.py", "--runs", "3", "--write"])

    keep([FAST], folder=tmp_path)

    (found,) = kept(folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["features.json"]
    assert found.command == "benchmarks/features.py --runs 3 --write"
    assert found.results == (FAST,)
    assert "Python 3.11" in found.machine
    assert "polars" in found.machine


def test_the_summary_shows_ours_the_peer_and_how_often_the_limit_fits_into_ours():
    (row,) = rows_of(run_of(FAST))

    peer, limit, times, command = "4.0 pandas", "2: bytes moved once", "5 x", "`benchmarks/features.py --write`"
    assert row == ("features: ms", "10.0", peer, limit, times, command)


def test_where_nothing_sets_a_limit_none_is_made_up():
    alone = Result(what="memory, MiB", ours=900.0, digits=0)

    (row,) = rows_of(run_of(alone))

    assert row[1:5] == ("900", "", "", "")


def test_the_page_shows_the_results_that_were_kept():
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {SECTION} -->")
    shown = rest.partition("<!-- end -->")[0].strip()

    assert shown == (summary(kept()) if kept() else ""), "run benchmarks/summary.py --write"


@pytest.mark.parametrize("step", [step for step in STEPS if "--write" in step.options], ids=lambda step: step.name)
def test_what_is_written_has_its_place_on_one_page(step: Step):
    mark = f"benchmarks/{step.name}.py --write -->"

    assert sum(mark in page.read_text(encoding="utf-8") for page in PAGE.parent.glob("*.md")) == 1
    assert mark.removesuffix(" -->") in (FOLDER / f"{step.name}.py").read_text(encoding="utf-8")


def test_every_benchmark_is_among_the_steps():
    no_benchmarks = {"bench", "ollama_replies", "ollama_stand_in"}

    assert {step.name for step in STEPS} == {path.stem for path in FOLDER.glob("*.py")} - no_benchmarks


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("print('1 ms')", r"done in \d+ s"),
        ("from libraries.lacks import lacking; lacking('no data')", "not measured: no data"),
        ("import no_such_library", "not measured: ModuleNotFoundError: No module named 'no_such_library'"),
    ],
    ids=["done", "lacking data", "lacking a library"],
)
def test_what_a_machine_lacks_is_no_fault(tmp_path: Path, monkeypatch, body: str, told: str):
    outcome = tried(body, tmp_path, monkeypatch, seconds=60)

    assert re.fullmatch(told, outcome.told)
    assert not outcome.is_fault


def test_the_published_file_is_the_one_that_a_build_takes(tmp_path: Path, capsys):
    settings = SteelSettings(source="auto", data_dir=tmp_path)
    with pytest.raises(SystemExit) as stopped:
        published(settings)
    told = capsys.readouterr().err
    (tmp_path / "raw").mkdir()
    export = tmp_path / "raw" / "export.csv"
    export.touch()

    assert stopped.value.code == LACKING
    assert "put it into data/raw" in told
    assert published(settings) == export
    assert published(SteelSettings(source=str(PAGE), data_dir=tmp_path)) == PAGE


def test_a_failure_is_a_fault(tmp_path: Path, monkeypatch):
    outcome = tried("raise SystemExit('tools differ')", tmp_path, monkeypatch, seconds=60)

    assert outcome.told == "FAILED with exit code 1: tools differ"
    assert outcome.is_fault


def test_a_benchmark_that_hangs_is_stopped(tmp_path: Path, monkeypatch):
    outcome = tried("import time; time.sleep(60)", tmp_path, monkeypatch, seconds=1)

    assert outcome.told == "stopped after 1 s"
    assert outcome.is_fault


def test_what_a_benchmark_that_hangs_has_started_ends_with_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("bench.STOP_S", 1.0)
    body = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
server = subprocess.Popen(["sleep", "600"], start_new_session=True)
open(sys.argv[0] + ".pid", "w").write(str(server.pid))
time.sleep(600)
"""
    tried(body, tmp_path, monkeypatch, seconds=2)

    started = int((tmp_path / "tried.py.pid").read_text(encoding="utf-8"))
    assert not psutil.pid_exists(started) or psutil.Process(started).status() == psutil.STATUS_ZOMBIE


def tried(body: str, folder: Path, monkeypatch, *, seconds: float) -> Outcome:
    """What comes of a benchmark with this body."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT_ROOT / "benchmarks"), prepend=os.pathsep)
    (folder / "tried.py").write_text(body, encoding="utf-8")
    return run(Step("tried", minutes=seconds / 60), seconds=seconds, folder=folder)


def test_a_service_without_readings_is_told_by_its_problems(capsys):
    problem = {"what": "there are no readings yet", "remedy": "build them: make build"}

    with pytest.raises(SystemExit) as stopped:
        require_built({"status": "degraded", "problems": [problem]})

    assert stopped.value.code == LACKING
    assert capsys.readouterr().err == "cannot measure: there are no readings yet (build them: make build)\n"


def test_what_finds_no_time_left_is_named_and_no_fault():
    (outcome,) = run_all([Step("drift")], minutes=0)

    assert not outcome.is_fault
    assert outcome.told == "not begun: the 0 minutes for all are over"
