from __future__ import annotations

import datetime as dt
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.errors import ConfigError
from steel_service.security import keys as keys_module
from steel_service.security.keys import KeyRing, new_key
from steel_service.security.principals import Principal, Role

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
RECORD, KEY = new_key("dashboard", role=Role.OPERATOR, expires_at=None, now=NOW)
RING = KeyRing([RECORD])


def test_a_key_is_its_prefix_its_id_and_256_random_bits() -> None:
    prefix, key_id, secret = KEY.split("_", 2)

    assert (prefix, key_id) == ("steel", RECORD.id)
    assert len(secret) == 43  # 32 bytes in base64 without padding


def test_a_key_names_its_holder() -> None:
    assert RING.holder(KEY, NOW) == Principal("dashboard", Role.OPERATOR, "key")


def test_neither_record_nor_its_text_hold_the_secret() -> None:
    secret = KEY.rpartition(RECORD.id)[2].lstrip("_")

    assert secret not in RECORD.model_dump_json()
    assert RECORD.sha256 not in repr(RECORD)


@given(st.text() | st.text(alphabet="steel_0123456789abcdefABCDEF-", min_size=40, max_size=70) | st.binary().map(repr))
def test_no_random_text_is_a_key(text: str) -> None:
    assert RING.holder(text, NOW) is None
    assert RING.holder(f"steel_{RECORD.id}_{text}", NOW) is None


@given(place=st.integers(0, len(KEY) - 1), character=st.characters())
def test_a_key_with_one_other_character_is_none(place: int, character: str) -> None:
    changed = KEY[:place] + character + KEY[place + 1 :]

    assert (RING.holder(changed, NOW) is None) == (changed != KEY)


@pytest.mark.parametrize(
    "wrong",
    [KEY[:-1], KEY + "A", KEY.upper(), KEY.removeprefix("steel_"), f" {KEY}", f"{KEY}\x00", f"steel_{RECORD.id}_", ""],
    ids=["cut", "longer", "capitals", "no prefix", "a space", "a zero", "no secret", "empty"],  # each run makes its key
)
def test_what_is_nearly_a_key_is_none(wrong: str) -> None:
    assert RING.holder(wrong, NOW) is None


def test_a_key_opens_nothing_from_its_last_moment_on() -> None:
    until = NOW + dt.timedelta(days=1)
    record, key = new_key("guest", role=Role.VIEWER, expires_at=until, now=NOW)
    ring = KeyRing([record])

    assert ring.holder(key, until - dt.timedelta(microseconds=1)) == Principal("guest", Role.VIEWER, "key")
    assert ring.holder(key, until) is None
    assert (ring.is_usable(NOW), ring.is_usable(until)) == (True, False)


def test_a_revoked_key_opens_nothing() -> None:
    ring = KeyRing([RECORD.model_copy(update={"revoked_at": NOW})])

    assert ring.holder(KEY, NOW) is None
    assert not ring.is_usable(NOW)


@pytest.mark.parametrize(
    "key",
    [KEY, f"{KEY}x", "steel_00000000_" + "A" * 43, "nonsense", ""],
    ids=["right", "longer", "unknown", "nonsense", "empty"],
)
def test_every_key_costs_one_comparison_in_constant_time(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    compared = []

    def comparing(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(keys_module, "compare_digest", comparing)
    RING.holder(key, NOW)

    assert compared == [(64, 64)]


def test_ids_differ_from_those_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(["00000000", "00000000", "00000001"])
    monkeypatch.setattr(keys_module.secrets, "token_hex", lambda _: next(made))

    record, _ = new_key("b", role=Role.VIEWER, expires_at=None, now=NOW, taken_ids={"00000000"})

    assert record.id == "00000001"


@pytest.mark.parametrize("name", ["", "two words", "line\nbreak", "-x", "x" * 65, "ünï"])
def test_a_name_that_could_garble_a_log_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is no plain name"):
        new_key(name, role=Role.VIEWER, expires_at=None, now=NOW)
