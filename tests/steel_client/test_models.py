"""The committed records are those of the service's OpenAPI document."""

from __future__ import annotations

import subprocess
import sys

from steel_energy.settings import PROJECT_ROOT


def test_the_records_are_what_make_client_would_write() -> None:
    ended = subprocess.run(
        [sys.executable, "scripts/generate_client.py", "--check"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
