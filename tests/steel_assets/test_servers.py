"""A server that does not answer is told at once, by its setting and without its password."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from steel_assets.servers import require_broker, require_database
from steel_assets.testing import free_port
from steel_energy.errors import ClusterError, StorageError


def address(scheme: str, path: str) -> SecretStr:
    return SecretStr(f"{scheme}://steel:pass-word@127.0.0.1:{free_port()}/{path}")


def test_a_broker_that_is_not_there_is_one_clear_error():
    with pytest.raises(
        ClusterError, match=r"^STEEL_BROKER_URL: .*refused.* \(see that Redis runs there and takes that password\)$"
    ) as raised:
        require_broker(address("redis", "0"))

    assert "pass-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "why"),
    [("dagster", "connection to server .* Connection refused"), ("dagster?nonsense=1", "invalid")],
    ids=["nobody", "an option that is none"],
)
def test_a_database_that_does_not_answer_is_one_clear_error(path: str, why: str):
    with pytest.raises(StorageError, match=rf"^STEEL_DATABASE_URL: {why}.*see that PostgreSQL runs there") as raised:
        require_database("database_url", address("postgresql+psycopg2", path))

    assert "pass-word" not in str(raised.value)
