"""Callers: they sign every webhook of a call before the clock starts, and send them over connections that stay open.

A request is ready-made bytes, and the callers look in an answer only for what it must contain. So they cost the machine
little; ``Figures.client`` says how little.
"""

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from bench.ground.web import ADDRESS
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from ivr.platform.voice.signature import signature_for

_LINE: Final = "+18779437675"
#: Areas of the United States: 204 and 306 are in Canada.
_AREAS: Final = sorted({*range(201, 220), *range(301, 320), 415, 617} - {204, 211, 306, 311})
#: Callers of different exchanges: of one exchange few a minute are people (``ivr/callcenter/shield/rules.py``).
_EXCHANGES: Final = [
    f"+1{area}{exchange}" for area in _AREAS for exchange in range(620, 900) if exchange % 100 != 11
]
#: A caller's webhooks: the path, the parameters, and what the service's answer must contain.
STORY: Final[Sequence[tuple[str, dict[str, str], bytes]]] = (
    ("/voice/incoming", {}, b"For an onsite visit"),
    ("/voice/front_door/menu_chosen?attempt=1", {"Digits": "1"}, b"may we call you back"),
    ("/voice/intake/callback_number_chosen?attempt=1", {"Digits": "1"}, b"what is going wrong"),
    (
        "/voice/intake/issue_heard?attempt=1",
        {"SpeechResult": "the phones at the front desk are dead", "Confidence": "0.93"},
        b"<Enqueue",
    ),
    (
        "/voice/waiting/place",
        {"QueuePosition": "2", "AvgQueueTime": "90", "QueueTime": "0"},
        b"number 2 in line",
    ),
    (
        "/voice/waiting/place",
        {"QueuePosition": "1", "AvgQueueTime": "90", "QueueTime": "45"},
        b"keep your place",
    ),
    ("/voice/status", {"CallStatus": "completed", "SequenceNumber": "0", "CallDuration": "95"}, b""),
)
Request = tuple[bytes, bytes]


@dataclass
class Figures:
    """What callers measured: seconds of each answer, seconds in all, and of processor: their own and the web's."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    client: float = 0.0
    processor: float = 0.0

    def __add__(self, more: "Figures") -> "Figures":
        return Figures(
            self.seconds + more.seconds,
            self.wall + more.wall,
            self.client + more.client,
            self.processor + more.processor,
        )

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.wall

    def percentile(self, of_hundred: int) -> float:
        """Return the milliseconds within which so many of a hundred were answered."""
        return percentile(self.seconds, of_hundred)


def percentile(seconds: Sequence[float], of_hundred: int) -> float:
    """Return the milliseconds within which so many of a hundred were done."""
    return sorted(seconds)[len(seconds) * of_hundred // 100] * 1000


def calls(count: int, first: int) -> list[list[Request]]:
    """Return so many calls of different customers; ``first`` is a number that no call had before."""
    return [_call(first + number) for number in range(count)]


def run(
    port: int, made: Sequence[Sequence[Request]], *, at_once: int, breath: float = 0.0, is_line: bool = True
) -> Figures:
    """Play the calls, ``at_once`` of them at a time, each webhook ``breath`` seconds after the answer to the last."""
    waiting, lock, figures = iter(made), Lock(), Figures()
    faults: list[str] = []

    def caller() -> None:
        try:
            _play(port, _next(waiting, lock), figures.seconds, breath, is_line=is_line)
        except (OSError, ValueError) as fault:
            faults.append(repr(fault))

    threads = [Thread(target=caller) for _ in range(at_once)]
    began, worked = time.perf_counter(), time.process_time()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    figures.wall, figures.client = time.perf_counter() - began, time.process_time() - worked
    if faults:
        raise SystemExit(f"{len(faults)} callers got a wrong answer, the first: {faults[0]}")
    return figures


def tell(port: int, request: bytes, expected: bytes) -> None:
    """Send one webhook; its answer must contain ``expected``."""
    _play(port, iter([[(request, expected)]]), [], 0.0, is_line=True)


def _next(waiting: Iterator[Sequence[Request]], lock: Lock) -> Iterator[Sequence[Request]]:
    while True:
        with lock:
            call = next(waiting, None)
        if call is None:
            return
        yield call


def _play(
    port: int, made: Iterator[Sequence[Request]], seconds: list[float], breath: float, *, is_line: bool
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for call in made:
            for sent, expected in call:
                began = time.perf_counter()
                connection.sendall(sent)
                answer = _answer(connection)
                seconds.append(time.perf_counter() - began)
                if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")) or (
                    is_line and expected not in answer
                ):
                    raise ValueError(f"{sent[:60]!r} was answered with {answer!r}")
                if breath:
                    Event().wait(breath)


def _answer(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += _more(connection)
    head, _, body = read.partition(b"\r\n\r\n")
    _, told, length = head.lower().partition(b"content-length:")
    while told and len(body) < int(length.split(b"\r\n")[0]):
        body += _more(connection)
    return head + body


def _more(connection: socket.socket) -> bytes:
    read = connection.recv(65536)
    if not read:
        raise ValueError("the connection was closed")
    return read


def _call(number: int) -> list[Request]:
    of_exchange, exchange = divmod(number, len(_EXCHANGES))
    customer = f"{_EXCHANGES[exchange]}{of_exchange:04d}"
    known = {
        "AccountSid": SIMULATED_ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{number:032x}",
        "CallStatus": "in-progress",
        "Direction": "inbound",
        **dict.fromkeys(("From", "Caller"), customer),
        **dict.fromkeys(("To", "Called"), _LINE),
        **{
            f"{name}{of}": ""
            for name in ("From", "To", "Caller", "Called")
            for of in ("City", "State", "Zip")
        },
        **{f"{name}Country": "US" for name in ("From", "To", "Caller", "Called")},
    }
    return [(post(path, known | told), expected) for path, told, expected in STORY]


def post(path: str, form: dict[str, str]) -> bytes:
    """Return the bytes of a signed webhook."""
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature_for(ADDRESS + path, form, SIMULATED_TOKEN)}\r\n"
        f"I-Twilio-Idempotency-Token: {uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
