"""A connection that is kept open may be gone when it is needed again: that is nobody's fault, and no report is lost."""

import socket
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread

import pytest

from twilio_simulator.web import LoopbackWeb, WebAnswer, WebRequest

WELL = b"HTTP/1.1 204 No Content\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Response>"
NOTHING = b""


class Listener:
    """Answers each request of each connection as it is told to, then closes that connection."""

    def __init__(self, *connections: Sequence[bytes]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/voice/status"
        self.requests: list[int] = []
        self._thread = Thread(target=self._serve, args=(connections,))
        self._thread.start()

    def _serve(self, connections: Sequence[Sequence[bytes]]) -> None:
        for number, answers in enumerate(connections):
            connection, _ = self._socket.accept()
            with connection:
                for answer in answers:
                    read = b""
                    while not read.endswith(b"CallStatus=completed"):
                        read += connection.recv(4096)
                    self.requests.append(number)
                    connection.sendall(answer)

    def close(self) -> None:
        self._thread.join(10)
        self._socket.close()


@pytest.mark.parametrize(
    ("connections", "told", "came_over"),
    [
        ([[WELL, WELL]], [204, 204], [0, 0]),
        ([[WELL, NOTHING], [WELL]], [204, 204], [0, 0, 1]),
        ([[WELL, HALF]], [204, "connect"], [0, 0]),
        ([[WELL, NOTHING], [NOTHING]], [204, "connect"], [0, 0, 1]),
        ([[NOTHING]], ["connect"], [0]),
    ],
    ids=["kept", "closed when used again", "closed in its answer", "closed twice", "closed when new"],
)
def test_only_a_kept_connection_that_brought_nothing_is_tried_anew(
    connections: list[list[bytes]], told: list[int | str], came_over: list[int]
) -> None:
    listener, web = Listener(*connections), LoopbackWeb(workers=1)
    answers: SimpleQueue[WebAnswer] = SimpleQueue()
    heard = []
    for _ in told:
        web.send(WebRequest("call.status", "POST", listener.url, {"CallStatus": "completed"}), answers.put)
        answer = answers.get(timeout=10)
        heard.append(answer.error or answer.status)
    web.close()
    listener.close()
    assert (heard, listener.requests) == (told, came_over)
