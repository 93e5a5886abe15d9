"""A connection that is nobody else's."""

from typing import Any

from sqlalchemy import Engine


def own_connection(engine: Engine) -> Any:
    """Return a driver's connection that has left the pool: it is never in a transaction of ours, and may LISTEN."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection
