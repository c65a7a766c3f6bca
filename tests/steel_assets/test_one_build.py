"""One build at a time, however the one before ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from steel_assets.one_build import LOCK, is_building, only_build
from steel_energy.errors import StorageError

HOLD = """
import sys, pathlib
from steel_assets.one_build import only_build
with only_build(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def test_a_second_build_is_refused_in_one_clear_line(tmp_path: Path):
    first, second = only_build(tmp_path), only_build(tmp_path)
    with first, pytest.raises(StorageError, match="another build is at work") as refused, second:
        pytest.fail("two builds at once")

    assert refused.value.field == str(tmp_path / LOCK)
    assert not is_building(tmp_path)


def test_a_killed_build_keeps_nobody_out(tmp_path: Path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1) as holder:
        assert holder.stdout
        holder.stdout.readline()
        during = is_building(tmp_path)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

    assert (during, is_building(tmp_path)) == (True, False)
