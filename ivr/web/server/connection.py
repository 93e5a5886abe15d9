"""One connection of a browser or of Twilio: what has arrived of its request, and what is left to send of its answer."""

import re
import socket
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from threading import Lock
from typing import Any, Final

#: Bytes. gunicorn's own limits for the lines of a head are smaller.
LONGEST_HEAD: Final = 64 * 1024
#: Bytes: more than the largest form of the service, two recordings of a prompt.
LONGEST_BODY: Final = 11 * 1024 * 1024
_PIECE: Final = 64 * 1024
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*(?=\r\n)", re.IGNORECASE)
_NAMES_A_LENGTH: Final = re.compile(rb"\r\n(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE)
_WAITS_FOR_LEAVE: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
#: What ends an answer, or a request, in chunks.
END_OF_CHUNKS: Final = b"0\r\n\r\n"


class Phase(Enum):
    """What a connection waits for."""

    READING = auto()  # a request, or the rest of it
    ANSWERING = auto()  # a thread has it
    STREAMING = auto()  # its answer goes on, and no thread has it
    SENDING = auto()  # the client takes the rest of its answer
    CLOSING = auto()  # the client has been told the end, and closes too


class Connection:
    """Stands in for gunicorn's ``TConn``, and for its socket: what a thread sends never blocks the thread.

    All but ``sendall`` and what it calls is the main loop's.
    """

    def __init__(self, sock: socket.socket, client: Any, server: Any) -> None:
        sock.settimeout(0)
        self.real, self.client, self.server = sock, client, server
        self.phase = Phase.READING
        self.received = bytearray()
        self.unsent = bytearray()
        self.until = 0.0  # when it is given up, by ``time.monotonic``; while a thread has it, the moment does not count
        self.keeps = True  # whether another request may follow
        self.events = 0  # for what the main loop watches it
        self.is_gone = False
        self.on_unsent: Callable[[], None] = _nothing
        self.streams = False  # whether the answer goes on when the thread is done
        self.on_streamed: Callable[[], None] = _nothing
        self.parser: Any = None
        # What gunicorn asks of a connection before it reads: nothing is left to prepare, or to wait for.
        self.sock, self.initialized, self.data_ready, self.is_http2 = self, True, True, False
        self._lock = Lock()
        self._looked_until = 0
        self._size: int | None = None
        self._told = 0

    @property
    def held(self) -> int:
        """Bytes of memory that wait for this client."""
        return len(self.received) + len(self.unsent)

    # The request

    def read(self) -> bool:
        """Take what has arrived. False when the client has gone."""
        try:
            data = self.real.recv(_PIECE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if self.phase not in {Phase.STREAMING, Phase.CLOSING}:  # no request follows
            self.received += data
        return bool(data)

    def request(self) -> bytes | None:
        """Take the next request out of what has arrived; None while it is not whole.

        What can never become a request is handed out as it is: gunicorn then says what is wrong with it.
        """
        if self._size is None:
            self._size = self._measured()
        if self._size is None or len(self.received) < self._size:
            return None
        request = bytes(self.received[: self._size])
        del self.received[: self._size]
        self._looked_until, self._size = 0, None
        return request

    def told_to_come(self) -> int:
        """Return, once, how large a body the head has announced."""
        told, self._told = self._told, 0
        return told

    def _measured(self) -> int | None:
        """Return how many bytes the request has; None while that is not known."""
        end = self.received.find(_END_OF_HEAD, max(0, self._looked_until - len(_END_OF_HEAD)))
        if end < 0:
            self._looked_until = len(self.received)
            return self._all_there_is() if len(self.received) > LONGEST_HEAD else None
        head = bytes(self.received[: end + 2])
        start = end + len(_END_OF_HEAD)
        lengths, named = _LENGTH.findall(head), len(_NAMES_A_LENGTH.findall(head))
        if len(lengths) != named or named > 1:
            return self._measured_by_its_end()
        self._told = int(lengths[0]) if lengths else 0
        if self._told > LONGEST_BODY:
            return self._all_there_is()
        if len(self.received) == start and _WAITS_FOR_LEAVE.search(head):
            self.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return start + self._told

    def _measured_by_its_end(self) -> int | None:
        """Return the size of a request in chunks, or with several lengths. gunicorn says where it really ends."""
        is_whole = self.received.endswith(b"\r\n" + END_OF_CHUNKS) or len(self.received) > LONGEST_BODY
        return self._all_there_is() if is_whole else None

    def _all_there_is(self) -> int:
        self.keeps = False
        return len(self.received)

    # The answer

    def sendall(self, data: bytes) -> None:
        """Send what the client takes now; the main loop sends the rest. Raises OSError when the client has gone."""
        if self.streams and data == END_OF_CHUNKS:
            return  # gunicorn ends what its thread has sent
        with self._lock:
            if self.is_gone:
                raise BrokenPipeError
            if not self.unsent:
                data = data[self._sent(data) :]
            self.unsent += data
            is_left = bool(self.unsent)
        if is_left:
            self.on_unsent()

    send = sendall

    def flush(self) -> bool:
        """Send more of what is left. Raises OSError when the client has gone. Returns whether some of it went out."""
        with self._lock:
            sent = self._sent(bytes(self.unsent[:_PIECE]))
            del self.unsent[:sent]
            return bool(sent)

    def _sent(self, data: bytes) -> int:
        try:
            return self.real.send(data)
        except BlockingIOError:
            return 0

    def finish(self) -> None:
        """Tell the client that no more comes, and await its end: a socket closed at once may take the answer back."""
        self.phase, self.unsent = Phase.CLOSING, bytearray()
        self.received.clear()
        with suppress(OSError):
            self.real.shutdown(socket.SHUT_WR)

    def end(self) -> None:
        """Close it; a thread that still answers learns it when it sends."""
        with self._lock:
            self.is_gone = True
            self.unsent.clear()
            self.real.close()

    # The rest of what gunicorn asks of a connection and of its socket, in a thread. The main loop alone ends it.

    def init(self) -> None: ...

    def setblocking(self, _flag: bool) -> None: ...  # noqa: FBT001  # the socket's own signature

    def settimeout(self, _seconds: float | None) -> None: ...

    def gettimeout(self) -> float:
        return 0.0

    def shutdown(self, _how: int) -> None: ...

    def recv(self, _size: int) -> bytes:
        return b""

    def close(self) -> None: ...


def _nothing() -> None: ...
