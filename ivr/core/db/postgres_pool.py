"""Connections to PostgreSQL that the server has ended are replaced before anybody uses them.

A server that ends a connection says so, and its word lies in the socket. To look there costs nothing; SQLAlchemy's
``pool_pre_ping`` asks the server before each transaction, which costs a way to it and back.
"""

from functools import partial
from select import POLLIN, poll
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError


def look_before_use(engine: Engine) -> None:
    """Have each connection of the pool looked at when it is taken out."""
    event.listen(engine, "checkout", partial(_look, engine))


def _look(engine: Engine, connection: Any, _record: object, _fairy: object) -> None:
    """Raise InvalidatePoolError, for which the pool connects anew, if the connection has ended."""
    try:
        if _has_word(connection):  # of the end, or of settings that have changed
            engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as ended:
        raise InvalidatePoolError from ended


def _has_word(connection: Any) -> bool:
    socket = poll()
    socket.register(connection.fileno(), POLLIN)
    return bool(socket.poll(0))
