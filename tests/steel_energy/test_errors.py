from __future__ import annotations

import copy
import pickle

import pytest

from steel_energy.errors import InputError, NotFittedError, SteelError, StorageError

ERRORS = [StorageError("is full", field="lake", remedy="make room"), InputError("is odd"), NotFittedError("trees")]


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))], ids=["copy", "pickle"])  # noqa: S301 - our own
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_made_again_says_the_same_and_shares_nothing(error: SteelError, again):
    pytest.importorskip("distributed")  # which changes how Python copies exceptions

    made = again(error)
    assert (type(made), str(made), made.args) == (type(error), str(error), error.args)

    told = str(error)
    made.field = made.remedy = "else"
    assert str(error) == told != str(made)
