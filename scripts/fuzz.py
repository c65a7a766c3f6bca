"""Ask the service whatever its OpenAPI document allows and forbids, with all of schemathesis' checks.

Once without and once with keys demanded, each time with an admin's key, so that every route answers. Ends with 1 where
a check failed; ``STEEL_FUZZ_EXAMPLES`` says how many cases each operation gets in each phase.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from example_service import ExampleService, example_service

EXAMPLES_VARIABLE, EXAMPLES = "STEEL_FUZZ_EXAMPLES", "120"
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
UNLIMITED = {"STEEL_API_RATE_LIMIT": "1000000/minute", "STEEL_API_ANONYMOUS_RATE_LIMIT": "1000000/minute"}


def main() -> int:
    """Ask both; 1 where either failed."""
    return max(fuzz(demands_keys=demands_keys) for demands_keys in (False, True))


def fuzz(*, demands_keys: bool) -> int:
    """Ask a service of its own; schemathesis' exit status."""
    print(f"keys are {'demanded' if demands_keys else 'not demanded'}", flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        example_service(Path(folder), demands_keys=demands_keys, environment=UNLIMITED) as service,
    ):
        return subprocess.run(command(service), check=False).returncode


def command(service: ExampleService) -> list[str]:
    """What is run against a service."""
    examples = os.environ.get(EXAMPLES_VARIABLE, EXAMPLES)
    asked = [SCHEMATHESIS, "run", f"{service.url}/openapi.json", "--checks", "all", "--continue-on-failure"]
    options = ["--max-examples", examples, "--request-timeout", "60", "--suppress-health-check", "all"]
    return [*asked, *options, "--header", f"X-API-Key: {service.keys['admin']}"]


if __name__ == "__main__":
    sys.exit(main())
