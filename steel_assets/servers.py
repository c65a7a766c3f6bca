"""Whether a fleet's servers answer: asked before somebody tries for minutes, and told without a password."""

from __future__ import annotations

import sqlalchemy
from pydantic import SecretStr

from steel_assets.settings import BROKER_URL, DATABASE_URL, TRACKING_URL, AssetsSettings, variable
from steel_energy.errors import ClusterError, StorageError

PATIENCE_S = 5


def require_servers(settings: AssetsSettings) -> None:
    """See to it that everything answers that a fleet of Celery workers needs; a laptop needs nothing.

    Raises:
        ClusterError: the broker does not.
        StorageError: a database does not.
    """
    if settings.engine == "celery":
        require_broker(settings.broker_url)
        require_database(DATABASE_URL, settings.database_url)
        require_database(TRACKING_URL, settings.tracking_url)


def require_broker(url: SecretStr | None) -> None:
    """See to it that Redis answers; raises as ``require_servers``."""
    import redis  # noqa: PLC0415 - of the extra `fleet`

    try:
        with redis.Redis.from_url(_told(url), socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S) as client:
            client.ping()
    except redis.RedisError as error:
        remedy = "see that Redis runs there and takes that password"
        raise ClusterError(str(error), field=variable(BROKER_URL), remedy=remedy) from error


def require_database(name: str, url: SecretStr | None) -> None:
    """See to it that a database answers; raises as ``require_servers``.

    Args:
        name: of the setting, which is told in place of the address.
        url: the address.
    """
    engine = sqlalchemy.create_engine(
        _told(url), poolclass=sqlalchemy.NullPool, connect_args={"connect_timeout": PATIENCE_S}
    )
    try:
        engine.connect().close()
    except sqlalchemy.exc.DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        remedy = "see that PostgreSQL runs there, has that database and takes that password"
        raise StorageError(why, field=variable(name), remedy=remedy) from error


def _told(url: SecretStr | None) -> str:
    return url.get_secret_value() if url else ""
