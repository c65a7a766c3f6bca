"""The OpenAPI document holds: what it allows is answered as it says, what it forbids is refused as it says."""

from __future__ import annotations

import pytest
from fuzz import EXAMPLES_VARIABLE, fuzz


def test_every_answer_is_one_that_the_document_describes(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(EXAMPLES_VARIABLE, "1")

    code = fuzz(demands_keys=True)

    assert code == 0, capfd.readouterr().out
