"""gunicorn's worker with threads, whose threads have to do with whole requests only: a slow client holds none of them.

The main loop reads each request to its end before it gives it to a thread, and sends what a client does not take at
once. A client that stops half-way costs a place in a list for ten seconds (docs/decisions/0024-slow-clients.md), and so
does an open stream, as long as it lasts (``stream.py``).
"""

import errno
import selectors
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from time import monotonic
from typing import Any, Final

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from ivr.web.server.connection import Connection, Phase
from ivr.web.server.heap import give_back, keep_small

#: Seconds for the head of a request, and for an answer that does not move.
_PATIENCE: Final = 10.0
#: Bytes in a second: a body may come as slowly as that, and has ``_PATIENCE`` besides.
_SLOWEST: Final = 25_000
#: Seconds in which a client closes after us, or sends its next request to a process that stops.
_FAREWELL: Final = 2.0
#: Bytes of memory in a process for all that is half-sent. Beyond it goes whoever holds most.
_HELD_AT_MOST: Final = 64 * 1024 * 1024
_SWEEP_SECONDS: Final = 0.5
#: Seconds between two signs of life to the master, which waits for thirty. gunicorn gives one at each round of the
#: loop, three times a request, and each is a write to a file.
_SIGN_OF_LIFE_SECONDS: Final = 1.0
#: Seconds after which memory that is free goes back to the system.
_GIVE_BACK_SECONDS: Final = 10.0
#: Seconds that a thread computes while others wait, a fifth of Python's own. A turn of a call asks the database several
#: times and waits for its interpreter each time: whoever writes would hold up all others so long.
_SWITCH_SECONDS: Final = 0.001


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Reads requests and sends answers in the main loop, beside the threads that answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cfg.set("sendfile", False)  # noqa: FBT003  # gunicorn's own signature. It would send from the thread
        self._connections: dict[Connection, None] = {}  # by their arrival
        self._next_sweep = 0.0
        self._next_sign = 0.0
        self._next_return = 0.0

    def init_process(self) -> None:
        """Begin: gunicorn calls it in the new process, before there is a thread."""
        keep_small()
        sys.setswitchinterval(_SWITCH_SECONDS)
        super().init_process()

    def notify(self) -> None:
        """Give the master a sign of life, now and then."""
        now = monotonic()
        if now >= self._next_sign:
            self._next_sign = now + _SIGN_OF_LIFE_SECONDS
            super().notify()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection. Where there is no room, whoever has been here longest without a request goes."""
        try:
            sock, client = listener.accept()
        except OSError as fault:
            if fault.errno in {errno.EMFILE, errno.ENFILE}:
                self._drop_eldest()
            elif fault.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._drop_eldest()
        connection = Connection(sock, client, listener.getsockname())
        connection.on_unsent = partial(self.method_queue.defer, self._on_unsent, connection)
        connection.on_streamed = partial(self.method_queue.defer, self._on_streamed, connection)
        self._connections[connection] = None
        connection.until = monotonic() + _PATIENCE
        self._on_readable(connection)

    def handle(self, conn: Connection) -> bool:
        """Answer one request, in a thread. Returns whether another may follow."""
        return bool(super().handle(conn)) and conn.keeps

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        """Go on with a connection when its thread is done with it."""
        if conn in self._connections:
            conn.keeps = not fs.cancelled() and not fs.exception() and fs.result()
            conn.phase = Phase.STREAMING if conn.streams and self.alive else Phase.SENDING
            self._go_on(conn)

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002  # gunicorn's own signature
        """End whatever has used up its time, or everything: gunicorn asks after each round of its loop."""
        now = monotonic()
        if now < self._next_sweep and not force:
            return
        self._next_sweep = now + _SWEEP_SECONDS
        if self._next_return < now:
            self._next_return = now + _GIVE_BACK_SECONDS
            give_back()
        for one in list(self._connections):
            is_ours = one.phase in {Phase.ANSWERING, Phase.STREAMING} and not one.unsent
            if force or (one.until < now and not is_ours):
                self._drop(one)

    def _cap_keepalive(self, _deadline: float) -> None:
        """A process that stops waits for no request much longer. Its streams end: their clients come again."""
        for one in list(self._connections):
            if one.phase is Phase.READING:
                one.until = min(one.until, monotonic() + _FAREWELL)
            elif one.phase is Phase.STREAMING:
                self._drop(one)

    def _on_readable(self, connection: Connection, _socket: object = None) -> None:
        is_first = not connection.received
        if not connection.read():
            self._drop(connection)
        elif connection.phase is Phase.READING:
            if is_first and connection.received:
                connection.until = monotonic() + _PATIENCE
            self._look(connection)

    def _look(self, connection: Connection) -> None:
        """Give a whole request to a thread, or wait for the rest."""
        request = connection.request()
        if request is not None:
            self._watch(connection, 0)
            connection.phase = Phase.ANSWERING
            connection.parser = http.get_parser(self.cfg, iter([request]), connection.client)
            self.enqueue_req(connection)
            return
        connection.until += connection.told_to_come() / _SLOWEST
        self._watch(connection, selectors.EVENT_READ, self._on_readable)
        self._hold_within_bounds(connection)

    def _on_unsent(self, connection: Connection) -> None:
        """A thread, or we, could not send all of an answer."""
        if connection in self._connections and connection.unsent:
            if not connection.events & selectors.EVENT_WRITE:  # else it waits already, and its time runs
                connection.until = max(connection.until, monotonic() + _PATIENCE)
            self._watch(connection, selectors.EVENT_WRITE, self._on_writable)
            self._hold_within_bounds(connection)

    def _on_writable(self, connection: Connection, _socket: object) -> None:
        try:
            if connection.flush():
                connection.until = monotonic() + _PATIENCE
        except OSError:
            self._drop(connection)
            return
        if not connection.unsent:
            self._watch(connection, 0)
            if connection.phase in {Phase.STREAMING, Phase.SENDING}:
                self._go_on(connection)

    def _on_streamed(self, connection: Connection) -> None:
        """A stream has ended. If its first words are still on their way, the thread's end sees it."""
        if connection in self._connections and connection.phase is Phase.STREAMING:
            connection.phase = Phase.SENDING
            self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        """An answer is ready: send the rest of it, then await the next request, or the client's end."""
        now = monotonic()
        if connection.unsent:
            self._on_unsent(connection)
        elif connection.phase is Phase.STREAMING:
            self._watch(connection, selectors.EVENT_READ, self._on_readable)  # tells when the client goes
        elif connection.keeps:
            connection.phase = Phase.READING
            connection.until = now + (self.cfg.keepalive if self.alive else _FAREWELL)
            self._look(connection)
        else:
            connection.finish()
            connection.until = now + _FAREWELL
            self._watch(connection, selectors.EVENT_READ, self._on_readable)

    def _watch(
        self, connection: Connection, events: int, then: Callable[[Connection, object], None] | None = None
    ) -> None:
        if events == connection.events:
            return
        if connection.events:
            self.poller.unregister(connection.real)
        if events and then:
            self.poller.register(connection.real, events, partial(then, connection))
        connection.events = events

    def _drop(self, connection: Connection) -> None:
        if self._connections.pop(connection, self) is not self:
            self._watch(connection, 0)
            connection.end()
            self.nr_conns -= 1

    def _drop_eldest(self) -> None:
        waiting = (one for one in self._connections if one.phase in {Phase.READING, Phase.CLOSING})
        if (eldest := next(waiting, None)) is not None:
            self._drop(eldest)

    def _hold_within_bounds(self, grown: Connection) -> None:
        """Only what has grown large is worth counting them all."""
        if grown.held > _HELD_AT_MOST // self.worker_connections:
            while sum(one.held for one in self._connections) > _HELD_AT_MOST:
                self._drop(max(self._connections, key=lambda one: one.held))
