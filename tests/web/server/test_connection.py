"""What arrives on a connection, piece by piece: when it is a whole request, and what is left to send."""

import socket
from collections.abc import Iterator

import pytest

from ivr.web.server.connection import LONGEST_BODY, LONGEST_HEAD, Connection

POST = b"POST /voice/incoming HTTP/1.1\r\nHost: localhost\r\n"
FORM = POST + b"Content-Length: 5\r\n\r\nA=1&B"


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Connection]]:
    """A client, and our end of its connection."""
    client, ours = socket.socketpair()
    connection = Connection(ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
    with client:
        yield client, connection
        connection.end()


def heard(ends: tuple[socket.socket, Connection], data: bytes) -> bytes | None:
    """The client sends this. Return what is then a whole request."""
    client, connection = ends
    client.sendall(data)
    assert connection.read()
    return connection.request()


def test_a_request_is_whole_with_its_last_byte(ends: tuple[socket.socket, Connection]) -> None:
    for number in range(len(FORM) - 1):
        assert heard(ends, FORM[number : number + 1]) is None

    assert heard(ends, FORM[-1:]) == FORM
    assert ends[1].keeps


def test_two_requests_at_once_are_two(ends: tuple[socket.socket, Connection]) -> None:
    assert heard(ends, FORM + POST + b"\r\n") == FORM
    assert ends[1].request() == POST + b"\r\n"
    assert ends[1].request() is None


def test_chunks_are_whole_with_the_last_one_and_nothing_may_follow(
    ends: tuple[socket.socket, Connection],
) -> None:
    begun = POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nA=1&B\r\n"

    assert heard(ends, begun) is None
    assert heard(ends, b"0\r\n\r\n") == begun + b"0\r\n\r\n"
    assert not ends[1].keeps


@pytest.mark.parametrize(
    "lengths",
    [b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 5\r\nContent-Length: 9\r\n"],
)
def test_a_request_with_two_lengths_hides_no_second_one(
    ends: tuple[socket.socket, Connection], lengths: bytes
) -> None:
    both = POST + lengths + b"\r\nA=1&B" + POST + b"\r\n0\r\n\r\n"

    assert heard(ends, both) == both, "gunicorn refuses it"
    assert not ends[1].keeps


@pytest.mark.parametrize(
    "endless",
    [b"X" * (LONGEST_HEAD + 1), POST + b"Content-Length: %d\r\n\r\n" % (LONGEST_BODY + 1)],
    ids=["a head", "a body"],
)
def test_what_is_too_large_is_not_waited_for(ends: tuple[socket.socket, Connection], endless: bytes) -> None:
    pieces = [heard(ends, endless[at : at + 30_000]) for at in range(0, len(endless), 30_000)]

    assert pieces[-1] == endless
    assert not ends[1].keeps


def test_a_client_that_asks_may_send_its_body(ends: tuple[socket.socket, Connection]) -> None:
    assert heard(ends, POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n") is None
    assert ends[0].recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert heard(ends, b"A=1&B") is not None


def test_what_a_client_does_not_take_waits_for_it(ends: tuple[socket.socket, Connection]) -> None:
    client, connection = ends
    told: list[bool] = []
    connection.on_unsent = lambda: told.append(True)
    answer = b"x" * 5_000_000

    connection.sendall(answer)

    assert told, "the main loop goes on with it"
    assert 0 < len(connection.unsent) < len(answer)
    taken = 0
    while taken < len(answer):
        taken += len(client.recv(1_000_000))
        connection.flush()
    assert not connection.unsent


def test_who_answers_a_client_that_was_ended_learns_it(ends: tuple[socket.socket, Connection]) -> None:
    ends[1].end()

    with pytest.raises(BrokenPipeError):
        ends[1].sendall(b"HTTP/1.1 200 OK\r\n\r\n")
