"""Many open windows, each with a stream over a socket of its own."""

import selectors
import socket
from collections.abc import Iterable
from time import monotonic
from types import TracebackType
from typing import Self


class Stream:
    """One window's stream. ``told`` is all that it was told, its head too."""

    def __init__(self, port: int, cookie: str, since: int | None = None) -> None:
        self.told = b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        wanted = "/stream" if since is None else f"/stream?since={since}"
        self.socket.sendall(
            f"GET {wanted} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
            "Accept: text/event-stream\r\n\r\n".encode()
        )


class Streams:
    """All of them. ``hear`` reads what has come for any."""

    def __init__(self, streams: Iterable[Stream]) -> None:
        self.streams = list(streams)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for one in self.streams:
            one.socket.close()

    def hear(self, words: bytes, within: float = 20.0) -> list[float]:
        """Return, of each window, the moment in which it was told this (``time.monotonic``), the first one first.

        Raises AssertionError when some are not.
        """
        moments, until = [], monotonic() + within
        with selectors.DefaultSelector() as waiting:
            for one in self.streams:
                if words not in one.told:
                    waiting.register(one.socket, selectors.EVENT_READ, one)
            while waiting.get_map():
                left = until - monotonic()
                assert left > 0, f"{len(waiting.get_map())} windows were not told {words!r}"
                for key, _ in waiting.select(left):
                    stream: Stream = key.data
                    piece = stream.socket.recv(65536)
                    assert piece, f"a stream ended before it told {words!r}: {stream.told[-200:]!r}"
                    stream.told += piece
                    if words in stream.told:
                        moments.append(monotonic())
                        waiting.unregister(stream.socket)
        return moments
