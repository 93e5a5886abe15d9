"""A stream: its thread says the first words, others go on, and the client reads one answer."""

import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from ivr.web.server.connection import END_OF_CHUNKS, Connection, Phase
from ivr.web.server.stream import HeldByMainLoop, taken_over


class Ends(NamedTuple):
    """A client, our end of its connection, and its stream."""

    client: socket.socket
    ours: Connection
    stream: HeldByMainLoop


@pytest.fixture(params=["HTTP/1.1", "HTTP/1.0"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    client, our_socket = socket.socketpair()
    ours = Connection(our_socket, ("127.0.0.1", 1), ("127.0.0.1", 2))
    stream = taken_over({"gunicorn.socket": ours, "SERVER_PROTOCOL": request.param})
    assert stream
    with client:
        yield Ends(client, ours, stream)
        ours.end()


def heard(ends: Ends) -> bytes:
    return ends.client.recv(1000)


def test_the_answer_goes_on_when_its_thread_ends_it(ends: Ends, request: pytest.FixtureRequest) -> None:
    in_chunks = "HTTP/1.1" in request.node.name
    over: list[bool] = []
    ends.ours.on_streamed = lambda: over.append(ends.ours.streams)
    ends.ours.sendall(END_OF_CHUNKS)  # as gunicorn does when the thread is done

    ends.stream.send(b"data: K7M3QX\n\n")
    assert heard(ends) == (b"E\r\ndata: K7M3QX\n\n\r\n" if in_chunks else b"data: K7M3QX\n\n")
    assert not over

    ends.stream.send(b"more")
    ends.stream.end()
    assert heard(ends) == (b"4\r\nmore\r\n0\r\n\r\n" if in_chunks else b"more")
    assert over == [False]
    assert not ends.ours.keeps, "no other request follows"


def test_what_a_client_sends_meanwhile_is_not_kept(ends: Ends) -> None:
    ends.ours.phase = Phase.STREAMING
    ends.client.sendall(b"x" * 1000)
    assert ends.ours.read()
    assert ends.ours.held == 0


def test_a_client_that_has_gone_is_told_nothing(ends: Ends) -> None:
    ends.ours.end()
    assert ends.stream.is_gone
    with pytest.raises(BrokenPipeError):
        ends.stream.send(b"more")
    ends.stream.end()


def test_another_server_keeps_its_thread() -> None:
    assert taken_over({"SERVER_PROTOCOL": "HTTP/1.1"}) is None
