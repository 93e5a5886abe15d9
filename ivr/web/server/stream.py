"""An answer that goes on as long as both sides like. On our own server it holds a connection and no thread."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Final, Protocol, runtime_checkable

from ivr.web.server.connection import END_OF_CHUNKS

#: gunicorn's name for the connection of a request.
_CONNECTION: Final = "gunicorn.socket"


class Stream(Protocol):
    """Where the rest of an answer goes. Any thread may send, one at a time."""

    @property
    def is_gone(self) -> bool:
        """Whether the client has gone."""

    def send(self, words: bytes) -> None:
        """Send this, without waiting for the client. Raises OSError when the client has gone."""

    def end(self) -> None:
        """End the answer."""


@runtime_checkable
class Connection(Protocol):
    """The part of ``connection.Connection`` that is needed here.

    It is known by this: the master loads the class once, and each worker the application anew (``gunicorn.conf.py``).
    """

    is_gone: bool
    keeps: bool
    streams: bool
    on_streamed: Callable[[], None]

    def sendall(self, data: bytes) -> None: ...


class HeldByMainLoop:
    """The stream of a connection whose thread has done its part: ``BufferingWorker`` sends what it does not take."""

    def __init__(self, connection: Connection, *, in_chunks: bool) -> None:
        self._connection, self._in_chunks = connection, in_chunks
        connection.streams, connection.keeps = True, False

    @property
    def is_gone(self) -> bool:
        return self._connection.is_gone

    def send(self, words: bytes) -> None:
        self._connection.sendall(b"%X\r\n%b\r\n" % (len(words), words) if self._in_chunks else words)

    def end(self) -> None:
        self._connection.streams = False
        with suppress(OSError):
            self._connection.sendall(END_OF_CHUNKS if self._in_chunks else b"")
        self._connection.on_streamed()


class HeldByThread:
    """The same on any other server: the thread of the request iterates over what is sent."""

    def __init__(self) -> None:
        self.is_gone = False
        self._words: SimpleQueue[bytes | None] = SimpleQueue()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._words.get, None)

    def send(self, words: bytes) -> None:
        if self.is_gone:
            raise BrokenPipeError
        self._words.put(words)

    def end(self) -> None:
        self._words.put(None)


def taken_over(environ: dict[str, Any]) -> HeldByMainLoop | None:
    """Take the connection of a request over from its thread; None on another server than ours.

    The head of its answer must be on the way: call it after the first words. gunicorn sends chunks since HTTP/1.1.
    """
    connection = environ.get(_CONNECTION)
    if not isinstance(connection, Connection):
        return None
    return HeldByMainLoop(connection, in_chunks=environ["SERVER_PROTOCOL"] == "HTTP/1.1")
